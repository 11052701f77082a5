/**
 * TopK after ReLU (Gao et al. 2024, arXiv 2406.04093): (1/B) sum_b ( |r - r^|^2 + weight |rho - rho^|^2 ). The auxiliary term lets the
 * `auxiliary.k` largest positive latents among the dead ones reconstruct the residual rho = r - r^, which counts as a constant there
 * and has no bias: rho^ = sum a_i u_i. Unlike theirs it is not divided by the residual's variance.
 */
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

export interface TopK {
  readonly k: number;
  readonly auxiliary?: { readonly k: number; readonly weight: number };
}

export function topKObjective(w: Work, { k, auxiliary }: TopK): Objective {
  const pass = passOf(w, w.inputs * k);
  const residual = residualOf(w);
  const sums = w.backend.sums(2);
  const extra = auxiliary && { ...auxiliary, pass: passOf(w, w.inputs * auxiliary.k), left: residualOf(w) };
  return {
    active: [pass.latents],
    residual,
    sums,
    forward() {
      encode(w);
      w.backend.largest(w.z, k, pass.latents);
      startResidual(w, residual);
      subtractDecoded(w, pass, residual, { sums, at: 0 });
      if (!extra) return;
      w.backend.largest(w.z, extra.k, extra.pass.latents, w.dead);
      w.backend.copy(residual, extra.left);
      subtractDecoded(w, extra.pass, extra.left, { sums, at: 1 });
    },
    loss() {
      const [squares = 0, left = 0] = sums;
      const error = squares / w.inputs;
      return { error, total: extra ? error + extra.weight * (left / w.inputs) : error };
    },
    backward() {
      backThrough(w, pass, residual, 1);
      biasGradient(w, residual, 1);
      if (extra) backThrough(w, extra.pass, extra.left, extra.weight);
      shiftGradient(w);
    },
  };
}
