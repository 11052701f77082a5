/** E5 brings its configuration in the instance, and the general deciders settle the rest. */
import type { Proposals } from '../../src/solve/decide/decision.ts';

export const proposals: Proposals = {};
