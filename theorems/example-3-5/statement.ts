/**
 * # E5 The 2 x 2 spurious minimum
 * **Statement (paper, Example 3.5).** Orthonormal features, e_1 = (1, 1), u_1 = (1/2, 1/2), e_2 = u_2 = 0: polysemantic, both
 * gradients 0, L~ = 1 > 0. The instance brings the configuration.
 * **Repair.** What it is depends on sigma: a local minimum under Top-1 after ReLU, a saddle under ReLU and Top-k with k >= 2, where
 * the dead neuron can wake up.
 * **Not checked.** That gradient descent stays there.
 * Producer: the general deciders (untrusted); the instance brings the configuration.
 */

import { configurationOf, type Instance } from '../../src/kernel/model/instance.ts';
import { approximateLoss, patternShown } from '../../src/kernel/model/model.ts';
import { ZERO } from '../../src/kernel/numbers/rational.ts';
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

export const example35: Claim = {
  id: 'E5',
  title: 'the 2 x 2 spurious minimum',
  rules: [localMinimumRules],
  readings: {
    paper: {
      says: 'polysemantic, both gradients 0, positive loss',
      hypotheses: [given.unitNorm],
      conclusion: (m) => spurious(m, false),
    },
    repaired: {
      says: 'a local minimum under Top-1, a saddle under ReLU and Top-k with k >= 2',
      hypotheses: [given.unitNorm, given.activationIs(['relu', 'topk'])],
      conclusion: (m) => {
        const minimum = judge({ predicate: 'local-minimum', at: configurationOf(m) });
        const isTop1 = m.activation.kind === 'topk' && m.activation.k === 1;
        return all(spurious(m, true), isTop1 ? minimum : not(minimum));
      },
    },
  },
};
