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

/** Each class's largest |cosine| with the mean of another class among the first `count`: what anchors would be to it. */
export function given(means: readonly Float64Array[], count: number): number[] {
  const columns = means[0]?.length ?? 0;
  const data = new Float64Array(count * columns);
  means.slice(0, count).forEach((mean, i) => {
    data.set(mean, i * columns);
  });
  const anchors: Rows = { rows: count, columns, stride: columns, data };
  const matrix = similarities(anchors, means, true);
  return means.map((_, d) => {
    const row = [...matrix.subarray(d * count, (d + 1) * count)].filter((_similar, i) => i !== d);
    return row.reduce((a, b) => Math.max(a, b), 0);
  });
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
