/** ReLU with an L1 penalty: (1/B) sum_b ( |r - r^|^2 + l1 sum_i a_i ), a = ReLU(z). */
import { tableOf } from '../backend/backend.ts';
import { selectAbove } from '../select.ts';
import {
  biasGradient,
  countOf,
  decoderGradient,
  encode,
  encoderGradient,
  meanActivation,
  type Objective,
  passOf,
  pullBack,
  startResidual,
  subtractDecoded,
  type Work,
} from '../work.ts';

export function reluObjective(w: Work, { l1 }: { readonly l1: number }): Objective {
  const pass = passOf(w, w.inputs * w.shape.nq);
  const residual = tableOf(w.backend, w.inputs, w.shape.nr);
  const zero = new Float32Array(w.shape.nq);
  const forward = () => {
    encode(w);
    selectAbove(w.z, zero, pass.latents);
    startResidual(w, w.r, residual);
    const error = subtractDecoded(w, pass, residual);
    return { error, total: error + l1 * meanActivation(pass) };
  };
  return {
    active: [pass.latents],
    residual,
    forward,
    run() {
      const loss = forward();
      pullBack(w, pass, residual, 1);
      const count = countOf(pass);
      for (let t = 0; t < count; t++) pass.pulled[t] = (pass.pulled[t] as number) + l1 / w.inputs;
      decoderGradient(w, pass, residual, 1);
      biasGradient(w, residual, 1);
      encoderGradient(w, pass);
      return loss;
    },
  };
}
