/**
 * # T4-nonidentifiable Zero loss without recovering any feature
 * **Statement (paper, text after Theorem 3.4, Figure 4).** Some solutions achieve zero loss without recovering any feature. The
 * walkthrough: infinitely many bear no correspondence to the features.
 * **Repair.** A stronger form, with true loss 0 for every distribution: with ReLU and n_q >= 2 (min(n_p, n_r) + 1) such a configuration exists
 * if the targets are a linear map of the inputs, and if some row and some column recover no feature.
 * **Needed.** Without the map an input is 0 and its target is not. Every configuration with loss 0 and targets that are not all 0 has some row and some
 * column that are not 0; in one dimension each of them recovers a feature, and in the plane, where the features lie densely enough.
 * **Why it is enough.** Take n_r <= n_p, u_1, ... a basis of R^n_r near a column v' that recovers nothing, T = sum u_k f_k^T, and K large: rows v + f_k / K with
 * columns K u_k, and v with -K sum u_k, add up to T; with all of them and their negatives the output is T x. For n_p < n_r likewise by rows near v.
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
import {
  factors,
  noneRecovered,
  nothingHides,
  nothingReconstructs,
  roomFor,
  weighted,
} from '../../src/kernel/proof/recovery.ts';
import { exclusionRules } from '../../src/kernel/rules/exclusion.ts';
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
      unless: () => nothingHides(m, weighted(m), m.features),
    }),
};

const roomForRows = given.hypothesis('room-for-rows', 'some v, not 0, recovers no feature as an encoder row', (m) =>
  roomFor('rows', inputs(m), m.np),
);

const roomForColumns = given.hypothesis(
  'room-for-columns',
  'some v, not 0, recovers no feature as a decoder column',
  (m) => roomFor('columns', targets(m), m.nr),
);

const enoughPairs = given.hypothesis('enough-pairs', 'n_q >= 2 (min(n_p, n_r) + 1)', (m) =>
  given.atLeast('n_q', m.neurons, '2 min(n_p, n_r) + 2', 2 * Math.min(m.np, m.nr) + 2),
);

export const nonIdentifiable: Claim = {
  id: 'T4-nonidentifiable',
  title: 'zero loss without recovering any feature',
  rules: [existenceRules, exclusionRules, reconstructionRules],
  readings: {
    walkthrough: stated,
    paper: stated,
    repaired: {
      says: 'with room beside the features, even with true loss 0 for every distribution',
      hypotheses: [given.unitNorm, given.activationIs(['relu']), factors, roomForRows, roomForColumns, enoughPairs],
      conclusion: (m) =>
        judge({
          predicate: 'exists',
          what: 'W_D sigma(W_E W_p x) = W_r x for every x, and no feature recovered by encoder or decoder',
          such: (at) => all(judge({ predicate: 'reconstructs', at }), unrecovered(m, at)),
          unless: () => nothingReconstructs(m, m.features),
        }),
    },
  },
};
