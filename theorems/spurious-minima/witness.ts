/** T6: the general deciders do the work: src/solve/landscape finds critical rows, or excludes them face by face. */
import type { Proposals } from '../../src/solve/decide/decision.ts';

export const proposals: Proposals = {};
