/** R: src/solve/realize/realize.ts decides every pattern. */
import type { Proposals } from '../../src/solve/decide/decision.ts';

export const proposals: Proposals = {};
