/** Proofs for `refuted-near`: rows that show the pattern on a whole neighbourhood of instances, and a cover of the codes of one of its neurons by cells. */
import { parseJson } from '../../kernel/document/json.ts';
import { Node } from '../../kernel/document/node.ts';
import { featureAt, type Instance, type Pattern, unitVector } from '../../kernel/model/instance.ts';
import { type Interval, point } from '../../kernel/numbers/algebraic.ts';
import { ONE, Rational, sum, ZERO } from '../../kernel/numbers/rational.ts';
import { Rejection } from '../../kernel/numbers/rejection.ts';
import { combine, type Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { isTooMuch } from '../../kernel/numbers/work.ts';
import { type Box, boxOf, settled, trilinear } from '../../kernel/rules/refutedNear.ts';
import { motzkin } from '../inequalities/motzkin.ts';
import { type Document, matrixDocument, vectorDocument } from '../proofs/document.ts';

const MOST_DEPTH = 16;
const MOST_CELLS = 600;
/** Sets of n_p + 1 features that are looked at. */
const MOST_RELATIONS = 1_000;

/** Undefined where none was found. */
export function refutedNearProof(m: Instance, pattern: Pattern, radius: Rational): Document | undefined {
  const rows = pattern.map((set) => robustRow(m, set, radius));
  if (m.activation.kind !== 'relu' || rows.includes(undefined)) return undefined;
  const feeds = pattern.flat();
  for (const [i, set] of pattern.entries()) {
    if (set.length < 2 || set.some((d) => feeds.filter((other) => other === d).length > 1)) continue;
    const box = boxOf(m, set, radius);
    if (box.weights.some(([least]) => least.sign() <= 0)) continue;
    const budget = { left: MOST_CELLS };
    const units = set.map((_, k) => unitVector(set.length, k));
    const cell = cover(m, box, radius, { rays: units, depth: 0 }, relationsOf(m, set), budget);
    if (cell) return { rule: 'cells', we: matrixDocument(rows as Vector[]), neuron: i + 1, cell };
  }
  return undefined;
}

/** x = p - q with p, q >= 0, so that the sum of both bounds |x|_1. */
const difference = (x: Vector, np: number): Vector =>
  Vector.of(Array.from({ length: np }, (_, k) => x.at(k).minus(x.at(np + k))));
/** <x, v> - by |x|_1 or less, in p and q. */
const lessened = (v: Vector, by: Rational): Vector =>
  Vector.of([...v.entries().map((x) => x.minus(by)), ...v.entries().map((x) => x.negated().minus(by))]);
const halves = (np: number): Vector[] => Array.from({ length: 2 * np }, (_, k) => unitVector(2 * np, k));

function robustRow(m: Instance, set: readonly number[], radius: Rational): Vector | undefined {
  if (set.length === 0) return Vector.zero(m.np);
  const sides = m.features.map(({ wp }, d) => lessened(set.includes(d) ? wp : wp.negated(), radius));
  const answer = motzkin({
    dimension: 2 * m.np,
    strict: sides.filter((_, d) => set.includes(d)),
    weak: [...sides.filter((_, d) => !set.includes(d)), ...halves(m.np)],
  });
  return answer.solvable ? difference(answer.x, m.np) : undefined;
}

type Relations = readonly (readonly number[])[];

interface Cell {
  readonly rays: Matrix;
  readonly depth: number;
}

function cover(
  m: Instance,
  box: Box,
  radius: Rational,
  { rays, depth }: Cell,
  relations: Relations,
  budget: { left: number },
): Document | undefined {
  if (--budget.left < 0) return undefined;
  for (const leaf of leaves(m, box, radius, rays, relations)) {
    if (!refuses(() => settled(box, rays, nodeOf(leaf)))) return leaf;
  }
  if (depth >= MOST_DEPTH) return undefined;
  const [j, k] = longestEdge(rays);
  const sums = rays.map((v) => sum(v.entries()));
  const most = (sums[j] as Rational).compare(sums[k] as Rational) > 0 ? sums[j] : sums[k];
  const weights = [j, k].map((of) => (most as Rational).over(sums[of] as Rational));
  const ray = combine(weights, [rays[j] as Vector, rays[k] as Vector], box.set.length);
  const parts: Document[] = [];
  for (const of of [k, j]) {
    const part = cover(m, box, radius, { rays: rays.with(of, ray), depth: depth + 1 }, relations, budget);
    if (!part) return undefined;
    parts.push(part);
  }
  return { split: [j, k].map((of, at) => ({ ray: of + 1, weight: `${weights[at]}` })), parts };
}

const nodeOf = (document: unknown): Node => new Node(parseJson(JSON.stringify(document)));

/** What the kernel says against it, if it does. */
function refuses(check: () => unknown): Rejection | undefined {
  try {
    check();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Rejection && !isTooMuch(thrown)) return thrown;
    throw thrown;
  }
}

/** Between the rays farthest apart, by their shares. */
function longestEdge(rays: Matrix): readonly [number, number] {
  const shares = rays.map((v) => v.num.map((x) => Number(x) / Number(v.num.reduce((a, b) => a + b))));
  const length = (a: readonly number[] = [], b: readonly number[] = []): number =>
    a.reduce((total, x, k) => total + (x - (b[k] ?? 0)) ** 2, 0);
  let best: readonly [number, number] = [0, 1];
  for (const [j] of rays.entries()) {
    for (let k = j + 1; k < rays.length; k++) {
      if (length(shares[j], shares[k]) > length(shares[best[0]], shares[best[1]])) best = [j, k];
    }
  }
  return best;
}

/** The sets of n_p + 1 features that may have a relation of use, in two orders, which give it its two signs. */
function relationsOf(m: Instance, set: readonly number[]): number[][] {
  const found: number[][] = [];
  if (m.np > 8) return [];
  const extend = (list: readonly number[], from: number): void => {
    if (found.length >= MOST_RELATIONS) return;
    if (list.length === m.np + 1) {
      if (list.some((d) => set.includes(d))) found.push([...list], [list[1], list[0], ...list.slice(2)] as number[]);
      return;
    }
    for (let d = from; d < m.features.length; d++) extend([...list, d], d + 1);
  };
  extend([], 0);
  return found;
}

/** Ways to settle the cell, the cheap ones first. */
function* leaves(m: Instance, box: Box, radius: Rational, rays: Matrix, relations: Relations): Iterable<Document> {
  for (const list of relations) yield { excluded: list.map((d) => d + 1) };
  yield* directions(m, box, radius, rays);
}

/** LPs with ever less of a margin: T > 0 at any three rays, <h, w_t> <= 0 off the set. */
function* directions(m: Instance, box: Box, radius: Rational, rays: Matrix): Iterable<Document> {
  const off = m.features.flatMap(({ wp }, d) => (box.set.includes(d) ? [] : [wp]));
  const w = box.set.map((d) => featureAt(m, d).wp);
  const forms = triples(rays).map((three) =>
    box.set.map((_, d) =>
      trilinear(
        box,
        three,
        box.set.map((_, k) => point(k === d ? ONE : ZERO)),
      ),
    ),
  );
  // Less than all of what intervals may lose can be enough, as it seldom adds up.
  for (const share of [ONE, Rational.of(1n, 2n), Rational.of(1n, 4n), ZERO]) {
    const answer = motzkin({
      dimension: 2 * m.np,
      strict: forms.map((c) => {
        const middle = c.map(([from, to]) => from.plus(to).over(Rational.of(2n)));
        const loss = sum(c.map((x, d) => errorOf(x, middle[d] as Rational, w[d] as Vector, radius)));
        return lessened(combine(middle, w, m.np), loss.times(share));
      }),
      weak: [...off.map((wp) => lessened(wp.negated(), radius)), ...halves(m.np)],
    });
    if (answer.solvable) yield { direction: vectorDocument(difference(answer.x, m.np)) };
  }
}

/** Of c y, y = <h, w>, for each unit of |h|_1: at most. */
function errorOf([from, to]: Interval, middle: Rational, w: Vector, radius: Rational): Rational {
  const size = (x: Rational): Rational => (x.sign() < 0 ? x.negated() : x);
  const longest = w
    .entries()
    .map(size)
    .reduce((a, b) => (a.compare(b) < 0 ? b : a), ZERO);
  return to.minus(from).over(Rational.of(2n)).times(longest.plus(radius)).plus(size(middle).times(radius));
}

const triples = (rays: Matrix): Matrix[] =>
  rays.flatMap((a, j) => rays.slice(j).flatMap((b, k) => rays.slice(j + k).map((c) => [a, b, c])));
