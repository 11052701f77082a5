/** A suite of studies with the rates expected of them, and what is different now. */
import type { Instance } from '../../kernel/model/instance.ts';
import { wilson } from '../propose/wilson.ts';
import type { End } from './landOn.ts';
import type { Study } from './studyResult.ts';

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
  /** How many neurons are held at the first features: feature anchoring. */
  readonly anchors?: number;
  /** Dead neurons start anew every so many steps. */
  readonly resample?: number;
  /** Shares of all runs. */
  readonly expected: Readonly<Partial<Record<Outcome, Expected>>>;
  /** Share of all runs that `trapsOf` counts. */
  readonly traps?: Expected;
}

export interface Suite {
  readonly format: 'dictum/regress@1';
  readonly entries: readonly SuiteEntry[];
}

export interface Comparison {
  readonly entry: SuiteEntry;
  readonly instance: Instance;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly traps: number;
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

/**
 * Ends near a local minimum of positive loss that shows a polysemantic partition: each feature in one set, two or more in some set (T6).
 * Pre-activations at exactly 0 are possible there, if each has a price.
 */
export function trapsOf({ landing }: Study, features: number): readonly End[] {
  return landing.ends.filter(({ class: word, pattern }) => {
    const members = pattern.flat();
    const partition = members.length === features && new Set(members).size === features;
    return word === 'local-minimum' && partition && pattern.some((set) => set.length > 1);
  });
}

export const countOf = (ends: readonly End[]): number => ends.reduce((sum, { count }) => sum + count, 0);

/** A class that is not named is not expected at all; a saddle is never expected. */
export function compare(entry: SuiteEntry, instance: Instance, counts: Record<Outcome, number>, traps = 0): Comparison {
  const differs = (what: string, count: number, { lower, upper }: Expected): string[] => {
    const share = count / entry.runs;
    if (share >= lower && share <= upper) return [];
    const percent = (x: number): string => `${(100 * x).toFixed(2)}%`;
    return [
      `${what}: ${percent(share)} of ${entry.runs} run${entry.runs === 1 ? '' : 's'}, expected ${percent(lower)} to ${percent(upper)}`,
    ];
  };
  const differences = OUTCOMES.flatMap((outcome) =>
    differs(outcome, counts[outcome], outcome === 'saddle' ? NEVER : (entry.expected[outcome] ?? NEVER)),
  );
  if (entry.traps)
    for (const one of differs('local minima on polysemantic partitions', traps, entry.traps)) differences.push(one);
  return { entry, instance, counts, traps, differences };
}

const NEVER: Expected = { lower: 0, upper: 0 };

/** Wide enough that another machine's floats do not matter, narrow enough for an error in a gradient. */
const WIDTH = 4;

/** What `--update` writes: intervals around what was found, rounded to 1e-4. */
export function expectationsOf(counts: Record<Outcome, number>, runs: number): SuiteEntry['expected'] {
  const found = OUTCOMES.filter((outcome) => counts[outcome] > 0 && outcome !== 'saddle');
  return Object.fromEntries(found.map((outcome) => [outcome, around(counts[outcome], runs)]));
}

export function around(count: number, runs: number): Expected {
  const { lower, upper } = wilson(count, runs, WIDTH);
  return { lower: Math.floor(lower * 1e4) / 1e4, upper: Math.ceil(upper * 1e4) / 1e4 };
}
