/** T2: the general deciders bring factors of the Hessians, and search chords of the region for a violation. */
import type { Proposals } from '../../src/solve/decide/decision.ts';

export const proposals: Proposals = {};
