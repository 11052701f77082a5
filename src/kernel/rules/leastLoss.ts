/** Rules for `least-loss`; here the least L~ of one neuron over all encoder rows and decoder columns (ReLU), with a tree of cases that leaves nothing out. */

import { readElement, readRoot } from '../document/algebraic.ts';
import type { Node } from '../document/node.ts';
import { featureAt, type Instance, unitVector } from '../model/instance.ts';
import { pencil } from '../model/model.ts';
import { type Element, isZeroAt, plusLambda, type Root, signs } from '../numbers/algebraic.ts';
import { ONE, sum, ZERO } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { absurd, plus, type System } from '../numbers/system.ts';
import { combine, type Matrix, outerSum, Vector } from '../numbers/vector.ts';
import { type Evidence, entriesOf } from '../proof/fact.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';
import { rankBound } from './rankBound.ts';

/** What a tree is about: the splits are by rows e, on directions w_d, or by columns v, on targets r_d. */
interface Task {
  readonly m: Instance;
  readonly by: 'row' | 'column';
  readonly root: Root;
}

/** Where <g, x> > 0 or <= 0, for each g that was split by; the features that were, by their side. */
interface Cell {
  readonly sides: System;
  readonly on: readonly number[];
  readonly off: readonly number[];
}

/** x y, by a product of two coefficients. */
const product = (x: Element, y: Element, of: (a: Vector, b: Vector) => Vector): Element =>
  x.reduceRight<Element>(
    (rest, a) =>
      plusLambda(
        y.map((b) => of(a, b)),
        rest,
      ),
    [],
  );
const dot = (a: Vector, b: Vector): Vector => Vector.of([a.dot(b)]);
const scale = (a: Vector, b: Vector): Vector => b.times(a.at(0));
/** Matrices stand as one vector, row after row. */
const flat = (rows: Matrix): Vector => Vector.of(rows.flatMap((row) => row.entries()));
const outer = (a: Vector, b: Vector): Vector => flat(a.entries().map((x) => b.times(x)));
const negated = (x: Element): Element => x.map((c) => c.negated());

/**
 * Write M+ for sum M_d |r_d|^2, z_d = ReLU<e, w_d>, p = sum M_d z_d r_d and s = sum M_d z_d^2. The best column is u = p / s, so L~(e, u) >= M+ - gain(e) with equality there, where
 * gain(e) = |p|^2 / s; if s = 0, then L~ = M+ for every u, and gain(e) = 0. So the least L~ is M+ less the largest gain.
 * (1) *Attained.* For the row e given, F its features with <e, w_d> > 0, |p|^2 = lambda s exactly, and s > 0, or lambda = 0 (which e = 0 attains). So lambda >= 0 is a gain.
 * (2) *Never more*, by a tree. A node splits by a feature, <g, x> > 0 or <g, x> <= 0 with g = w_d (or r_d), or by any other g; every x is on one side. So each x is in the cell of some leaf.
 * By rows, x = e: the leaf shows gain(e) <= lambda for the e of its cell (`settled`). By columns, x = v: it shows q(v) <= lambda |v|^2 there, where q(v) = sum M_d max(<r_d, v>, 0)^2.
 * That is enough: let p not be 0 and v = p / |p|; then gain(e) = <p, v>^2 / s, and 0 <= <p, v> = sum M_d z_d <r_d, v> <= sum M_d z_d max(<r_d, v>, 0) <= sqrt(s q(v)), as z_d >= 0
 * (Cauchy, Schwarz). For an SAE, w_d = r_d, both bounds are sharp: gain(v) >= q(v) / |v|^2.
 * f may have more roots in its interval: all of this is true of each, so each is the largest gain, and there is one.
 */
const leastLoss: Rule = (judgement, node, { instance: m }) => {
  asked(judgement, 'least-loss', true, node);
  const { kind } = m.activation;
  if (kind !== 'relu' || m.neurons !== 1) {
    invalid('wrong-rule', `${node.path}.rule`, 'one neuron, ReLU', `${m.neurons}, ${kind}`);
  }
  const { lambda, e: row, by, tree } = node.fields(['rule', 'lambda', 'e', 'by', 'tree']);
  const root = readRoot(lambda);
  const e = readElement(row, m.np);
  const z = e.map((c) => Vector.of(m.features.map(({ wp }) => c.dot(wp))));
  const on = signs(z, root, m.features.length, row).flatMap((sign, d) => (sign > 0 ? [d] : []));
  const { b, c } = pencil(m, on);
  const p = e.map((x) => Vector.of(c.map((of) => of.dot(x))));
  const s = product(
    e,
    e.map((x) => combine(x.entries(), b, m.np)),
    dot,
  );
  const zero = root.to.sign() === 0 && root.from.sign() === 0;
  const attained = zero || signs(s, root, 1, row)[0] === 1;
  if (!attained || !isZeroAt(plusLambda(product(p, p, dot), negated(s)), root)) {
    invalid('does-not-hold', row.path, '|p|^2 = lambda s, and s > 0 unless lambda = 0', 'another row');
  }
  const task: Task = { m, by: by.word(['row', 'column']), root };
  const leaves = settled(task, { sides: [], on: [], off: [] }, tree);
  const most = sum(m.features.map(({ weight, wr }) => weight.times(wr.dot(wr))));
  const least = most.minus(root.to);
  const loss = [least.sign() < 0 ? ZERO : least, most.minus(root.from)].map((x) => `${x}`) as [string, string];
  return { loss, count: `${leaves}`, ...exactPoint(m, e, p, s) };
};

/** The configuration itself, where it is rational. */
function exactPoint({ np, nr }: Instance, [e, ...more]: Element, [p]: Element, [s]: Element): Evidence {
  if (more.length > 0) return {};
  const square = s?.at(0) ?? ZERO;
  const u = p && square.sign() > 0 ? p.times(ONE.over(square)) : Vector.zero(nr);
  return { row: entriesOf(e ?? Vector.zero(np)), column: entriesOf(u) };
}

/**
 * Shows the bound in a cell, and says in how many leaves. At a leaf:
 * - `empty`: multiples of its inequalities add up to 0 > 0, so no x is in it.
 * - `factors`: H - N = sum_k d_k l_k l_k^T at lambda, with d_k >= 0, so H - N >= 0. N is a sum of products weight (g h^T + h g^T), weight >= 0, of two inward normals of the cell (of <g, x> > 0: g;
 *   of <g, x> <= 0: -g), so x^T N x >= 0 and x^T H x >= 0 for each x of it. By columns H = lambda I - sum M_d r_d r_d^T over the features not cut off: for the others max(<r_d, v>, 0) = 0,
 *   and <r_d, v>^2 is never less than its square: so q(v) <= lambda |v|^2. By rows H = lambda B - A of the features that are on, and no feature of weight > 0 may be undecided: so p = C e,
 *   s = e^T B e and |p|^2 <= lambda s.
 * - `targets`, by rows: lambda I - sum M_d r_d r_d^T >= 0 over the features not cut off: q(v) <= lambda |v|^2 for every v, with these features alone, which are all of those with z_d > 0.
 * `below` is a number that is at most lambda and stands for it there.
 */
function settled(task: Task, cell: Cell, node: Node): number {
  const { m, by, root } = task;
  const has = node.members();
  const size = by === 'row' ? m.np : m.nr;
  if (has.has('parts')) {
    const key = has.has('feature') ? 'feature' : 'cut';
    const { [key]: split, parts } = node.fields([key, 'parts']);
    const d = key === 'feature' ? [split.index(1, m.features.length) - 1] : [];
    const [own] = d.map((k) => m.features[k]);
    const normal = own ? own[by === 'row' ? 'wp' : 'wr'] : split.vector(size);
    const [above, below] = parts.items(2) as [Node, Node];
    const side = (relation: '>' | '<='): System => [...cell.sides, { normal, relation, bound: ZERO }];
    return (
      settled(task, { ...cell, sides: side('>'), on: [...cell.on, ...d] }, above) +
      settled(task, { ...cell, sides: side('<='), off: [...cell.off, ...d] }, below)
    );
  }
  if (has.has('empty')) {
    const { empty } = node.fields(['empty']);
    absurd(cell.sides, [empty.vector(cell.sides.length)], empty);
    return 1;
  }
  const form = has.has('targets') && by === 'row' ? 'targets' : 'factors';
  const parts = node.fields([form], form === 'factors' ? ['below', 'products'] : ['below']) as Leaf;
  const here = parts.below ? readRoot(parts.below) : root;
  if (parts.below && here.to.compare(root.from) > 0) {
    invalid('does-not-hold', parts.below.path, `at most ${root.from}`, `${here.to}`);
  }
  const open = m.features.flatMap((_, d) => (cell.off.includes(d) ? [] : [d]));
  if (form === 'factors' && by === 'row') {
    const free = open.find((d) => !cell.on.includes(d) && m.features[d]?.weight.sign() !== 0);
    if (free !== undefined) invalid('wrong-side', node.path, `a side for feature ${free + 1}`, 'none');
    // Each once, however often it was split by; what is open and has no side has weight 0.
    const { a, b } = pencil(m, open);
    checkSum([flat(a).negated(), flat(b)], m.np, cell.sides, parts, here);
  } else {
    const [weights, r] = [open.map((d) => featureAt(m, d).weight), open.map((d) => featureAt(m, d).wr)];
    const square = outerSum(weights, r, r, [m.nr, m.nr]);
    const identity = square.map((_, k) => unitVector(m.nr, k));
    checkSum([flat(square).negated(), flat(identity)], m.nr, cell.sides, parts, here);
  }
  return 1;
}

type Leaf = Readonly<Partial<Record<'factors' | 'targets' | 'below' | 'products', Node>>>;

/** Refuses unless `of` less the products is a sum of squares at the root. */
function checkSum(of: Element, size: number, sides: System, { factors, targets, products }: Leaf, root: Root): void {
  const at = (factors ?? targets) as Node;
  const inward = (node: Node): Vector => {
    const { normal, relation } = sides[node.index(1, sides.length) - 1] as System[number];
    return relation === '>' ? normal : normal.negated();
  };
  const atLeastZero = (node: Node): Element => {
    const x = readElement(node, 1);
    if (signs(x, root, 1, node)[0] === -1) invalid('negative-pivot', node.path, 'a number >= 0', 'one below 0');
    return x;
  };
  const taken = (products?.items() ?? []).map((item) => {
    const { left, right, weight } = item.fields(['left', 'right', 'weight']);
    const [g, h] = [inward(left), inward(right)];
    return product(atLeastZero(weight), [outer(g, h).plus(outer(h, g))], scale);
  });
  const squares = at.items().map((item) => {
    const { d, l } = item.fields(['d', 'l']);
    const v = readElement(l, size);
    return product(atLeastZero(d), product(v, v, outer), scale);
  });
  const rest = [...taken, ...squares].reduce((left, x) => plus(left, negated(x)), of);
  if (!isZeroAt(rest, root)) invalid('wrong-factors', at.path, 'a sum of squares that is the matrix', 'another matrix');
}

export const leastLossRules: Pack = pack({ 'least-loss': leastLoss, 'rank-bound': rankBound });
