/**
 * # Hedging-one The best single neuron merges every feature
 * **Statement.** One ReLU neuron without bias, orthonormal targets, features linked by occurring together: of a configuration that no other betters, the column has a positive component along every feature,
 * correlated or not. Chanin, Dulka and Garriga-Alonso (arXiv 2505.11756) plot the true loss of such a neuron, for two features; they say nothing of more.
 * **Proof.** Let y = W_r x and S = E[y y^T]. (1) For a column u the best codes, of any sign, are <u, y> / |u|^2, so L >= tr S - u^T S u / |u|^2 >= tr S - lambda, lambda the largest eigenvalue of S (Eckart and Young). (2) If
 * (tr S - L) I - S >= 0 then L <= tr S - lambda: so both are equalities, u is an eigenvector of lambda, and the codes are <u, y> / |u|^2. (3) In the basis of the r_d, S is E[x x^T] >= 0, irreducible as the features are linked. So
 * (Perron and Frobenius) u is v or -v up to scale, all entries of v being positive. (4) The codes are >= 0, and E<v, y> > 0: so u is v.
 * **Not checked.** That a best one exists: for an SAE with orthonormal directions it does, e = v / |v|^2 and u = v, as <v, W_p x> >= 0.
 */

import { type Atom, atomsOf } from '../../src/kernel/model/distribution.ts';
import { configurationOf, type Instance, targets } from '../../src/kernel/model/instance.ts';
import { distributionOf, trueLoss } from '../../src/kernel/model/trueLoss.ts';
import { ONE, Rational, sum, ZERO } from '../../src/kernel/numbers/rational.ts';
import { combine, type Matrix, outerSum, Vector } from '../../src/kernel/numbers/vector.ts';
import { spend } from '../../src/kernel/numbers/work.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { order } from '../../src/kernel/proof/fact.ts';
import { all, computed, judge } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { definiteRules } from '../../src/kernel/rules/definite.ts';

/** S = E[y y^T], n_r x n_r. */
function moment(m: Instance): Matrix {
  const atoms = atomsOf(distributionOf(m));
  const y = atoms.map(({ x }: Atom) => combine(x.entries(), targets(m), m.nr));
  const p = atoms.map(({ probability }) => probability);
  return outerSum(p, y, y, [m.nr, m.nr]);
}

const oneNeuron = given.hypothesis('one-neuron', 'n_q = 1', (m) =>
  given.atMost('n_q', Rational.of(BigInt(m.neurons)), '', ONE),
);

const orthonormalTargets = given.hypothesis('orthonormal-targets', 'the r_d are orthonormal', (m) =>
  given.everyFeature(m, 'orthonormal-targets', (d) =>
    targets(m)
      .slice(0, d + 1)
      .every((r, c) => m.features[d]?.wr.dot(r).equals(c === d ? ONE : ZERO)),
  ),
);

/** From the first feature, which occurs, to every other, each step to one that occurs together with one reached. */
const linked = given.hypothesis('linked', 'the features are linked by occurring together', (m) => {
  const atoms = atomsOf(distributionOf(m));
  const together = (c: number, d: number): boolean => {
    spend(200 * atoms.length);
    return atoms.some(({ x }) => x.at(c).sign() > 0 && x.at(d).sign() > 0);
  };
  const reached = new Set(together(0, 0) ? [0] : []);
  // A set is walked on through what is added on the way.
  for (const c of reached) for (const d of m.features.keys()) if (together(c, d)) reached.add(d);
  return given.everyFeature(m, 'linked', (d) => reached.has(d));
});

const bestOfAll = given.hypothesis('best-of-all', 'no configuration of one neuron has less true loss', (m) => {
  const S = moment(m);
  const rows = S.map((_, k) => Vector.of(S.map((_, l) => (k === l ? ONE : ZERO))));
  const lambda = sum(S.map((row, k) => row.at(k))).minus(trueLoss(m, configurationOf(m)));
  const matrix = S.map((row, k) => (rows[k] as Vector).times(lambda).minus(row));
  return judge({ predicate: 'definite', matrix, what: { matrix: 'moment', lambda: `${lambda}` } });
});

export const hedgingOne: Claim = {
  id: 'Hedging-one',
  title: 'the best single neuron merges every feature that is linked to others',
  rules: [definiteRules],
  readings: {
    repaired: {
      says: 'its column has a positive component along every feature',
      hypotheses: [given.activationIs(['relu']), orthonormalTargets, oneNeuron, linked, bestOfAll],
      conclusion: (m) => {
        const [u] = configurationOf(m).wd as [Vector];
        return all(
          targets(m).map((r, d) => computed(u.dot(r).sign() > 0, order(`<u, r_${d + 1}>`, u.dot(r), '', ZERO))),
        );
      },
    },
  },
};
