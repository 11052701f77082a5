/**
 * # E5 The 2 x 2 spurious minimum
 * **Statement (paper, Example 3.5).** Orthonormal features, e_1 = (1, 1), u_1 = (1/2, 1/2), e_2 = u_2 = 0: polysemantic, both
 * gradients 0, L~ = 1 > 0. The instance brings the configuration.
 * **Repair.** What it is depends on sigma: a local minimum under Top-1 after ReLU, a saddle under ReLU and Top-k with k >= 2, where
 * the dead neuron can wake up. So for every merged pair: orthonormal w_1, w_2, |r_1| = |r_2|, <r_1, r_2> >= 0, r_1 != r_2, M_1 = M_2 = M > 0, e_1 = a (w_1 + w_2),
 * u_1 = (r_1 + r_2) / (2a), a > 0, all else 0. Then both gradients are 0 and L~ = M D / 2, D = |r_1 - r_2|^2. ReLU, Top-k: along e_2 = t (w_1 - w_2),
 * u_2 = t (r_1 - r_2) it is M D (1/4 + (1/2 - t^2)^2). Top-1: only neuron 1 passes, and its lambda = M (|r|^2 + <r_1, r_2>) is the largest.
 * (The others need not be saddles: with (-1, -1) and 0 for the second neuron nothing can wake.)
 * **Not checked.** That gradient descent stays there.
 * Producer: the general deciders (untrusted); the instance brings the configuration.
 */

import { configurationOf, type Instance } from '../../src/kernel/model/instance.ts';
import { approximateLoss, patternShown } from '../../src/kernel/model/model.ts';
import { ZERO } from '../../src/kernel/numbers/rational.ts';
import type { Matrix } from '../../src/kernel/numbers/vector.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { order, property, setsOf } from '../../src/kernel/proof/fact.ts';
import { all, computed, type Goal, judge, not } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { localMinimumRules } from '../../src/kernel/rules/localMinimum.ts';

/** Polysemantic, both gradients 0 (with `kinks`, whatever the sides of the kinks), positive loss. */
function spurious(m: Instance, withKinks: boolean): Goal {
  const at = configurationOf(m);
  const pattern = patternShown(m, at);
  const loss = approximateLoss(m, at);
  const polysemantic = pattern.some((set) => set.length >= 2);
  return all(
    computed(polysemantic, property('shows-polysemantic', polysemantic, { pattern: setsOf(pattern) })),
    given.stationary(m, at, withKinks),
    computed(loss.sign() > 0, order('L~', loss, '', ZERO)),
  );
}

const mergedPair = given.hypothesis('merged-pair', 'neuron 1 has merged two features, and the others are 0', (m) => {
  const { we, wd } = configurationOf(m);
  const holds = isMergedPair(m, we, wd);
  return computed(holds, property('merged-pair', holds));
});

function isMergedPair(m: Instance, [e, ...rows]: Matrix, [u, ...columns]: Matrix): boolean {
  const [one, two] = m.features;
  if (!one || !two || m.features.length > 2 || !e || !u || rows.length === 0) return false;
  const [sum, total] = [one.wp.plus(two.wp), one.wr.plus(two.wr)];
  const twice = e.dot(sum);
  return (
    one.wp.dot(two.wp).sign() === 0 &&
    one.wr.dot(one.wr).equals(two.wr.dot(two.wr)) &&
    one.wr.dot(two.wr).sign() >= 0 &&
    !one.wr.equals(two.wr) &&
    one.weight.equals(two.weight) &&
    one.weight.sign() > 0 &&
    // With |w_d| = 1 this is 2 a.
    twice.sign() > 0 &&
    e.plus(e).equals(sum.times(twice)) &&
    u.times(twice).equals(total) &&
    [...rows, ...columns].every((v) => v.isZero())
  );
}

export const example35: Claim = {
  id: 'E5',
  title: 'the 2 x 2 spurious minimum',
  rules: [localMinimumRules],
  readings: {
    paper: {
      says: 'polysemantic, both gradients 0, positive loss',
      lifts: true,
      hypotheses: [given.unitNorm],
      conclusion: (m) => spurious(m, false),
    },
    repaired: {
      says: 'a local minimum under Top-1, a saddle under ReLU and Top-k with k >= 2',
      hypotheses: [given.unitNorm, given.activationIs(['relu', 'topk']), mergedPair],
      conclusion: (m) => {
        const minimum = judge({ predicate: 'local-minimum', at: configurationOf(m) });
        const isTop1 = m.activation.kind === 'topk' && m.activation.k === 1;
        return all(spurious(m, true), isTop1 ? minimum : not(minimum));
      },
    },
  },
};
