/**
 * # A2 Resampling dead neurons
 * **Statement (paper, section 5.3).** Resampling a dead neuron toward under-reconstructed directions escapes: with the encoder row
 * v = w_d of the worst reconstructed feature (largest M_d |rho_d|^2, the first of them) and its best decoder column, L~ falls.
 * **Refutation.** The residuals may cancel in that direction, so that the best column is 0.
 * **Repair.** With ReLU, some row v works whenever L~ > 0, if no two directions are positive multiples of each other and, where w and
 * -w both occur up to length, one of each such pair makes an independent set: then the functions v -> ReLU<v, w_d> are independent. With f_d =
 * ReLU<v, w_d> the exact decrease, all else fixed, is |sum_d M_d f_d rho_d|^2 / sum_d M_d f_d^2.
 * **Not checked.** What a training step makes of it afterwards.
 * Producer: ./witness.ts (untrusted).
 */
import type { Claim, Hypothesis } from '../../src/kernel/claim.ts';
import { rank } from '../../src/kernel/elimination.ts';
import { all, computed, judge } from '../../src/kernel/goal.ts';
import * as given from '../../src/kernel/hypotheses.ts';
import { configurationOf, type Instance, inputs, weights } from '../../src/kernel/instance.ts';
import { approximateLoss, encode, evaluate } from '../../src/kernel/model.ts';
import { type Rational, sum, ZERO } from '../../src/kernel/rational.ts';
import { combine, type Matrix, type Vector } from '../../src/kernel/vector.ts';

const residuals = (m: Instance): Vector[] => evaluate(m, [configurationOf(m)]).residuals.map((rho) => rho[0] as Vector);

/** The first neuron that is active on no feature, or -1. */
const dead = (m: Instance): number =>
  encode(m, [configurationOf(m)]).active.findIndex((row) => row.every((active) => !active));

/** |sum_d M_d f_d rho_d|^2 / sum_d M_d f_d^2 for the row v. */
export function decrease(m: Instance, v: Vector): Rational {
  const f = inputs(m).map((w) => (v.dot(w).sign() > 0 ? v.dot(w) : ZERO));
  const M = weights(m);
  const pulled = combine(
    f.map((value, d) => value.times(M[d] ?? ZERO)),
    residuals(m),
    m.nr,
  );
  const size = sum(f.map((value, d) => value.times(value).times(M[d] ?? ZERO)));
  return size.sign() === 0 ? ZERO : pulled.dot(pulled).over(size);
}

function worst(m: Instance): number {
  const costs = residuals(m).map((rho, d) => (weights(m)[d] ?? ZERO).times(rho.dot(rho)));
  return costs.reduce((best, cost, d) => (cost.compare(costs[best] ?? ZERO) > 0 ? d : best), 0);
}

const deadNeuron: Hypothesis = {
  name: 'dead-neuron',
  says: 'some neuron is active on no feature',
  goal: (m) => computed(dead(m) >= 0, dead(m) >= 0 ? `neuron ${dead(m) + 1} is dead` : 'no neuron is dead'),
};

const positiveLoss: Hypothesis = {
  name: 'positive-loss',
  says: 'L~ > 0',
  goal: (m) => {
    const loss = approximateLoss(m, configurationOf(m));
    return computed(loss.sign() > 0, `L~ = ${loss}`);
  },
};

/** w = s v with s > 0 (1), s < 0 (-1), or neither (0). */
function parallel(v: Vector, w: Vector): number {
  const product = v.dot(w);
  return product.times(product).equals(v.dot(v).times(w.dot(w))) ? product.sign() : 0;
}

const distinctRays: Hypothesis = {
  name: 'distinct-rays',
  says: 'no two directions are positive multiples of each other',
  goal: (m) => {
    const d = inputs(m).findIndex((w, k) =>
      inputs(m)
        .slice(0, k)
        .some((v) => parallel(v, w) > 0),
    );
    return computed(d < 0, d < 0 ? 'all rays differ' : `feature ${d + 1} has the ray of another`);
  },
};

/** One w of each pair of opposite rays. */
const antipodes = (m: Instance): Matrix =>
  inputs(m).filter((w, k) =>
    inputs(m)
      .slice(0, k)
      .some((v) => parallel(v, w) < 0),
  );

const independentAntipodes: Hypothesis = {
  name: 'independent-antipodes',
  says: 'one direction of each opposite pair, together, are independent',
  goal: (m) => {
    const pairs = antipodes(m);
    const found = pairs.length === 0 ? 0 : rank(pairs);
    return computed(found === pairs.length, `${pairs.length} opposite pairs of rank ${found}`);
  },
};

export const resampling: Claim = {
  id: 'A2',
  title: 'resampling a dead neuron lowers the loss',
  readings: {
    paper: {
      says: 'resampling to the direction of the worst reconstructed feature lowers L~',
      hypotheses: [given.unitNorm, given.activationIs(['relu']), deadNeuron, positiveLoss],
      conclusion: (m) => {
        const gain = decrease(m, inputs(m)[worst(m)] as Vector);
        return computed(gain.sign() > 0, `v = w_${worst(m) + 1} lowers L~ by ${gain}`);
      },
    },
    repaired: {
      says: 'some row lowers L~, by |sum M_d f_d rho_d|^2 / sum M_d f_d^2',
      hypotheses: [given.activationIs(['relu']), deadNeuron, positiveLoss, distinctRays, independentAntipodes],
      conclusion: (m) => {
        const from = configurationOf(m);
        const j = dead(m);
        return judge({
          predicate: 'exists',
          what: 'a smaller loss by the formula, only a dead neuron changed',
          such: (at) => {
            const same = (rows: Matrix, others: Matrix): boolean =>
              rows.every((row, i) => i === j || row.equals(others[i] as Vector));
            const gain = j < 0 ? ZERO : decrease(m, at.we[j] as Vector);
            const fallen = approximateLoss(m, from).minus(approximateLoss(m, at));
            return all(
              computed(same(at.we, from.we) && same(at.wd, from.wd), `only neuron ${j + 1} changes`),
              computed(gain.sign() > 0 && fallen.equals(gain), `v = ${at.we[j]} lowers L~ by ${fallen}`),
            );
          },
        });
      },
    },
  },
};
