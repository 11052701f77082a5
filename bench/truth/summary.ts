/** What the seeds of a model have in common: mean, least and most of a measure. */
import type { Alike, Run } from './rows.ts';

export interface Spread {
  readonly mean: number;
  readonly least: number;
  readonly most: number;
  readonly values: readonly number[];
}

export function spreadOf(values: readonly (number | null | undefined)[]): Spread | undefined {
  const known = values.filter((value) => value !== null && value !== undefined);
  if (known.length === 0) return undefined;
  const [least, most] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  return { mean: known.reduce((a, b) => a + b, 0) / known.length, least, most, values: known };
}

/** A measure of the runs of a model, or `pw-mcc` and `pw-rest` of its pairs. */
export function measure(model: string, key: string, runs: readonly Run[], alike: readonly Alike[]): Spread | undefined {
  const pairs = alike.filter((pair) => pair.model === model);
  if (key === 'pw-mcc') return spreadOf(pairs.map(({ mcc }) => mcc));
  if (key === 'pw-rest') return spreadOf(pairs.map(({ rest }) => rest));
  return spreadOf(runs.filter((run) => run.model === model).map(({ values }) => values[key]));
}
