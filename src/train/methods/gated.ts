/**
 * Gated (Rajamanoharan et al. 2024, arXiv 2404.16014): pi = W_E x + b_gate, mag = exp(r_mag) (W_E x) + b_mag, a_i = ReLU(mag_i) where
 * pi_i > 0; (1/B) sum_b ( |r - r^(a)|^2 + l1 sum_i ReLU(pi_i) + |r - r^(ReLU(pi))|^2 ), the decoder a constant in the last term.
 */
import type { Gates } from '../backend/backend.ts';
import {
  biasGradient,
  decoderGradient,
  encodeAbove,
  encoderGradient,
  type Objective,
  passOf,
  pullBack,
  residualOf,
  shiftGradient,
  startResidual,
  subtractDecoded,
  type Work,
} from '../model/work.ts';

export function gatedObjective(w: Work, { l1 }: { readonly l1: number }): Objective {
  const { backend, gradient } = w;
  const { magnitude, magnitudeBias } = gradient;
  const gates = gatesOf(w);
  if (!magnitude || !magnitudeBias) throw new Error('a gated model has magnitudes');
  const gate = passOf(w);
  const pass = passOf(w);
  const residual = residualOf(w);
  const left = residualOf(w);
  const zero = backend.floats(w.z.stride);
  /** Of the magnitude's path; the gate's are the gradient of b_gate. */
  const slopes = backend.floats(w.z.stride);
  const sums = backend.sums(3);
  return {
    active: [pass.latents],
    residual,
    sums,
    forward() {
      encodeAbove(w, zero, gate.latents);
      backend.open(gate.latents, gates, pass.latents);
      startResidual(w, residual);
      startResidual(w, left);
      subtractDecoded(w, pass, residual, { sums, at: 0 });
      subtractDecoded(w, gate, left, { sums, at: 1 });
      backend.total(gate.latents, { sums, at: 2 });
    },
    loss() {
      const [squares = 0, gated = 0, activations = 0] = sums;
      const error = squares / w.inputs;
      return { error, total: error + gated / w.inputs + l1 * (activations / w.inputs) };
    },
    backward() {
      pullBack(w, pass, residual, 1, 0);
      decoderGradient(w, pass, residual, 1);
      biasGradient(w, residual, 1);
      // b_gate has no part in the magnitude.
      backend.throughGates(pass.latents, gates, pass.pulled, { magnitude, magnitudeBias });
      backend.scatter(pass.latents, 1, pass.pulled, w.read, gradient.we);
      if (w.read !== w.x) {
        backend.clear(slopes);
        backend.tally(pass.latents, pass.pulled, { plus: 0, divisor: 1 }, slopes);
        shiftGradient(w, slopes);
      }
      pullBack(w, gate, left, 1, l1 / w.inputs);
      encoderGradient(w, gate);
      shiftGradient(w);
    },
  };
}

function gatesOf({ weights: { magnitude, magnitudeBias, be } }: Work): Gates {
  if (!magnitude || !magnitudeBias) throw new Error('a gated model has magnitudes');
  return { magnitude, magnitudeBias, bias: be };
}
