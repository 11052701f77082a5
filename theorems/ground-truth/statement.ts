/**
 * # T3 Near-zero loss of the ground-truth configuration
 * **Statement (paper, Theorem 3.3).** With n_q >= n and sigma(z)_i in {0, z_i}, the configuration W_D = [W_r, 0], W_E = [W_p^T; 0]
 * has L~ <= n^2 M^2 sum_d M_d, where M = max over i != j of <w_i, w_j>. The walkthrough says O((1-S) M^2) and states no constant:
 * decidable where M = 0, since every such bound is then 0. Both call the configuration a global minimum: T3-global.
 * **Refutation.** Large targets, a threshold above 1, or negative pre-activations that pass; each is a hypothesis of the repair.
 * **Repair.** With those, L~ <= max(M, 0)^2 sum_d M_d (K_d - 1)^2, K_d the number of neurons active on d: the own neuron gives back
 * r_d, and each other one adds at most max(M, 0).
 * **Not checked.** What the walkthrough's constant may be when M is not 0.
 * Producer: ./witness.ts (untrusted).
 */

import { type Configuration, type Instance, interference, weights } from '../../src/kernel/model/instance.ts';
import { approximateLoss, encode } from '../../src/kernel/model/model.ts';
import { Rational, sum, ZERO } from '../../src/kernel/numbers/rational.ts';
import { Vector } from '../../src/kernel/numbers/vector.ts';
import type { Claim, Hypothesis } from '../../src/kernel/proof/claim.ts';
import { order, property } from '../../src/kernel/proof/fact.ts';
import { computed, type Goal, judge, some } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { globalMinimumRules } from '../../src/kernel/rules/globalMinimum.ts';

/** W_E = [W_p^T; 0], W_D = [W_r, 0] (equation 15); cut to n_q neurons where there are fewer than n. */
export function groundTruth(m: Instance): Configuration {
  const rows = Array.from({ length: m.neurons }, (_, i) => m.features[i]);
  const zero = { wp: Vector.zero(m.np), wr: Vector.zero(m.nr) };
  return { we: rows.map((f) => (f ?? zero).wp), wd: rows.map((f) => (f ?? zero).wr) };
}

/** For each feature, the pre-activations that pass, the own neuron's first. */
function passed(m: Instance): { own: boolean; values: Rational[] }[] {
  const { z, active } = encode(m, [groundTruth(m)]);
  return m.features.map((_, d) => ({
    own: active[d]?.[d] ?? false,
    values: active.flatMap((row, i) => (row[d] ? [z[i]?.[d]?.[0] ?? ZERO] : [])),
  }));
}

const ownNeuronActive = given.hypothesis('own-neuron-active', 'neuron d is active on feature d', (m) => {
  const all = passed(m);
  return given.everyFeature(m, 'own-neuron-active', (d) => all[d]?.own ?? false);
});

const negativesCut = given.hypothesis('negatives-cut', 'no negative pre-activation passes', (m) => {
  const negative = passed(m).flatMap((p) => p.values.filter((x) => x.sign() < 0))[0];
  return computed(!negative, property('negatives-cut', !negative, {}, negative ? { z: negative } : {}));
});

const eachAlone = given.hypothesis('each-alone', 'on feature d only neuron d passes something', (m) => {
  const all = passed(m);
  return given.everyFeature(m, 'each-alone', (d) => (all[d]?.values.filter((x) => x.sign() !== 0).length ?? 0) <= 1);
});

const M = (m: Instance): Rational => interference(m) ?? ZERO;
const loss = (m: Instance): Rational => approximateLoss(m, groundTruth(m));

const stated = (m: Instance): Rational => {
  const n = Rational.of(BigInt(m.features.length));
  return n
    .times(n)
    .times(M(m))
    .times(M(m))
    .times(sum(weights(m)));
};

const sharper = (m: Instance): Rational => {
  const most = M(m).sign() > 0 ? M(m).times(M(m)) : ZERO;
  const others = passed(m).map((p) => Rational.of(BigInt(p.values.length - 1)));
  return most.times(sum(weights(m).map((weight, d) => weight.times(others[d] ?? ZERO).times(others[d] ?? ZERO))));
};

/** Equation 15 has no gates. */
export const ungated: Hypothesis = given.activationIs([
  'relu',
  'identity',
  'jumprelu',
  'topk',
  'topk-pure',
  'batchtopk',
]);

export const bounded = (m: Instance): Goal => given.atMost('L~', loss(m), 'n^2 M^2 sum M_d', stated(m));

export const groundTruthLoss: Claim = {
  id: 'T3',
  title: 'near-zero loss of the ground-truth configuration',
  rules: [],
  readings: {
    walkthrough: {
      says: 'L~ = O((1-S) M^2), so L~ = 0 where M = 0',
      hypotheses: [ungated, given.unitNorm, given.twoFeatures, given.enoughNeurons, given.noInterference],
      conclusion: (m) =>
        some(
          computed(M(m).sign() !== 0, order('M', M(m), '', ZERO)),
          given.atMost('L~', loss(m), 'c M^2, for any c', ZERO),
        ),
    },
    paper: {
      says: 'L~ <= n^2 M^2 sum_d M_d',
      hypotheses: [ungated, given.unitNorm, given.twoFeatures, given.enoughNeurons],
      conclusion: bounded,
    },
    repaired: {
      says: 'L~ <= max(M, 0)^2 sum_d M_d (K_d - 1)^2',
      hypotheses: [
        ungated,
        given.unitNorm,
        given.twoFeatures,
        given.enoughNeurons,
        given.targetsWithinUnit,
        ownNeuronActive,
        negativesCut,
      ],
      conclusion: (m) => given.atMost('L~', loss(m), 'max(M, 0)^2 sum M_d (K_d - 1)^2', sharper(m)),
    },
  },
};

const globalMinimum = (m: Instance): Goal =>
  judge({ predicate: 'global-minimum', at: groundTruth(m), of: 'ground-truth' });

export const groundTruthGlobal: Claim = {
  id: 'T3-global',
  title: 'the ground-truth configuration is a global minimum',
  rules: [globalMinimumRules],
  readings: {
    walkthrough: {
      says: 'the configuration of Theorem 3.3 is a global minimum (section "Global Minimum")',
      hypotheses: [ungated, given.unitNorm, given.enoughNeurons],
      conclusion: globalMinimum,
    },
    paper: {
      says: 'Theorem 3.3 provides a constructive global minimum (section 3.3)',
      hypotheses: [ungated, given.unitNorm, given.enoughNeurons],
      conclusion: globalMinimum,
    },
    repaired: {
      says: 'it is one where each feature feeds its own neuron alone',
      hypotheses: [ungated, given.unitNorm, given.enoughNeurons, ownNeuronActive, eachAlone],
      conclusion: globalMinimum,
    },
  },
};
