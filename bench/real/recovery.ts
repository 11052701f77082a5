/**
 * How much of what anchors raise was put in. A class is recovered by its best match, the largest |cosine| of its mean with a decoder row. An
 * anchor lies at the mean of its own class, and near the means of classes like it; so anchored classes are counted apart, and the others
 * are compared with what the anchors are worth to them without any training.
 */
import type { Rows } from '../../src/train/backend/backend.ts';
import { similarities } from '../../src/train/metrics/similarity.ts';

export interface Part {
  readonly classes: number;
  /** Mean best match. */
  readonly mean: number;
  /** Shares of the classes with a best match above 0.9 and above 0.95. */
  readonly above: readonly [number, number];
}

export const TAUS = [0.9, 0.95] as const;

export function partOf(matches: readonly number[]): Part {
  const share = (tau: number): number => matches.filter((match) => match > tau).length / matches.length;
  const mean = matches.reduce((a, b) => a + b, 0) / matches.length;
  return { classes: matches.length, mean, above: [share(TAUS[0]), share(TAUS[1])] };
}

function rowsOf(list: readonly ArrayLike<number>[]): Rows {
  const columns = list[0]?.length ?? 0;
  const data = new Float64Array(list.length * columns);
  list.forEach((row, i) => {
    data.set(row, i * columns);
  });
  return { rows: list.length, columns, stride: columns, data };
}

/** Each class's best match in a dictionary, but for the row that `own` names. */
function matchesIn(dictionary: Rows, means: readonly Float64Array[], own: (d: number) => number): number[] {
  const { rows } = dictionary;
  const matrix = similarities(dictionary, means, true);
  return means.map((_, d) =>
    matrix
      .subarray(d * rows, (d + 1) * rows)
      .reduce((best, similar, i) => (i === own(d) ? best : Math.max(best, similar)), 0),
  );
}

/** Each class's largest |cosine| with the mean of another class among the first `count`: what anchors would be to it. */
export const given = (means: readonly Float64Array[], count: number): number[] =>
  matchesIn(rowsOf(means.slice(0, count)), means, (d) => d);

/** What a dictionary of `count` rows of the data, evenly through the file, has of each class: no training at all. */
export function ofRows(rows: Rows, count: number, means: readonly Float64Array[]): number[] {
  const { stride, columns, data } = rows;
  const taken = Array.from({ length: Math.min(count, rows.rows) }, (_, i) => {
    const at = stride * Math.floor((i * rows.rows) / Math.min(count, rows.rows));
    return data.subarray(at, at + columns);
  });
  return matchesIn(rowsOf(taken), means, () => -1);
}

/** A dictionary and the anchors side by side, neither trained with the other: the better match of each class. */
export const together = (matches: readonly number[], anchors: readonly number[]): number[] =>
  matches.map((match, d) => Math.max(match, anchors[d] ?? 0));

/** Shares of all classes with a best match above each of `taus`, for a curve. */
export const curveOf = (matches: readonly number[], taus: readonly number[]): { x: number; y: number }[] =>
  taus.map((tau) => ({ x: tau, y: matches.filter((match) => match > tau).length / matches.length }));

export interface Spread {
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

/** Of seeds. */
export const spreadOf = (values: readonly number[]): Spread => ({
  mean: values.reduce((a, b) => a + b, 0) / values.length,
  least: values.reduce((a, b) => Math.min(a, b), Infinity),
  most: values.reduce((a, b) => Math.max(a, b), -Infinity),
});

/** Which labels are above another: of lines `child,parent`, both by name. */
export function innerOf(hierarchy: string, names: readonly string[]): Set<number> {
  const at = new Map(names.map((name, k) => [name, k]));
  const uppers = hierarchy.split('\n').flatMap((line) => line.split(',')[1] ?? []);
  return new Set(uppers.flatMap((name) => at.get(name) ?? []));
}
