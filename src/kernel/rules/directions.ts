/** Rules for `spanning` and `strictly-dead`: relations between the directions, or a row on one side of them. */

import type { Node } from '../document/node.ts';
import { type Instance, inputs } from '../model/instance.ts';
import { rank } from '../numbers/elimination.ts';
import type { Rational } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { combine } from '../numbers/vector.ts';
import { entriesOf } from '../proof/fact.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';

/** Weights of a linear relation between the directions. */
function readRelation(m: Instance, node: Node): Rational[] {
  const weights = node.vector(m.features.length).entries();
  const total = combine(weights, inputs(m), m.np);
  if (!total.isZero()) invalid('farkas-unequal', node.path, 'sum c_d w_d = 0', `${total}`);
  return weights;
}

/** Refuses unless the combination is a positive relation of directions that span R^n_p: <e, w_d> <= 0 for all d then gives e = 0. */
export function checkSpanning(m: Instance, combination: Node): void {
  const weights = readRelation(m, combination);
  if (!weights.every((c) => c.sign() > 0) || rank(inputs(m)) < m.np) {
    invalid('not-positive', combination.path, 'positive weights on directions that span', 'others');
  }
}

/** The directions span positively, by such a relation. */
const spanningRelation: Rule = (judgement, node, { instance: m }) => {
  asked(judgement, 'spanning', true, node);
  checkSpanning(m, node.fields(['rule', 'combination']).combination);
  return {};
};

/** They do not: a row that is not 0, and positive on no feature. */
const halfSpaceRow: Rule = (judgement, node, { instance: m }) => {
  asked(judgement, 'spanning', false, node);
  const e = node.fields(['rule', 'e']).e.vector(m.np);
  const d = inputs(m).findIndex((w) => w.dot(e).sign() > 0);
  if (e.isZero() || d >= 0) invalid('does-not-hold', node.path, 'a row, not 0, that is positive on no feature', `${e}`);
  return { row: entriesOf(e) };
};

/** A row that is negative on every feature. */
const negativeRow: Rule = (judgement, node, { instance: m }) => {
  asked(judgement, 'strictly-dead', true, node);
  const e = node.fields(['rule', 'e']).e.vector(m.np);
  const d = inputs(m).findIndex((w) => w.dot(e).sign() >= 0);
  if (d >= 0) invalid('does-not-hold', node.path, `<e, w_${d + 1}> < 0`, 'another sign');
  return { row: entriesOf(e) };
};

/** None (Gordan): 0 is in the convex hull of the w_d. */
const hullRelation: Rule = (judgement, node, { instance: m }) => {
  asked(judgement, 'strictly-dead', false, node);
  const { combination } = node.fields(['rule', 'combination']);
  const weights = readRelation(m, combination);
  if (weights.some((c) => c.sign() < 0)) invalid('not-positive', combination.path, 'weights >= 0', 'a negative one');
  if (weights.every((c) => c.sign() === 0)) invalid('empty-farkas', combination.path, 'some weight > 0', 'none');
  return {};
};

export const spanningRules: Pack = pack({ 'spanning-relation': spanningRelation, 'half-space-row': halfSpaceRow });
export const deadRules: Pack = pack({ 'negative-row': negativeRow, 'hull-relation': hullRelation });
