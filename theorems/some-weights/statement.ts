/**
 * # T6-weights Theorem 3.6 with weights of one's own choice
 * **Statement.** Theorem 3.6 gives every realizable polysemantic partition P a partial minimum of positive loss, whatever the weights M_d: T6 refutes that. Read
 * charitably, the weights are to be found: for some M > 0 P carries a point with both gradients 0 and L~ > 0. The instance's own weights do not matter.
 * **Refutation.** W_p = I, targets (1, 0), (-1, 0), (0, 1), P = ({1,2,3}, ..): the third target pulls the column where the first two cannot both follow. And for an
 * SAE: w = (1, 0), (4/5, 3/5), (3/5, -4/5), P = ({1,2}, {3}, ..).
 * **Repair.** Every SAE with independent directions has such weights, for each polysemantic partition. Let W be the directions of a set F, as columns, and G = W^T W. If no
 * y > 0 had G y > 0, then a + G b = 0 with a, b >= 0, not both 0 (Gordan), so b^T a + |W b|^2 = 0: W b = 0, b = 0 and a = 0. So some rational y > 0 has z = G y > 0.
 * As all directions are independent, some e has <e, w_d> = z_d on F and 0 elsewhere. With M_d = y_d / z_d and u = W y / sum_F y_d z_d, where sum_F y_d z_d = |W y|^2, one
 * has <w_d, u> = z_d |u|^2 and sum_F M_d z_d (w_d - z_d u) = 0: both gradients are 0. An empty set has e = u = 0. Where two features are merged
 * their targets are independent, so not both are multiples of u, and L~ > 0.
 * **Witness.** The weights and the point; or for one neuron the multipliers that exclude both u = 0 and u not 0 (rule `no-weights`).
 * **Not checked.** Weights of which some are 0; partial minima on faces, where a gradient is not 0: the second refutation has one for every M.
 * Producer: src/solve/decide/someWeights.ts (untrusted).
 */

import { inputs, patternOf } from '../../src/kernel/model/instance.ts';
import { rank } from '../../src/kernel/numbers/elimination.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { judge } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { realizabilityRules } from '../../src/kernel/rules/realizability.ts';
import { weightRules } from '../../src/kernel/rules/weights.ts';

const sae = given.hypothesis('sae', 'r_d = w_d for every d', (m) =>
  given.everyFeature(m, 'sae', (d) => m.features[d]?.wr.equals(m.features[d].wp) ?? false),
);

const independent = given.hypothesis('independent-directions', 'the w_d are independent', (m) =>
  given.atLeast('rank W_p', rank(inputs(m)), 'n', m.features.length),
);

export const someWeights: Claim = {
  id: 'T6-weights',
  title: 'with some weights spurious points are on every merged partition',
  rules: [realizabilityRules, weightRules],
  readings: {
    ours: {
      says: 'with some weights M > 0, P carries a point with both gradients 0 and positive loss',
      lifts: true,
      hypotheses: [
        given.unitNorm,
        given.twoFeatures,
        given.enoughNeurons,
        given.realizable,
        given.polysemantic,
        given.partition,
      ],
      conclusion: (m) => judge({ predicate: 'some-weights', pattern: patternOf(m) }),
    },
    repaired: {
      says: 'with some weights M > 0, P carries a point with both gradients 0 and positive loss',
      hypotheses: [given.activationIs(['relu']), sae, independent, given.polysemantic, given.partition],
      conclusion: (m) => judge({ predicate: 'some-weights', pattern: patternOf(m) }),
    },
  },
};
