/**
 * JumpReLU with an L0 penalty (Rajamanoharan et al. 2024, arXiv 2407.14435): (1/B) sum_b ( |r - r^|^2 + l0 #{i : z_i > theta_i} ),
 * a_i = z_i where z_i > theta_i. The thresholds learn by pseudo-derivatives with the rectangle K(u) = [|u| < 1/2] of width
 * `bandwidth` (theirs, equations 11 and 12): d a / d theta = -(theta/width) K((z - theta)/width), d H / d theta = -(1/width) K.
 * Unlike theirs the parameter is theta itself, kept >= 0, not its logarithm.
 */
import {
  backThrough,
  biasGradient,
  encodeAbove,
  type Objective,
  passOf,
  pullBack,
  residualOf,
  shiftGradient,
  startResidual,
  subtractDecoded,
  type Work,
} from '../model/work.ts';

export function jumpReluObjective(w: Work, by: { readonly l0: number; readonly bandwidth: number }): Objective {
  const { l0, bandwidth: width } = by;
  const { theta } = w.weights;
  const slope = w.gradient.theta;
  if (!theta || !slope) throw new Error('a JumpReLU model has thresholds');
  const pass = passOf(w);
  const band = passOf(w);
  const residual = residualOf(w);
  const sums = w.backend.sums(2);
  return {
    active: [pass.latents],
    residual,
    sums,
    forward() {
      const near = { width, into: band.latents };
      encodeAbove(w, theta, pass.latents, near);
      startResidual(w, residual);
      subtractDecoded(w, pass, residual, { sums, at: 0 });
      w.backend.count(pass.latents, { sums, at: 1 });
    },
    loss() {
      const [squares = 0, count = 0] = sums;
      const error = squares / w.inputs;
      return { error, total: error + (l0 * count) / w.inputs };
    },
    backward() {
      backThrough(w, pass, residual, 1);
      biasGradient(w, residual, 1);
      shiftGradient(w);
      pullBack(w, band, residual, 1, 0);
      w.backend.tally(band.latents, band.pulled, { scale: theta, plus: l0 / w.inputs, divisor: -width }, slope);
    },
  };
}
