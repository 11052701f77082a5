/** T4-scale: the general decider looks for the rows; the instance brings the encoder. */
import type { Proposals } from '../../src/solve/decide/decision.ts';

export const proposals: Proposals = {};
