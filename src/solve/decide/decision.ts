/** What deciding a goal is given. */

import type { Configuration, Encoder, Instance, Pattern } from '../../kernel/model/instance.ts';
import type { Goal } from '../../kernel/proof/goal.ts';
import type { Decision } from '../proofs/decision.ts';

/** What a claim's witness.ts brings: candidates, in the order to try them. None of them is trusted. */
export interface Proposals {
  /** For "there is a configuration such that". */
  readonly configurations?: (m: Instance) => Iterable<Configuration>;
  /** For "this pattern is realizable", before an LP is asked. */
  readonly encoders?: (m: Instance, pattern: Pattern) => Iterable<Encoder>;
}

/** Decides any goal: what a judgement about a configuration's properties goes back to. */
export type Decider = (goal: Goal, m: Instance, proposals: Proposals) => Decision;
