/** T6-critical: src/solve/landscape finds critical points and their class. */
import type { Proposals } from '../../src/solve/decide/decision.ts';

export const proposals: Proposals = {};
