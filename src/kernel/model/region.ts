/**
 * Omega_P, the encoders that show a pattern P (equation 13), in three readings of "neuron i responds to feature d":
 * `threshold`: z_{i,d} > theta (JumpReLU), > 0 (all others); `positive`: sigma(W_E w_d)_i > 0 (Definition 3.1);
 * `active`: sigma lets z_{i,d} pass. Gates are no part of W_E and stay as the instance has them. `everywhere`: all encoders, and no P.
 */

import { ZERO } from '../numbers/rational.ts';
import { thresholdOf } from './activation.ts';
import type { Encoder, Instance, Pattern, Region } from './instance.ts';
import { carriers, encode } from './model.ts';

/** The P with this encoder in Omega_P. */
export function regionPattern(m: Instance, encoder: Encoder, region: Region): Pattern {
  const { z, active } = encode(m, [encoder]);
  if (region === 'everywhere') return [];
  const responds = (i: number, d: number): boolean => {
    const value = z[i]?.[d]?.[0] ?? ZERO;
    const passes = active[i]?.[d] ?? false;
    if (region === 'threshold') return value.compare(thresholdOf(m)) > 0;
    return passes && (region === 'active' || value.sign() > 0);
  };
  return encoder.we.map((_, i) => m.features.flatMap((_, d) => (responds(i, d) ? [d] : [])));
}

/**
 * Whether the structure of sigma makes Omega_P convex, a set of linear inequalities, with the same active sets all over it. They are
 * z > theta or z > 0 for who responds and <= for the others; where k compete, each of the k above each of the others.
 */
export function fixesActiveSets(m: Instance, pattern: Pattern, region: Region): boolean {
  const { activation } = m;
  if (region === 'everywhere' && activation.kind !== 'topk-pure') return activation.kind === 'identity';
  const loads = carriers(pattern, m.features.length);
  const total = loads.reduce((a, b) => a + b, 0);
  switch (activation.kind) {
    case 'relu':
    case 'jumprelu':
    case 'gated':
    case 'identity':
      return true;
    // More positive pre-activations than pass leave open which of them do.
    case 'topk':
      return region !== 'threshold' || loads.every((count) => count <= activation.k);
    case 'batchtopk':
      return region !== 'threshold' || total <= activation.k * loads.length;
    // Of negative pre-activations, the pattern of positive ones does not tell which pass.
    case 'topk-pure':
      if (m.neurons <= activation.k || region === 'active') return true;
      return region !== 'everywhere' && loads.every((count) => count === activation.k);
  }
}
