/** The rule for `exists`: a configuration, and a proof of what is said of it. */

import { readConfiguration } from '../model/instance.ts';
import type { Fact } from '../proof/fact.ts';
import { asked, type Pack, pack, prove, type Rule } from '../proof/goal.ts';

/** There is such a configuration: this one, by the proof given. */
const configuration: Rule = (judgement, node, context) => {
  const { such } = asked(judgement, 'exists', true, node);
  const parts = node.fields(['rule', 'we', 'wd', 'proof'], ['gate', 'bias']);
  const facts: Fact[] = [];
  prove(such(readConfiguration(parts, context.instance)), parts.proof, { ...context, facts });
  return { facts };
};

export const existenceRules: Pack = pack({ configuration });
