/**
 * Matryoshka (Bussmann et al. 2025, arXiv 2503.17547) on BatchTopK (2024, arXiv 2412.06410), after ReLU: the latents active are
 * the k B largest of the batch, and every prefix of the neurons reconstructs:
 * (1/B) sum_b (1/G) sum_g |r - b_d - sum_{i < bounds_g} a_i u_i|^2. With one prefix, all neurons, it is BatchTopK.
 */
import type { Table } from '../backend/backend.ts';
import {
  backThrough,
  biasGradient,
  encode,
  type Objective,
  passOf,
  residualOf,
  shiftGradient,
  startResidual,
  subtractDecoded,
  type Work,
} from '../model/work.ts';

export interface Matryoshka {
  readonly k: number;
  /** How many neurons each prefix has, increasing, the last one all. */
  readonly prefixes: readonly number[];
}

export function matryoshkaObjective(w: Work, { k, prefixes }: Matryoshka): Objective {
  const { backend } = w;
  const weight = 1 / prefixes.length;
  const passes = prefixes.map(() => passOf(w, w.inputs * k));
  const active = passes.map(({ latents }) => latents);
  /** After the forward pass residuals[g] is that of prefix g; on the way back it becomes the sum over prefixes g and up. */
  const residuals = prefixes.map(() => residualOf(w));
  const residual = residualOf(w);
  const sums = backend.sums(prefixes.length);
  return {
    active,
    residual,
    sums,
    forward() {
      encode(w);
      backend.largestOfBatch(w.z, k, prefixes, active);
      startResidual(w, residual);
      passes.forEach((pass, g) => {
        subtractDecoded(w, pass, residual, { sums, at: g });
        backend.copy(residual, residuals[g] as Table);
      });
    },
    loss() {
      let [error, total] = [0, 0];
      for (const squares of sums) {
        error = squares / w.inputs;
        total += weight * error;
      }
      return { error, total };
    },
    backward() {
      for (let g = passes.length - 1; g >= 0; g--) {
        const [pass, sum] = [passes[g], residuals[g]];
        const later = residuals[g + 1];
        if (!pass || !sum) break;
        if (later) backend.add(later, sum);
        backThrough(w, pass, sum, weight);
        if (g === 0) biasGradient(w, sum, weight);
      }
      shiftGradient(w);
    },
  };
}
