/**
 * # T4-dimension How large the set of zero-loss solutions is
 * **Statement (paper, after Theorem 3.4).** The system r_d = W_D sigma(W_E w_d) for all d is underdetermined when n_q > n. Near the
 * instance's configuration, a zero of it: its n n_r equations leave more free than the rescaling of neurons, e_i by s and u_i by 1/s.
 * **Repair.** An exact number: where the codes sigma(W_E w_d) are independent and no pre-activation is at a kink, the solutions near it form a
 * manifold of n_q (n_p + n_r) - n n_r dimensions, n_q of them rescalings; the rest is the identifiability defect.
 * **Witness.** None: the rank of the Jacobian is computed. Its rows are the n n_r residuals, its columns the entries of W_E and W_D.
 * **Not checked.** Far from the configuration, and at kinks. That the rank of the Jacobian is the codimension is the implicit function theorem.
 * Producer: ./witness.ts (untrusted).
 */
import { kinks } from '../../src/kernel/activation.ts';
import type { Claim, Hypothesis } from '../../src/kernel/claim.ts';
import { rank } from '../../src/kernel/elimination.ts';
import { computed } from '../../src/kernel/goal.ts';
import { configurationOf, type Instance } from '../../src/kernel/instance.ts';
import { encode, evaluate } from '../../src/kernel/model.ts';
import { type Rational, ZERO } from '../../src/kernel/rational.ts';
import { type Matrix, Vector } from '../../src/kernel/vector.ts';

const zeroResiduals: Hypothesis = {
  name: 'zero-residuals',
  says: 'r_d = W_D sigma(W_E w_d) for every d',
  goal: (m) => {
    const d = evaluate(m, [configurationOf(m)]).residuals.findIndex((rho) => !rho[0]?.isZero());
    return computed(d < 0, d < 0 ? 'every residual is 0' : `the residual of feature ${d + 1} is not 0`);
  },
};

const offKinks: Hypothesis = {
  name: 'off-kinks',
  says: 'no pre-activation is at a kink',
  goal: (m) => {
    const { z, gate, active } = encode(m, [configurationOf(m)]);
    const found = kinks(m.activation, z, active, gate).length;
    return computed(found === 0, `${found} pre-activations at a kink`);
  },
};

const moreNeurons: Hypothesis = {
  name: 'more-neurons',
  says: 'n_q > n',
  goal: (m) => computed(m.neurons > m.features.length, `n_q = ${m.neurons}, n = ${m.features.length}`),
};

/** sigma(W_E w_d)_i, feature by feature. */
function codes(m: Instance): Rational[][] {
  const { z, active } = encode(m, [configurationOf(m)]);
  return m.features.map((_, d) => active.map((row, i) => (row[d] ? (z[i]?.[d]?.[0] ?? ZERO) : ZERO)));
}

const independentCodes: Hypothesis = {
  name: 'independent-codes',
  says: 'sigma(W_E W_p) has rank n',
  goal: (m) => {
    const found = rank(codes(m).map((code) => Vector.of(code)));
    return computed(found === m.features.length, `sigma(W_E W_p) has rank ${found}, n = ${m.features.length}`);
  },
};

/** d(W_D sigma(W_E w_d))_r, active sets held fixed: u_ir w_d for e_i where i is active, sigma_i for the entry (r, i) of W_D. */
export function jacobian(m: Instance): Matrix {
  const { wd } = configurationOf(m);
  const { active } = encode(m, [configurationOf(m)]);
  const passed = codes(m);
  return m.features.flatMap((f, d) =>
    Array.from({ length: m.nr }, (_, r) => {
      const encoder = wd.flatMap((u, i) => f.wp.times(active[i]?.[d] ? u.at(r) : ZERO).entries());
      const decoder = wd.flatMap((_u, i) =>
        Array.from({ length: m.nr }, (_, k) => (k === r ? (passed[d]?.[i] ?? ZERO) : ZERO)),
      );
      return Vector.of([...encoder, ...decoder]);
    }),
  );
}

const sizes = (m: Instance) => ({
  parameters: m.neurons * (m.np + m.nr),
  equations: m.features.length * m.nr,
});

export const dimension: Claim = {
  id: 'T4-dimension',
  title: 'how underdetermined zero loss is',
  readings: {
    paper: {
      says: 'with n_q > n, more is free at zero loss than the rescaling of neurons',
      hypotheses: [moreNeurons, zeroResiduals, offKinks],
      conclusion: (m) => {
        const { parameters } = sizes(m);
        const found = rank(jacobian(m));
        const free = parameters - found - m.neurons;
        return computed(
          free > 0,
          `${parameters} parameters, Jacobian of rank ${found}, ${m.neurons} rescalings: ${free} left`,
        );
      },
    },
    repaired: {
      says: 'with independent codes the solutions have n_q (n_p + n_r) - n n_r dimensions',
      hypotheses: [zeroResiduals, offKinks, independentCodes],
      conclusion: (m) => {
        const { parameters, equations } = sizes(m);
        const found = rank(jacobian(m));
        const says = `dimension ${parameters} - ${found}, identifiability defect ${parameters - found - m.neurons}`;
        return computed(found === equations, `${says}; n n_r = ${equations}`);
      },
      assumes: [
        'the implicit function theorem: the solutions near the point have as many dimensions as the Jacobian leaves free',
      ],
    },
  },
};
