/**
 * # T6-orthogonal What the proof of Theorem 3.6 shows
 * **Statement.** Where the gradient of L~ in W_D is 0, the gradient in each encoder row e_i is orthogonal to that row. The proof of Theorem 3.6 needs this gradient to be 0; between its
 * equations 64 and 65 it has the number <e, w_d> in place of the vector w_d, and so only this.
 * **Proof.** With residuals rho_d and active sets as they are, the gradients are -2 sum M_d z_{i,d} rho_d in u_i and -2 sum M_d <rho_d, u_i> w_d in e_i, over the features d that i is active on. As
 * z_{i,d} = <e_i, w_d>, both have the same product, -2 sum M_d z_{i,d} <rho_d, u_i>: the first with u_i, the second with e_i. So where the first is 0 so is the second product. For each sigma that passes what it passes
 * unchanged; where it is positively homogeneous (ReLU, Top-k) this is Euler's identity, for L~ stays where e_i is s times as long and u_i 1/s times.
 * **Not checked.** Whether L~ has a gradient there: at a kink this is the gradient of one side.
 */

import { configurationOf, type Instance } from '../../src/kernel/model/instance.ts';
import { gradients } from '../../src/kernel/model/model.ts';
import { sum, ZERO } from '../../src/kernel/numbers/rational.ts';
import type { Vector } from '../../src/kernel/numbers/vector.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { order } from '../../src/kernel/proof/fact.ts';
import { all, computed, type Goal } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';

const stationaryDecoder = given.hypothesis('stationary-decoder', 'the gradient of L~ in W_D is 0', (m) => {
  const square = sum(gradients(m, configurationOf(m)).wd.map((g) => g.dot(g)));
  return computed(square.sign() === 0, order('|grad_W_D L~|^2', square, '', ZERO));
});

/** <grad_{e_i} L~, e_i> = 0 for every i; each with the square of that gradient. */
function orthogonal(m: Instance): Goal {
  const at = configurationOf(m);
  return all(
    gradients(m, at).we.map((g, i) => {
      const product = g.dot(at.we[i] as Vector);
      const where = { [`|grad_${i + 1}|^2`]: g.dot(g) };
      return computed(product.sign() === 0, order(`<grad_${i + 1}, e_${i + 1}>`, product, '', ZERO, where));
    }),
  );
}

export const orthogonalGradient: Claim = {
  id: 'T6-orthogonal',
  title: 'where the decoder is stationary, each encoder gradient is orthogonal to its row',
  rules: [],
  readings: {
    repaired: {
      says: '<grad_{e_i} L~, e_i> = 0 for every neuron i',
      lifts: true,
      hypotheses: [stationaryDecoder],
      conclusion: orthogonal,
    },
  },
};
