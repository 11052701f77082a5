/** How much a test tries: `usual` in `npm test`; `all` where DICTUM_THOROUGH=1, as in .ci/run. Both find the same kinds of fault. */
export const thorough: boolean = process.env.DICTUM_THOROUGH === '1';

export const amount = <T>(usual: T, all: T): T => (thorough ? all : usual);
