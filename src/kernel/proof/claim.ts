/** A claim of a paper in one or more readings: what it supposes, and what it says then, of one instance. */

import type { Instance } from '../model/instance.ts';
import type { Subject } from '../model/subject.ts';
import type { Goal } from './goal.ts';

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
  readonly about?: Subject;
  readonly readings: Readonly<Partial<Record<ReadingName, Reading>>>;
}

export const VERDICTS = ['holds', 'refuted', 'not-applicable'] as const;
export type Verdict = (typeof VERDICTS)[number];
