/** What the search supposes beside the hypotheses of T6. Nothing here is trusted. */
import type { Rational } from '../../src/kernel/numbers/rational.ts';
import type { Hypothesis } from '../../src/kernel/proof/claim.ts';
import { order } from '../../src/kernel/proof/fact.ts';
import { all, computed } from '../../src/kernel/proof/goal.ts';
import { hypothesis, nonParallelTargets } from '../../src/kernel/proof/hypotheses.ts';

const larger = (a: Rational, b: Rational): Rational => (a.compare(b) < 0 ? b : a);
const smaller = (a: Rational, b: Rational): Rational => (a.compare(b) < 0 ? a : b);

/** The most charitable reading: the weights M_d are no part of the theorem, and no two targets are parallel. */
export const equalWeights: Hypothesis = hypothesis(
  'equal-weights',
  'all weights M_d are equal, and no r_c is parallel to r_d',
  (m) => {
    const weights = m.features.map(({ weight }) => weight);
    const [least, most] = [weights.reduce(smaller), weights.reduce(larger)];
    return all(
      computed(least.equals(most), order('least M_d', least, 'largest M_d', most)),
      nonParallelTargets.goal(m),
    );
  },
);
