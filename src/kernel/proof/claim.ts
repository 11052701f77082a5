/** A claim of a paper in one or more readings: what it supposes, and what it says then, of one instance. */

import type { Format, Instance } from '../model/instance.ts';
import type { Subject } from '../model/subject.ts';
import type { Goal, Pack } from './goal.ts';

/** Goals are methods, so that claims about different subjects can stand in one list, of `Claim<Subject>`. */
export interface Hypothesis<S extends Subject = Instance> {
  /** A name that is a key in certificates: `unit-norm`. */
  readonly name: string;
  readonly says: string;
  goal(m: S): Goal;
}

export interface Reading<S extends Subject = Instance> {
  readonly says: string;
  readonly hypotheses: readonly Hypothesis<S>[];
  conclusion(m: S): Goal;
  /** Whether it says of a lifted instance what it says of one without biases: outside.ts. */
  readonly lifts?: true;
  /** What a proof takes for granted beyond the arithmetic. */
  readonly assumes?: readonly string[];
}

/** Whose words: the authors' page, their paper; or ours, where it stands in neither; `repaired` is what is true. */
export const READINGS = ['walkthrough', 'paper', 'ours', 'repaired'] as const;
export type ReadingName = (typeof READINGS)[number];

export interface Claim<S extends Subject = Instance> {
  /** `T8`, as docs/claims.md and the literature list name it. */
  readonly id: string;
  readonly title: string;
  /** The format of its subjects; `dictum/instance@1` where it is not said. */
  readonly about?: Format<S>;
  /** All that its proofs may use: none where computing settles each hypothesis and conclusion. */
  readonly rules: readonly Pack[];
  readonly readings: Readonly<Partial<Record<ReadingName, Reading<S>>>>;
}

export const VERDICTS = ['holds', 'refuted', 'not-applicable'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The rules of a claim, of all its packs. */
export const rulesOf = (claim: Pick<Claim<Subject>, 'rules'>): Pack =>
  new Map(claim.rules.flatMap((pack) => [...pack]));
