/** The rule for `not exists`, where the statement says what excludes every such configuration. */

import { invalid } from '../numbers/rejection.ts';
import type { Fact } from '../proof/fact.ts';
import { asked, type Pack, pack, prove, type Rule } from '../proof/goal.ts';

/** There is no such configuration: `unless` holds, by the proof given. That it excludes them is argued where it is stated. */
const excluded: Rule = (judgement, node, context) => {
  const { unless } = asked(judgement, 'exists', false, node);
  if (!unless) return invalid('wrong-rule', `${node.path}.rule`, 'a statement of what excludes them', 'none');
  const facts: Fact[] = [];
  prove(unless(), node.fields(['rule', 'proof']).proof, { ...context, facts });
  return { facts };
};

export const exclusionRules: Pack = pack({ excluded });
