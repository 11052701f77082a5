/** R-count, R-chambers: src/solve/patterns does the work. */
import type { Proposals } from '../../src/solve/decide/decision.ts';

export const proposals: Proposals = {};
