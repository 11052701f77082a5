/**
 * # T6-plain Theorem 3.6 with partial minima over all encoders
 * **Statement.** With the hypotheses of Theorem 3.6 some configuration shows P, has L~ > 0, and is a partial minimum over all encoders and decoders (T6-encoders).
 * **Refutation.** W_p = W_r = I, M = (1, 2), P = ({1,2}, {}), as for T6. What is best among all encoders is best among those of Omega_P: so where P carries no partial
 * minimum of positive loss over Omega_P, it carries none of this kind, and that is what `unless` asks for.
 * **Not checked.** Where P carries partial minima over Omega_P that other encoders better, nothing excludes that some further one is best: `undecided`.
 * Producer: ./witness.ts (untrusted), the rational critical points of P.
 */

import { type Instance, patternOf } from '../../src/kernel/model/instance.ts';
import { approximateLoss, patternShown, samePattern } from '../../src/kernel/model/model.ts';
import { ZERO } from '../../src/kernel/numbers/rational.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { order, property, setsOf } from '../../src/kernel/proof/fact.ts';
import { all, computed, type Goal, judge, not } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { criticalRules } from '../../src/kernel/rules/critical.ts';
import { exclusionRules } from '../../src/kernel/rules/exclusion.ts';
import { existenceRules } from '../../src/kernel/rules/existence.ts';
import { partialMinimumRules } from '../../src/kernel/rules/partialMinimum.ts';
import { realizabilityRules } from '../../src/kernel/rules/realizability.ts';
import { bestBoth } from './statement.ts';

function carries(m: Instance): Goal {
  const pattern = patternOf(m);
  return judge({
    predicate: 'exists',
    what: 'the pattern, L~ > 0, and each block best for the other',
    such: (at) => {
      const shown = patternShown(m, at);
      const same = samePattern(shown, pattern);
      const loss = approximateLoss(m, at);
      return all(
        computed(same, property('shows-pattern', same, { pattern: setsOf(shown) })),
        computed(loss.sign() > 0, order('L~', loss, '', ZERO)),
        bestBoth(m, at),
      );
    },
    unless: () => not(judge({ predicate: 'partial-minimum', pattern, stationary: false })),
  });
}

export const plainPartialMinima: Claim = {
  id: 'T6-plain',
  title: 'spurious partial minima over all encoders are prevalent',
  rules: [realizabilityRules, existenceRules, exclusionRules, partialMinimumRules, criticalRules],
  readings: {
    ours: {
      says: 'P carries a partial minimum over all encoders with positive loss',
      lifts: true,
      hypotheses: [
        given.unitNorm,
        given.twoFeatures,
        given.enoughNeurons,
        given.realizable,
        given.polysemantic,
        given.partition,
      ],
      conclusion: carries,
    },
  },
};
