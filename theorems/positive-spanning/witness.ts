/** T6-spanning: the general deciders do the work: a positive relation, and a curve. */
import type { Proposals } from '../../src/solve/decide/decision.ts';

export const proposals: Proposals = {};
