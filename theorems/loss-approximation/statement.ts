/**
 * # T1 Loss approximation
 * **Statement (paper, Theorem 3.1).** With C the largest squared error and 1 - S <= 1/n: |L - L~| <= n^2 C (1-S)^2, where L~ has
 * the weights M_d = Pr(x = x_d e_d) E[x_d^2 | x_d > 0]. The walkthrough says O((1-S)^2) and states no constant.
 * **Decided.** On the instance's finite distribution and configuration, with the largest S there is. For the walkthrough, along the
 * family in which a feature (or an input) is active t times as often: L - L~ = c t + O(t^2), and the claim needs c = 0.
 * **Refutation.** Features that are not independent; a sigma with a threshold. Neither is in Assumption 2.1.
 * **Repair.** With independence and sigma(s z) = s sigma(z): 0 <= L - L~ <= C Pr(two or more active) <= C n(n-1)/2 (1-S)^2.
 * **Reading note.** x = x_d e_d also holds at x = 0, and with that L~ approximates nothing: M_d takes x = x_d e_d with x_d > 0.
 * **Not checked.** Infinite distributions. The paper's bench has exponential magnitudes, so C is infinite unless the error is 0,
 * and n = 1000 with 1 - S = 1/100 > 1/n is outside the theorem.
 * Producer: none; computing on the instance's own distribution and configuration settles it.
 */

import { isIndependent } from '../../src/kernel/model/distribution.ts';
import { configurationOf, type Instance, unitVector } from '../../src/kernel/model/instance.ts';
import { approximateLoss } from '../../src/kernel/model/model.ts';
import {
  activeCount,
  distributionOf,
  largestError,
  probability,
  trueLoss,
  withSoloWeights,
} from '../../src/kernel/model/trueLoss.ts';
import { ONE, Rational, ZERO } from '../../src/kernel/numbers/rational.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { property } from '../../src/kernel/proof/fact.ts';
import { all, computed, type Goal } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';

const integer = (n: number): Rational => Rational.of(BigInt(n));

/** 1 - S for the largest S with Pr(x_d = 0) >= S for every d. */
function density(m: Instance): Rational {
  const active = m.features.map((_, d) => probability(m, (x) => x.at(d).sign() > 0));
  return active.reduce((most, p) => (p.compare(most) > 0 ? p : most), ZERO);
}

const sparseEnough = given.hypothesis('sparse-enough', '1 - S <= 1/n', (m) =>
  given.atMost('1 - S', density(m), '1/n', ONE.over(integer(m.features.length))),
);

const independent = given.hypothesis('independent', 'the features are independent', (m) => {
  const holds = isIndependent(distributionOf(m), m.features.length);
  return computed(holds, property('independent', holds));
});

/** sigma(s z) = s sigma(z) for s > 0. */
const homogeneous = given.hypothesis('homogeneous', 'sigma is positively homogeneous', (m) => {
  const { activation } = m;
  const threshold = activation.kind === 'jumprelu' && activation.theta.sign() > 0;
  const biased = activation.kind === 'gated' && !(configurationOf(m).gate?.bias.isZero() ?? true);
  return computed(!threshold && !biased, property('homogeneous', !threshold && !biased));
});

/** L and L~. */
function losses(m: Instance): { L: Rational; approximate: Rational } {
  const at = configurationOf(m);
  return { L: trueLoss(m, at), approximate: approximateLoss(withSoloWeights(m), at) };
}

function stated(m: Instance): Goal {
  const { L, approximate } = losses(m);
  const gap = L.minus(approximate);
  const n = integer(m.features.length);
  const bound = n
    .times(n)
    .times(largestError(m, configurationOf(m)))
    .times(density(m))
    .times(density(m));
  const size = gap.sign() < 0 ? gap.negated() : gap;
  return given.atMost('|L - L~|', size, 'n^2 C (1-S)^2', bound, { L, 'L~': approximate });
}

/** The c of L - L~ = c t + O(t^2). Of a joint distribution all terms are linear in t; else only single features are. */
function linearTerm(m: Instance): Rational {
  const distribution = distributionOf(m);
  if (distribution.kind === 'joint') {
    const { L, approximate } = losses(m);
    return L.minus(approximate);
  }
  const n = m.features.length;
  const singles = distribution.magnitudes.flatMap((values, d) =>
    values.map(({ probability: p, value }) => ({ probability: p, x: unitVector(n, d).times(value) })),
  );
  const thinned: Instance = { ...m, distribution: { kind: 'joint', atoms: singles } };
  const { L, approximate } = losses(thinned);
  return L.minus(approximate);
}

function vanishing(m: Instance): Goal {
  const c = linearTerm(m);
  return computed(c.sign() === 0, { relation: 'linear-term', c: `${c}` });
}

function sharper(m: Instance): Goal {
  const { L, approximate } = losses(m);
  const C = largestError(m, configurationOf(m));
  const n = BigInt(m.features.length);
  const several = C.times(probability(m, (x) => activeCount(x) >= 2));
  const bound = C.times(Rational.of(n * (n - 1n), 2n))
    .times(density(m))
    .times(density(m));
  return all(
    given.atMost('L~', approximate, 'L', L),
    given.atMost('L - L~', L.minus(approximate), 'C Pr(two or more active)', several),
    given.atMost('C Pr(two or more active)', several, 'C n(n-1)/2 (1-S)^2', bound),
  );
}

export const lossApproximation: Claim = {
  id: 'T1',
  title: 'the true loss is close to the approximate loss',
  rules: [],
  readings: {
    walkthrough: {
      says: '|L - L~| = O((1-S)^2) as features become rare',
      hypotheses: [given.unitNorm],
      conclusion: vanishing,
    },
    paper: {
      says: '|L - L~| <= n^2 C (1-S)^2',
      hypotheses: [given.unitNorm, sparseEnough],
      conclusion: stated,
    },
    repaired: {
      says: '0 <= L - L~ <= C Pr(two or more active) <= C n(n-1)/2 (1-S)^2',
      hypotheses: [independent, homogeneous],
      conclusion: sharper,
    },
  },
};
