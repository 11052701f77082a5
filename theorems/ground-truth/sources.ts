/**
 * # T3-sources Theorem 3.3 for crosscoders
 * **Statement (paper, section 2.4 and Theorem 3.3).** A crosscoder reads S sources as one vector, each of which meets Assumption 2.1. The ground-truth configuration then has L~ <= n^2 M^2 sum_d M_d.
 * **Refutation.** S directions of length 1 make one of length sqrt(S): the own neuron has pre-activation S, and gives back S r_d. Orthonormal sources have M = 0 and L~ = (S - 1)^2 sum_d M_d |r_d|^2.
 * **Repair (ReLU).** With W_E = [W_p^T; 0] / S the own neuron gives back r_d. Each other one adds at most max(M, 0) / S times a column, of length sqrt(S) at most.
 * **Not checked.** That the blocks are what the sources are: S = |w_1|^2, of n_p / S coordinates each.
 * Producer: none; computing settles it.
 */

import { type Configuration, type Instance, interference, weights } from '../../src/kernel/model/instance.ts';
import { approximateLoss, encode } from '../../src/kernel/model/model.ts';
import { ONE, Rational, sum, ZERO } from '../../src/kernel/numbers/rational.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { property } from '../../src/kernel/proof/fact.ts';
import { computed } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { bounded, groundTruth, ungated } from './statement.ts';

/** S, where |w_1|^2 is a whole number from 2 on that divides n_p; else 1. */
function sources(m: Instance): number {
  const square = m.features[0]?.wp.dot(m.features[0].wp) ?? ZERO;
  const count = Number(square.num);
  return square.den === 1n && count >= 2 && m.np % count === 0 ? count : 1;
}

const stacked = given.hypothesis('stacked-sources', 'each w_d is S >= 2 unit vectors, one after another', (m) => {
  const count = sources(m);
  const size = m.np / count;
  const failing = m.features.findIndex(({ wp }) =>
    Array.from({ length: count }, (_, s) =>
      sum(
        wp
          .entries()
          .slice(s * size, (s + 1) * size)
          .map((x) => x.times(x)),
      ),
    ).some((square) => !square.equals(ONE)),
  );
  const holds = count > 1 && failing < 0;
  return computed(
    holds,
    property('stacked-sources', holds, holds ? {} : { features: [Math.max(failing, 0) + 1] }, { S: count }),
  );
});

const targetsWithin = given.hypothesis('targets-within-sources', 'every |r_d|^2 <= S', (m) =>
  given.everyFeature(m, 'targets-within-sources', (d) => {
    const r = m.features[d]?.wr;
    return (r?.dot(r) ?? ZERO).compare(whole(sources(m))) <= 0;
  }),
);

const whole = (x: number): Rational => Rational.of(BigInt(x));

/** The rows S times shorter. */
function scaled(m: Instance): Configuration {
  const { we, wd } = groundTruth(m);
  return { we: we.map((e) => e.times(ONE.over(whole(sources(m))))), wd };
}

const shared = [stacked, given.twoFeatures, given.enoughNeurons];

export const crosscoderLoss: Claim = {
  id: 'T3-sources',
  title: 'near-zero loss of the ground-truth configuration of a crosscoder',
  rules: [],
  readings: {
    paper: {
      says: 'L~ <= n^2 M^2 sum_d M_d, of the sources as one vector',
      hypotheses: [ungated, ...shared],
      conclusion: bounded,
    },
    repaired: {
      says: 'with rows w_d / S, L~ <= max(M, 0)^2 / S sum_d M_d (K_d - 1)^2',
      hypotheses: [given.activationIs(['relu']), ...shared, targetsWithin],
      conclusion: (m) => {
        const most = interference(m) ?? ZERO;
        const { active } = encode(m, [scaled(m)]);
        const others = weights(m).map((weight, d) => {
          const count = whole(active.filter((row) => row[d]).length - 1);
          return weight.times(count).times(count);
        });
        const square = most.sign() > 0 ? most.times(most).over(whole(sources(m))) : ZERO;
        return given.atMost(
          'L~',
          approximateLoss(m, scaled(m)),
          'max(M, 0)^2 / S sum M_d (K_d - 1)^2',
          square.times(sum(others)),
        );
      },
    },
  },
};
