/**
 * Matryoshka (Bussmann et al. 2025, arXiv 2503.17547) on BatchTopK (2024, arXiv 2412.06410), after ReLU: the latents active are
 * the k B largest of the batch, and every prefix of the neurons reconstructs:
 * (1/B) sum_b (1/G) sum_g |r - b_d - sum_{i < bounds_g} a_i u_i|^2. With one prefix, all neurons, it is BatchTopK.
 */
import { type Table, tableOf } from '../backend/backend.ts';
import { selectLargestOfBatch } from '../select.ts';
import {
  biasGradient,
  decoderGradient,
  encode,
  encoderGradient,
  type Objective,
  passOf,
  pullBack,
  startResidual,
  subtractDecoded,
  type Work,
} from '../work.ts';

export interface Matryoshka {
  readonly k: number;
  /** How many neurons each prefix has, increasing, the last one all. */
  readonly prefixes: readonly number[];
}

export function matryoshkaObjective(w: Work, { k, prefixes }: Matryoshka): Objective {
  const weight = 1 / prefixes.length;
  const room = new Float32Array(w.inputs * w.shape.nq);
  const passes = prefixes.map(() => passOf(w, w.inputs * k));
  /** After the forward pass residuals[g] is that of prefix g; on the way back it becomes the sum over prefixes g and up. */
  const residuals = prefixes.map(() => tableOf(w.backend, w.inputs, w.shape.nr));
  const residual = tableOf(w.backend, w.inputs, w.shape.nr);
  const forward = () => {
    encode(w);
    selectLargestOfBatch(
      w.z,
      k,
      prefixes,
      passes.map(({ latents }) => latents),
      room,
    );
    startResidual(w, w.r, residual);
    let [error, total] = [0, 0];
    passes.forEach((pass, g) => {
      error = subtractDecoded(w, pass, residual);
      total += weight * error;
      (residuals[g] as Table).data.set(residual.data);
    });
    return { error, total };
  };
  return {
    active: passes.map(({ latents }) => latents),
    residual,
    forward,
    run() {
      const loss = forward();
      for (let g = passes.length - 1; g >= 0; g--) {
        const [pass, sum] = [passes[g], residuals[g]];
        const later = residuals[g + 1];
        if (!pass || !sum) break;
        if (later)
          for (let at = 0; at < sum.data.length; at++)
            sum.data[at] = (sum.data[at] as number) + (later.data[at] as number);
        pullBack(w, pass, sum, weight);
        decoderGradient(w, pass, sum, weight);
        encoderGradient(w, pass);
        if (g === 0) biasGradient(w, sum, weight);
      }
      return loss;
    },
  };
}
