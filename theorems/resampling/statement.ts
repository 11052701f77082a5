/**
 * # A2 Resampling dead neurons
 * **Statement (paper, section 5.3).** Resampling a dead neuron toward under-reconstructed directions escapes: with the encoder row
 * v = w_d of the worst reconstructed feature (largest M_d |rho_d|^2, the first of them) and its best decoder column, L~ falls.
 * **Refutation.** The residuals may cancel in that direction, so that the best column is 0.
 * **Repair.** With ReLU, some row v works whenever L~ > 0, if no two directions are positive multiples of each other and, where w and
 * -w both occur up to length, one of each such pair makes an independent set: then the functions v -> ReLU<v, w_d> are independent. With f_d =
 * ReLU<v, w_d> the exact decrease, all else fixed, is |sum_d M_d f_d rho_d|^2 / sum_d M_d f_d^2. For other activations, which a
 * certificate without hypothesis `activation` may be about, f_d is what they pass.
 * **Not checked.** What a training step makes of it afterwards.
 * Producer: ./witness.ts (untrusted).
 */

import {
  type Configuration,
  configurationOf,
  type Instance,
  inputs,
  weights,
} from '../../src/kernel/model/instance.ts';
import { approximateLoss, encode, evaluate } from '../../src/kernel/model/model.ts';
import { ONE, type Rational, sum, ZERO } from '../../src/kernel/numbers/rational.ts';
import { invalid } from '../../src/kernel/numbers/rejection.ts';
import { combine, type Matrix, Vector } from '../../src/kernel/numbers/vector.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { entriesOf, property } from '../../src/kernel/proof/fact.ts';
import { all, computed, judge, not, some } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { distinctRays, independentAntipodes, positiveLoss } from '../../src/kernel/proof/independence.ts';
import { exclusionRules } from '../../src/kernel/rules/exclusion.ts';
import { existenceRules } from '../../src/kernel/rules/existence.ts';

const residuals = (m: Instance): Vector[] => evaluate(m, [configurationOf(m)]).residuals.map((rho) => rho[0] as Vector);

const gates = ({ gate }: Configuration): Matrix => (gate ? [...gate.rows, gate.bias] : []);

/** The first neuron that is active on no feature, or -1. */
const dead = (m: Instance): number =>
  encode(m, [configurationOf(m)]).active.findIndex((row) => row.every((active) => !active));

/**
 * Row v with its best column, as `at`, and how far L~ falls with it in place of the dead neuron's, or as a further neuron where none is dead. sigma
 * may turn others off, so the residuals rho are those with v in place: sum_d M_d (|residual_d|^2 - |rho_d|^2), which is 0 for ReLU,
 * and |sum_d M_d f_d rho_d|^2 / sum_d M_d f_d^2.
 */
export function resampled(m: Instance, v: Vector): { readonly at: Configuration; readonly decrease: Rational } {
  const from = configurationOf(m);
  const found = dead(m);
  if (found < 0 && from.gate)
    invalid('missing-data', '$.instance', 'a dead neuron, whose gate the new row has', 'none');
  const j = found < 0 ? m.neurons : found;
  const placed = (rows: Matrix, row: Vector): Matrix => [...rows.slice(0, j), row, ...rows.slice(j + 1)];
  const withColumn = (u: Vector): Configuration => ({ ...from, we: placed(from.we, v), wd: placed(from.wd, u) });
  const { z, active, residuals: rho, loss } = evaluate(m, [withColumn(Vector.zero(m.nr))]);
  const f = m.features.map((_, d) => (active[j]?.[d] ? (z[j]?.[d]?.[0] ?? ZERO) : ZERO));
  const M = weights(m);
  const pulled = combine(
    f.map((value, d) => value.times(M[d] ?? ZERO)),
    rho.map((row) => row[0] as Vector),
    m.nr,
  );
  const size = sum(f.map((value, d) => value.times(value).times(M[d] ?? ZERO)));
  const others = approximateLoss(m, from).minus(loss[0] ?? ZERO);
  const u = size.sign() === 0 ? pulled : pulled.times(ONE.over(size));
  return { at: withColumn(u), decrease: others.plus(pulled.dot(u)) };
}

function worst(m: Instance): number {
  const costs = residuals(m).map((rho, d) => (weights(m)[d] ?? ZERO).times(rho.dot(rho)));
  return costs.reduce((best, cost, d) => (cost.compare(costs[best] ?? ZERO) > 0 ? d : best), 0);
}

const deadNeuron = given.hypothesis('dead-neuron', 'some neuron is active on no feature', (m) =>
  computed(dead(m) >= 0, property('dead-neuron', dead(m) >= 0, dead(m) >= 0 ? { neuron: dead(m) + 1 } : {})),
);

/** Resampling to that row in place of the dead neuron's (0: as a further neuron, where none is dead). */
const lowers = (m: Instance, by: Rational, of: { feature?: number; row?: readonly string[] }) =>
  ({ relation: 'decrease', by: `${by}`, ...of, neuron: dead(m) + 1 }) as const;

export const resampling: Claim = {
  id: 'A2',
  title: 'resampling a dead neuron lowers the loss',
  rules: [existenceRules, exclusionRules],
  readings: {
    paper: {
      says: 'resampling to the direction of the worst reconstructed feature lowers L~',
      hypotheses: [given.unitNorm, given.activationIs(['relu']), deadNeuron, positiveLoss],
      conclusion: (m) => {
        const { decrease: gain } = resampled(m, inputs(m)[worst(m)] as Vector);
        return computed(gain.sign() > 0, lowers(m, gain, { feature: worst(m) + 1 }));
      },
    },
    repaired: {
      says: 'some row lowers L~, by |sum M_d f_d rho_d|^2 / sum M_d f_d^2',
      lifts: true,
      hypotheses: [given.activationIs(['relu']), deadNeuron, positiveLoss, distinctRays, independentAntipodes],
      conclusion: (m) => {
        const from = configurationOf(m);
        const j = dead(m);
        return judge({
          predicate: 'exists',
          what: 'a smaller loss by the formula, only a dead neuron changed',
          // No decrease is positive without a neuron to change, nor from L~ = 0.
          unless: () => some(not(deadNeuron.goal(m)), not(positiveLoss.goal(m))),
          such: (at) => {
            const same = (rows: Matrix, others: Matrix): boolean =>
              rows.every((row, i) => i === j || row.equals(others[i] as Vector));
            const kept = gates(at).every((row, i) => row.equals(gates(from)[i] as Vector));
            const gain = j < 0 ? ZERO : resampled(m, at.we[j] as Vector).decrease;
            const fallen = approximateLoss(m, from).minus(approximateLoss(m, at));
            const unchanged = kept && same(at.we, from.we) && same(at.wd, from.wd);
            return all(
              computed(unchanged, property('only-neuron-changes', unchanged, { neuron: j + 1 })),
              computed(
                gain.sign() > 0 && fallen.equals(gain),
                lowers(m, fallen, { row: entriesOf(at.we[j] ?? Vector.zero(m.np)) }),
              ),
            );
          },
        });
      },
    },
  },
};
