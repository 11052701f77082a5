/** What an explanation holds. */
import type { Subject } from '../kernel/model/subject.ts';
import type { ReadingName, Verdict } from '../kernel/proof/claim.ts';
import type { Step } from './step.ts';
import type { Meaning } from './symbols.ts';

/** Which claim was decided: its id and title, what the reading says, what it supposes, by name, and takes for granted. */
export interface ClaimWords {
  readonly claim: string;
  readonly title: string;
  readonly reading: ReadingName;
  readonly verdict: Verdict;
  readonly says: string;
  readonly supposes: readonly { readonly name: string; readonly says: string }[];
  readonly assumes: readonly string[];
}

export interface Explanation {
  /** None of the certificate of a landing, which is of no claim. */
  readonly about?: ClaimWords;
  /** The instance in words. */
  readonly asked: readonly string[];
  /** What the symbols in all of these words mean. */
  readonly symbols: readonly Meaning[];
  /** The verdict as one sentence. */
  readonly sentence: string;
  /** How the proof shows it. */
  readonly argument: readonly Step[];
  readonly instance: string;
  readonly id: string;
  /** What the pictures are drawn of. */
  readonly subject: Subject;
}

/** All lines of an argument. */
export const linesOf = (steps: readonly Step[]): string[] =>
  steps.flatMap(({ says, lines, steps: inner }) => [says, ...lines, ...linesOf(inner)]);
