/**
 * TopK after ReLU (Gao et al. 2024, arXiv 2406.04093): (1/B) sum_b ( |r - r^|^2 + weight |rho - rho^|^2 ). The auxiliary term lets the
 * `auxiliary.k` largest positive latents among the dead ones reconstruct the residual rho = r - r^, which counts as a constant there
 * and has no bias: rho^ = sum a_i u_i. Unlike theirs it is not divided by the residual's variance.
 */
import { tableOf } from '../backend/backend.ts';
import { selectLargest } from '../select.ts';
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

export interface TopK {
  readonly k: number;
  readonly auxiliary?: { readonly k: number; readonly weight: number };
}

export function topKObjective(w: Work, { k, auxiliary }: TopK): Objective {
  const pass = passOf(w, w.inputs * k);
  const residual = tableOf(w.backend, w.inputs, w.shape.nr);
  const extra = auxiliary && {
    ...auxiliary,
    pass: passOf(w, w.inputs * auxiliary.k),
    left: tableOf(w.backend, w.inputs, w.shape.nr),
  };
  const forward = () => {
    encode(w);
    selectLargest(w.z, k, pass.latents);
    startResidual(w, w.r, residual);
    const error = subtractDecoded(w, pass, residual);
    if (!extra) return { error, total: error };
    selectLargest(w.z, extra.k, extra.pass.latents, w.dead);
    extra.left.data.set(residual.data);
    return { error, total: error + extra.weight * subtractDecoded(w, extra.pass, extra.left) };
  };
  return {
    active: [pass.latents],
    residual,
    forward,
    run() {
      const loss = forward();
      pullBack(w, pass, residual, 1);
      decoderGradient(w, pass, residual, 1);
      biasGradient(w, residual, 1);
      encoderGradient(w, pass);
      if (extra) {
        pullBack(w, extra.pass, extra.left, extra.weight);
        decoderGradient(w, extra.pass, extra.left, extra.weight);
        encoderGradient(w, extra.pass);
      }
      return loss;
    },
  };
}
