/**
 * # Chanin Absorption lowers the sparsity penalty
 * **Statement (Chanin et al., A is for Absorption, arXiv 2409.14507).** A parent f_1 and a child f_2 that is active only with it, both
 * with value 1; p_11 and p_10 the probabilities of both, and of the parent alone. Moving delta f_1 into the child's decoder column, and
 * out of the parent's code, W_E = [f_1 - delta f_2; f_2], W_D = [f_1, f_2 + delta f_1], 0 < delta <= 1, leaves every reconstruction
 * exact and the penalty E sum_i sigma_i at p_11 (2 - delta) + p_10, strictly below the 2 p_11 + p_10 of delta = 0.
 * **Repair.** For any magnitudes with x_1 >= delta x_2: the penalty falls by delta E[x_2].
 * **Witness.** The instance's configuration is the moved one; delta is read off its first row.
 * **Not checked.** Decoder columns of length 1, which other penalties ask for.
 * Producer: ./witness.ts (untrusted).
 */

import { atomsOf } from '../../src/kernel/model/distribution.ts';
import { type Configuration, configurationOf, featureAt, type Instance } from '../../src/kernel/model/instance.ts';
import { encode } from '../../src/kernel/model/model.ts';
import { distributionOf, inputsAsFeatures, probability, trueLoss } from '../../src/kernel/model/trueLoss.ts';
import { ONE, Rational, sum, ZERO } from '../../src/kernel/numbers/rational.ts';
import { invalid } from '../../src/kernel/numbers/rejection.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { order, property } from '../../src/kernel/proof/fact.ts';
import { all, computed, type Goal } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';

/** E of sum_i sigma(W_E W_p x)_i. */
function penalty(m: Instance, at: Configuration): Rational {
  const inputs = inputsAsFeatures(m, atomsOf(distributionOf(m)));
  const { z, active } = encode(inputs, [at]);
  const codes = inputs.features.map((_, d) => sum(active.map((row, i) => (row[d] ? (z[i]?.[d]?.[0] ?? ZERO) : ZERO))));
  return sum(codes.map((code, d) => code.times(inputs.features[d]?.weight ?? ZERO)));
}

const two = (m: Instance): boolean => m.features.length === 2 && m.neurons === 2;
const notTwo = (m: Instance) => property('two-by-two', false, {}, { n: m.features.length, n_q: m.neurons });

/** The configuration of the statement for this delta; gates, where the instance has any, stay. */
function moved(m: Instance, delta: Rational): Configuration {
  const [parent, child] = [featureAt(m, 0), featureAt(m, 1)];
  return {
    ...configurationOf(m),
    we: [parent.wp.minus(child.wp.times(delta)), child.wp],
    wd: [parent.wr, child.wr.plus(parent.wr.times(delta))],
  };
}

/** e_1 = w_1 - delta w_2, along w_2. */
function deltaOf(m: Instance): Rational {
  const { wp: w } = featureAt(m, 1);
  return featureAt(m, 0)
    .wp.minus(configurationOf(m).we[0] ?? w)
    .dot(w)
    .over(w.dot(w));
}

const same = (a: Configuration, b: Configuration): boolean =>
  a.we.every((row, i) => b.we[i]?.equals(row)) && a.wd.every((row, i) => b.wd[i]?.equals(row));

const absorbing = given.hypothesis(
  'absorbing',
  'n = n_q = 2, and the configuration is the moved one for some 0 < delta <= 1',
  (m) => {
    const delta = two(m) ? deltaOf(m) : ZERO;
    const fits = delta.sign() > 0 && delta.compare(ONE) <= 0 && same(configurationOf(m), moved(m, delta));
    return computed(fits, property('absorbing', fits, {}, fits ? { delta } : {}));
  },
);

const hierarchical = given.hypothesis('hierarchical', 'feature 2 is active only with feature 1, and sometimes', (m) => {
  if (!two(m)) return computed(false, notTwo(m));
  const child = probability(m, (x) => x.at(1).sign() > 0);
  const orphan = probability(m, (x) => x.at(1).sign() > 0 && x.at(0).sign() === 0);
  const holds = child.sign() > 0 && orphan.sign() === 0;
  return computed(holds, property('hierarchical', holds, {}, { child, orphan }));
});

const binary = given.hypothesis('binary', 'features are 0 or 1', (m) => {
  const all01 = atomsOf(distributionOf(m)).every(({ x }) => x.entries().every((v) => v.sign() === 0 || v.equals(ONE)));
  return computed(all01, property('binary', all01));
});

const parentAbove = given.hypothesis('parent-above', 'x_1 >= delta x_2', (m) => {
  if (!two(m)) return computed(false, notTwo(m));
  const below = probability(m, (x) => x.at(0).compare(deltaOf(m).times(x.at(1))) < 0);
  return computed(below.sign() === 0, order('Pr(x_1 < delta x_2)', below, '', ZERO));
});

/** Both reconstruct exactly, and the penalty falls from that of delta = 0 by `fall`. */
function absorbs(m: Instance, expected: (delta: Rational) => Rational, formula: string): Goal {
  if (!two(m)) invalid('missing-data', '$.instance', 'two features and two neurons', 'others');
  const delta = deltaOf(m);
  const [plain, at] = [moved(m, ZERO), configurationOf(m)];
  const [before, after] = [penalty(m, plain), penalty(m, at)];
  const [plainLoss, loss] = [trueLoss(m, plain), trueLoss(m, at)];
  const lossless = plainLoss.sign() === 0 && loss.sign() === 0;
  const value = expected(delta);
  const holds = after.equals(value) && after.compare(before) < 0;
  return all(
    computed(lossless, property('lossless', lossless, {}, { 'delta = 0': plainLoss, [`delta = ${delta}`]: loss })),
    computed(holds, {
      relation: 'penalty',
      after: `${after}`,
      before: `${before}`,
      expected: { name: formula, value: `${value}` },
    }),
  );
}

const shared = [given.unitNorm, given.activationIs(['relu']), given.noInterference, absorbing, hierarchical];

export const absorptionPenalty: Claim = {
  id: 'Chanin',
  title: 'absorption leaves the reconstruction and lowers the sparsity penalty',
  rules: [],
  readings: {
    paper: {
      says: 'loss 0 for every delta, and penalty p_11 (2 - delta) + p_10',
      hypotheses: [...shared, binary],
      conclusion: (m) =>
        absorbs(
          m,
          (delta) => {
            const both = probability(m, (x) => x.at(0).sign() > 0 && x.at(1).sign() > 0);
            const parent = probability(m, (x) => x.at(0).sign() > 0 && x.at(1).sign() === 0);
            return both.times(Rational.of(2n).minus(delta)).plus(parent);
          },
          'p_11 (2 - delta) + p_10',
        ),
    },
    repaired: {
      says: 'with any magnitudes x_1 >= delta x_2, loss 0 and the penalty falls by delta E[x_2]',
      hypotheses: [...shared, parentAbove],
      conclusion: (m) =>
        absorbs(
          m,
          (delta) => {
            const child = sum(atomsOf(distributionOf(m)).map(({ probability: p, x }) => p.times(x.at(1))));
            return penalty(m, moved(m, ZERO)).minus(delta.times(child));
          },
          'the penalty of delta = 0 less delta E[x_2]',
        ),
    },
  },
};
