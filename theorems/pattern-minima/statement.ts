/**
 * # T6-minimum, T6-trap Patterns that trap
 * **Statement.** The pattern P, whose sets are equal or do not meet, carries a local minimum of L~ (ReLU, JumpReLU, Top-k), on a face of Omega_P or not.
 * T6-trap (paper, after Theorem 3.6): under the hypotheses of that theorem P carries a local minimum, "where gradient descent can become trapped".
 * **Witness.** A critical point as for T6-critical; a price on every kink, multipliers below it, and all eigenvalues on the face that
 * is left, of which lambda is the largest; or kinks priced together, in all cones between them. **Refutation.** P carries no critical point at
 * all; or every critical row of one neuron has a way down of its own.
 * **Not checked.** That a pattern carries no minimum where several neurons are needed to show it: then the claim is undecided.
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
import { everyPointRules } from '../../src/kernel/rules/everyPoint.ts';
import { realizabilityRules } from '../../src/kernel/rules/realizability.ts';

export const carriesMinimum: Claim = {
  id: 'T6-minimum',
  title: 'a pattern carries a local minimum',
  rules: [realizabilityRules, criticalRules, classRules, everyPointRules, blockRules, enclosedRules],
  readings: {
    repaired: {
      says: 'P carries a local minimum',
      lifts: true,
      hypotheses: [given.activationIs(['relu', 'jumprelu', 'topk']), given.separate, given.realizable],
      conclusion: (m) => judge({ predicate: 'critical', pattern: patternOf(m), as: 'minimum' }),
      assumes: ['L~ is convex in each block on Omega_P (Theorem 3.2)'],
    },
  },
};

export const everyPatternTraps: Claim = {
  id: 'T6-trap',
  title: 'every realizable polysemantic partition carries a local minimum',
  rules: carriesMinimum.rules,
  readings: {
    paper: {
      says: 'P carries a local minimum',
      hypotheses: [
        given.unitNorm,
        given.twoFeatures,
        given.enoughNeurons,
        given.realizable,
        given.polysemantic,
        given.partition,
      ],
      conclusion: (m) => judge({ predicate: 'critical', pattern: patternOf(m), as: 'minimum' }),
      assumes: ['L~ is convex in each block on Omega_P (Theorem 3.2)'],
    },
  },
};
