/**
 * # T2-global Convexity over all encoders
 * **Statement (paper, section 1).** "We theoretically prove that SDL optimization is biconvex", without *piecewise*: L~ is convex in W_D for each W_E, and convex in W_E, over all encoders, for each W_D.
 * **Refutation.** Three encoders on a line, and L~ of the middle one above the chord. n = 1, w = r = 1, ReLU, u = 1: L~ = 0, 1, 1 at e = 1, 0, -1.
 * **Repair (section 3.2: "non-convex globally due to activation discontinuities").** In W_E and W_D together L~ is never convex, whatever sigma, and also for the identity, which has no discontinuity, nor a kink:
 * the product of the two is enough. Let L~ < Z at the configuration, Z = sum_d M_d |r_d|^2. L~ = Z at (W_E / 2, 0) and at (0, -W_D), as nothing comes out. The first lies half way from (W_E, W_D) to the second,
 * where a chord has (L~ + Z) / 2 < Z.
 * **Witness.** The chord; the configuration.
 * **Not checked.** Where a repeated 0 is a tie: sigma that passes the largest pre-activations, whatever their sign.
 * Producer: the general deciders (untrusted) try chords.
 */
import { type Configuration, configurationOf, type Instance } from '../../src/kernel/model/instance.ts';
import { approximateLoss } from '../../src/kernel/model/model.ts';
import { Rational, sum } from '../../src/kernel/numbers/rational.ts';
import type { Matrix } from '../../src/kernel/numbers/vector.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { order } from '../../src/kernel/proof/fact.ts';
import { computed, judge } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { biconvexityRules } from '../../src/kernel/rules/biconvexity.ts';

const times = (rows: Matrix, s: string): Matrix => rows.map((row) => row.times(Rational.parse(s) as Rational));

/** At (s W_E, t W_D). */
const lossAt = (m: Instance, s: string, t: string): Rational => {
  const at: Configuration = configurationOf(m);
  return approximateLoss(m, { ...at, we: times(at.we, s), wd: times(at.wd, t) });
};

const belowNothing = given.hypothesis('below-nothing', 'L~ < sum_d M_d |r_d|^2', (m) => {
  const [here, nothing] = [lossAt(m, '1', '1'), sum(m.features.map((f) => f.weight.times(f.wr.dot(f.wr))))];
  return computed(here.compare(nothing) < 0, order('L~', here, 'sum M |r|^2', nothing));
});

export const globalConvexity: Claim = {
  id: 'T2-global',
  title: 'L~ is biconvex over all encoders',
  rules: [biconvexityRules],
  readings: {
    paper: {
      says: 'for each W_D, L~ is convex in W_E over all encoders',
      hypotheses: [],
      conclusion: () => judge({ predicate: 'biconvex', pattern: [], region: 'everywhere' }),
    },
    repaired: {
      says: 'L~ is not convex in W_E and W_D together',
      hypotheses: [belowNothing],
      conclusion: (m) => {
        const [from, to, between] = [lossAt(m, '1', '1'), lossAt(m, '0', '-1'), lossAt(m, '1/2', '0')];
        const chord = from.plus(to).times(Rational.of(1n, 2n));
        return computed(between.compare(chord) > 0, order('L~ half way', between, 'half the sum of both ends', chord));
      },
    },
  },
};
