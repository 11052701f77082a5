/**
 * # T6-valley, T6-exit No configuration with enough neurons is at the bottom of a valley
 * **Statement.** Suppose that what a row passes on the features are independent functions of it. T6-valley: with n_q >= n a path along which L~ never rises leads from the configuration, any configuration, to L~ = 0. T6-exit: whatever
 * n_q is, where L~ > 0 and the codes of the n_q neurons are dependent, such a path leads to a smaller L~; so it does from every configuration with a
 * dead neuron. ReLU or JumpReLU, any pattern, any weights, kinks or not. Spurious partial minima are said to trap: here the dead neurons that
 * they come with are the way out. Neither the paper nor its walkthrough says so; compare Venturi, Bandeira and Bruna (JMLR 2019).
 * **Proof.** Rule `valley-exit` has the path. That there is one for every instance: let Z be the codes of the weighted features, n_q x n. T6-exit: some
 * row of Z is a combination of the others; free it. M_d rho_d is not 0 for all d, so some v has sum_d M_d f_d(v) rho_d not 0, the f_d being independent.
 * T6-valley: keep neurons whose codes are a basis of the row space, free n - rank Z of the others. The codes f(v) of all v span R^n, for a
 * relation sum_d c_d f_d = 0 has c = 0: so rows v complete the basis, rational ones, as the codes are linear between hyperplanes.
 * **Witness.** The neurons freed, with the coefficients of their codes in those of the others, and their new rows; T6-valley: a prime, and pivots.
 * **Not checked.** Whether gradient descent finds the path: on its level parts the gradient may be 0. Not so for Top-k, where a row with a column of 0
 * can displace another.
 * Producer: the general deciders (untrusted) eliminate modulo a prime, and draw rows.
 *
 * # T6-path Is there a path on which L~ never rises, from this configuration to less?
 * **Statement.** A question about the instance's configuration, whatever the number of neurons. Both gradients may be 0 there, and yet a kink be the beginning of a path.
 * **Witness.** As for T6-exit; or (rule `steps`) configurations one after the other, columns and rows by turns.
 * **Not checked.** That there is no path: nothing proves that a configuration is the bottom of a valley.
 */

import { configurationOf, type Instance } from '../../src/kernel/model/instance.ts';
import { rank } from '../../src/kernel/numbers/elimination.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { type Goal, judge } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { independentResponses, positiveLoss } from '../../src/kernel/proof/independence.ts';
import { codes, valleyRules } from '../../src/kernel/rules/valley.ts';

const byRows = given.activationIs(['relu', 'jumprelu']);

/** With n_q > n they have to be, and nobody need compute the rank. */
const dependentCodes = given.hypothesis('dependent-codes', 'the codes of the neurons are linearly dependent', (m) =>
  m.neurons > m.features.length
    ? given.exceeds('n_q', m.neurons, 'n', m.features.length)
    : given.exceeds('n_q', m.neurons, 'rank Z', rank(codes(m, configurationOf(m)))),
);

const exit = (m: Instance, to: 'zero' | 'lower'): Goal =>
  judge({ predicate: 'valley-exit', at: configurationOf(m), to });

export const valleys: Claim = {
  id: 'T6-valley',
  title: 'with n_q >= n and independent responses no configuration is at the bottom of a valley',
  rules: [valleyRules],
  readings: {
    repaired: {
      says: 'a path along which L~ never rises leads from the configuration to L~ = 0',
      lifts: true,
      hypotheses: [byRows, given.enoughNeurons, independentResponses],
      conclusion: (m) => exit(m, 'zero'),
    },
  },
};

export const exits: Claim = {
  id: 'T6-exit',
  title: 'where codes are dependent, and responses are not, there is a way to less loss',
  rules: [valleyRules],
  readings: {
    repaired: {
      says: 'a path along which L~ never rises leads from the configuration to a smaller L~',
      lifts: true,
      hypotheses: [byRows, positiveLoss, dependentCodes, independentResponses],
      conclusion: (m) => exit(m, 'lower'),
    },
  },
};

export const paths: Claim = {
  id: 'T6-path',
  title: 'from which configurations a path without a rise leads to less',
  rules: [valleyRules],
  readings: {
    repaired: {
      says: 'a path along which L~ never rises leads from the configuration to a smaller L~',
      lifts: true,
      hypotheses: [byRows, positiveLoss],
      conclusion: (m) => exit(m, 'lower'),
    },
  },
};
