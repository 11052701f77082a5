/** Rules for `spanning` and `strictly-dead`: relations between the directions, or a row on one side of them. */

import type { Node } from '../document/node.ts';
import { type Instance, inputs } from '../model/instance.ts';
import { rank } from '../numbers/elimination.ts';
import { ZERO } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { absurd, brokenAt, type System, sumsToZero } from '../numbers/system.ts';
import { entriesOf } from '../proof/fact.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';

const compared = (m: Instance, relation: '<' | '<='): System =>
  inputs(m).map((normal) => ({ normal, relation, bound: ZERO }));

/**
 * Refuses unless the combination is a positive relation of directions that span R^n_p. <e, w_d> <= 0 for all d then gives e = 0: multiplied and added they
 * are 0 <= 0, so each is an equation.
 */
export function checkSpanning(m: Instance, combination: Node): void {
  const weights = combination.vector(m.features.length);
  sumsToZero(compared(m, '<='), [weights.negated()], combination);
  if (!weights.num.every((c) => c > 0n) || rank(inputs(m)) < m.np) {
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
  if (e.isZero() || brokenAt(compared(m, '<='), e) >= 0)
    invalid('does-not-hold', node.path, 'a row, not 0, that is positive on no feature', `${e}`);
  return { row: entriesOf(e) };
};

/** A row that is negative on every feature. */
const negativeRow: Rule = (judgement, node, { instance: m }) => {
  asked(judgement, 'strictly-dead', true, node);
  const e = node.fields(['rule', 'e']).e.vector(m.np);
  const d = brokenAt(compared(m, '<'), e);
  if (d >= 0) invalid('does-not-hold', node.path, `<e, w_${d + 1}> < 0`, 'another sign');
  return { row: entriesOf(e) };
};

/** None (Gordan): 0 is in the convex hull of the w_d. */
const hullRelation: Rule = (judgement, node, { instance: m }) => {
  asked(judgement, 'strictly-dead', false, node);
  const { combination } = node.fields(['rule', 'combination']);
  absurd(compared(m, '<'), [combination.vector(m.features.length).negated()], combination);
  return {};
};

export const spanningRules: Pack = pack({ 'spanning-relation': spanningRelation, 'half-space-row': halfSpaceRow });
export const deadRules: Pack = pack({ 'negative-row': negativeRow, 'hull-relation': hullRelation });
