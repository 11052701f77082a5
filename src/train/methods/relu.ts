/** ReLU with an L1 penalty: (1/B) sum_b ( |r - r^|^2 + l1 sum_i a_i ), a = ReLU(z). */
import {
  backThrough,
  biasGradient,
  encodeAbove,
  type Objective,
  passOf,
  residualOf,
  shiftGradient,
  startResidual,
  subtractDecoded,
  type Work,
} from '../model/work.ts';

export function reluObjective(w: Work, { l1 }: { readonly l1: number }): Objective {
  const pass = passOf(w);
  const residual = residualOf(w);
  const zero = w.backend.floats(w.z.stride);
  const sums = w.backend.sums(2);
  return {
    active: [pass.latents],
    residual,
    sums,
    forward() {
      encodeAbove(w, zero, pass.latents);
      startResidual(w, residual);
      subtractDecoded(w, pass, residual, { sums, at: 0 });
      w.backend.total(pass.latents, { sums, at: 1 });
    },
    loss() {
      const [squares = 0, activations = 0] = sums;
      const error = squares / w.inputs;
      return { error, total: error + l1 * (activations / w.inputs) };
    },
    backward() {
      backThrough(w, pass, residual, 1, l1 / w.inputs);
      biasGradient(w, residual, 1);
      shiftGradient(w);
    },
  };
}
