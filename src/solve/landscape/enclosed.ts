/**
 * Minima on sets too large for exact eigenvalues (rule `enclosed-minimum`): a float eigenvector of the largest eigenvalue, made a rational row
 * near it, with exact proof that the true one has the same signs. What cannot be settled is named.
 */
import { EigenvalueDecomposition, Matrix as FloatMatrix } from 'ml-matrix';
import { thresholdOf } from '../../kernel/model/activation.ts';
import { featureAt, type Instance, type Pattern, unitVector } from '../../kernel/model/instance.ts';
import type { Interval } from '../../kernel/numbers/algebraic.ts';
import { Rational, sum, ZERO } from '../../kernel/numbers/rational.ts';
import { combine, type Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { room } from '../../kernel/numbers/work.ts';
import { wholeLoss } from '../../kernel/rules/criticalPoint.ts';
import { motzkin } from '../inequalities/motzkin.ts';
import { definite } from '../linear/definite.ts';
import { largestOf } from '../linear/extremes.ts';
import { nullSpace, solve } from '../linear/linear.ts';
import { type Document, matrixDocument, vectorDocument } from '../proofs/document.ts';
import { form } from './criticalPoints.ts';
import { toFloat } from './eigenvector.ts';
import { type Cluster, clusterOf, directions } from './face.ts';

/** Above this size of a set exact roots take too long. */
export const MOST_EXACT = 12;

/** Words of a rational in a table. */
const OF_ENTRY = 6;

export interface EnclosedPoint {
  readonly proof: Document;
  readonly loss: Interval;
  readonly eigenvalues: readonly Interval[];
}

/** Bits behind the point of a row whose entries are of size 1. */
const BITS = 44;

export function enclosedPoint(m: Instance, pattern: Pattern, dead: Vector): EnclosedPoint | { readonly why: string } {
  const level = thresholdOf(m);
  const still = pattern.filter((set) => set.length === 0);
  const kink = m.features.findIndex((f) => f.wp.dot(dead).compare(level) >= 0);
  if (still.length > 0 && kink >= 0)
    return { why: `a dead neuron at a kink on feature ${kink + 1}, beside a large set` };
  const rows: { document: Document; lambda: Interval }[] = [];
  for (const set of pattern.filter((other) => other.length > 0)) {
    const row = enclosedRow(clusterOf(m, set));
    if ('why' in row) return { why: `{${set.map((d) => d + 1)}}: ${row.why}` };
    rows.push(row);
  }
  const eigenvalues = rows.map(({ lambda }) => lambda);
  const whole = wholeLoss(
    m,
    m.features.map((_, d) => d),
  );
  return {
    proof: {
      rule: 'enclosed-minimum',
      live: rows.map(({ document }) => document),
      dead: still.map(() => vectorDocument(dead)),
    },
    loss: [
      whole.minus(sum(eigenvalues.map(([, most]) => most))),
      whole.minus(sum(eigenvalues.map(([least]) => least))),
    ],
    eigenvalues,
  };
}

function enclosedRow(cluster: Cluster): { document: Document; lambda: Interval } | { why: string } {
  const { m, set, live, a, b, threshold } = cluster;
  const found = largest(cluster);
  if (!found) return { why: 'floats see no largest eigenvalue apart from the others' };
  const e = intoCone(cluster, found.e);
  if (!e)
    return {
      why: `the row of the largest eigenvalue is not in the cone, and others are decided for at most ${MOST_EXACT} features`,
    };
  const times = (matrix: Matrix, x: Vector): Vector => combine(x.entries(), matrix, m.np);
  const s = form(e, b);
  const rho = form(e, a).over(s);
  const beta = dyadic((found.lambda + found.next) / 2);
  const gap = rho.minus(beta);
  const be = times(b, e);
  const sigma = gap.times(Rational.of(4n)).over(s);
  const shifted = b.map((row, i) =>
    row
      .times(beta)
      .minus(a[i] as Vector)
      .plus(be.times(be.at(i).times(sigma))),
  );
  const factors = definite(shifted);
  if (gap.sign() <= 0 || !('d' in factors))
    return { why: 'the largest eigenvalue was not shown to be apart from the others' };
  const force = times(a, e).minus(be.times(rho));
  const y = solve(b, force, m.np);
  if (!y) return { why: 'a residual outside the span of the set' };
  const inputs = directions(m, live);
  room(inputs.length * inputs.length * OF_ENTRY);
  const gram = inputs.map((w) => Vector.of(inputs.map((v) => v.dot(w))));
  const size = y.dot(force);
  const parts: Vector[] = [];
  for (const [d, { wp }] of m.features.entries()) {
    const own = live.indexOf(d);
    const right = Vector.of(inputs.map((w) => w.dot(wp)));
    const part = own >= 0 ? unitVector(live.length, own) : solve(gram, right, live.length);
    if (!part) throw new Error('a projection that has no coefficients');
    const reach = sum(part.entries().map((x, k) => x.times(x).over(featureAt(m, live[k] ?? 0).weight)));
    const above = wp.dot(e).minus(thresholdOf(m));
    const settled = above.times(above).times(gap).times(gap).compare(size.times(reach)) > 0;
    if (!settled || above.sign() > 0 !== set.includes(d)) {
      return {
        why: `the sign of <e, w_${d + 1}>${threshold ? ' - theta' : ''} could not be settled: ${toFloat(above)}`,
      };
    }
    parts.push(part);
  }
  return {
    document: {
      e: vectorDocument(e),
      beta: `${beta}`,
      sigma: `${sigma}`,
      y: vectorDocument(y),
      definite: { l: matrixDocument(factors.l), d: vectorDocument(factors.d) },
      parts: parts.map(vectorDocument),
    },
    lambda: [rho, rho.plus(size.over(gap.times(s)))],
  };
}

const dyadic = (x: number): Rational =>
  Number.isFinite(x) ? Rational.of(BigInt(Math.round(x * 2 ** 20)), 1n << 20n) : ZERO;

/** By floats: the two largest eigenvalues, and the row of the first in the span of the set, of size 1; undefined where they are no help. */
function largest({ m, live, a, b }: Cluster): { lambda: number; next: number; e: number[] } | undefined {
  const floats = (matrix: Matrix): FloatMatrix => new FloatMatrix(matrix.map((row) => row.entries().map(toFloat)));
  const [A, B] = [floats(a), floats(b)];
  if (live.length === 0 || [...A.to1DArray(), ...B.to1DArray()].some((x) => !Number.isFinite(x))) return undefined;
  const metric = new EigenvalueDecomposition(B, { assumeSymmetric: true });
  const most = largestOf(metric.realEigenvalues);
  const kept = metric.realEigenvalues.flatMap((x, k) => (x > 1e-10 * most ? [k] : []));
  const root = metric.eigenvectorMatrix
    .subMatrixColumn(kept)
    .mmul(FloatMatrix.diag(kept.map((k) => 1 / Math.sqrt(metric.realEigenvalues[k] as number))));
  const pencil = new EigenvalueDecomposition(root.transpose().mmul(A).mmul(root), { assumeSymmetric: true });
  const order = pencil.realEigenvalues.map((_, k) => k);
  order.sort((i, j) => (pencil.realEigenvalues[j] as number) - (pencil.realEigenvalues[i] as number));
  const [first, second] = order;
  if (first === undefined) return undefined;
  const lambda = pencil.realEigenvalues[first] as number;
  const next =
    second === undefined ? lambda - Math.max(1, Math.abs(lambda)) : (pencil.realEigenvalues[second] as number);
  const e = root.mmul(pencil.eigenvectorMatrix.subMatrixColumn([first])).to1DArray();
  const z = directions(m, live).reduce(
    (total, w) => total + w.entries().reduce((t, x, k) => t + toFloat(x) * (e[k] ?? 0), 0),
    0,
  );
  const size = (z < 0 ? -1 : 1) * largestOf(e.map(Math.abs));
  return e.every(Number.isFinite) && size !== 0 ? { lambda, next, e: e.map((x) => x / size) } : undefined;
}

/** The row rounded, scaled and with a part that vanishes on the set, so that it has the signs of the pattern. */
function intoCone({ m, set, live, off, threshold }: Cluster, e: readonly number[]): Vector | undefined {
  const own = Vector.ints(
    e.map((x) => BigInt(Math.round(x * 2 ** BITS))),
    1n << BigInt(BITS),
  );
  const coarse = Vector.ints(
    e.map((x) => BigInt(Math.round(x * 2 ** 16))),
    1n << 16n,
  );
  const flat = nullSpace(directions(m, live), m.np);
  const dimension = flat.length + (threshold ? 2 : 1);
  const one = Rational.of(1n);
  const row = (w: Vector): Vector =>
    Vector.of([...flat.map((f) => f.dot(w)), coarse.dot(w), ...(threshold ? [one.negated()] : [])]);
  const positive = Array.from({ length: dimension - flat.length }, (_, k) => unitVector(dimension, flat.length + k));
  const strict = [...directions(m, set).map(row), ...directions(m, off).map((w) => row(w).negated()), ...positive];
  const answer = motzkin({ dimension, strict, weak: [] });
  if (!answer.solvable) return undefined;
  const x = answer.x.entries();
  const shift = combine(x.slice(0, flat.length), flat, m.np);
  const found = own.times(x[flat.length] ?? one).plus(shift);
  const level = threshold ? thresholdOf(m).over(x[dimension - 1] ?? one) : one;
  return found.times(level);
}
