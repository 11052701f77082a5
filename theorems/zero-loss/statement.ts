/**
 * # T4 Zero loss: the condition
 * **Statement (paper, Theorem 3.4).** L~(W_D, W_E) = 0 if and only if r_d = W_D sigma(W_E w_d) for all d. The instance brings the
 * configuration.
 * **Refutation.** A feature with M_d = 0 costs nothing: the equation may fail at zero loss.
 * **Repair.** The equivalence with every M_d > 0.
 * **Not checked.** Configurations other than the instance's own.
 * Producer: none; computing on the instance's own configuration settles it.
 */

import { configurationOf, type Instance } from '../../src/kernel/model/instance.ts';
import { evaluate } from '../../src/kernel/model/model.ts';
import { ZERO } from '../../src/kernel/numbers/rational.ts';
import type { Claim, Reading } from '../../src/kernel/proof/claim.ts';
import { computed, type Goal } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';

const equivalent = (m: Instance): Goal => {
  const { loss, residuals } = evaluate(m, [configurationOf(m)]);
  const failing = residuals.findIndex((rho) => !rho[0]?.isZero());
  const value = loss[0] ?? ZERO;
  const missed = m.features[failing];
  return computed((value.sign() === 0) === failing < 0, {
    relation: 'zero-loss',
    loss: `${value}`,
    ...(missed && { feature: failing + 1, weight: `${missed.weight}` }),
  });
};

const stated: Reading = {
  says: 'L~ = 0 iff r_d = W_D sigma(W_E w_d) for all d',
  lifts: true,
  hypotheses: [],
  conclusion: equivalent,
};

export const zeroLoss: Claim = {
  id: 'T4',
  title: 'zero loss if and only if every feature is reconstructed',
  rules: [],
  readings: {
    walkthrough: stated,
    paper: stated,
    repaired: {
      says: 'the same, with every M_d > 0',
      lifts: true,
      hypotheses: [given.positiveWeights],
      conclusion: equivalent,
    },
  },
};
