/** T6-strict: the general deciders do the work: largest eigenvalues and descent curves. */
import type { Proposals } from '../../src/solve/decide/decision.ts';

export const proposals: Proposals = {};
