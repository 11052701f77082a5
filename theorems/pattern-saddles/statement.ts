/**
 * # T6-saddle Patterns that carry a saddle
 * **Statement.** The pattern P, whose sets are equal or do not meet, carries a critical point of L~ that is not a local minimum (ReLU, JumpReLU,
 * Top-k).
 * **Witness.** The point, and a way down: towards a larger eigenvalue, across kinks, or by waking a dead neuron. **Refutation.** P
 * carries no critical point at all; or every critical row of every neuron is a local minimum, and the neurons share no kink.
 * **Not checked.** That a pattern with empty sets, or whose neurons share kinks, carries no saddle: then the claim is undecided.
 * Producer: src/solve/landscape (untrusted) finds critical points and their class.
 */

import { patternOf } from '../../src/kernel/model/instance.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { judge } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { blockRules } from '../../src/kernel/rules/blocks.ts';
import { classRules } from '../../src/kernel/rules/classes.ts';
import { criticalRules } from '../../src/kernel/rules/critical.ts';
import { everyPointRules } from '../../src/kernel/rules/everyPoint.ts';
import { realizabilityRules } from '../../src/kernel/rules/realizability.ts';

export const carriesSaddle: Claim = {
  id: 'T6-saddle',
  title: 'a pattern carries a saddle',
  rules: [realizabilityRules, criticalRules, classRules, everyPointRules, blockRules],
  readings: {
    repaired: {
      says: 'P carries a saddle',
      lifts: true,
      hypotheses: [given.activationIs(['relu', 'jumprelu', 'topk']), given.separate, given.realizable],
      conclusion: (m) => judge({ predicate: 'critical', pattern: patternOf(m), as: 'saddle' }),
      assumes: ['L~ is convex in each block on Omega_P (Theorem 3.2)'],
    },
  },
};
