/** A suite of studies with the rates expected of them, and what is different now. */
import type { Instance } from '../../kernel/instance.ts';
import { wilson } from './interval.ts';
import type { Study } from './study.ts';

/** What can become of a run. */
export const OUTCOMES = ['zero-loss', 'local-minimum', 'face-minimum', 'saddle', 'undecided', 'not-converged'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Expected {
  readonly lower: number;
  readonly upper: number;
}

export interface SuiteEntry {
  /** Path of the instance, relative to the suite. */
  readonly instance: string;
  readonly optimizer: 'gd' | 'sgd' | 'adam';
  readonly rate: number;
  readonly seed: number;
  readonly runs: number;
  /** Shares of all runs. */
  readonly expected: Readonly<Partial<Record<Outcome, Expected>>>;
}

export interface Suite {
  readonly format: 'dictum/regress@1';
  readonly entries: readonly SuiteEntry[];
}

export interface Comparison {
  readonly entry: SuiteEntry;
  readonly instance: Instance;
  readonly counts: Readonly<Record<Outcome, number>>;
  /** One line for each expectation that failed. */
  readonly differences: readonly string[];
}

export function countsOf({ landing }: Study): Record<Outcome, number> {
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  for (const { class: word, count } of landing.ends) counts[word] += count;
  counts.undecided = landing.unmatched.length;
  counts['not-converged'] = landing.unconverged.length;
  return counts;
}

/** A class that is not named is not expected at all; a saddle is never expected. */
export function compare(entry: SuiteEntry, instance: Instance, counts: Record<Outcome, number>): Comparison {
  const differences = OUTCOMES.flatMap((outcome) => {
    const share = counts[outcome] / entry.runs;
    const { lower, upper } = outcome === 'saddle' ? NEVER : (entry.expected[outcome] ?? NEVER);
    if (share >= lower && share <= upper) return [];
    const percent = (x: number): string => `${(100 * x).toFixed(2)}%`;
    return [`${outcome}: ${percent(share)} of ${entry.runs} runs, expected ${percent(lower)} to ${percent(upper)}`];
  });
  return { entry, instance, counts, differences };
}

const NEVER: Expected = { lower: 0, upper: 0 };

/** Wide enough that another machine's floats do not matter, narrow enough for an error in a gradient. */
const WIDTH = 4;

/** What `--update` writes: intervals around what was found, rounded to 1e-4. */
export function expectationsOf(counts: Record<Outcome, number>, runs: number): SuiteEntry['expected'] {
  const found = OUTCOMES.filter((outcome) => counts[outcome] > 0 && outcome !== 'saddle');
  return Object.fromEntries(
    found.map((outcome) => {
      const { lower, upper } = wilson(counts[outcome], runs, WIDTH);
      return [outcome, { lower: Math.floor(lower * 1e4) / 1e4, upper: Math.ceil(upper * 1e4) / 1e4 }];
    }),
  );
}
