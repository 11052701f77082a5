/**
 * JumpReLU with an L0 penalty (Rajamanoharan et al. 2024, arXiv 2407.14435): (1/B) sum_b ( |r - r^|^2 + l0 #{i : z_i > theta_i} ),
 * a_i = z_i where z_i > theta_i. The thresholds learn by pseudo-derivatives with the rectangle K(u) = [|u| < 1/2] of width
 * `bandwidth` (theirs, equations 11 and 12): d a / d theta = -(theta/width) K((z - theta)/width), d H / d theta = -(1/width) K.
 * Unlike theirs the parameter is theta itself, kept >= 0, not its logarithm.
 */
import { tableOf } from '../backend/backend.ts';
import { selectAbove, selectBand } from '../select.ts';
import {
  biasGradient,
  countOf,
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

export function jumpReluObjective(w: Work, by: { readonly l0: number; readonly bandwidth: number }): Objective {
  const { l0, bandwidth: width } = by;
  const { theta } = w.weights;
  const slope = w.gradient.theta;
  if (!theta || !slope) throw new Error('a JumpReLU model has thresholds');
  const pass = passOf(w, w.inputs * w.shape.nq);
  const band = passOf(w, w.inputs * w.shape.nq);
  const residual = tableOf(w.backend, w.inputs, w.shape.nr);
  const forward = () => {
    encode(w);
    selectAbove(w.z, theta, pass.latents);
    startResidual(w, w.r, residual);
    const error = subtractDecoded(w, pass, residual);
    return { error, total: error + (l0 * countOf(pass)) / w.inputs };
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
      selectBand(w.z, theta, width, band.latents);
      pullBack(w, band, residual, 1);
      const count = countOf(band);
      for (let t = 0; t < count; t++) {
        const i = band.latents.index[t] as number;
        const change = (theta[i] as number) * (band.pulled[t] as number) + l0 / w.inputs;
        slope[i] = (slope[i] as number) - change / width;
      }
      return loss;
    },
  };
}
