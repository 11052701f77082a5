/**
 * # T6-perron Perron-Frobenius traps
 * **Statement.** If the directions are independent, and in each set of the partition P the Gram matrix of the targets is non-negative
 * and irreducible, then P carries a local minimum of L~.
 * **Proof.** On z = W_F^T e the pencil of a set is (M G M, M), M the weights and G the Gram matrix: M^(1/2) G M^(1/2) is non-negative and
 * irreducible, so its largest eigenvalue has a positive eigenvector (Perron, Frobenius). The directions being independent, a row has
 * these pre-activations on its set and -1 elsewhere, and a dead one -1 everywhere: a strict point with the largest eigenvalues.
 * **Witness.** That point, over Q(lambda).
 * **Not checked.** Dependent directions (n > n_p), where the cone off the set can fail: T6-minimum decides those.
 * Producer: src/solve/landscape (untrusted) finds the point.
 */

import { featureAt, type Instance, inputs, patternOf } from '../../src/kernel/model/instance.ts';
import { rank } from '../../src/kernel/numbers/elimination.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { numbered, property } from '../../src/kernel/proof/fact.ts';
import { computed, judge } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { blockRules } from '../../src/kernel/rules/blocks.ts';
import { classRules } from '../../src/kernel/rules/classes.ts';
import { criticalRules } from '../../src/kernel/rules/critical.ts';
import { enclosedRules } from '../../src/kernel/rules/enclosed.ts';
import { everyPointRules } from '../../src/kernel/rules/everyPoint.ts';

const independent = given.hypothesis('independent-directions', 'the w_d are independent', (m) =>
  given.atLeast('rank W_p', rank(inputs(m)), 'n', m.features.length),
);

/** No <r_c, r_d> < 0 within the set, and each feature is linked to every other by a chain of positive ones. */
function friendly(m: Instance, set: readonly number[]): boolean {
  const gram = (c: number, d: number): number => featureAt(m, c).wr.dot(featureAt(m, d).wr).sign();
  const reached = new Set(set.slice(0, 1));
  for (const c of reached) for (const d of set) if (gram(c, d) > 0) reached.add(d);
  return reached.size === set.length && set.every((c) => set.every((d) => gram(c, d) >= 0));
}

const acute = given.hypothesis(
  'acute-targets',
  'in each set the Gram matrix of the targets is non-negative and irreducible',
  (m) => {
    const failing = patternOf(m).find((set) => !friendly(m, set));
    return computed(!failing, property('acute-targets', !failing, failing ? { features: numbered(failing) } : {}));
  },
);

export const perronFrobenius: Claim = {
  id: 'T6-perron',
  title: 'Perron-Frobenius traps',
  rules: [criticalRules, classRules, everyPointRules, blockRules, enclosedRules],
  readings: {
    repaired: {
      says: 'P carries a local minimum',
      lifts: true,
      hypotheses: [given.activationIs(['relu']), given.positiveWeights, given.partition, independent, acute],
      conclusion: (m) => judge({ predicate: 'critical', pattern: patternOf(m), as: 'minimum' }),
    },
  },
};
