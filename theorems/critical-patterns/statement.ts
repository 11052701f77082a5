/**
 * # T6-critical Patterns that carry a critical point
 * **Statement.** The pattern P, whose sets are equal or do not meet, carries a critical point of L~ (ReLU, JumpReLU, Top-k): a partial minimum
 * over R^(n_r x n_q) x Omega_P (Gorski et al. 2007), on a face of Omega_P or not. `dictum landscape` decides this for every partition pattern of an instance.
 * **Witness.** For each neuron with a set a generalized eigenvector of its pencil over Q(lambda), in its cone; or for one neuron a
 * Motzkin vector at every eigenvalue of every face. Where neurons share a set: eigenvectors whose span meets its open cone.
 * **Not checked.** What kind of critical point: T6-minimum, T6-saddle. That neurons which share a set have none.
 * Producer: src/solve/landscape (untrusted) finds critical points and their class.
 */

import { patternOf } from '../../src/kernel/model/instance.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { judge } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { blockRules } from '../../src/kernel/rules/blocks.ts';
import { classRules } from '../../src/kernel/rules/classes.ts';
import { criticalRules } from '../../src/kernel/rules/critical.ts';
import { enclosedRules } from '../../src/kernel/rules/enclosed.ts';
import { realizabilityRules } from '../../src/kernel/rules/realizability.ts';

export const carriesCritical: Claim = {
  id: 'T6-critical',
  title: 'a pattern carries a critical point',
  rules: [realizabilityRules, criticalRules, classRules, blockRules, enclosedRules],
  readings: {
    repaired: {
      says: 'P carries a critical point',
      lifts: true,
      hypotheses: [given.activationIs(['relu', 'jumprelu', 'topk']), given.separate, given.realizable],
      conclusion: (m) => judge({ predicate: 'critical', pattern: patternOf(m), as: 'any' }),
      assumes: ['L~ is convex in each block on Omega_P (Theorem 3.2)'],
    },
  },
};
