/** Rules on all critical points of a pattern whose sets do not meet (ReLU, JumpReLU, Top-k): none of them is a minimum, and none is a saddle. */
import { readElement, readRoot } from '../document/algebraic.ts';
import type { Node } from '../document/node.ts';
import { thresholdOf } from '../model/activation.ts';
import { featureAt, type Instance, type Pattern } from '../model/instance.ts';
import type { Element, Root } from '../numbers/algebraic.ts';
import { invalid } from '../numbers/rejection.ts';
import { directionOf, sectors } from '../numbers/sectors.ts';
import { Vector } from '../numbers/vector.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';
import { checkCombination, checkExcluded, checkFaces, excluded, type Face, type Rows, rowsOf } from './critical.ts';
import { checkSeparate } from './criticalPoint.ts';
import { type Cluster, clusterOf, costs, neverGains, signOf, slopeRow } from './slope.ts';

/** What a leaf is told beside its data. */
interface Leaf {
  readonly m: Instance;
  readonly pattern: Pattern;
  readonly cluster: Cluster;
  readonly rows: Rows;
  readonly root: Root;
}

/**
 * The critical rows of a neuron by face T and root lambda, as for rule `no-critical-point`; the rows of one face and root perhaps by further
 * kinks, too: `split` t separates those with <e, w_t> = theta from those with less. Every row so is in some leaf.
 */
function checkRows(
  m: Instance,
  pattern: Pattern,
  neuron: number,
  faces: Node,
  leaf: (at: Leaf, node: Node) => void,
): void {
  const set = pattern[neuron] ?? [];
  checkSeparate(m, pattern, [neuron], faces);
  const cluster = clusterOf(m, set);
  const walk = (rows: Rows, root: Root, node: Node): void => {
    if (!node.members().has('split')) {
      leaf({ m, pattern, cluster, rows, root }, node);
      return;
    }
    const { split, zero, below } = node.fields(['split', 'zero', 'below']);
    const t = split.index(1, m.features.length) - 1;
    if (!rows.face.off.includes(t) || rows.zero.includes(t) || rows.below.includes(t)) {
      invalid('wrong-side', split.path, 'a feature off the set whose side is open', `${t + 1}`);
    }
    walk({ ...rows, zero: [...rows.zero, t] }, root, zero);
    walk({ ...rows, below: [...rows.below, t] }, root, below);
  };
  checkFaces(m, pattern, set, thresholdOf(m).sign() > 0, faces, (face: Face, item) => {
    const { lambda, rows } = item.fields(['lambda', 'rows']);
    const root = readRoot(lambda);
    walk(rowsOf(face), root, rows);
    return root;
  });
}

/** The features off the set that v would wake at kinks of weight > 0; refuses where a side matters that is open. */
function wokenBy({ m, pattern, rows }: Leaf, v: Vector, node: Node): number[] {
  const raised = rows.face.off.filter((t) => featureAt(m, t).weight.sign() > 0 && featureAt(m, t).wp.dot(v).sign() > 0);
  const open = raised.find((t) => !rows.zero.includes(t) && !rows.below.includes(t));
  if (open !== undefined) invalid('missing-data', node.path, `the side of feature ${open + 1}`, 'an open one');
  const woken = raised.filter((t) => rows.zero.includes(t));
  const shared = woken.find((t) => thresholdOf(m).sign() > 0 || pattern.some((set) => set.includes(t)));
  if (shared !== undefined) invalid('wrong-side', node.path, 'kinks at features of no set', `feature ${shared + 1}`);
  return woken;
}

/**
 * No critical point of the pattern is a local minimum, by one neuron: with whatever the others do, this one has a way down on its own. At a local
 * minimum phi(v) >= 0 for every v (../slope.ts), and phi(v) > 0 if q(v) > 0. Each of these, for rational v, is linear in e: <h, e> >= 0. A leaf
 * shows by Motzkin's theorem that no row of it satisfies them for all its `ways` v: (A - lambda B) y + sum_d c_d w_d + sum_v weight_v h_v = 0
 * with y and c as for rule `no-critical-point`, also c_d < 0 where <e, w_d> < theta, weight >= 0, and not all of this 0. What v wakes
 * is in no set of P, so the other neurons stay as they are, and their loss too. Top-k: the features woken are passed by no other neuron.
 * JumpReLU, theta > 0: nothing is woken.
 */
const noMinimum: Rule = (judgement, node, { instance: m }) => {
  const { pattern, as } = asked(judgement, 'critical', false, node);
  if (as !== 'minimum') invalid('wrong-rule', `${node.path}.rule`, `a rule for no ${as}`, 'one for no minimum');
  const { neuron, faces } = node.fields(['rule', 'neuron', 'faces']);
  const i = neuron.index(1, pattern.length) - 1;
  checkRows(m, pattern, i, faces, (at, leaf) => {
    const { y, c, ways } = leaf.fields(['y', 'c', 'ways']);
    let strict = false;
    const parts = ways.items().map((way) => {
      const { v: direction, weight: given } = way.fields(['v', 'weight']);
      const [v, weight] = [direction.vector(m.np), readElement(given, 1)];
      const woken = wokenBy(at, v, way);
      const sign = signOf(
        weight.map((x) => x.at(0)),
        at.root,
        given,
      );
      if (sign < 0) invalid('not-positive', given.path, 'a weight >= 0', 'a negative one');
      const form = costs(at.cluster, woken, [v]).map((matrix) => (matrix[0] as Vector).at(0));
      strict ||= sign > 0 && signOf(form, at.root, way) < 0;
      return scaled(slopeRow(at.cluster, woken, v), weight);
    });
    const data = { y: readElement(y, m.np), c: readElement(c, m.features.length), rest: total(parts, m.np) };
    const positive = checkCombination(m, at.rows, data, at.root, leaf);
    excluded(positive || strict, leaf);
  });
  return { neuron: i + 1 };
};

/** The element times a number over Q(lambda). */
const scaled = (x: Element, by: Element): Element =>
  Array.from({ length: Math.max(0, x.length + by.length - 1) }, (_, k) =>
    x.reduce<Vector | undefined>((sum, c, i) => {
      const factor = by[k - i];
      const term = factor && c.times(factor.at(0));
      return sum && term ? sum.plus(term) : (sum ?? term);
    }, undefined),
  ).flatMap((c) => c ?? []);

const total = (parts: readonly Element[], length: number): Element =>
  Array.from({ length: parts.reduce((most, { length }) => Math.max(most, length), 0) }, (_, k) =>
    parts.reduce((sum, part) => (part[k] ? sum.plus(part[k]) : sum), Vector.zero(length)),
  );

/**
 * Every critical point of the pattern is a local minimum (ReLU, Top-k). No set is empty, and the rows of each neuron are gone through. A leaf holds no
 * row (y, c), or settles the side of every feature off the set, of weight > 0: its kinks are in no set and, over all leaves, of one neuron only,
 * so that near each critical point L~ is a sum of what each neuron costs with its kinks. In each of the cones between the kinks (../sectors.ts)
 * phi >= 0 (../slope.ts): on its lines phi = -<g, v> = 0, as g is a combination of kinks; each of its rays v is among `rays`, where (A - lambda B) y
 * + sum_d c_d w_d = h shows phi(v) = <h, e> >= 0, and > 0 if some c_d is not 0 on F or where <e, w_d> < 0; or has phi(v) = 0 on all rows or
 * not, and counts as one on which phi may vanish. On the lines and the rays of this last kind q <= 0.
 */
const noSaddle: Rule = (judgement, node, { instance: m }) => {
  const { pattern, as } = asked(judgement, 'critical', false, node);
  if (as !== 'saddle') invalid('wrong-rule', `${node.path}.rule`, `a rule for no ${as}`, 'one for no saddle');
  if (thresholdOf(m).sign() > 0) invalid('wrong-rule', `${node.path}.rule`, 'a threshold of 0', 'a positive one');
  if (pattern.some((set) => set.length === 0)) invalid('missing-data', node.path, 'no empty set', 'one');
  const owners = new Map<number, number>();
  const neurons = node.fields(['rule', 'neurons']).neurons.items(pattern.length);
  neurons.forEach((item, i) => {
    checkRows(m, pattern, i, item.fields(['faces']).faces, (at, leaf) => {
      if (leaf.members().has('y')) {
        checkExcluded(m, at.rows, at.root, leaf, ['y', 'c']);
        return;
      }
      for (const t of checkMinima(at, leaf)) {
        if ((owners.get(t) ?? i) !== i) invalid('wrong-side', leaf.path, `a kink at ${t + 1} of one neuron`, 'of two');
        owners.set(t, i);
      }
    });
  });
  return {};
};

/** Refuses unless every row of the leaf is a local minimum of what its neuron costs with its kinks, which are returned. */
function checkMinima(at: Leaf, leaf: Node): number[] {
  const { m, rows, root, cluster, pattern } = at;
  const kinks = rows.zero;
  const weighted = rows.face.off.filter((t) => featureAt(m, t).weight.sign() > 0);
  const open = weighted.find((t) => !kinks.includes(t) && !rows.below.includes(t));
  if (open !== undefined) invalid('missing-data', leaf.path, `the side of feature ${open + 1}`, 'an open one');
  const counted = kinks.filter((t) => weighted.includes(t));
  const shared = counted.find((t) => pattern.some((set) => set.includes(t)));
  if (shared !== undefined) invalid('wrong-side', leaf.path, 'kinks at features of no set', `feature ${shared + 1}`);
  const given = new Map<string, boolean>();
  for (const item of leaf.fields(['rays']).rays.items()) {
    const { v: direction, y, c } = item.fields(['v', 'y', 'c']);
    const v = direction.vector(m.np);
    const h = slopeRow(cluster, wokenBy(at, v, item), v);
    const data = {
      y: readElement(y, m.np),
      c: readElement(c, m.features.length),
      rest: h.map((x) => x.negated()),
    };
    given.set(`${directionOf(v)}`, checkCombination(m, rows, data, root, item));
  }
  const normals = kinks.map((t) => featureAt(m, t).wp);
  for (const { lines, rays } of sectors(normals, m.np, leaf.path)) {
    const level = rays.filter((ray) => {
      const strict = given.get(`${directionOf(ray)}`);
      if (strict === undefined) invalid('missing-data', leaf.path, `a proof for the ray ${directionOf(ray)}`, 'none');
      return !strict;
    });
    const woken = counted.filter((t) => rays.some((ray) => featureAt(m, t).wp.dot(ray).sign() > 0));
    if (!neverGains(cluster, woken, { lines, rays: level }, root, leaf)) {
      invalid('no-price', leaf.path, 'no gain to second order', `one with {${woken.map((t) => t + 1)}} awake`);
    }
  }
  return counted;
}

export const everyPointRules: Pack = pack({ 'no-minimum': noMinimum, 'no-saddle': noSaddle });
