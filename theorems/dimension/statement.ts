/**
 * # T4-dimension How large the set of zero-loss solutions is
 * **Statement (paper, after Theorem 3.4).** The system r_d = W_D sigma(W_E w_d) for all d is underdetermined when n_q > n. Near the
 * instance's configuration, a zero of it: its n n_r equations leave more free than the rescaling of neurons, e_i by s and u_i by 1/s.
 * **Repair.** An exact number: where the codes sigma(W_E w_d) are independent and no pre-activation is at a kink, the solutions near it form a
 * manifold of n_q (n_p + n_r) - n n_r dimensions, n_q of them rescalings; the rest is the identifiability defect.
 * **Witness.** None: the rank of the Jacobian is computed. Its rows are the residuals of features whose equations imply the others', its
 * columns the entries of W_E and W_D. Full rank is the codimension, by the implicit function theorem; less of it says nothing
 * (u_1 e_1 + u_2 e_2 = 0 at u = 0, e_1 = e_2), and neither verdict is accepted.
 * **Not checked.** Far from the configuration, and at kinks.
 * Producer: none; computing on the instance's own configuration settles it.
 */
import { kinks } from '../../src/kernel/model/activation.ts';
import { configurationOf, featureAt, type Instance } from '../../src/kernel/model/instance.ts';
import { encode, evaluate } from '../../src/kernel/model/model.ts';
import { rank } from '../../src/kernel/numbers/elimination.ts';
import { type Rational, ZERO } from '../../src/kernel/numbers/rational.ts';
import { invalid } from '../../src/kernel/numbers/rejection.ts';
import { type Matrix, Vector } from '../../src/kernel/numbers/vector.ts';
import type { Claim, Hypothesis } from '../../src/kernel/proof/claim.ts';
import { property } from '../../src/kernel/proof/fact.ts';
import { computed } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';

export const zeroResiduals: Hypothesis = given.hypothesis(
  'zero-residuals',
  'r_d = W_D sigma(W_E w_d) for every d',
  (m) => {
    const { residuals } = evaluate(m, [configurationOf(m)]);
    return given.everyFeature(m, 'zero-residuals', (d) => residuals[d]?.[0]?.isZero() ?? false);
  },
);

export const offKinks: Hypothesis = given.hypothesis('off-kinks', 'no pre-activation is at a kink', (m) => {
  const { z, gate, active } = encode(m, [configurationOf(m)]);
  const found = kinks(m.activation, z, active, gate).length;
  return computed(found === 0, property('off-kinks', found === 0, {}, { kinks: found }));
});

const moreNeurons = given.hypothesis('more-neurons', 'n_q > n', (m) =>
  given.exceeds('n_q', m.neurons, 'n', m.features.length),
);

/** sigma(W_E w_d)_i, feature by feature. */
function codes(m: Instance): Rational[][] {
  const { z, active } = encode(m, [configurationOf(m)]);
  return m.features.map((_, d) => active.map((row, i) => (row[d] ? (z[i]?.[d]?.[0] ?? ZERO) : ZERO)));
}

export const independentCodes: Hypothesis = given.hypothesis('independent-codes', 'sigma(W_E W_p) has rank n', (m) => {
  const found = rank(codes(m).map((code) => Vector.of(code)));
  return given.atLeast('rank sigma(W_E W_p)', found, 'n', m.features.length);
});

/**
 * Features whose equations, near the configuration, are all equations: where features c, d, ... are active in the same neurons A,
 * each says W_D(A) W_E(A) w = r, so that those of a basis of their directions imply the others; with A empty, or all `fixed`, they say nothing.
 */
function telling(m: Instance, fixed: number): number[] {
  const { active } = encode(m, [configurationOf(m)]);
  const classes = new Map<string, number[]>();
  for (const d of m.features.keys()) {
    const on = active.flatMap((row, i) => (row[d] ? [i] : []));
    if (on.every((i) => i < fixed)) continue;
    const basis = classes.get(`${on}`) ?? [];
    const directions = [...basis, d].map((c) => featureAt(m, c).wp);
    if (rank(directions) === directions.length) classes.set(`${on}`, [...basis, d]);
  }
  return [...classes.values()].flat();
}

/** d(W_D sigma(W_E w_d))_r, active sets held fixed: u_ir w_d for e_i where i is active, sigma_i for the entry (r, i) of W_D; the first `fixed` neurons left out. */
export function jacobian(m: Instance, features: readonly number[], fixed = 0): Matrix {
  const { wd } = configurationOf(m);
  const { active } = encode(m, [configurationOf(m)]);
  const passed = codes(m);
  return features.flatMap((d) =>
    Array.from({ length: m.nr }, (_, r) => {
      const encoder = wd.slice(fixed).flatMap((u, i) =>
        featureAt(m, d)
          .wp.times(active[i + fixed]?.[d] ? u.at(r) : ZERO)
          .entries(),
      );
      const decoder = wd
        .slice(fixed)
        .flatMap((_u, i) =>
          Array.from({ length: m.nr }, (_, k) => (k === r ? (passed[d]?.[i + fixed] ?? ZERO) : ZERO)),
        );
      return Vector.of([...encoder, ...decoder]);
    }),
  );
}

/**
 * The codimension of the solutions near the configuration, its first `fixed` neurons fixed: the rank of the Jacobian of the equations that imply all, if they are
 * independent to first order. If not, or off the solutions, or at a kink, it says nothing about them.
 */
export function codimension(m: Instance, fixed = 0): number {
  for (const { goal, says } of [zeroResiduals, offKinks]) {
    const found = goal(m);
    if (found.kind !== 'computed' || !found.holds) invalid('missing-data', '$.instance', says, 'not so');
  }
  const features = telling(m, fixed);
  const found = features.length === 0 ? 0 : rank(jacobian(m, features, fixed));
  const wanted = features.length * m.nr;
  return found === wanted
    ? found
    : invalid('missing-data', '$.instance', `a Jacobian of rank ${wanted}, to read the dimension off`, `${found}`);
}

const parameters = (m: Instance): number => m.neurons * (m.np + m.nr);

const dimensionOf = (m: Instance, rank: number) =>
  ({
    relation: 'dimension',
    parameters: parameters(m),
    rank,
    rescalings: m.neurons,
    equations: m.features.length * m.nr,
  }) as const;

export const dimension: Claim = {
  id: 'T4-dimension',
  title: 'how underdetermined zero loss is',
  rules: [],
  readings: {
    paper: {
      says: 'with n_q > n, more is free at zero loss than the rescaling of neurons',
      hypotheses: [moreNeurons, zeroResiduals, offKinks],
      conclusion: (m) => {
        const found = codimension(m);
        return computed(parameters(m) - found - m.neurons > 0, dimensionOf(m, found));
      },
    },
    repaired: {
      says: 'with independent codes the solutions have n_q (n_p + n_r) - n n_r dimensions',
      hypotheses: [zeroResiduals, offKinks, independentCodes],
      conclusion: (m) => {
        const found = codimension(m);
        return computed(found === m.features.length * m.nr, dimensionOf(m, found));
      },
      assumes: [
        'the implicit function theorem: the solutions near the point have as many dimensions as the Jacobian leaves free',
      ],
    },
  },
};
