/** T4: computing on the instance's own configuration settles it. */
import type { Proposals } from '../../src/solve/decide/decision.ts';

export const proposals: Proposals = {};
