/** A claim of a paper in one or more readings: what it supposes, and what it says then, of one instance. */

import type { Format, Instance } from '../model/instance.ts';
import type { Goal, Pack } from './goal.ts';

export interface Hypothesis {
  /** A name that is a key in certificates: `unit-norm`. */
  readonly name: string;
  readonly says: string;
  readonly goal: (m: Instance) => Goal;
}

export interface Reading {
  readonly says: string;
  readonly hypotheses: readonly Hypothesis[];
  readonly conclusion: (m: Instance) => Goal;
  /** What a proof takes for granted beyond the arithmetic. */
  readonly assumes?: readonly string[];
}

export const READINGS = ['walkthrough', 'paper', 'repaired'] as const;
export type ReadingName = (typeof READINGS)[number];

export interface Claim {
  /** `T8`, as docs/claims.md and the literature list name it. */
  readonly id: string;
  readonly title: string;
  /** The format of its instances; `dictum/instance@1` where it is not said. */
  readonly about?: Format;
  /** All that its proofs may use: none where computing settles each hypothesis and conclusion. */
  readonly rules: readonly Pack[];
  readonly readings: Readonly<Partial<Record<ReadingName, Reading>>>;
}

export const VERDICTS = ['holds', 'refuted', 'not-applicable'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The rules of a claim, of all its packs. */
export const rulesOf = (claim: Pick<Claim, 'rules'>): Pack => new Map(claim.rules.flatMap((pack) => [...pack]));
