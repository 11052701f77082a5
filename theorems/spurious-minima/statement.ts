/**
 * # T6 Spurious partial minima are prevalent
 * **Statement (paper, Theorem 3.6).** With n >= 2 and n_q >= n, every realizable polysemantic pattern P that is a partition of the
 * features carries a partial minimum of L~ with positive loss. The walkthrough (Theorem 3.7) asks for both gradients to vanish.
 * **Refutation.** W_p = W_r = I, M = (1, 2), P = ({1,2}, {}): stationarity would force M_1 = s|u|^2 = M_2. The paper's proof, between
 * its equations 64 and 65, shows only <gradient, e> = 0.
 * **Repair (ReLU, JumpReLU).** P carries a critical point iff every set of P does by itself: iff each neuron has a generalized eigenvector of its
 * pencil (A_i, B_i) in its cone, A e - lambda B e = sum mu_t w_t with mu_t >= 0 at kinks. Which of them trap: T6-minimum, T6-saddle.
 * Under Top-1 this is refuted: the owner of a feature holds the others down.
 * **Not checked.** Patterns whose sets meet; that Theorem 3.2 makes zero gradients a partial minimum.
 * Producer: src/solve/landscape (untrusted) finds critical rows, or excludes them face by face.
 */

import { type Instance, type Pattern, patternOf } from '../../src/kernel/model/instance.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { all, type Goal, judge, not, some } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { blockRules } from '../../src/kernel/rules/blocks.ts';
import { classRules } from '../../src/kernel/rules/classes.ts';
import { criticalRules } from '../../src/kernel/rules/critical.ts';
import { enclosedRules } from '../../src/kernel/rules/enclosed.ts';
import { partialMinimumRules } from '../../src/kernel/rules/partialMinimum.ts';
import { realizabilityRules } from '../../src/kernel/rules/realizability.ts';

const partialMinimum =
  (stationary: boolean) =>
  (m: Instance): Goal =>
    judge({ predicate: 'partial-minimum', pattern: patternOf(m), stationary });

const critical = (pattern: Pattern): Goal => judge({ predicate: 'critical', pattern, as: 'any' });

const supposed = [
  given.unitNorm,
  given.twoFeatures,
  given.enoughNeurons,
  given.realizable,
  given.polysemantic,
  given.partition,
];

export const spuriousMinima: Claim = {
  id: 'T6',
  title: 'spurious partial minima are prevalent',
  rules: [realizabilityRules, partialMinimumRules, criticalRules, classRules, blockRules, enclosedRules],
  readings: {
    walkthrough: {
      says: 'P carries a point with both gradients 0 and positive loss',
      lifts: true,
      hypotheses: supposed,
      conclusion: partialMinimum(true),
    },
    paper: {
      says: 'P carries a partial minimum with positive loss',
      lifts: true,
      hypotheses: supposed,
      conclusion: partialMinimum(false),
      assumes: ['L~ is convex in each block on Omega_P (Theorem 3.2), so zero gradients make a partial minimum'],
    },
    repaired: {
      says: 'P carries a critical point iff each of its sets does by itself',
      lifts: true,
      hypotheses: [given.activationIs(['relu', 'jumprelu']), given.positiveWeights, given.partition],
      conclusion: (m) => {
        const whole = critical(patternOf(m));
        const alone = all(
          patternOf(m)
            .filter((set) => set.length > 0)
            .map((set) => critical([set])),
        );
        return some(all(whole, alone), all(not(whole), not(alone)));
      },
    },
  },
};
