/**
 * A trained model as an exact configuration: every float of its file is a dyadic rational, and what is computed from them is computed
 * in rationals. And the nearest configuration with the same encoder and L~ exactly 0, where there is one: training ends near zero
 * loss, the certificate needs zero.
 */
import type { Activation, Configuration, Instance } from '../../kernel/model/instance.ts';
import { inputs, targets } from '../../kernel/model/instance.ts';
import { encode } from '../../kernel/model/model.ts';
import { ONE, Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { type Matrix, multiply, transpose, Vector } from '../../kernel/numbers/vector.ts';
import { inverse } from '../../solve/linear/linear.ts';
import { type Rows, rowOf } from '../backend/backend.ts';
import { TrainProblem } from '../backend/problem.ts';
import type { Method } from '../methods/method.ts';
import type { ModelWeights } from '../model/weights.ts';
import { factorNear, MOST_EXPONENT, signOfScaled } from './exponential.ts';

/** Exactly: a finite double is an integer times a power of two. */
export function exactly(x: number): Rational {
  let [num, den] = [x, 1n];
  while (!Number.isInteger(num)) {
    num *= 2;
    den *= 2n;
  }
  return Rational.of(BigInt(num), den);
}

const exactRow = (rows: Rows, i: number): Vector => Vector.of([...rowOf(rows, i)].map(exactly));

/** What a neuron computes, to the last digit. */
export interface Neuron {
  readonly e: Vector;
  /** Added to <e, x>; of a gated model in the gate. Where b_d is subtracted from x this is b_e - <e, b_d>. */
  readonly bias: Rational;
  readonly u: Vector;
  /** JumpReLU: active where <e, x> + bias > theta >= 0. */
  readonly theta: Rational;
  /** Gated: exp(r) (<e, x> - shift) + b. */
  readonly magnitude?: { readonly r: Rational; readonly b: Rational; readonly shift: Rational };
}

export function neuronAt(weights: ModelWeights, i: number): Neuron {
  const { we, wd, be, bd, theta, magnitude, magnitudeBias, subtracts } = weights;
  const e = exactRow(we, i);
  const shift = subtracts === true ? e.dot(Vector.of([...bd.subarray(0, we.columns)].map(exactly))) : ZERO;
  const r = magnitude && exactly(magnitude[i] as number);
  if (r && r.compare(Rational.of(BigInt(MOST_EXPONENT))) * r.compare(Rational.of(BigInt(-MOST_EXPONENT))) > 0) {
    throw new TrainProblem(
      'wrong-tensor',
      `r_mag[${i}]`,
      `a number from -${MOST_EXPONENT} to ${MOST_EXPONENT}`,
      `${magnitude[i]}`,
    );
  }
  return {
    e,
    bias: exactly(be[i] as number).minus(shift),
    get u() {
      return exactRow(wd, i);
    },
    theta: theta ? exactly(theta[i] as number) : ZERO,
    ...(r && { magnitude: { r, b: exactly(magnitudeBias?.[i] ?? 0), shift } }),
  };
}

/** Of the neurons named, from 0. Thresholds may differ where all are above 0: rows are rescaled then to that of the first. */
export function activationOf(method: Method, weights: ModelWeights, neurons: readonly number[]): Activation {
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
    case 'jumprelu':
      return { kind: 'jumprelu', theta: exactly(weights.theta?.[neurons[0] ?? 0] ?? 0) };
  }
}

/** Where an instance has other numbers than the file. */
export type Change = 'thresholds' | 'norms' | 'magnitudes';

/** A neuron without biases, and its bias apart. */
interface Plain {
  readonly e: Vector;
  readonly u: Vector;
  readonly bias: Rational;
  readonly gate?: { readonly row: Vector; readonly bias: Rational };
  readonly change?: Change;
}

/** The neurons as an instance can have them: one threshold, no factors. */
function plainNeurons(weights: ModelWeights, neurons: readonly number[]): Plain[] {
  const all = neurons.map((i) => neuronAt(weights, i));
  const first = all[0]?.theta ?? ZERO;
  return all.map(({ e, u, bias, theta, magnitude }, at) => {
    if (magnitude) {
      // exp(r) is irrational: a row of 64 bits near it.
      const factor = factorNear(magnitude.r);
      return {
        e: e.times(factor),
        u,
        bias: magnitude.b.minus(factor.times(magnitude.shift)),
        gate: { row: e, bias },
        ...(magnitude.r.sign() !== 0 && { change: 'magnitudes' as const }),
      };
    }
    const scaled = (by: Rational, change: Change): Plain =>
      by.equals(ONE) ? { e, u, bias } : { e: e.times(by), u: u.times(ONE.over(by)), bias: bias.times(by), change };
    // Top-k that ranks by z_i |u_i|: the norm may be irrational; a factor near it ranks alike, and what is decoded stays the same.
    if (weights.ranksByNorm === true) return scaled(normNear(u), 'norms');
    if (theta.equals(first)) return { e, u, bias };
    // z > theta_i iff z theta_1 / theta_i > theta_1.
    if (first.sign() > 0 && theta.sign() > 0) return scaled(first.over(theta), 'thresholds');
    const found = `both: neurons ${(neurons[0] ?? 0) + 1} and ${(neurons[at] ?? 0) + 1}`;
    throw new TrainProblem('unlike-thresholds', 'threshold', 'thresholds all 0 (or below) or all above 0', found);
  });
}

/** |u|, exactly where it is rational. */
function normNear(u: Vector): Rational {
  const { num, den } = u.dot(u);
  const root = (x: bigint): bigint | undefined => {
    const near = integerRoot(x);
    return near * near === x ? near : undefined;
  };
  const [top, bottom] = [root(num), root(den)];
  if (top !== undefined && bottom !== undefined) return Rational.of(top, bottom);
  // 64 bits of the root of num den 2^2k / den^2.
  const k = BigInt(Math.max(0, 70 - Math.floor((num * den).toString(2).length / 2)));
  return Rational.of(integerRoot((num * den) << (2n * k)), den << k);
}

/** The largest integer whose square is at most x, by Newton's method from above. */
function integerRoot(x: bigint): bigint {
  if (x < 2n) return x;
  let at = 1n << BigInt(Math.ceil(x.toString(2).length / 2));
  for (;;) {
    const next = (at + x / at) >> 1n;
    if (next >= at) return at;
    at = next;
  }
}

/** What of the file's numbers an instance of these neurons has to change. */
export function changesOf(weights: ModelWeights, neurons: readonly number[]): ReadonlySet<Change> {
  return new Set(plainNeurons(weights, neurons).flatMap(({ change }) => change ?? []));
}

/** Of the decoder, of the neurons, and of a gated model in the magnitudes. */
export function refuseBiases(weights: ModelWeights, neurons: readonly number[]): void {
  const biased = neurons.find((i) => {
    const { bias, magnitude } = neuronAt(weights, i);
    return magnitude ? signOfScaled(magnitude.r, magnitude.shift.negated(), magnitude.b) !== 0 : bias.sign() !== 0;
  });
  if (biased === undefined && !weights.skip && weights.bd.every((value) => value === 0)) return;
  const decoder = weights.skip ? 'W_skip, which adds to each output' : 'the decoder has one';
  const where = biased === undefined ? decoder : `neuron ${biased + 1} has one`;
  throw new TrainProblem('has-biases', 'biases', 'a model without biases, as in the theory, or --augment', where);
}

/** The neurons named, from 0. The theory has no biases but those of gates, so there may be none. */
export function configurationOf(weights: ModelWeights, neurons: readonly number[]): Configuration {
  refuseBiases(weights, neurons);
  const all = plainNeurons(weights, neurons);
  const gates = all.flatMap(({ gate }) => gate ?? []);
  return {
    we: all.map(({ e }) => e),
    wd: all.map(({ u }) => u),
    ...(weights.magnitude && {
      gate: { rows: gates.map(({ row }) => row), bias: Vector.of(gates.map(({ bias }) => bias)) },
    }),
  };
}

const wider = (row: Vector, last: Rational): Vector => Vector.of([...row.entries(), last]);

/**
 * A model with biases as one without: directions (w_d, 1), rows (e_i, b_i), targets r_d - b_D - W_skip w_d. On feature d alone at activation 1
 * both compute the same, so L~ of the result is the model's squared error there; at other activations it is not.
 */
export function augmented(bare: Instance, weights: ModelWeights, neurons: readonly number[]): Instance {
  const all = plainNeurons(weights, neurons);
  const gates = all.flatMap(({ gate }) => gate ?? []);
  const shift = Vector.of([...weights.bd.subarray(0, bare.nr)].map(exactly));
  const { skip } = weights;
  const skipRows = skip && Array.from({ length: skip.rows }, (_, c) => exactRow(skip, c));
  const skipped = (w: Vector): Vector => (skipRows ? shift.plus(Vector.of(skipRows.map((row) => row.dot(w)))) : shift);
  return {
    ...bare,
    np: bare.np + 1,
    features: bare.features.map((f) => ({ ...f, wp: wider(f.wp, ONE), wr: f.wr.minus(skipped(f.wp)) })),
    configuration: {
      we: all.map(({ e, bias }) => wider(e, bias)),
      wd: all.map(({ u }) => u),
      ...(weights.magnitude && {
        gate: {
          rows: gates.map(({ row }) => wider(row, ZERO)),
          bias: Vector.of(gates.map(({ bias }) => bias)),
        },
      }),
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
