/** A small SDL problem as the trainers see it: 64-bit floats, row by row. */
import type { Instance } from '../../kernel/model/instance.ts';
import type { Rational } from '../../kernel/numbers/rational.ts';
import type { Vector } from '../../kernel/numbers/vector.ts';

/** Activations with a training step. */
export type TrainableActivation =
  | { readonly kind: 'relu' | 'identity' }
  | { readonly kind: 'jumprelu'; readonly theta: number }
  | { readonly kind: 'topk'; readonly k: number };

export interface SdlProblem {
  /** n, n_p, n_r, n_q. */
  readonly n: number;
  readonly np: number;
  readonly nr: number;
  readonly nq: number;
  /** w_d, n x n_p. */
  readonly wp: Float64Array;
  /** r_d, n x n_r. */
  readonly wr: Float64Array;
  /** M_d. */
  readonly weight: Float64Array;
  readonly activation: TrainableActivation;
  /** Whether the last entry of a row is a bias, and of each w_d a 1. */
  readonly bias: boolean;
}

/** Weights of one run: encoder rows (n_q x n_p), then decoder columns (n_q x n_r). */
export const weightCount = (p: SdlProblem): number => p.nq * (p.np + p.nr);

/** The largest side a training step is written out for, biases not counted: its code has n n_q (n_p + n_r) multiplications. */
export const LARGEST = 16;

/** The nearest 64-bit float, or one next to it. */
export function toNumber(x: Rational): number {
  const size = (v: bigint): number => v.toString(2).length;
  const most = Math.max(size(x.num), size(x.den));
  const shift = BigInt(Math.max(0, most - 1000));
  const scaled = 64n + BigInt(Math.max(0, size(x.den) - size(x.num)));
  if (most < 1000) return Number((x.num << scaled) / x.den) / 2 ** Number(scaled);
  return Number(x.num >> shift) / Number(x.den >> shift);
}

const flat = (rows: readonly Vector[]): Float64Array =>
  Float64Array.from(rows.flatMap((v) => v.entries().map(toNumber)));

/** Undefined where there is no training step: for the activation, or for a size above `largest`. */
export function sdlProblem(m: Instance, largest: number = LARGEST): SdlProblem | undefined {
  const activation = trainableActivation(m);
  const n = m.features.length;
  if (!activation || Math.max(n, m.np - (m.lifted?.encoderBias ? 1 : 0), m.nr, m.neurons) > largest) return undefined;
  return {
    n,
    np: m.np,
    nr: m.nr,
    nq: m.neurons,
    wp: flat(m.features.map((f) => f.wp)),
    wr: flat(m.features.map((f) => f.wr)),
    weight: Float64Array.from(m.features.map((f) => toNumber(f.weight))),
    activation,
    bias: m.lifted?.encoderBias ?? false,
  };
}

function trainableActivation({ activation }: Instance): TrainableActivation | undefined {
  switch (activation.kind) {
    case 'relu':
    case 'identity':
      return { kind: activation.kind };
    case 'jumprelu':
      return { kind: 'jumprelu', theta: toNumber(activation.theta) };
    case 'topk':
      return { kind: 'topk', k: activation.k };
    default:
      return undefined;
  }
}
