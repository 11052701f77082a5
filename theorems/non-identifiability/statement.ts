/**
 * # T4-nonidentifiable Zero loss without recovering any feature
 * **Statement (paper, text after Theorem 3.4, Figure 4).** Some solutions achieve zero loss without recovering any feature. The
 * walkthrough: infinitely many bear no correspondence to the features.
 * **Repair.** A stronger form: with ReLU and n_q >= 2 n_p some configuration has *true* loss 0 for every distribution, and recovers
 * nothing.
 * **Recovered.** d is recovered by the encoder if |cos(e_i, w_d)| >= tau for some i, by the decoder if |cos(u_i, r_d)| >= tau for
 * some i; tau = 9/10, so that nothing is recovered at the paper's 0.95 either.
 * **Not checked.** That training finds such solutions.
 * Producer: ./witness.ts (untrusted).
 */

import { type Configuration, type Instance, inputs, targets } from '../../src/kernel/model/instance.ts';
import { approximateLoss } from '../../src/kernel/model/model.ts';
import { ZERO } from '../../src/kernel/numbers/rational.ts';
import type { Claim, Reading } from '../../src/kernel/proof/claim.ts';
import { order } from '../../src/kernel/proof/fact.ts';
import { all, computed, type Goal, judge } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { noneRecovered } from '../../src/kernel/proof/recovery.ts';
import { existenceRules } from '../../src/kernel/rules/existence.ts';
import { reconstructionRules } from '../../src/kernel/rules/reconstruction.ts';

const unrecovered = (m: Instance, at: Configuration): Goal =>
  all(noneRecovered('encoder', at.we, inputs(m)), noneRecovered('decoder', at.wd, targets(m)));

const stated: Reading = {
  says: 'some configuration has L~ = 0 and recovers no feature',
  hypotheses: [given.unitNorm],
  conclusion: (m) =>
    judge({
      predicate: 'exists',
      what: 'zero approximate loss, and no feature recovered by encoder or decoder',
      such: (at) => {
        const loss = approximateLoss(m, at);
        return all(computed(loss.sign() === 0, order('L~', loss, '', ZERO)), unrecovered(m, at));
      },
    }),
};

export const nonIdentifiable: Claim = {
  id: 'T4-nonidentifiable',
  title: 'zero loss without recovering any feature',
  rules: [existenceRules, reconstructionRules],
  readings: {
    walkthrough: stated,
    paper: stated,
    repaired: {
      says: 'with ReLU and n_q >= 2 n_p, even with true loss 0 for every distribution',
      hypotheses: [given.unitNorm, given.activationIs(['relu']), given.twiceTheDimension],
      conclusion: (m) =>
        judge({
          predicate: 'exists',
          what: 'W_D sigma(W_E W_p x) = W_r x for every x, and no feature recovered by encoder or decoder',
          such: (at) => all(judge({ predicate: 'reconstructs', at }), unrecovered(m, at)),
        }),
    },
  },
};
