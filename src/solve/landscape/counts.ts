/** How many patterns of a landscape have which answer. */
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Entry } from './survey.ts';

/** By the class of the point shown or, without one, by the verdict; `patterns` are all of them. */
export interface Counts {
  readonly [verdict: string]: number;
}

export function countsOf(entries: readonly Entry[]): Counts {
  const counts: Record<string, number> = {
    patterns: entries.length,
    'local-minimum': 0,
    'face-minimum': 0,
    saddle: 0,
    degenerate: 0,
    none: 0,
    unrealizable: 0,
    undecided: 0,
  };
  for (const entry of entries) {
    const key = entry.class ?? entry.verdict;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** Patterns whose point is a trap, and those whose point has loss 0. */
export function trapsOf(entries: readonly Entry[]): { readonly traps: number; readonly globalMinima: number } {
  const count = (wanted: Outcome): number => entries.filter((entry) => outcomeOf(entry) === wanted).length;
  return { traps: count('trap'), globalMinima: count('global-minimum') };
}
