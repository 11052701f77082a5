/** T1: computing on the instance's own distribution and configuration settles it. */
import type { Proposals } from '../../src/solve/decide/decision.ts';

export const proposals: Proposals = {};
