/**
 * Patterns in which several neurons share a set (docs/claims.md, T6): for each set a choice of eigenvectors whose span, with rows that vanish on
 * the set, meets the open cone. The data of the kernel's rule `blocks`.
 */

import { thresholdOf } from '../../kernel/model/activation.ts';
import { type Instance, type Pattern, unitVector } from '../../kernel/model/instance.ts';
import { enclosures, type Interval, type Root } from '../../kernel/numbers/algebraic.ts';
import { ONE, Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { combine, type Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { preActivations, wholeLoss } from '../../kernel/rules/criticalPoint.ts';
import { motzkin } from '../inequalities/motzkin.ts';
import { type Document, vectorDocument } from '../proofs/document.ts';
import { elementDocument, rootDocument } from './answers.ts';
import { approximated } from './criticalPoints.ts';
import { type Eigenvector, eigenbasis, orthogonal } from './eigenbasis.ts';
import { clusterOf, directions, type Face, faceOf } from './face.ts';
import { refined } from './realRoots.ts';

/** Choices of eigenvectors that are tried for one set. */
const MOST_CHOICES = 64;

export interface BlockPoint {
  readonly proof: Document;
  readonly loss: Interval;
  readonly eigenvalues: readonly Root[];
  /** Every block has the largest eigenvalues there are. */
  readonly largest: boolean;
}

/** A strict critical point of blocks, with the largest eigenvalues where their span meets the cone; or why there is none to show. */
export function blockPoint(m: Instance, pattern: Pattern, dead: Vector): BlockPoint | { readonly why: string } {
  const sets = pattern.filter((set, i) => set.length > 0 && pattern.findIndex((s) => s.join() === set.join()) === i);
  const level = thresholdOf(m);
  if (pattern.some((set) => set.length === 0) && m.features.some((f) => f.wp.dot(dead).compare(level) >= 0)) {
    return { why: 'blocks with a dead neuron at a kink' };
  }
  const found: { document: Document; used: readonly Root[]; largest: boolean }[] = [];
  for (const set of sets) {
    const neurons = pattern.filter((other) => other.join() === set.join()).length;
    const block = blockOf(m, set, neurons);
    if ('why' in block) return { why: `{${set.map((d) => d + 1)}}, ${neurons} neurons: ${block.why}` };
    found.push(block);
  }
  const used = found.flatMap((block) => block.used);
  const all = wholeLoss(
    m,
    m.features.map((_, d) => d),
  );
  const loss = used.reduce<Interval>(([a, b], { from, to }) => [a.minus(to), b.minus(from)], [all, all]);
  const still = pattern.filter((set) => set.length === 0).map(() => vectorDocument(dead));
  return {
    proof: { rule: 'blocks', blocks: found.map(({ document }) => document), dead: still },
    loss: [loss[0].sign() < 0 ? ZERO : loss[0], loss[1]],
    eigenvalues: used,
    largest: found.every(({ largest }) => largest),
  };
}

function blockOf(
  m: Instance,
  set: readonly number[],
  neurons: number,
): { document: Document; used: readonly Root[]; largest: boolean } | { why: string } {
  const face = faceOf(clusterOf(m, set), []);
  const basis = eigenbasis(face)?.reverse();
  if (!basis) return { why: 'a repeated irrational eigenvalue of a block' };
  const vectors = turnedToCone(m, face, basis);
  const count = Math.min(neurons, vectors.length);
  for (const [attempt, chosen] of choices(vectors.length, count).entries()) {
    const order = [...chosen, ...[...vectors.keys()].filter((k) => !chosen.includes(k))];
    const rows = mixtures(
      m,
      face,
      chosen.map((k) => vectors[k] as Eigenvector),
      neurons,
    );
    if (!rows) continue;
    const eigen = order.map((k) => {
      const { root, v } = vectors[k] as Eigenvector;
      return { lambda: rootDocument(root), v: elementDocument(v) };
    });
    const smallest = vectors[chosen.at(-1) as number]?.root.from;
    const left = vectors.find((_, k) => !chosen.includes(k))?.root.from;
    return {
      document: { eigen, rows: rows.map(({ t, flat }) => ({ t: vectorDocument(t), flat: vectorDocument(flat) })) },
      used: chosen.map((k) => (vectors[k] as Eigenvector).root),
      largest: attempt === 0 || !smallest || !left || left.compare(smallest) <= 0,
    };
  }
  return { why: 'no eigenvectors found whose span meets the open cone; faces of blocks are not decided' };
}

/** Choices of `count` numbers below `size`, the smallest numbers first. */
function choices(size: number, count: number): number[][] {
  let found: number[][] = [[]];
  for (let k = 0; k < count; k++) {
    found = found
      .flatMap((chosen) =>
        Array.from({ length: size }, (_, j) => [...chosen, j]).filter((c) => (c.at(-2) ?? -1) < (c.at(-1) ?? 0)),
      )
      .sort((a, b) => sumOf(a) - sumOf(b))
      .slice(0, 4 * MOST_CHOICES);
  }
  return found.slice(0, MOST_CHOICES);
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** A point of the span strictly within the cone, in coordinates of the vectors over `sizes`, of `flat`, and s under a threshold. */
interface Inside {
  readonly x: Vector;
  readonly sizes: readonly bigint[];
  /** Rows that have to be positive at x. */
  readonly sides: Matrix;
}

function insideCone(m: Instance, { cluster, flat }: Face, vectors: readonly Eigenvector[]): Inside | undefined {
  const { set, off, threshold } = cluster;
  const z = vectors.map(({ root, v }) =>
    enclosures(preActivations(m, v), refined(root, 64), m.features.length).map((x) => approximated(x)),
  );
  const size = ({ num, den }: Rational): bigint => (num < 0n ? -num : num) / den;
  const sizes = z.map((row) => row.reduce((most, x) => (most > size(x) ? most : size(x)), 1n));
  const dimension = vectors.length + flat.length + (threshold ? 1 : 0);
  const form = (d: number): Vector => {
    const [w] = directions(m, [d]) as [Vector];
    const scaled = z.map((row, j) => {
      const { num, den } = row[d] as Rational;
      return Rational.of((num << 20n) / (den * (sizes[j] as bigint)), 1n << 20n);
    });
    return Vector.of([...scaled, ...flat.map((f) => f.dot(w)), ...(threshold ? [ONE.negated()] : [])]);
  };
  const sides = [...set.map(form), ...off.map((d) => form(d).negated())];
  const positive = threshold ? [unitVector(dimension, dimension - 1)] : [];
  const answer = motzkin({ dimension, strict: [...sides, ...positive], weak: [] });
  return answer.solvable ? { x: answer.x, sizes, sides } : undefined;
}

/** Rows T V + flat strictly within the cone, T of full rank: one point of the span, and small steps from it along each vector. */
function mixtures(
  m: Instance,
  face: Face,
  vectors: readonly Eigenvector[],
  neurons: number,
): { t: Vector; flat: Vector }[] | undefined {
  const inside = insideCone(m, face, vectors);
  if (!inside) return undefined;
  const { x, sizes, sides } = inside;
  const level = face.cluster.threshold ? x.length - 1 : undefined;
  for (const bits of [3n, 8n, 16n]) {
    const step = Rational.of(1n, 1n << bits);
    const points = Array.from({ length: neurons }, (_, i) =>
      i < vectors.length ? x.plus(unitVector(x.length, i).times(step)) : x,
    );
    if (points.some((at) => sides.some((side) => side.dot(at).sign() <= 0))) continue;
    return points.map((at) =>
      unscaled(m, at, face.flat, sizes, level === undefined ? ONE : thresholdOf(m).over(at.at(level))),
    );
  }
  return undefined;
}

/**
 * Of a repeated eigenvalue a part may be chosen, and which vectors come first then matters: first its part of a point of the cone that lies in
 * the span of all vectors up to and with it.
 */
function turnedToCone(m: Instance, face: Face, vectors: readonly Eigenvector[]): Eigenvector[] {
  const turned = [...vectors];
  for (let from = 0; from < turned.length; ) {
    const { root } = turned[from] as Eigenvector;
    const size = turned.filter((other) => other.root === root).length;
    const group = turned.slice(from, from + size);
    const inside = size > 1 ? insideCone(m, face, turned.slice(0, from + size)) : undefined;
    if (inside) {
      const rows = group.map(({ v }) => v[0] as Vector);
      const part = combine(
        rows.map((_, k) => inside.x.at(from + k).over(Rational.of(inside.sizes[from + k] ?? 1n))),
        rows,
        m.np,
      );
      const basis = part.isZero() ? rows : orthogonal([part, ...rows], face.cluster.b);
      turned.splice(from, size, ...basis.map((v) => ({ root, v: [v] })));
    }
    from += size;
  }
  return turned;
}

/** The point in the coordinates of V and as a row of `flat`, scaled so that the level it has found is theta. */
function unscaled(
  m: Instance,
  x: Vector,
  flat: Matrix,
  sizes: readonly bigint[],
  scale: Rational,
): { t: Vector; flat: Vector } {
  const entries = x.times(scale).entries();
  const t = Vector.of(sizes.map((size, j) => (entries[j] as Rational).over(Rational.of(size))));
  return { t, flat: combine(entries.slice(sizes.length, sizes.length + flat.length), flat, m.np) };
}
