/** R: src/solve/realize.ts decides every pattern. */
import type { Proposals } from '../../src/solve/decision.ts';

export const proposals: Proposals = {};
