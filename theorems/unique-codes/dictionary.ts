/**
 * # HS-dictionary, HS-wide Which dictionaries code the same
 * **Statement (Hillar and Sommer, Theorem 1).** Some k (m choose k)^2 k-sparse vectors in R^m are such that for any n x m matrix A with the spark condition (5) their images have "a unique sparse coding": another n x m matrix B
 * that codes these, by k-sparse vectors too, is A up to the order and the scale of its columns. Here: if B codes every k-sparse combination of the w_d, then each w_d is a multiple of a column of B. B is W_D, k that of Top-k, m
 * the number of features; codes are of either sign.
 * **Refutation.** k = m, which Theorem 1 does not exclude (the introduction has k far below m, and Lemma 1 k < m): m columns of full rank code everything. What codes every k-sparse combination codes any Y.
 * **Repair.** k < m. Each span of k of the w_d is that of k columns of B, as its dimension is k, and Lemma 1 says that A = B P D (with fewer columns, some more of 0).
 * **HS-wide.** With 2 m - k columns, k >= 2, some B lacks w_1: B has w_2 .. w_m, and w_1 + w_j for m - k + 1 of the j. Each k of the w_d with w_1 among them have such a j with them, and k columns span them.
 * **Not checked.** Lemma 1, which the paper proves. Codes >= 0: B may have none for what A codes by such.
 * Producer: ./witness.ts (untrusted).
 */

import { type Configuration, type Instance, inputs } from '../../src/kernel/model/instance.ts';
import { rank } from '../../src/kernel/numbers/elimination.ts';
import { invalid } from '../../src/kernel/numbers/rejection.ts';
import type { Matrix, Vector } from '../../src/kernel/numbers/vector.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { numbered, property } from '../../src/kernel/proof/fact.ts';
import { all, computed, type Goal, judge, not, some } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { exclusionRules } from '../../src/kernel/rules/exclusion.ts';
import { existenceRules } from '../../src/kernel/rules/existence.ts';
import { subsets, uniqueCodeRules } from '../../src/kernel/rules/uniqueCodes.ts';
import { sparsity } from './statement.ts';

const size = (m: Instance): number => m.features.length;
const k = (m: Instance): number => sparsity(m).k;

const spark = given.hypothesis('spark', 'k-sparse codes, of either sign, are unique', (m) =>
  judge({ predicate: 'unique-codes', k: k(m), signed: true }),
);
const noMoreColumns = given.hypothesis('no-more-columns', 'n_q <= n', (m) =>
  given.atLeast('n', size(m), 'n_q', m.neurons),
);
const sparse = given.hypothesis('sparse', 'k < n', (m) => given.exceeds('n', size(m), 'k', k(m)));
const twoSparse = given.hypothesis('two-sparse', 'k >= 2', (m) => given.atLeast('k', k(m), '', 2));
const wide = given.hypothesis('wide', 'n_q >= 2 n - k', (m) =>
  given.atLeast('n_q', m.neurons, '2 n - k', 2 * size(m) - k(m)),
);

/** The first k of the w_d that no k of the columns span. */
function uncoded(m: Instance, { wd }: Configuration): readonly number[] | undefined {
  const coded = (own: Matrix): boolean => {
    for (const chosen of subsets(wd.length, Math.min(k(m), wd.length))) {
      const columns = chosen.map((i) => wd[i] as Vector);
      if (rank([...columns, ...own]) === rank(columns)) return true;
    }
    return false;
  };
  const w = inputs(m);
  for (const set of subsets(w.length, Math.min(k(m), w.length))) {
    if (!coded(set.map((d) => w[d] as Vector))) return set;
  }
  return undefined;
}

function codesAll(m: Instance, at: Configuration): Goal {
  const failing = uncoded(m, at);
  return computed(!failing, property('codes-all', !failing, failing ? { features: numbered(failing) } : {}));
}

const parallel = (v: Vector, w: Vector): boolean => !v.isZero() && rank([v, w]) === 1;

/** That some w_d is a multiple of no column. */
function loses(m: Instance, { wd }: Configuration): Goal {
  const lost = inputs(m).findIndex((w) => !wd.some((u) => parallel(u, w)));
  return computed(lost >= 0, property('loses', lost >= 0, lost >= 0 ? { features: [lost + 1] } : {}));
}

/** None: where Lemma 1 applies; and where k = 1, as each w_d is then coded by a column alone. */
const other = (m: Instance): Goal => {
  if (m.nr !== m.np) invalid('missing-data', '$.instance', 'n_r = n_p', `${m.nr} and ${m.np}`);
  return judge({
    predicate: 'exists',
    what: 'columns that code every k-sparse combination, without one of the directions',
    such: (at) => all(codesAll(m, at), loses(m, at)),
    unless: () => some(all(noMoreColumns.goal(m), sparse.goal(m), spark.goal(m)), not(twoSparse.goal(m))),
  });
};

const unique = {
  says: 'columns that code every k-sparse combination have each direction, up to scale',
  conclusion: (m: Instance) => not(other(m)),
};

export const uniqueDictionary: Claim = {
  id: 'HS-dictionary',
  title: 'a dictionary is determined by its k-sparse combinations',
  rules: [existenceRules, exclusionRules, uniqueCodeRules],
  readings: {
    paper: { ...unique, hypotheses: [noMoreColumns, spark] },
    repaired: { ...unique, hypotheses: [noMoreColumns, spark, sparse] },
  },
};

export const wideDictionary: Claim = {
  id: 'HS-wide',
  title: 'a wider dictionary codes the same without one of the directions',
  rules: [existenceRules, exclusionRules, uniqueCodeRules],
  readings: {
    repaired: {
      says: 'some columns code every k-sparse combination, and one of the directions is a multiple of none of them',
      hypotheses: [twoSparse, wide, spark],
      conclusion: other,
    },
  },
};
