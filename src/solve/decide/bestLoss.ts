/**
 * Candidates for rule `best-losses`, in the plane: the best of many encoder rows for each neuron of one pattern, and for each of
 * the other the largest e^T A e / e^T B e over its cone, at an edge of it or, where the top eigenvector lies inside, rounded up.
 */
import { featureAt, type Instance, type Pattern } from '../../kernel/model/instance.ts';
import { pencil } from '../../kernel/model/model.ts';
import { ONE, Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { combine, type Matrix, multiply, transpose, Vector } from '../../kernel/numbers/vector.ts';
import { definite } from '../linear/definite.ts';
import { type Document, matrixDocument, vectorDocument } from '../proofs/document.ts';
import { form } from './localMinimum.ts';

const BOX = 40;

interface Neuron {
  readonly set: readonly number[];
  readonly a: Matrix;
  readonly b: Matrix;
  readonly c: Matrix;
  /** Inward normals of the cone, one for each feature. */
  readonly normals: readonly Vector[];
}

function neuronOf(m: Instance, set: readonly number[]): Neuron {
  const normals = m.features.map((f, d) => (set.includes(d) ? f.wp : f.wp.negated()));
  return { set, ...pencil(m, set), normals };
}

const quotient = ({ a, b }: Neuron, e: Vector): Rational => {
  const s = form(e, b, e);
  return s.sign() === 0 ? ZERO : form(e, a, e).over(s);
};

/** Whether the row shows the set: products > 0 on it and <= 0 off it. */
const shows = (m: Instance, { set }: Neuron, e: Vector): boolean =>
  m.features.every((f, d) => (set.includes(d) ? e.dot(f.wp).sign() > 0 : e.dot(f.wp).sign() <= 0));

const numbers = (rows: Matrix): number[][] => rows.map((v) => v.entries().map((x) => Number(x.num) / Number(x.den)));

/** The row with entries up to 40 and the largest quotient, by floats; the rows of a cone's edges and directions besides. */
function bestRow(m: Instance, neuron: Neuron): Vector | undefined {
  const [a, b] = [numbers(neuron.a), numbers(neuron.b)] as [number[][], number[][]];
  const value = (x: number, y: number, g: number[][]): number =>
    (g[0]?.[0] ?? 0) * x * x + 2 * (g[0]?.[1] ?? 0) * x * y + (g[1]?.[1] ?? 0) * y * y;
  const rows: { e: Vector; lambda: number }[] = [];
  for (let x = -BOX; x <= BOX; x++) {
    for (let y = -BOX; y <= BOX; y++) {
      const s = value(x, y, b);
      if (s > 1e-9) rows.push({ e: Vector.ints([BigInt(x), BigInt(y)]), lambda: value(x, y, a) / s });
    }
  }
  return rows.sort((p, q) => q.lambda - p.lambda).find(({ e }) => shows(m, neuron, e))?.e;
}

/** e with <w, e> = 0, both ways. */
const edges = (w: Vector): Vector[] => {
  const [x = 0n, y = 0n] = w.num;
  return [Vector.ints([-y, x]), Vector.ints([y, -x])];
};

const minus = (x: Matrix, y: Matrix): Matrix => x.map((row, i) => row.minus(y[i] as Vector));

function proofOf(matrix: Matrix, lambda: Rational, products: readonly Document[]): Document | undefined {
  const factors = definite(matrix);
  if (!('d' in factors)) return undefined;
  return { lambda: `${lambda}`, products, definite: { l: matrixDocument(factors.l), d: vectorDocument(factors.d) } };
}

/** At the best edge, with one product of two normals; else above the top eigenvalue without any. */
function bound(m: Instance, neuron: Neuron): Document | undefined {
  const { a, b, normals, set } = neuron;
  const inside = (e: Vector): boolean => normals.every((g) => g.dot(e).sign() >= 0);
  const rays = m.features.flatMap((f, t) => edges(f.wp).map((e) => ({ e, t }))).filter(({ e }) => inside(e));
  const ranked = rays.sort((p, q) => quotient(neuron, q.e).compare(quotient(neuron, p.e)));
  const single = set.length === 1 ? featureAt(m, set[0] ?? 0) : undefined;
  const exact = single?.weight.times(single.wr.dot(single.wr));
  const gap = (lambda: Rational): Matrix =>
    minus(
      b.map((row) => row.times(lambda)),
      a,
    );
  if (exact) return proofOf(gap(exact), exact, []);
  const top = ranked[0];
  if (top) {
    const lambda = quotient(neuron, top.e);
    const slope = combine(top.e.entries(), gap(lambda), m.np);
    const g = normals[top.t] as Vector;
    const mu = slope.dot(g).over(g.dot(g));
    for (const [d, h] of normals.entries()) {
      const reach = h.dot(top.e);
      if (mu.sign() <= 0 || reach.sign() <= 0) continue;
      const weight = mu.over(reach);
      const product = g.entries().map((x, i) =>
        h
          .times(x)
          .plus(g.times(h.at(i)))
          .times(weight),
      );
      const proof = proofOf(minus(gap(lambda), product), lambda, [
        { left: top.t + 1, right: d + 1, weight: `${weight}` },
      ]);
      if (proof) return proof;
    }
  }
  for (const digits of [6, 3, 1]) {
    const lambda = roundedUp(largestRoot(neuron), digits);
    const proof = proofOf(gap(lambda), lambda, []);
    if (proof) return proof;
  }
  return undefined;
}

/** The larger root of det(A - t B), by floats. */
function largestRoot({ a, b }: Neuron): number {
  const [p, q] = [numbers(a), numbers(b)] as [number[][], number[][]];
  const det = (x: number[][], y: number[][]): number =>
    (x[0]?.[0] ?? 0) * (y[1]?.[1] ?? 0) - (x[0]?.[1] ?? 0) * (y[1]?.[0] ?? 0);
  const [two, one, zero] = [det(q, q), -(det(p, q) + det(q, p)), det(p, p)];
  return (-one + Math.sqrt(Math.max(0, one * one - 4 * two * zero))) / (2 * two);
}

function roundedUp(x: number, digits: number): Rational {
  const scale = 10 ** digits;
  return Number.isFinite(x) ? Rational.of(BigInt(Math.ceil(x * scale) + 1), BigInt(scale)) : ONE;
}

/** Proofs that the best loss of `attained` is at most that of `bounded`. */
export function* bestLosses(m: Instance, attained: Pattern, bounded: Pattern): Generator<Document> {
  if (m.np !== 2) return;
  const rows: Vector[] = [];
  const columns: Vector[] = [];
  for (const set of attained) {
    const neuron = neuronOf(m, set);
    const e = set.length === 0 ? Vector.zero(2) : bestRow(m, neuron);
    if (!e) return;
    rows.push(e);
    const s = form(e, neuron.b, e);
    const ce = multiply([e], transpose(neuron.c, m.np), m.nr)[0] as Vector;
    columns.push(s.sign() === 0 ? Vector.zero(m.nr) : ce.times(ONE.over(s)));
  }
  const bounds = bounded.filter((set) => set.length > 0).map((set) => bound(m, neuronOf(m, set)));
  if (!bounds.every((one) => one !== undefined)) return;
  yield { rule: 'best-losses', we: matrixDocument(rows), wd: matrixDocument(transpose(columns, m.nr)), bounds };
}
