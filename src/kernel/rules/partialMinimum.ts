/** The rule for `partial-minimum` by a point: both gradients are 0. */

import { readConfiguration } from '../model/instance.ts';
import { approximateLoss, gradients, patternShown, patternText, samePattern } from '../model/model.ts';
import { invalid } from '../numbers/rejection.ts';
import { exactly } from '../proof/fact.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';

/**
 * A partial minimum on P with positive loss: the point shows P and both gradients vanish. L~ is convex in each block on
 * Omega_P (Theorem 3.2), so each block is optimal given the other.
 */
const partialMinimum: Rule = (judgement, node, { instance: m }) => {
  const { pattern } = asked(judgement, 'partial-minimum', true, node);
  if (!['relu', 'jumprelu', 'topk', 'batchtopk'].includes(m.activation.kind)) {
    invalid('wrong-rule', `${node.path}.rule`, 'an activation for which Theorem 3.2 holds', m.activation.kind);
  }
  const at = readConfiguration(node.fields(['rule', 'we', 'wd']), m);
  const shown = patternShown(m, at);
  if (!samePattern(shown, pattern))
    invalid('wrong-pattern', `${node.path}.we`, patternText(pattern), patternText(shown));
  const { we, wd } = gradients(m, at);
  if (![...we, ...wd].every((row) => row.isZero()))
    invalid('does-not-hold', node.path, 'both gradients 0', `${we}, ${wd}`);
  const loss = approximateLoss(m, at);
  if (loss.sign() <= 0) invalid('does-not-hold', node.path, 'L~ > 0', `L~ = ${loss}`);
  return { loss: exactly(loss), face: false };
};

export const partialMinimumRules: Pack = pack({ 'partial-minimum': partialMinimum });
