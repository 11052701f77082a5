/** B1: computing on the figures settles it. */
import type { Proposals } from '../../src/solve/decide/decision.ts';

export const proposals: Proposals = {};
