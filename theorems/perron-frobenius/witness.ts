/** T6-perron: the general deciders do the work: src/solve/landscape finds the point. */
import type { Proposals } from '../../src/solve/decide/decision.ts';

export const proposals: Proposals = {};
