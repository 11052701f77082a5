/**
 * # T8-loss Absorption does not raise the best loss
 * **Statement.** "Absorption lowers the loss", that is, splitting any sub-concept off a parent does not raise the best loss.
 * **Refutation.** It may, for the cone of what is left can be too narrow.
 * **Repair.** With independent directions it cannot: |a + b|^2/(x + y) <= |a|^2/x + |b|^2/y.
 * In a file of its own, so that T8 rests on no rule about losses. Producer: ./witness.ts (untrusted).
 */
import { type Instance, inputs, patternOf } from '../../src/kernel/model/instance.ts';
import { rank } from '../../src/kernel/numbers/elimination.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { all, type Goal, judge } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { bestLossRules } from '../../src/kernel/rules/bestLoss.ts';
import { realizabilityRules } from '../../src/kernel/rules/realizability.ts';
import { hasParent, parents, splitOff } from './statement.ts';

const independentDirections = given.hypothesis('independent-directions', 'the w_d are linearly independent', (m) =>
  given.atLeast('rank W_p', rank(inputs(m)), 'n', m.features.length),
);

const neverRaises = (m: Instance): Goal =>
  all(
    parents(m).map(({ i, set }) =>
      all(
        set.map((j) =>
          judge({ predicate: 'best-loss-at-most', left: splitOff(patternOf(m), i, j), right: patternOf(m) }),
        ),
      ),
    ),
  );

export const absorptionLoss: Claim = {
  id: 'T8-loss',
  title: 'absorption does not raise the best loss',
  rules: [realizabilityRules, bestLossRules],
  readings: {
    ours: {
      says: 'splitting any sub-concept off does not raise the least L~ of the pattern',
      lifts: true,
      hypotheses: [given.unitNorm, given.activationIs(['relu']), hasParent, given.partition, given.realizable],
      conclusion: neverRaises,
    },
    repaired: {
      says: 'the same, with independent directions',
      lifts: true,
      hypotheses: [
        given.unitNorm,
        given.activationIs(['relu']),
        hasParent,
        given.partition,
        given.realizable,
        independentDirections,
      ],
      conclusion: neverRaises,
    },
  },
};
