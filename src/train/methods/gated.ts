/**
 * Gated (Rajamanoharan et al. 2024, arXiv 2404.16014): pi = W_E x + b_gate, mag = exp(r_mag) (W_E x) + b_mag, a_i = ReLU(mag_i) where
 * pi_i > 0; (1/B) sum_b ( |r - r^(a)|^2 + l1 sum_i ReLU(pi_i) + |r - r^(ReLU(pi))|^2 ), the decoder a constant in the last term.
 */
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
  type Pass,
  passOf,
  pullBack,
  startResidual,
  subtractDecoded,
  type Work,
} from '../work.ts';

export function gatedObjective(w: Work, { l1 }: { readonly l1: number }): Objective {
  const { magnitude, magnitudeBias, be } = w.weights;
  const slopes = w.gradient;
  if (!magnitude || !magnitudeBias) throw new Error('a gated model has magnitudes');
  const gate = passOf(w, w.inputs * w.shape.nq);
  const pass = passOf(w, w.inputs * w.shape.nq);
  const residual = tableOf(w.backend, w.inputs, w.shape.nr);
  const left = tableOf(w.backend, w.inputs, w.shape.nr);
  const zero = new Float32Array(w.shape.nq);
  const factor = new Float32Array(w.shape.nq);
  const forward = () => {
    encode(w);
    selectAbove(w.z, zero, gate.latents);
    for (let i = 0; i < factor.length; i++) factor[i] = Math.exp(magnitude[i] as number);
    open(gate, pass, (i, pi) => (factor[i] as number) * (pi - (be[i] as number)) + (magnitudeBias[i] as number));
    startResidual(w, w.r, residual);
    startResidual(w, w.r, left);
    const error = subtractDecoded(w, pass, residual);
    return { error, total: error + subtractDecoded(w, gate, left) + l1 * meanActivation(gate) };
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
      throughMagnitude();
      pullBack(w, gate, left, 1);
      const count = countOf(gate);
      for (let t = 0; t < count; t++) gate.pulled[t] = (gate.pulled[t] as number) + l1 / w.inputs;
      encoderGradient(w, gate);
      return loss;
    },
  };

  /** From d/d mag to b_mag, r_mag and the shared rows; b_gate has no part in the magnitude. */
  function throughMagnitude(): void {
    const { index, value } = pass.latents;
    const count = countOf(pass);
    for (let t = 0; t < count; t++) {
      const i = index[t] as number;
      const pulled = pass.pulled[t] as number;
      const linear = (value[t] as number) - (magnitudeBias?.[i] as number);
      if (slopes.magnitudeBias) slopes.magnitudeBias[i] = (slopes.magnitudeBias[i] as number) + pulled;
      if (slopes.magnitude) slopes.magnitude[i] = (slopes.magnitude[i] as number) + pulled * linear;
      pass.pulled[t] = pulled * (factor[i] as number);
    }
    w.backend.scatter(pass.latents, pass.pulled, w.x, slopes.we);
  }
}

/** The latents behind open gates whose magnitude is positive. */
function open({ latents: from }: Pass, { latents: to }: Pass, magnitude: (i: number, pi: number) => number): void {
  let end = 0;
  for (let b = 0; b < from.inputs; b++) {
    to.start[b] = end;
    for (let t = from.start[b] as number; t < (from.start[b + 1] as number); t++) {
      const i = from.index[t] as number;
      const value = magnitude(i, from.value[t] as number);
      if (!(value > 0)) continue;
      to.index[end] = i;
      to.value[end++] = value;
    }
  }
  to.start[from.inputs] = end;
}
