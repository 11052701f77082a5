/**
 * # T2 Piecewise biconvexity
 * **Statement (paper, Theorem 3.2).** On R^(n_r x n_q) x Omega_P, L~ is convex in W_D for fixed W_E, and convex in W_E over Omega_P for
 * fixed W_D. P is the instance's pattern. The paper's Omega_P has sigma(W_E w_d)_i > 0 (Definition 3.1), the walkthrough's
 * <e_i, w_d> > c: c is theta for JumpReLU and 0 else.
 * **Refutation.** Pure Top-k lets negative pre-activations pass, so Omega_P does not say which: a point above a chord.
 * **Repair.** Omega_P by sigma's own active sets: then every activation of equation 10 is affine on it.
 * **Witness.** That the region fixes the active sets, and at the instance's configuration the halves of both Hessians as L D L^T:
 * G_D = sum_d M_d s_d s_d^T with s_d = sigma(W_E w_d), the same for each row of W_D; G_E with blocks
 * sum over d active in i and j of M_d <u_i, u_j> w_d w_d^T.
 * **Not checked.** Gates as variables: they stay as the instance has them.
 * Producer: the general deciders (untrusted) bring factors of the Hessians, and search chords of the region for a violation.
 */

import { configurationOf, type Instance, patternOf, type Region, weights } from '../../src/kernel/model/instance.ts';
import { encode, samePattern } from '../../src/kernel/model/model.ts';
import { regionPattern } from '../../src/kernel/model/region.ts';
import { ZERO } from '../../src/kernel/numbers/rational.ts';
import { type Matrix, outerSum, Vector } from '../../src/kernel/numbers/vector.ts';
import { spend } from '../../src/kernel/numbers/work.ts';
import type { Claim, Hypothesis, Reading } from '../../src/kernel/proof/claim.ts';
import { property, setsOf } from '../../src/kernel/proof/fact.ts';
import { all, computed, judge } from '../../src/kernel/proof/goal.ts';
import { biconvexityRules } from '../../src/kernel/rules/biconvexity.ts';
import { definiteRules } from '../../src/kernel/rules/definite.ts';

const inRegion = (region: Region): Hypothesis => ({
  name: 'in-region',
  says: "the configuration's encoder lies in Omega_P",
  goal: (m) => {
    const shown = regionPattern(m, configurationOf(m), region);
    const holds = samePattern(shown, patternOf(m));
    return computed(holds, property(`in-region-${region}`, holds, { pattern: setsOf(shown) }));
  },
});

/** The halves G_D (n_q x n_q) and G_E (n_q n_p x n_q n_p) of the Hessians, active sets held fixed. */
export function halfHessians(m: Instance): { decoder: Matrix; encoder: Matrix } {
  const at = configurationOf(m);
  spend(2000 * (m.neurons * m.np) ** 2);
  const { z, active } = encode(m, [at]);
  const codes = m.features.map((_, d) =>
    Vector.of(at.we.map((_, i) => (active[i]?.[d] ? (z[i]?.[d]?.[0] ?? ZERO) : ZERO))),
  );
  const decoder = outerSum(weights(m), codes, codes, [m.neurons, m.neurons]);
  // Row r of the residual of d changes by <u_ir w_d over the active i, change of W_E>.
  const changes = m.features.flatMap((f, d) =>
    Array.from({ length: m.nr }, (_, r) => {
      const blocks = at.wd.map((u, i) => f.wp.times(active[i]?.[d] ? u.at(r) : ZERO));
      return { weight: f.weight, change: Vector.of(blocks.flatMap((block) => block.entries())) };
    }),
  );
  const size = m.neurons * m.np;
  const rows = changes.map((c) => c.change);
  const encoder = outerSum(
    changes.map((c) => c.weight),
    rows,
    rows,
    [size, size],
  );
  return { decoder, encoder };
}

const reading = (says: string, region: Region): Reading => ({
  says,
  lifts: true,
  hypotheses: [inRegion(region)],
  conclusion: (m) => {
    const { decoder, encoder } = halfHessians(m);
    return all(
      judge({ predicate: 'biconvex', pattern: patternOf(m), region }),
      judge({ predicate: 'definite', matrix: decoder, what: { matrix: 'hessian', block: 'W_D' } }),
      judge({ predicate: 'definite', matrix: encoder, what: { matrix: 'hessian', block: 'W_E' } }),
    );
  },
});

export const biconvexity: Claim = {
  id: 'T2',
  title: 'L~ is biconvex on each region of a pattern',
  rules: [biconvexityRules, definiteRules],
  readings: {
    walkthrough: reading('biconvex where the same pre-activations exceed a threshold', 'threshold'),
    paper: reading('biconvex where the same sigma(W_E w_d)_i are positive', 'positive'),
    repaired: reading('biconvex where sigma lets the same neurons pass', 'active'),
  },
};
