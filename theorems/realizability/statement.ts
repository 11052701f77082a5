/**
 * # R A pattern is realizable
 * **Statement (Definition 3.1).** Some encoder shows the instance's pattern P; of a gated model, some gates are open on just P.
 * **Witness.** The encoder, or a Farkas vector against every encoder (Motzkin 1936).
 * **Not checked.** Nothing.
 * Producer: src/solve/realize (untrusted) decides every pattern.
 */

import { patternOf } from '../../src/kernel/model/instance.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { judge } from '../../src/kernel/proof/goal.ts';
import { realizabilityRules } from '../../src/kernel/rules/realizability.ts';

export const realizability: Claim = {
  id: 'R',
  title: 'a pattern is realizable',
  rules: [realizabilityRules],
  readings: {
    paper: {
      says: 'some encoder shows P',
      lifts: true,
      hypotheses: [],
      conclusion: (m) => judge({ predicate: 'realizable', pattern: patternOf(m) }),
    },
  },
};
