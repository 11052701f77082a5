/** T6-saddle: src/solve/landscape finds critical points and their class. */
import type { Proposals } from '../../src/solve/decide/decision.ts';

export const proposals: Proposals = {};
