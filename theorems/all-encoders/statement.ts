/**
 * # T6-encoders Partial minima over all encoders
 * **Statement.** Theorem 3.6 is about partial minima over the encoders of one region Omega_P. Read charitably, in the plain sense of Gorski, Pfeuffer and
 * Klamroth (2007), W_D is best for W_E, and W_E is best for W_D among *all* encoders. About the instance's configuration: is it that? Nothing is said of its loss or pattern.
 * **Proof of yes.** (1) L~ is convex in W_D, so W_D is best iff its gradient is 0. (2) Let s_d >= 0 be the code of feature d, what each neuron passes on it, and
 * rho_d its residual. L~ = sum_d M_d |r_d - W_D s_d|^2 is convex in the codes, and those of any encoder are >= 0 with these activations. So if for each pair
 * M_d <rho_d, u_i> <= 0, and = 0 where s_{i,d} > 0, no codes s' have less loss (Kuhn and Tucker): L~(s') - L~(s) >= -2 sum M_d <rho_d, u_i> (s'_{i,d} - s_{i,d}) >= 0.
 * **Proof of no.** A gradient in W_D that is not 0; or an encoder with the same W_D and less loss.
 * **Not checked.** Where directions depend on each other, the best codes may be those of no encoder: then a yes may have no such proof, and is `undecided`.
 * Whether some configuration of a pattern is one: T6-plain.
 * Producer: ./witness.ts (untrusted).
 */

import { type Configuration, configurationOf, type Instance } from '../../src/kernel/model/instance.ts';
import { approximateLoss, evaluate, gradients } from '../../src/kernel/model/model.ts';
import { sum, ZERO } from '../../src/kernel/numbers/rational.ts';
import { equalMatrices } from '../../src/kernel/numbers/vector.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { order, property } from '../../src/kernel/proof/fact.ts';
import { all, computed, type Goal, judge, not } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { exclusionRules } from '../../src/kernel/rules/exclusion.ts';
import { existenceRules } from '../../src/kernel/rules/existence.ts';

/** What they pass is >= 0. */
const nonNegative = given.activationIs(['relu', 'jumprelu', 'topk', 'batchtopk']);

function bestDecoder(m: Instance, at: Configuration): Goal {
  const square = sum(gradients(m, at).wd.map((column) => column.dot(column)));
  const holds = square.sign() === 0;
  return computed(holds, property('best-decoder', holds, {}, { square }));
}

/** For each pair M_d <rho_d, u_i> <= 0, and = 0 where neuron i is active; with the first that is not so. */
function bestCodes(m: Instance, at: Configuration): Goal {
  const { active, residuals } = evaluate(m, [at]);
  const pairs = at.wd.flatMap((u, i) =>
    m.features.map(({ weight }, d) => ({ i, d, pull: residuals[d]?.[0]?.dot(u).times(weight) ?? ZERO })),
  );
  const failing = pairs.find(({ i, d, pull }) => pull.sign() > 0 || (active[i]?.[d] && pull.sign() < 0));
  if (!failing) return computed(true, property('best-codes', true));
  const { i, d, pull } = failing;
  return computed(false, property('best-codes', false, { neuron: i + 1, features: [d + 1] }, { pull }));
}

const lessLoss = (m: Instance, at: Configuration): Goal =>
  judge({
    predicate: 'exists',
    what: 'the same W_D and a smaller L~',
    such: (other) => {
      const same = equalMatrices(other.wd, at.wd);
      const [less, loss] = [approximateLoss(m, other), approximateLoss(m, at)];
      return all(
        computed(same, property('same-decoder', same)),
        computed(less.compare(loss) < 0, order('L~', less, 'L~ of the configuration', loss)),
      );
    },
    unless: () => all(nonNegative.goal(m), bestCodes(m, at)),
  });

/** Each block is best for the other, among all. */
export const bestBoth = (m: Instance, at: Configuration): Goal => all(bestDecoder(m, at), not(lessLoss(m, at)));

export const bestEncoder: Claim = {
  id: 'T6-encoders',
  title: 'which configurations are partial minima over all encoders',
  rules: [existenceRules, exclusionRules],
  readings: {
    repaired: {
      says: 'W_D is best for W_E, and W_E for W_D, among all encoders and decoders',
      lifts: true,
      hypotheses: [],
      conclusion: (m) => bestBoth(m, configurationOf(m)),
    },
  },
};
