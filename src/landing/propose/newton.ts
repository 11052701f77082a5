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
import { type Motion, motionsOf } from './gauge.ts';
import { isRefused, type Refusal } from './refusal.ts';
import { NO_RELATIONS, type Relations, relationsOf } from './relations.ts';
import { coordinatesAt, derivatives, dotOf, movedTo, type Part, type State } from './state.ts';

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

/** Where the gradient vanishes, found by moving the group's weights within the basis. */
function settled(start: State, part: Part, basis: Rows): State | undefined {
  let s = start;
  const coordinates = coordinatesAt(s, part.neurons);
  // Off the faces, however little, the scale of a neuron has a slope there, and no point within the basis is critical.
  if (basis.length < coordinates.length) {
    const columns = coordinates.map((_, j) => basis.map((b) => b[j] as number));
    const shares = leastSquares(columns, coordinates);
    s = movedTo(
      s,
      part.neurons,
      columns.map((column) => dotOf(column, shares)),
    );
  }
  for (let step = 0; ; step++) {
    const { gradient, hessian } = derivatives(s, part);
    const slopes = basis.map((b) => dotOf(b, gradient));
    const size = largestOf(slopes.map(Math.abs), 0);
    if (size < 1e-15) return s;
    if (step === STEPS) return size < 1e-11 ? s : undefined;
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
    if (!move?.every(Number.isFinite)) return undefined;
    s = movedTo(
      s,
      part.neurons,
      coordinatesAt(s, part.neurons).map(
        (x, j) => x + basis.reduce((sum, b, k) => sum + (b[j] as number) * (move[k] as number), 0),
      ),
    );
  }
}

/** The group's exact coordinates: dyadic combinations of the basis. */
function exactCenter(s: State, part: Part, basis: readonly Vector[]): Rational[] {
  const coordinates = coordinatesAt(s, part.neurons);
  if (basis.length === coordinates.length) return coordinates.map((x) => rounded(x, CENTER_BITS));
  const floats = numbers(basis);
  const shares = leastSquares(
    coordinates.map((_, j) => floats.map((b) => b[j] as number)),
    coordinates,
  ).map((x) => rounded(x, CENTER_BITS));
  return coordinates.map((_, j) =>
    basis.reduce((sum, b, k) => (b.num[j] === 0n ? sum : sum.plus(b.at(j).times(shares[k] as Rational))), ZERO),
  );
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

/** A proposal, or why there is none. */
export function proposeNewton(m: Instance, end: State, part: Part): NewtonProposal | Refusal {
  const settledAt = settled(end, part, numbers(basisOf(m, end, part, new Map())));
  if (!settledAt) return { refused: 'not-critical' };
  const wide = closures(settledAt, part);
  const lifts = wide.size === 0 ? [NO_LIFT] : [NO_LIFT, wide, tight(settledAt, wide)];
  let [s, refusal]: [State, Refusal | undefined] = [settledAt, undefined];
  for (const lift of lifts) {
    const { found, at } = inFrame(m, s, part, lift, NO_RELATIONS);
    if (!isRefused(found)) return found;
    refusal ??= found;
    s = at;
  }
  for (const lift of lifts.slice(1)) {
    const relations = relationsOf(m, s, part, lift);
    const there = relations && settled(s, part, numbers(basisOf(m, s, part, relations.conditions)));
    if (!there) continue;
    const { found } = inFrame(m, there, part, lift, relations);
    if (!isRefused(found)) return found;
  }
  return refusal as Refusal;
}

/** What is found in a frame, and where: at the exact center, if it came to that. */
function inFrame(
  m: Instance,
  s: State,
  part: Part,
  lift: Lift,
  relations: Relations,
): { readonly found: NewtonProposal | Refusal; readonly at: State } {
  const frame = frameOf(m, s, part, lift, relations);
  if (isRefused(frame)) return { found: frame, at: s };
  const center = exactCenter(s, part, frame.basis);
  const at = movedTo(s, part.neurons, center.map(toNumber));
  return { found: proofAt(m, at, part, frame, center), at };
}

/** Coordinates in which a group is looked at. */
interface Frame {
  readonly lift: Lift;
  readonly basis: readonly Vector[];
  /** Of the basis, what is across the motions; and the relations and motions that make up the rest. */
  readonly slice: readonly Vector[];
  readonly relations: readonly { readonly direction: readonly number[]; readonly document: Document }[];
  readonly motions: readonly Motion[];
}

function frameOf(m: Instance, s: State, part: Part, lift: Lift, relations: Relations): Frame | Refusal {
  const basis = basisOf(m, s, part, relations.conditions);
  const held = part.neurons.filter((i) => !lift.has(i));
  const dimension = lengthOf(s, part, lift) - held.reduce((sum, i) => sum + faceRank(s, i), 0);
  const motions = motionsOf(m, s, part, lift);
  const { before, after } = independentOf(
    [...relations.directions, ...motions.map(({ velocity }) => velocity)],
    numbers(basis).map((b) => carried(s, part, lift, b)),
  );
  const missing = dimension - before.length - after.length;
  if (missing > 0) return { refused: 'immovable', directions: missing };
  const across = relations.directions.length;
  const inOrder = [...before].sort((a, b) => a - b);
  return {
    lift,
    basis,
    slice: after.map((k) => basis[k] as Vector),
    relations: inOrder.flatMap((k) => {
      const direction = relations.directions[k];
      return direction ? [{ direction, document: relations.documents[k] as Document }] : [];
    }),
    motions: inOrder.flatMap((k) => motions[k - across] ?? []),
  };
}

/** `s`: the exact center in floats. */
function proofAt(
  m: Instance,
  s: State,
  part: Part,
  { lift, slice, relations, motions }: Frame,
  center: readonly Rational[],
): NewtonProposal | Refusal {
  const all = [...numbers(slice).map((b) => carried(s, part, lift, b)), ...relations.map(({ direction }) => direction)];
  const curvature = sandwich(all, frameHessian(s, part, lift));
  const { values, vectors } = symmetricEigen(curvature);
  const scale = largestOf(values.map(Math.abs), 0);
  const flat = values.filter((value) => Math.abs(value) < FLAT * scale).length;
  if (flat > 0) return { refused: 'flat', directions: flat, of: values.length };
  const inverse = inverted(curvature.slice(0, slice.length).map((row) => row.slice(0, slice.length)));
  if (!inverse) return { refused: 'singular' };
  const saddle = (values[0] ?? 1) < 0;
  if (saddle && relations.length > 0) return { refused: 'indefinite' };
  const span = leftInverse([...all, ...motions.map(({ velocity }) => velocity)]);
  const kind = saddle ? { descent: vector(vectors[0] ?? []) } : { root: rowsDocument(factor(values, vectors)) };
  const duals = part.neurons.filter((i) => !lift.has(i)).flatMap((i) => dualsOf(m, s, i));
  const fixed = {
    rule: 'newton',
    slice: sliceDocument(slice),
    inverse: rowsDocument(inverse),
    gauge: motions.map(({ document }) => document),
    span: rowsDocument(span),
    duals,
    ...(lift.size > 0 && { lift: [...lift].map(([i, set]) => ({ neuron: i + 1, features: set.map((d) => d + 1) })) }),
    ...(relations.length > 0 && { relations: relations.map(({ document }) => document) }),
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
