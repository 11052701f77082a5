/** T6: the general deciders do the work: critical points, skew multipliers, largest eigenvalues, descent curves. */
import type { Proposals } from '../../src/solve/decision.ts';

export const proposals: Proposals = {};
