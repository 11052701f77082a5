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

export function recoveries(weights: ModelWeights, truth: Truth, anchored: number): Recovery[] {
  return (['encoder', 'decoder'] as const).flatMap((by) => {
    const [rows, directions] = by === 'encoder' ? [weights.we, truth.wp] : [weights.wd, truth.wr];
    return (['raw', 'cosine'] as const).flatMap((similarity) => {
      const matrix = similarities(rows, directions, similarity === 'cosine');
      return (['best', 'one-to-one'] as const).flatMap((match) => {
        const values = matched(matrix, directions.length, rows.rows, match);
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
  const m = rows.rows;
  const matrix = new Float64Array(directions.length * m);
  const lengths = Array.from({ length: m }, (_, i) => (cosine ? Math.hypot(...rowOf(rows, i)) : 1));
  directions.forEach((w, d) => {
    const size = cosine ? Math.hypot(...w) : 1;
    for (let i = 0; i < m; i++) {
      let dot = 0;
      for (let k = 0; k < w.length; k++) dot += (w[k] as number) * (rows.data[i * rows.stride + k] as number);
      const by = size * (lengths[i] as number);
      matrix[d * m + i] = by === 0 ? 0 : Math.abs(dot) / by;
    }
  });
  return matrix;
}

/** Each feature's similarity to its neuron; with fewer neurons than features, one-to-one leaves some features with 0. */
function matched(matrix: Float64Array, n: number, m: number, match: 'best' | 'one-to-one'): number[] {
  const row = (d: number): Float64Array => matrix.subarray(d * m, (d + 1) * m);
  if (match === 'best') return Array.from({ length: n }, (_, d) => row(d).reduce((a, b) => Math.max(a, b), 0));
  if (n <= m) {
    const columns = matching(matrix, n, m);
    return Array.from({ length: n }, (_, d) => row(d)[columns[d] as number] as number);
  }
  const turned = new Float64Array(n * m);
  for (let d = 0; d < n; d++) for (let i = 0; i < m; i++) turned[i * n + d] = matrix[d * m + i] as number;
  const values = new Array<number>(n).fill(0);
  matching(turned, m, n).forEach((d, i) => {
    values[d] = matrix[d * m + i] as number;
  });
  return values;
}

function summary(values: readonly number[]): { mean: number; recovered: number[] } {
  const share = (tau: number): number => values.filter((value) => value > tau).length / values.length;
  return { mean: values.reduce((a, b) => a + b, 0) / values.length, recovered: TAUS.map(share) };
}

/** Each feature's best match by encoder cosine and by decoder cosine, for curves of recovery against tau. */
export function bestMatches(weights: ModelWeights, truth: Truth): { encoder: number[]; decoder: number[] } {
  const best = (rows: Rows, directions: readonly Float64Array[]): number[] =>
    matched(similarities(rows, directions, true), directions.length, rows.rows, 'best');
  return { encoder: best(weights.we, truth.wp), decoder: best(weights.wd, truth.wr) };
}
