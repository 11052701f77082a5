/** Rules for `counted`: how many sets of features one neuron can show, or how many chambers the directions have. */

import type { Node } from '../document/node.ts';
import { thresholdOf } from '../model/activation.ts';
import type { Instance } from '../model/instance.ts';
import { chambers, coversNumber } from '../numbers/chambers.ts';
import { invalid } from '../numbers/rejection.ts';
import { combine, Vector } from '../numbers/vector.ts';
import type { Evidence } from '../proof/fact.ts';
import { asked, type Judgement, type Pack, pack, type Rule } from '../proof/goal.ts';
import { positive, readTerms, type Term } from '../proof/terms.ts';
import { checkFarkas } from './realizability.ts';

type Counted = Extract<Judgement, { predicate: 'counted' }>;

function compareCount(found: bigint, count: Node): Evidence {
  if (count.text() !== `${found}`) invalid('wrong-count', count.path, `${found}`, count.text().slice(0, 40));
  return { count: `${found}` };
}

/** The normals (w_d); for a gate (w_d, 1); for a threshold > 0 (w_d, -theta) and (0, 1), on whose positive side the points are. */
function normals(m: Instance): Vector[] {
  const theta = thresholdOf(m);
  if (m.activation.kind !== 'gated' && theta.sign() === 0) return m.features.map((f) => f.wp);
  const longer = (w: Vector, last: bigint, den: bigint): Vector =>
    Vector.ints([...w.num.map((x) => x * den), last], 1n);
  if (m.activation.kind === 'gated') return m.features.map(({ wp }) => longer(wp, wp.den, 1n));
  const base = longer(Vector.zero(m.np), 1n, 1n);
  return [base, ...m.features.map(({ wp }) => longer(wp, -theta.num * wp.den, theta.den))];
}

/**
 * Counts chambers by deletion and restriction. The sets are as many if all of them are shown by points on no hyperplane: with a
 * threshold > 0 or a gate a little less of s or of the bias does it; without, a little less of `side`, where every <side, w_d> > 0. In
 * general position, which Cover's number tells, a `dependency` (every weight > 0, sum 0) leaves one more: the empty set, at e = 0.
 */
const deletionRestriction: Rule = (judgement, node, { instance: m }) => {
  const goal = asked(judgement, 'counted', true, node);
  const parts = node.fields(['rule', 'count'], ['side', 'dependency']);
  const rows = normals(m);
  const theta = thresholdOf(m);
  const all = chambers(
    rows.map((row) => row.num),
    node.path,
  );
  const found = theta.sign() > 0 ? all / 2n : all;
  const needsSide = goal.of === 'sets' && m.activation.kind !== 'gated' && theta.sign() === 0;
  const key = parts.side ?? parts.dependency;
  if (!needsSide && key) invalid('wrong-side', key.path, 'no key but "count"', 'it');
  if (needsSide && !key) invalid('missing-data', node.path, 'the key "side" or "dependency"', 'neither');
  if (parts.side) {
    const side = parts.side.vector(m.np);
    const d = rows.findIndex((w) => side.dot(w).sign() <= 0);
    if (d >= 0) invalid('not-positive', parts.side.path, 'a point positive on every feature', `not on ${d + 1}`);
  }
  if (parts.dependency) {
    const weights = parts.dependency.items(rows.length).map(positive);
    if (!combine(weights, rows, m.np).isZero())
      invalid('farkas-unequal', parts.dependency.path, 'the sum 0', 'another');
    const most = coversNumber(rows.length, m.np);
    if (all !== most) invalid('does-not-hold', node.path, `general position: ${most} chambers`, `${all}`);
  }
  return compareCount(!parts.side && parts.dependency ? found + 1n : found, parts.count);
};

/** On which features the point is positive; for `chambers` it may be 0 nowhere. */
function shownBy(node: Node, m: Instance, of: Counted['of']): boolean[] {
  const gated = m.activation.kind === 'gated';
  const point = node.vector(gated ? m.np + 1 : m.np);
  const e = Vector.ints(point.num.slice(0, m.np), point.den);
  return m.features.map(({ wp }, d) => {
    const value = gated ? e.dot(wp).plus(point.at(m.np)) : e.dot(wp).minus(thresholdOf(m));
    if (of === 'chambers' && value.sign() === 0)
      invalid('at-a-kink', node.path, 'a point on no hyperplane', `0 on ${d + 1}`);
    return value.sign() > 0;
  });
}

/**
 * Counts the leaves of a tree: level d decides whether feature d is in the set, and if so is visited first. `leaves` are met in
 * that order, each a point that shows its set, or the number of a vector of `farkas` that excludes all sets below the node: its
 * `on` are in the set so far, its `off` are not. Between them the leaves account for every set, so the count is exact.
 */
const patternTree: Rule = (judgement, node, { instance: m }) => {
  const goal = asked(judgement, 'counted', true, node);
  const parts = node.fields(['rule', 'count', 'farkas', 'leaves']);
  const n = m.features.length;
  const excluded = parts.farkas.items().map((item) => {
    const { on, off } = item.fields(['on', 'off']);
    const terms = { on: readTerms(on, n), off: readTerms(off, n) };
    checkFarkas(m, item, terms, goal.of === 'chambers');
    return terms;
  });
  const leaves = parts.leaves.items();
  /** The side of each feature decided so far. */
  const inside: boolean[] = [];
  const decided = (terms: readonly Term[], as: boolean): boolean =>
    terms.every(({ feature }) => inside[feature] === as);
  let [next, found] = [0, 0n];
  /** Whether the next leaf ends the branch; otherwise it is visited further. */
  const ends = (): boolean => {
    const leaf =
      leaves[next] ?? invalid('missing-data', parts.leaves.path, 'a leaf for every set', `${leaves.length} leaves`);
    if (!Array.isArray(leaf.json)) {
      const vector = excluded[leaf.index(1, excluded.length) - 1];
      if (vector && decided(vector.on, true) && decided(vector.off, false)) return true;
      if (inside.length === n) invalid('not-implied', leaf.path, 'a vector that excludes the set', 'another');
      return false;
    }
    if (inside.length < n) return false;
    const shown = shownBy(leaf, m, goal.of);
    const wrong = shown.findIndex((is, d) => is !== inside[d]);
    if (wrong >= 0) invalid('wrong-pattern', leaf.path, 'a point that shows the set', `one wrong on ${wrong + 1}`);
    found++;
    return true;
  };
  // Depth first, the features in order, inside before outside: a loop, since there can be more features than the stack has room for.
  for (;;) {
    if (!ends()) {
      inside.push(true);
      continue;
    }
    next++;
    const turned = inside.lastIndexOf(true);
    if (turned < 0) break;
    inside.length = turned;
    inside.push(false);
  }
  if (next < leaves.length) invalid('wrong-size', parts.leaves.path, `${next} leaves`, `${leaves.length}`);
  return compareCount(found, parts.count);
};

export const countingRules: Pack = pack({ 'deletion-restriction': deletionRestriction, 'pattern-tree': patternTree });
