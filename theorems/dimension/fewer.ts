/**
 * # T4-growth, A1-dimension What a further feature, and what anchors, leave free
 * **Statement.** T4-growth (paper, appendix G): SDL "becomes increasingly underdetermined as the number of ground-truth features n grows". Near the instance's configuration, a zero of L~, the solutions have
 * more dimensions than without its last feature. A1-dimension (paper, section 4.2): anchoring "reduces the underdetermined nature of SDL training": with the anchored neurons fixed the solutions near a
 * configuration that meets the anchors have fewer dimensions. Reading `ours`: nothing is left free but the rescaling of the other neurons, which "restores" would say.
 * **Refutation and repair.** A feature more is n_r equations more, or says what others say: it never frees anything. Where codes are independent it takes n_r dimensions away. Anchors take away n_p + n_r
 * parameters each, and only those equations that the anchored neurons meet by themselves. These are fewer: say s of the k anchored neurons carry features that no other carries. Their equations,
 * independent to first order, are functions of s (n_p + n_r) entries that s rescalings leave as they are.
 * **Witness.** None: ranks of Jacobians, as for T4-dimension.
 * **Not checked.** Far from the configuration, at kinks, and where a Jacobian is not of full rank. Anchors that are approached, not met.
 * Producer: none; computing on the instance's own configuration settles it.
 */
import { configurationOf, type Instance } from '../../src/kernel/model/instance.ts';
import { Rational } from '../../src/kernel/numbers/rational.ts';
import { invalid } from '../../src/kernel/numbers/rejection.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { order, property } from '../../src/kernel/proof/fact.ts';
import { computed } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { codimension, independentCodes, offKinks, zeroResiduals } from './statement.ts';

/** How many dimensions the solutions near the configuration have, its first `fixed` neurons fixed. */
const free = (m: Instance, fixed = 0): number => (m.neurons - fixed) * (m.np + m.nr) - codimension(m, fixed);

const count = (x: number): Rational => Rational.of(BigInt(x));

/** The same without the last feature. */
function before(m: Instance): number {
  if (m.features.length < 2) invalid('missing-data', '$.instance.features', 'two features or more', 'one');
  return free({ ...m, features: m.features.slice(0, -1) });
}

const DIMENSION = 'dimension';
const WITHOUT = 'without the last feature';

export const growth: Claim = {
  id: 'T4-growth',
  title: 'more features leave more free',
  rules: [],
  readings: {
    paper: {
      says: 'with the last feature the solutions have more dimensions than without it',
      hypotheses: [given.twoFeatures, zeroResiduals, offKinks],
      conclusion: (m) => given.exceeds(DIMENSION, free(m), WITHOUT, before(m)),
    },
    repaired: {
      says: 'they have n_r dimensions less',
      hypotheses: [given.twoFeatures, zeroResiduals, offKinks, independentCodes],
      conclusion: (m) => {
        const [now, then] = [free(m), before(m)];
        return computed(now === then - m.nr, order(DIMENSION, count(now), `${WITHOUT}, less n_r`, count(then - m.nr)));
      },
    },
  },
};

const anchorsMet = given.hypothesis('anchors-met', 'e_t = w_d and u_t = r_d for the t-th anchor d', (m) => {
  const { we, wd } = configurationOf(m);
  const k = m.anchors?.length ?? 0;
  const met = (m.anchors ?? []).every((d, t) => {
    const feature = m.features[d];
    return feature && we[t]?.equals(feature.wp) && wd[t]?.equals(feature.wr);
  });
  const [fixed, of] = [k, m.neurons].map((neurons) => neurons * (m.np + m.nr)) as [number, number];
  return computed(met, property('anchors-met', met, {}, { fixed, of }));
});

const hypotheses = [given.anchored, anchorsMet, zeroResiduals, offKinks];
const ANCHORED = 'dimension with the anchors fixed';

export const anchoredDimension: Claim = {
  id: 'A1-dimension',
  title: 'anchors reduce what is left free',
  rules: [],
  readings: {
    paper: {
      says: 'with the anchors fixed the solutions have fewer dimensions',
      hypotheses,
      conclusion: (m) => given.exceeds(DIMENSION, free(m), ANCHORED, free(m, m.anchors?.length)),
    },
    ours: {
      says: 'with the anchors fixed nothing is free but the rescaling of the other neurons',
      hypotheses,
      conclusion: (m) => {
        const rescalings = m.neurons - (m.anchors?.length ?? 0);
        const left = free(m, m.anchors?.length);
        return given.atMost(ANCHORED, count(left), 'rescalings', count(rescalings));
      },
    },
  },
};
