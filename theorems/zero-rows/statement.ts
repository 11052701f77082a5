/**
 * # T6-null, T6-row What a neuron at 0 undoes
 * **Statement.** ReLU, some row e_j = 0. T6-null: where u_j = 0 too, L~ > 0, and what a row passes on the features are independent functions of it, the configuration is no local
 * minimum. T6-row: nor is it where another neuron i is off every kink and H_i = sum_d M_d rho_d w_d^T, over the features d that it is active on, is not 0. Both for any
 * pattern, whatever the other neurons do, at kinks or not. Spurious partial minima are said to trap; neither text says these.
 * **Proof.** Let phi(v) = sum_d M_d f_d(v) rho_d, f_d(v) = ReLU(<v, w_d>). T6-null: not all M_d rho_d are 0 and the f_d are independent, so phi(v) is not 0
 * for some v. On the curve e_j = t v, u_j = t phi(v) neuron j adds t^2 f_d(v) phi(v) on feature d, so L~ changes by -2 t^2 |phi(v)|^2 + O(t^4).
 * T6-row: if phi(e_i) is not 0, L~ falls along u_i + t phi(e_i), by 2 t |phi(e_i)|^2 at first order. Else H_i e_i = phi(e_i) = 0. As H_i is not 0 some x has h = H_i x not 0, and x
 * can be turned so that <h, u_j> >= 0. On the curve e_j = t^3 e_i + t^4 x, u_j + t h neuron j is active, for small t > 0, where neuron i is, and passes
 * t^3 <e_i, w_d> + t^4 <x, w_d>. So L~ changes by -2 <t^3 H_i e_i + t^4 h, u_j + t h> + O(t^6) = -2 t^4 <h, u_j> - 2 t^5 |h|^2 + O(t^6).
 * **Witness.** Such a curve.
 * **Not checked.** Gradient descent at such a point: the gradient in e_j may be 0. A local minimum with e_j = 0 there is: n = 1, w = r = 1, n_q = 1, e = 0, u = -1.
 * Producer: src/solve/decide/descent.ts (untrusted).
 */

import { configurationOf, type Instance, inputs, weights } from '../../src/kernel/model/instance.ts';
import { type Evaluation, evaluate } from '../../src/kernel/model/model.ts';
import type { Rational } from '../../src/kernel/numbers/rational.ts';
import { combine, type Vector } from '../../src/kernel/numbers/vector.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { property } from '../../src/kernel/proof/fact.ts';
import { computed, type Goal, judge, not } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { independentResponses, positiveLoss } from '../../src/kernel/proof/independence.ts';
import { localMinimumRules } from '../../src/kernel/rules/localMinimum.ts';

/** That some neuron is as `name` says, with the first that is. */
const someNeuron = (name: string, found: number): Goal =>
  computed(found >= 0, property(name, found >= 0, found >= 0 ? { neuron: found + 1 } : {}));

const nullNeuron = given.hypothesis('null-neuron', 'row and column of some neuron are 0', (m) => {
  const { we, wd } = configurationOf(m);
  return someNeuron(
    'null-neuron',
    we.findIndex((e, j) => e.isZero() && (wd[j] as Vector).isZero()),
  );
});

const zeroRow = given.hypothesis('zero-row', 'the row of some neuron is 0', (m) =>
  someNeuron(
    'zero-row',
    configurationOf(m).we.findIndex((e) => e.isZero()),
  ),
);

/** That neuron i is off every kink and some row of H_i is not 0. One row at a time: of many inputs a whole H_i is long. */
function unsettled(m: Instance, i: number, { z, active, residuals }: Evaluation): boolean {
  if ((z[i] ?? []).some((value) => value[0] === undefined || value[0].sign() === 0)) return false;
  const set = m.features.flatMap((_, d) => (active[i]?.[d] ? [d] : []));
  const M = weights(m);
  const w = inputs(m);
  const rho = residuals.map((terms) => terms[0] as Vector);
  for (let k = 0; k < m.nr; k++) {
    const pull = set.map((d) => (M[d] as Rational).times((rho[d] as Vector).at(k)));
    const row = combine(
      pull,
      set.map((d) => w[d] as Vector),
      m.np,
    );
    if (!row.isZero()) return true;
  }
  return false;
}

const unsettledRow = given.hypothesis('unsettled-row', 'some neuron is off every kink, and its H_i is not 0', (m) => {
  const evaluation = evaluate(m, [configurationOf(m)]);
  return someNeuron(
    'unsettled-row',
    evaluation.z.findIndex((_, i) => unsettled(m, i, evaluation)),
  );
});

const noMinimum = (m: Instance): Goal => not(judge({ predicate: 'local-minimum', at: configurationOf(m) }));

export const nullNeurons: Claim = {
  id: 'T6-null',
  title: 'no local minimum of positive loss has a null neuron',
  rules: [localMinimumRules],
  readings: {
    repaired: {
      says: 'the configuration is no local minimum',
      lifts: true,
      hypotheses: [given.activationIs(['relu']), nullNeuron, positiveLoss, independentResponses],
      conclusion: noMinimum,
    },
  },
};

export const zeroRows: Claim = {
  id: 'T6-row',
  title: 'beside a zero row, a neuron off its kinks has H_i = 0 at a local minimum',
  rules: [localMinimumRules],
  readings: {
    repaired: {
      says: 'the configuration is no local minimum',
      lifts: true,
      hypotheses: [given.activationIs(['relu']), zeroRow, unsettledRow],
      conclusion: noMinimum,
    },
  },
};
