/** Rules for `global-minimum`: the loss is 0, or smaller elsewhere. */

import { readConfiguration } from '../model/instance.ts';
import { approximateLoss } from '../model/model.ts';
import type { Rational } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { exactly } from '../proof/fact.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';

/** A global minimum: a sum of squares with weights >= 0 that is 0. */
const zeroLoss: Rule = (judgement, node, { instance }) => {
  const { at } = asked(judgement, 'global-minimum', true, node);
  node.fields(['rule']);
  const loss = approximateLoss(instance, at);
  if (loss.sign() !== 0) invalid('does-not-hold', node.path, 'L~ = 0', `L~ = ${loss}`);
  return { loss: exactly(loss) };
};

/** Not a global minimum: another configuration has a smaller L~. */
const lowerLoss: Rule = (judgement, node, { instance }) => {
  const { at } = asked(judgement, 'global-minimum', false, node);
  const [here, there] = [at, readConfiguration(node.fields(['rule', 'we', 'wd'], ['gate', 'bias']), instance)].map(
    (c) => approximateLoss(instance, c),
  ) as [Rational, Rational];
  if (there.compare(here) >= 0) invalid('does-not-hold', node.path, `L~ < ${here}`, `L~ = ${there}`);
  return { loss: exactly(here), lower: `${there}` };
};

export const globalMinimumRules: Pack = pack({ 'zero-loss': zeroLoss, 'lower-loss': lowerLoss });
