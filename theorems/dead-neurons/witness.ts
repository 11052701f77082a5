/** T6-dead: the general deciders do the work: one LP. */
import type { Proposals } from '../../src/solve/decide/decision.ts';

export const proposals: Proposals = {};
