/**
 * A trained model as an exact configuration: every 32-bit float is a dyadic rational. And the nearest configuration with the same
 * encoder and L~ exactly 0, where there is one: training ends near zero loss, the certificate needs zero.
 */
import type { Activation, Configuration, Instance } from '../kernel/instance.ts';
import { inputs, targets } from '../kernel/instance.ts';
import { encode } from '../kernel/model.ts';
import { Rational, ZERO } from '../kernel/rational.ts';
import { type Matrix, multiply, transpose, Vector } from '../kernel/vector.ts';
import { inverse } from '../solve/linear.ts';
import { rowOf } from './backend/backend.ts';
import type { Method } from './methods/method.ts';
import { TrainProblem } from './problem.ts';
import type { Weights } from './weights.ts';

/** Exactly: a finite double is an integer times a power of two. */
export function exactly(x: number): Rational {
  let [num, den] = [x, 1n];
  while (!Number.isInteger(num)) {
    num *= 2;
    den *= 2n;
  }
  return Rational.of(BigInt(num), den);
}

/** Of the neurons named, from 0. */
export function activationOf(method: Method, { theta }: Weights, neurons: readonly number[]): Activation {
  switch (method.kind) {
    case 'relu':
      return { kind: 'relu' };
    case 'topk':
      return { kind: 'topk', k: method.k };
    case 'batchtopk':
    case 'matryoshka':
      return { kind: 'batchtopk', k: method.k };
    case 'gated':
      return { kind: 'gated' };
    case 'jumprelu': {
      const [first = 0, ...others] = neurons.map((i) => theta?.[i] ?? 0);
      const other = others.find((value) => value !== first);
      if (other === undefined) return { kind: 'jumprelu', theta: exactly(first) };
      throw new TrainProblem('out-of-range', 'threshold', 'one threshold for all neurons', `${first} and ${other}`);
    }
  }
}

/**
 * The neurons named, from 0. The theory has no biases, so there may be none. A gated model's magnitudes have rows exp(r_mag) e_i,
 * the factor rounded to 32 bits as in training, and its gates have biases in the theory too.
 */
export function configurationOf(weights: Weights, neurons: readonly number[]): Configuration {
  const { be, bd, magnitude, magnitudeBias } = weights;
  const plain = magnitude ? magnitudeBias : be;
  const biased = neurons.find((i) => (plain?.[i] ?? 0) !== 0);
  if (biased !== undefined || bd.some((value) => value !== 0)) {
    const where = biased === undefined ? 'the decoder has one' : `neuron ${biased + 1} has one`;
    throw new TrainProblem('out-of-range', 'biases', 'a model without biases, as in the theory', where);
  }
  const rows = neurons.map((i) => exactRow(rowOf(weights.we, i)));
  const gate = { rows, bias: Vector.of(neurons.map((i) => exactly(be[i] as number))) };
  return {
    we: rows.map((e, at) => e.times(factorOf(weights, neurons[at] as number))),
    wd: neurons.map((i) => exactRow(rowOf(weights.wd, i))),
    ...(magnitude && { gate }),
  };
}

const exactRow = (row: Float32Array): Vector => Vector.of([...row].map(exactly));

const factorOf = ({ magnitude }: Weights, i: number): Rational =>
  magnitude ? exactly(Math.fround(Math.exp(magnitude[i] as number))) : Rational.of(1n);

/**
 * A model with biases as one without: directions (w_d, 1), rows (e_i, b_i), targets r_d - b_D. On feature d alone at activation 1
 * both compute the same, so L~ of the result is the model's squared error there; at other activations it is not.
 */
export function augmented(bare: Instance, weights: Weights, neurons: readonly number[]): Instance {
  const none = new Float32Array(weights.be.length);
  const { magnitude, be, bd, magnitudeBias } = weights;
  const at = configurationOf(
    { ...weights, bd: new Float32Array(bd.length), ...(magnitude ? { magnitudeBias: none } : { be: none }) },
    neurons,
  );
  const wider = (row: Vector, last: Rational): Vector => Vector.of([...row.entries(), last]);
  const bias = magnitude ? (magnitudeBias as Float32Array) : be;
  const shift = exactRow(bd.slice(0, bare.nr));
  return {
    ...bare,
    np: bare.np + 1,
    features: bare.features.map((f) => ({ ...f, wp: wider(f.wp, Rational.of(1n)), wr: f.wr.minus(shift) })),
    configuration: {
      we: at.we.map((e, k) => wider(e, exactly(bias[neurons[k] as number] as number))),
      wd: at.wd,
      ...(at.gate && { gate: { ...at.gate, rows: at.gate.rows.map((row) => wider(row, ZERO)) } }),
    },
  };
}

export interface Nearest {
  readonly configuration: Configuration;
  /** Largest change of an entry of W_D. */
  readonly moved: Rational;
}

/**
 * W_D + (W_r - W_D A)(A^T A)^-1 A^T, A = sigma(W_E W_p): of all decoders with zero loss the nearest to W_D. Undefined where the
 * features' activations are linearly dependent.
 */
export function zeroLossDecoder(m: Instance, at: Configuration): Nearest | undefined {
  const n = m.features.length;
  const { z, active } = encode({ ...m, neurons: at.we.length }, [at]);
  // Rows are features here: A^T, n x n_q.
  const a: Matrix = inputs(m).map((_, d) =>
    Vector.of(at.we.map((_, i) => (active[i]?.[d] ? (z[i]?.[d]?.[0] ?? ZERO) : ZERO))),
  );
  const gram = inverse(multiply(a, transpose(a, at.we.length), n));
  if (!gram) return undefined;
  const outputs = multiply(a, at.wd, m.nr);
  const residuals = targets(m).map((r, d) => r.minus(outputs[d] as Vector));
  const change = multiply(transpose(a, at.we.length), multiply(gram, residuals, m.nr), m.nr);
  const size = (x: Rational): Rational => (x.sign() < 0 ? x.negated() : x);
  const moved = change
    .flatMap((row) => row.entries())
    .reduce((most, x) => (size(x).compare(most) > 0 ? size(x) : most), ZERO);
  return { configuration: { we: at.we, wd: at.wd.map((u, i) => u.plus(change[i] as Vector)) }, moved };
}
