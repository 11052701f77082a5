/**
 * Proposes a proof for rule `newton`: moves a component to the critical point near it by least-norm Newton steps, takes a slice
 * across the gauge, and rounds inverse, factor and left inverse.
 */
import type { Instance } from '../../kernel/instance.ts';
import { Rational } from '../../kernel/rational.ts';
import { combine, Vector } from '../../kernel/vector.ts';
import { type Document, matrixDocument, vectorDocument } from '../../solve/document.ts';
import { nullSpace, solve } from '../../solve/linear.ts';
import { toNumber } from '../tiny/problem.ts';
import { rounded } from './dyadic.ts';
import { inverseOf, leastSquares, leftInverse, pivotColumns, type Rows, symmetricEigen } from './floats.ts';
import { type Motion, motionsOf } from './gauge.ts';
import { coordinatesOf, derivatives, dotOf, type Part, type State } from './state.ts';

const STEPS = 8;
export const CENTER_BITS = 46;
const PROOF_BITS = 40;
/** Radii 2^-bits to try, the likeliest first. */
export const RADIUS_BITS: readonly number[] = [24, 30, 20, 16];

/** Directions in which the pre-activations at a kink stay 0, as rows: integers, so that they do so exactly. */
function faceBasis(m: Instance, s: State, { neurons }: Part): Vector[] {
  const size = m.np + m.nr;
  return neurons.flatMap((i, a) => {
    const held = (s.kinks[i] as number[]).map((d) => m.features[d]?.wp as Vector);
    const encoder = nullSpace(held, m.np).map((v) => v.num);
    const unit = (k: number): bigint[] => Array.from({ length: m.nr }, (_, j) => (j === k ? 1n : 0n));
    const placed = (from: number, entries: readonly bigint[]): Vector => {
      const row = new Array<bigint>(neurons.length * size).fill(0n);
      entries.forEach((x, k) => {
        row[a * size + from + k] = x;
      });
      return Vector.ints(row);
    };
    return [...encoder.map((v) => placed(0, v)), ...Array.from({ length: m.nr }, (_, k) => placed(m.np, unit(k)))];
  });
}

const numbers = (rows: readonly Vector[]): number[][] => rows.map((v) => v.entries().map(toNumber));
const sandwich = (rows: Rows, matrix: Rows): number[][] => {
  const half = rows.map((row) => matrix.map((column) => dotOf(row, column)));
  return half.map((a) => rows.map((b) => dotOf(a, b)));
};
/** Rounded to multiples of 2^-PROOF_BITS. */
export const rowsDocument = (matrix: Rows): string[][] =>
  matrixDocument(matrix.map((row) => Vector.of(row.map((x) => rounded(x, PROOF_BITS)))));

/** Moves the component's weights within its faces to where the gradient vanishes. */
function settle(s: State, part: Part, basis: Rows): boolean {
  const at = coordinatesOf(s.p, part.neurons);
  for (let step = 0; step < STEPS; step++) {
    const { gradient, hessian } = derivatives(s, part);
    const slopes = basis.map((b) => dotOf(b, gradient));
    if (Math.max(...slopes.map(Math.abs), 0) < 1e-15) return true;
    const move = leastSquares(
      sandwich(basis, hessian),
      slopes.map((x) => -x),
      1e-8,
    );
    if (!move.every(Number.isFinite)) return false;
    at.forEach((index, j) => {
      const change = basis.reduce((sum, b, k) => sum + (b[j] as number) * (move[k] as number), 0);
      s.x[index] = (s.x[index] as number) + change;
    });
  }
  const { gradient } = derivatives(s, part);
  return Math.max(...basis.map((b) => Math.abs(dotOf(b, gradient))), 0) < 1e-11;
}

/** The component's exact coordinates: dyadic, and on its faces. Also put into `s.x`. */
function exactCenter(s: State, part: Part, basis: readonly Vector[]): Rational[] {
  const at = coordinatesOf(s.p, part.neurons);
  const floats = numbers(basis);
  const columns = at.map((_, j) => floats.map((b) => b[j] as number));
  const shares = leastSquares(
    columns,
    at.map((index) => s.x[index] as number),
  ).map((x) => rounded(x, CENTER_BITS));
  const exact = at.map((_, j) =>
    basis.reduce((sum, b, k) => sum.plus(b.at(j).times(shares[k] as Rational)), Rational.of(0n)),
  );
  at.forEach((index, j) => {
    s.x[index] = toNumber(exact[j] as Rational);
  });
  return exact;
}

export interface NewtonProposal {
  /** Over the coordinates of the component. */
  readonly center: readonly Rational[];
  /** Proofs to try, that of the likeliest radius first. */
  readonly proofs: readonly Document[];
}

/** A proposal, or why there is none. Moves the component in `s.x`. */
export function proposeNewton(m: Instance, s: State, part: Part): NewtonProposal | string {
  const basis = faceBasis(m, s, part);
  if (!settle(s, part, numbers(basis))) return 'Newton steps find no critical point near';
  const center = exactCenter(s, part, basis);
  const floats = numbers(basis);
  const { hessian } = derivatives(s, part);
  const motions = independent(motionsOf(m, s, part), s);
  const inBasis = motions.map((motion) => {
    const v = motion.velocity(s);
    return leastSquares(
      v.map((_, j) => floats.map((b) => b[j] as number)),
      v,
    );
  });
  const fixed = new Set(pivotColumns(inBasis).columns);
  if (fixed.size < motions.length) return 'motions of the gauge that cannot be told apart';
  const slice = basis.filter((_, k) => !fixed.has(k));
  const sliceFloats = numbers(slice);
  const curvature = sandwich(sliceFloats, hessian);
  const { values, vectors } = symmetricEigen(curvature);
  const scale = Math.max(...values.map(Math.abs), 0);
  const flat = values.filter((value) => Math.abs(value) < 1e-6 * scale).length;
  if (flat > 0) return `flat beyond the gauge: ${flat} of ${values.length} directions across it`;
  const inverse = inverseOf(curvature);
  if (!inverse) return 'second derivatives that cannot be inverted';
  const span = leftInverse([...sliceFloats, ...motions.map((motion) => motion.velocity(s))]);
  const kind =
    (values[0] ?? 1) < 0 ? { descent: vector(vectors[0] ?? []) } : { root: rowsDocument(factor(values, vectors)) };
  const duals = part.neurons.flatMap((i) => dualsOf(m, s, i));
  const proofs = RADIUS_BITS.map((bits) => ({
    rule: 'newton',
    radius: `${Rational.of(1n, 1n << BigInt(bits))}`,
    slice: matrixDocument(slice),
    inverse: rowsDocument(inverse),
    gauge: motions.map((motion) => motion.document),
    span: rowsDocument(span),
    duals,
    ...kind,
  }));
  return { center, proofs };
}

const vector = (x: readonly number[]): string[] => vectorDocument(Vector.of(x.map((y) => rounded(y, 30))));

/** G with G^T G a little below the matrix of these eigenvalues, all positive. */
function factor(values: readonly number[], vectors: Rows): number[][] {
  const below = (values[0] ?? 0) / 2;
  return vectors.map((v, k) => v.map((x) => x * Math.sqrt((values[k] as number) - below)));
}

/** Motions in the order given, without those that others already make up. */
function independent(motions: readonly Motion[], s: State): Motion[] {
  const kept = new Set(pivotColumns(transposed(motions.map((motion) => motion.velocity(s)))).columns);
  return motions.filter((_, k) => kept.has(k));
}

const transposed = (matrix: Rows): number[][] => (matrix[0] ?? []).map((_, j) => matrix.map((row) => row[j] as number));

/** For each kink of neuron i: q with <q, w_d> = 1 there and 0 at its other kinks, exact. */
function dualsOf(m: Instance, s: State, i: number): string[][] {
  const held = s.kinks[i] as number[];
  if (held.length === 0) return [];
  const w = held.map((d) => m.features[d]?.wp as Vector);
  const gram = w.map((a) => Vector.of(w.map((b) => a.dot(b))));
  return held.map((_, k) => {
    const unit = Vector.of(held.map((_, j) => Rational.of(j === k ? 1n : 0n)));
    const shares = solve(gram, unit, held.length) ?? unit;
    return vectorDocument(combine(shares.entries(), w, m.np));
  });
}
