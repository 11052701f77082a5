/** What deciding a goal is given and what it returns. */

import type { Configuration, Encoder, Instance, Pattern } from '../../kernel/model/instance.ts';
import type { Goal } from '../../kernel/proof/goal.ts';
import type { Document } from '../proofs/document.ts';

/** What a claim's witness.ts brings: candidates, in the order to try them. None of them is trusted. */
export interface Proposals {
  /** For "there is a configuration such that". */
  readonly configurations?: (m: Instance) => Iterable<Configuration>;
  /** For "this pattern is realizable", before an LP is asked. */
  readonly encoders?: (m: Instance, pattern: Pattern) => Iterable<Encoder>;
}

export type Decision =
  | { readonly truth: boolean; readonly proof: Document }
  | { readonly truth: 'undecided'; readonly why: string };

export const undecided = (why: string): Decision => ({ truth: 'undecided', why });

/** Decides any goal: what a judgement about a configuration's properties goes back to. */
export type Decider = (goal: Goal, m: Instance, proposals: Proposals) => Decision;
