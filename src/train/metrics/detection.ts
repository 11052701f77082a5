/**
 * The metrics of SynthSAEBench (arXiv 2602.14687), under its names. Each latent counts as a detector of the feature whose direction is
 * nearest to its decoder row, by |cosine|: means over all latents, 0 where a share is of nothing.
 */
import type { Active, Rows } from '../backend/backend.ts';
import type { Source, Truth } from '../data/source.ts';
import type { ModelWeights } from '../model/weights.ts';
import { matched, similarities } from './similarity.ts';

export interface Detection {
  /** Of the inputs on which a latent is active, how many have the feature. */
  readonly precision: number;
  /** Of the inputs that have the feature, on how many the latent is active. */
  readonly recall: number;
  readonly f1: number;
  /** Mean |cosine| of latents and features matched one-to-one, as many as there can be; null where that takes too long. */
  readonly mcc: number | null;
  /** Different features that are nearest to some latent, over the latents. */
  readonly uniqueness: number;
  /** Mean of |r^| / |r|. */
  readonly shrinkage: number;
  /** Features of an input. */
  readonly trueL0: number;
}

export interface DetectionWatch {
  see(at: number, active: readonly Active[], targets: Rows): void;
  result(): Detection;
}

/** Inputs shorter than this have no share of their length. */
const SHORT = 1e-6;

export function detectionWatch(weights: ModelWeights, truth: Truth, source: Source): DetectionWatch {
  const { wd, bd } = weights;
  const nearest = nearestFeatures(weights, truth);
  const [fired, both] = [new Float64Array(wd.rows), new Float64Array(wd.rows)];
  const had = new Float64Array(truth.wr.length);
  const output = new Float64Array(wd.columns);
  let [inputs, features, ratios, long] = [0, 0, 0, 0];
  return {
    see(at, active, targets) {
      const rows = active[0]?.inputs ?? 0;
      for (let b = 0; b < rows; b++) {
        const on = new Set(source.active?.(at + b) ?? []);
        for (const d of on) had[d] = (had[d] as number) + 1;
        features += on.size;
        output.set(bd.subarray(0, output.length));
        for (const { start, index, value } of active) {
          for (let t = start[b] as number; t < (start[b + 1] as number); t++) {
            const i = index[t] as number;
            fired[i] = (fired[i] as number) + 1;
            if (on.has(nearest[i] as number)) both[i] = (both[i] as number) + 1;
            const u = i * wd.stride;
            for (let k = 0; k < output.length; k++)
              output[k] = (output[k] as number) + (value[t] as number) * (wd.data[u + k] as number);
          }
        }
        const size = Math.hypot(...targets.data.subarray(b * targets.stride, b * targets.stride + targets.columns));
        inputs++;
        if (size <= SHORT) continue;
        ratios += Math.hypot(...output) / size;
        long++;
      }
    },
    result() {
      const share = (part: number, of: number): number => (of > 0 ? part / of : 0);
      const precisions = both.map((n, i) => share(n, fired[i] as number));
      const recalls = both.map((n, i) => share(n, had[nearest[i] as number] as number));
      const harmonic = precisions.map((p, i) => share(2 * p * (recalls[i] as number), p + (recalls[i] as number)));
      const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;
      const pairs = matched(wd, truth.wr, true);
      return {
        precision: mean(precisions),
        recall: mean(recalls),
        f1: mean(harmonic),
        mcc: pairs ? pairs.reduce((a, b) => a + b, 0) / Math.min(wd.rows, truth.wr.length) : null,
        uniqueness: new Set(nearest).size / wd.rows,
        shrinkage: share(ratios, long),
        trueL0: share(features, inputs),
      };
    },
  };
}

function nearestFeatures({ wd }: ModelWeights, { wr }: Truth): Int32Array {
  const matrix = similarities(wd, wr, true);
  return Int32Array.from({ length: wd.rows }, (_, i) => {
    let [best, most] = [0, -1];
    for (let d = 0; d < wr.length; d++) {
      const similar = matrix[d * wd.rows + i] as number;
      if (similar > most) [best, most] = [d, similar];
    }
    return best;
  });
}
