/**
 * The weights of one model and, in the same shape, their gradients: encoder rows e_i (n_q x n_p), decoder columns u_i as rows
 * (n_q x n_r), biases. Theory has no biases: they stay 0 where the settings switch them off.
 */
import { type Backend, type Floats, type Rows, strideOf, type Table, tableOf } from '../backend/backend.ts';

export interface Shape {
  readonly np: number;
  readonly nr: number;
  readonly nq: number;
}

export interface Weights {
  readonly we: Table;
  readonly wd: Table;
  /** Encoder bias, n_q; of a gated model the gate's. */
  readonly be: Float32Array;
  /** Decoder bias, n_r. */
  readonly bd: Float32Array;
  /** JumpReLU: thresholds, n_q, never negative. */
  readonly theta?: Float32Array;
  /** Gated: r_mag, n_q; the magnitude path has rows exp(r_mag) e_i. */
  readonly magnitude?: Float32Array;
  /** Gated: b_mag, n_q. */
  readonly magnitudeBias?: Float32Array;
}

export type WeightName = keyof Weights;

/** The numbers of a model wherever they lie and however long they are: those of a run, or those of a file as it has them. */
export interface ModelWeights {
  readonly we: Rows;
  readonly wd: Rows;
  /** There may be more entries than neurons (`be`) or outputs (`bd`). */
  readonly be: Floats;
  readonly bd: Floats;
  readonly theta?: Floats;
  readonly magnitude?: Floats;
  readonly magnitudeBias?: Floats;
  /** x - b_d is encoded in place of x. */
  readonly subtracts?: boolean;
  /** Top-k ranks by z_i |u_i| in place of z_i. */
  readonly ranksByNorm?: boolean;
  /** n_r x n_p, of a transcoder: its product with x is added to the output. It turns no latent on or off. */
  readonly skip?: Rows;
}

export function weightsOf(backend: Backend, { np, nr, nq }: Shape, method: string): Weights {
  const perNeuron = (): Float32Array => backend.floats(strideOf(nq));
  return {
    we: tableOf(backend, nq, np),
    wd: tableOf(backend, nq, nr),
    be: perNeuron(),
    bd: backend.floats(strideOf(nr)),
    ...(method === 'jumprelu' && { theta: perNeuron() }),
    ...(method === 'gated' && { magnitude: perNeuron(), magnitudeBias: perNeuron() }),
  };
}

const NAMES: readonly WeightName[] = ['we', 'wd', 'be', 'bd', 'theta', 'magnitude', 'magnitudeBias'];

/** Every array of the weights by name, padding included. */
export function arraysOf(weights: Weights): Map<WeightName, Float32Array> {
  const all = new Map<WeightName, Float32Array>();
  for (const name of NAMES) {
    const value = weights[name];
    if (value !== undefined) all.set(name, value instanceof Float32Array ? value : value.data);
  }
  return all;
}
