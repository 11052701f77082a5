/**
 * Proposes a proof for rule `newton`: moves a group to the critical point near it, finds coordinates in which critical points
 * are isolated up to motions that change no prediction, takes a slice across these, and rounds inverse, factor and left inverse.
 */
import type { Instance } from '../../kernel/model/instance.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { largestOf } from '../../solve/linear/extremes.ts';
import { nullSpace } from '../../solve/linear/linear.ts';
import { type Document, vectorDocument } from '../../solve/proofs/document.ts';
import type { LandingClass } from '../check/landing.ts';
import { toNumber } from '../runs/problem.ts';
import { ofSizeOne, rounded } from './dyadic.ts';
import { independentOf, inverted, solved } from './elimination.ts';
import { dualsOf, faceRank } from './faces.ts';
import { leastSquares, leftInverse, type Rows, symmetricEigen } from './floats.ts';
import { carried, closures, frameHessian, type Lift, lengthOf, NO_LIFT, tight } from './frame.ts';
import { motionsOf } from './gauge.ts';
import { NO_RELATIONS, type Relations, relationsOf } from './relations.ts';
import { coordinatesOf, derivatives, dotOf, type Part, type State } from './state.ts';

/** Steps of damped Newton, and of all. */
const DAMPED = 8;
const STEPS = 14;
export const CENTER_BITS = 50;
const PROOF_BITS = 32;
/** How fast second derivatives can change, in the units of the problem: enough for a first guess of a radius. */
const CHANGE = 64;
/** Added to the second derivatives, relative to the largest: what is flatter than this does not move. */
const DAMPING = 1e-9;
/** Added besides, relative to the gradient: as far from rest, flat directions are not yet flat. */
const SLOPE_DAMPING = 4;
/** Second derivatives below this, relative to the largest, are taken for 0. */
const FLAT = 1e-8;

type Conditions = Relations['conditions'];

/** Directions that leave pre-activations at a kink, and what the conditions ask for, at 0: integers, so that they do so exactly. */
function basisOf(m: Instance, s: State, { neurons }: Part, conditions: Conditions): Vector[] {
  const size = m.np + m.nr;
  return neurons.flatMap((i, a) => {
    const held = [...(s.kinks[i] as number[]).map((d) => m.features[d]?.wp as Vector), ...(conditions.get(i) ?? [])];
    const encoder = nullSpace(held, m.np).map(ofSizeOne);
    const unit = (k: number): bigint[] => Array.from({ length: m.nr }, (_, j) => (j === k ? 1n : 0n));
    const placed = (from: number, { num: entries, den }: Pick<Vector, 'num' | 'den'>): Vector => {
      const row = new Array<bigint>(neurons.length * size).fill(0n);
      entries.forEach((x, k) => {
        row[a * size + from + k] = x;
      });
      return Vector.ints(row, den);
    };
    return [
      ...encoder.map((v) => placed(0, v)),
      ...Array.from({ length: m.nr }, (_, k) => placed(m.np, { num: unit(k), den: 1n })),
    ];
  });
}

const numbers = (rows: readonly Vector[]): number[][] => rows.map((v) => v.entries().map(toNumber));
/** rows matrix rows^T; most rows have one entry that is not 0. */
function sandwich(rows: Rows, matrix: Rows): number[][] {
  const sparse = rows.map((row) => row.flatMap((x, k): [number, number][] => (x === 0 ? [] : [[k, x]])));
  const half = sparse.map((row) => {
    const sum = new Float64Array(matrix.length);
    for (const [k, x] of row) {
      const other = matrix[k] as readonly number[];
      for (let j = 0; j < sum.length; j++) sum[j] = (sum[j] as number) + x * (other[j] as number);
    }
    return sum;
  });
  return half.map((a) => sparse.map((row) => row.reduce((sum, [k, x]) => sum + x * (a[k] as number), 0)));
}
/** Integers, in units of 2^-PROOF_BITS. */
export const rowsDocument = (matrix: Rows): string[][] =>
  matrix.map((row) => row.map((x) => `${BigInt(Math.round(x * 2 ** PROOF_BITS))}`));

/** A unit vector by the number of its coordinate. */
export const sliceDocument = (slice: readonly Vector[]): Document[] =>
  slice.map((v) => {
    const at = v.num.findIndex((x) => x !== 0n);
    const unit = v.den === 1n && v.num.every((x, k) => x === (k === at ? 1n : 0n));
    return unit ? at + 1 : vectorDocument(v);
  });

/** Moves the group's weights within the basis to where the gradient vanishes. */
function settle(s: State, part: Part, basis: Rows): boolean {
  const at = coordinatesOf(s.p, part.neurons);
  // Off the faces, however little, the scale of a neuron has a slope there, and no point within the basis is critical.
  if (basis.length < at.length) {
    const columns = at.map((_, j) => basis.map((b) => b[j] as number));
    const shares = leastSquares(
      columns,
      at.map((index) => s.x[index] as number),
    );
    at.forEach((index, j) => {
      s.x[index] = dotOf(columns[j] as number[], shares);
    });
  }
  for (let step = 0; ; step++) {
    const { gradient, hessian } = derivatives(s, part);
    const slopes = basis.map((b) => dotOf(b, gradient));
    const size = largestOf(slopes.map(Math.abs), 0);
    if (size < 1e-15) return true;
    if (step === STEPS) return size < 1e-11;
    const matrix = sandwich(basis, hessian);
    const scale = largestOf(
      matrix.map((row, k) => Math.abs(row[k] as number)),
      0,
    );
    const damping = DAMPING * scale + SLOPE_DAMPING * size;
    const against = slopes.map((x) => -x);
    // Once damped steps do not settle, what is flat is left out altogether.
    const move =
      step < DAMPED
        ? solved(
            matrix.map((row, k) => row.map((x, j) => (j === k ? x + damping : x))),
            against,
          )
        : leastSquares(matrix, against, FLAT);
    if (!move?.every(Number.isFinite)) return false;
    at.forEach((index, j) => {
      const change = basis.reduce((sum, b, k) => sum + (b[j] as number) * (move[k] as number), 0);
      s.x[index] = (s.x[index] as number) + change;
    });
  }
}

/** The group's exact coordinates: dyadic combinations of the basis. Also put into `s.x`. */
function exactCenter(s: State, part: Part, basis: readonly Vector[]): Rational[] {
  const at = coordinatesOf(s.p, part.neurons);
  const free = basis.length === at.length;
  const floats = numbers(basis);
  const shares = free
    ? undefined
    : leastSquares(
        at.map((_, j) => floats.map((b) => b[j] as number)),
        at.map((index) => s.x[index] as number),
      ).map((x) => rounded(x, CENTER_BITS));
  const exact = at.map((index, j) =>
    shares
      ? basis.reduce((sum, b, k) => (b.num[j] === 0n ? sum : sum.plus(b.at(j).times(shares[k] as Rational))), ZERO)
      : rounded(s.x[index] as number, CENTER_BITS),
  );
  at.forEach((index, j) => {
    s.x[index] = toNumber(exact[j] as Rational);
  });
  return exact;
}

const ZERO = Rational.of(0n);

export interface NewtonProposal {
  readonly class: LandingClass;
  /** Over the coordinates of the group. */
  readonly center: readonly Rational[];
  /** The proof with the radius 2^-bits, and the bits that are likely to do. */
  readonly proof: (bits: number) => Document;
  readonly bits: number;
}

/** A radius 2^-bits at which the test of Krawczyk is likely to pass: |I - Y J| grows with |Y| times the radius. */
export function likelyBits(inverse: Rows): number {
  const norm = largestOf(
    inverse.map((row) => row.reduce((sum, x) => sum + Math.abs(x), 0)),
    1,
  );
  return Math.min(40, Math.max(18, Math.ceil(Math.log2(norm * CHANGE))));
}

/** A proposal, or why there is none. Moves the group in `s.x`. */
export function proposeNewton(m: Instance, s: State, part: Part): NewtonProposal | string {
  if (!settle(s, part, numbers(basisOf(m, s, part, new Map())))) return 'Newton steps find no critical point near';
  const wide = closures(s, part);
  const lifts = wide.size === 0 ? [NO_LIFT] : [NO_LIFT, wide, tight(s, wide)];
  let why = '';
  for (const lift of lifts) {
    const found = inFrame(m, s, part, lift, NO_RELATIONS);
    if (typeof found !== 'string') return found;
    why ||= found;
  }
  for (const lift of lifts.slice(1)) {
    const relations = relationsOf(m, s, part, lift);
    if (!relations) continue;
    const before = Float64Array.from(s.x);
    if (settle(s, part, numbers(basisOf(m, s, part, relations.conditions)))) {
      const found = inFrame(m, s, part, lift, relations);
      if (typeof found !== 'string') return found;
    }
    s.x.set(before);
  }
  return why;
}

function inFrame(m: Instance, s: State, part: Part, lift: Lift, relations: Relations): NewtonProposal | string {
  const basis = basisOf(m, s, part, relations.conditions);
  const held = part.neurons.filter((i) => !lift.has(i));
  const dimension = lengthOf(s, part, lift) - held.reduce((sum, i) => sum + faceRank(s, i), 0);
  const motions = motionsOf(m, s, part, lift);
  const floats = numbers(basis);
  const picked = independentOf(
    [...relations.directions, ...motions.map(({ velocity }) => velocity)],
    floats.map((b) => carried(s, part, lift, b)),
  );
  const found = picked.before.length + picked.after.length;
  if (found < dimension) return `${dimension - found} directions that no weights can move in`;
  const slice = picked.after.map((k) => basis[k] as Vector);
  const sliceFloats = picked.after.map((k) => floats[k] as number[]);
  const center = exactCenter(s, part, basis);
  const across = relations.directions.length;
  const related = picked.before.filter((k) => k < across).sort((a, b) => a - b);
  const moving = picked.before.filter((k) => k >= across).sort((a, b) => a - b);
  const all = [
    ...sliceFloats.map((b) => carried(s, part, lift, b)),
    ...related.map((k) => relations.directions[k] as readonly number[]),
  ];
  const curvature = sandwich(all, frameHessian(s, part, lift));
  const { values, vectors } = symmetricEigen(curvature);
  const scale = largestOf(values.map(Math.abs), 0);
  const flat = values.filter((value) => Math.abs(value) < FLAT * scale).length;
  if (flat > 0) return `flat beyond the gauge: ${flat} of ${values.length} directions across it`;
  const inverse = inverted(curvature.slice(0, slice.length).map((row) => row.slice(0, slice.length)));
  if (!inverse) return 'second derivatives that cannot be inverted';
  const saddle = (values[0] ?? 1) < 0;
  if (saddle && related.length > 0) return 'second derivatives of both signs';
  const span = leftInverse([...all, ...moving.map((k) => (motions[k - across] as (typeof motions)[number]).velocity)]);
  const kind = saddle ? { descent: vector(vectors[0] ?? []) } : { root: rowsDocument(factor(values, vectors)) };
  const duals = held.flatMap((i) => dualsOf(m, s, i));
  const fixed = {
    rule: 'newton',
    slice: sliceDocument(slice),
    inverse: rowsDocument(inverse),
    gauge: moving.map((k) => (motions[k - across] as (typeof motions)[number]).document),
    span: rowsDocument(span),
    duals,
    ...(lift.size > 0 && { lift: [...lift].map(([i, set]) => ({ neuron: i + 1, features: set.map((d) => d + 1) })) }),
    ...(related.length > 0 && { relations: related.map((k) => relations.documents[k] as Document) }),
    ...kind,
  };
  const proof = (bits: number): Document => ({ ...fixed, radius: `${Rational.of(1n, 1n << BigInt(bits))}` });
  const reading = saddle ? 'saddle' : duals.length > 0 ? 'face-minimum' : 'local-minimum';
  return { center, proof, bits: likelyBits(inverse), class: reading };
}

const vector = (x: readonly number[]): string[] => vectorDocument(Vector.of(x.map((y) => rounded(y, 30))));

/** G with G^T G a little below the matrix of these eigenvalues, all positive. */
function factor(values: readonly number[], vectors: Rows): number[][] {
  const below = (values[0] ?? 0) / 2;
  return vectors.map((v, k) => v.map((x) => x * Math.sqrt((values[k] as number) - below)));
}
