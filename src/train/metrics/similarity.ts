/**
 * Recovery of the true directions in every convention in use: |<e_i, w_d>| or |<u_i, r_d>|, raw or as a cosine; each feature's best
 * neuron or one neuron each; anchored features counted or left out. Raw similarity grows with the encoder's length, which the
 * decoder can undo: it is no measure of recovery.
 */
import { type Rows, rowOf } from '../backend/backend.ts';
import type { Truth } from '../data/source.ts';
import type { ModelWeights } from '../model/weights.ts';
import { matching } from './hungarian.ts';

export const TAUS = [0.9, 0.95] as const;

/** Pairs of feature and neuron of which a table is made, 400 MB. */
export const MOST_PAIRS = 50_000_000;

export interface Recovery {
  readonly by: 'encoder' | 'decoder';
  readonly similarity: 'raw' | 'cosine';
  readonly match: 'best' | 'one-to-one';
  readonly anchors: 'in' | 'out';
  /** Mean of the matched similarities. */
  readonly mean: number;
  /** Share of features above tau, for each of TAUS. */
  readonly recovered: readonly number[];
}

/** One-to-one is left out where a matching of so many takes too long. */
export function recoveries(weights: ModelWeights, truth: Truth, anchored: number): Recovery[] {
  return (['encoder', 'decoder'] as const).flatMap((by) => {
    const [rows, directions] = by === 'encoder' ? [weights.we, truth.wp] : [weights.wd, truth.wr];
    return (['raw', 'cosine'] as const).flatMap((similarity) => {
      const cosine = similarity === 'cosine';
      return (['best', 'one-to-one'] as const).flatMap((match) => {
        const values = match === 'best' ? best(rows, directions, cosine) : matched(rows, directions, cosine);
        if (values === undefined) return [];
        const among = anchored > 0 ? (['in', 'out'] as const) : (['in'] as const);
        return among.map((anchors) => {
          const counted = anchors === 'in' ? values : values.slice(anchored);
          return { by, similarity, match, anchors, ...summary(counted) };
        });
      });
    });
  });
}

/** n x n_q; a row of length 0 has the cosine 0. */
export function similarities(rows: Rows, directions: readonly Float64Array[], cosine: boolean): Float64Array {
  const matrix = new Float64Array(directions.length * rows.rows);
  eachSimilarity(rows, directions, cosine, (d, similar) => matrix.set(similar, d * rows.rows));
  return matrix;
}

/** n x n_q, with their signs; a row of length 0 has the cosine 0. */
export function cosines(rows: Rows, directions: readonly Float64Array[]): Float64Array {
  const matrix = new Float64Array(directions.length * rows.rows);
  eachSimilarity(rows, directions, true, (d, similar) => matrix.set(similar, d * rows.rows), true);
  return matrix;
}

/** Hands on the similarities of one direction to all rows, which the next overwrite. */
function eachSimilarity(
  rows: Rows,
  directions: readonly Float64Array[],
  cosine: boolean,
  take: (d: number, similar: Float64Array) => void,
  signed = false,
): void {
  const m = rows.rows;
  const similar = new Float64Array(m);
  const lengths = Array.from({ length: m }, (_, i) => (cosine ? Math.hypot(...rowOf(rows, i)) : 1));
  directions.forEach((w, d) => {
    const size = cosine ? Math.hypot(...w) : 1;
    for (let i = 0; i < m; i++) {
      let dot = 0;
      for (let k = 0; k < w.length; k++) dot += (w[k] as number) * (rows.data[i * rows.stride + k] as number);
      const by = size * (lengths[i] as number);
      similar[i] = by === 0 ? 0 : (signed ? dot : Math.abs(dot)) / by;
    }
    take(d, similar);
  });
}

/** Each feature's largest similarity. */
function best(rows: Rows, directions: readonly Float64Array[], cosine: boolean): number[] {
  const values: number[] = [];
  eachSimilarity(rows, directions, cosine, (_, similar) => values.push(similar.reduce((a, b) => Math.max(a, b), 0)));
  return values;
}

/** Each feature's similarity to a neuron of its own; with fewer neurons than features some have 0. Undefined where they are too many. */
export function matched(rows: Rows, directions: readonly Float64Array[], cosine: boolean): number[] | undefined {
  const [n, m] = [directions.length, rows.rows];
  if (n * m > MOST_PAIRS) return undefined;
  const matrix = similarities(rows, directions, cosine);
  if (n <= m) {
    const neurons = matching(matrix, n, m);
    return neurons && [...neurons].map((i, d) => matrix[d * m + i] as number);
  }
  const turned = new Float64Array(n * m);
  for (let d = 0; d < n; d++) for (let i = 0; i < m; i++) turned[i * n + d] = matrix[d * m + i] as number;
  const features = matching(turned, m, n);
  if (features === undefined) return undefined;
  const values = new Array<number>(n).fill(0);
  features.forEach((d, i) => {
    values[d] = matrix[d * m + i] as number;
  });
  return values;
}

function summary(values: readonly number[]): { mean: number; recovered: number[] } {
  const share = (tau: number): number => values.filter((value) => value > tau).length / values.length;
  return { mean: values.reduce((a, b) => a + b, 0) / values.length, recovered: TAUS.map(share) };
}

/** Each feature's best match by encoder cosine and by decoder cosine, for curves of recovery against tau. */
export const bestMatches = (weights: ModelWeights, truth: Truth): { encoder: number[]; decoder: number[] } => ({
  encoder: best(weights.we, truth.wp, true),
  decoder: best(weights.wd, truth.wr, true),
});
