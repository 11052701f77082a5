/**
 * # T8-hierarchy, T8-silent The hierarchies of Definition 3.2
 * **Statement.** T8-hierarchy: Theorem 3.8 as it stands, of parent concepts with sub-concepts: P = (F_1, .., F_M) are those of the instance's `hierarchy`.
 * T8-silent: let a parent p be a feature with sub-concepts c_1, .., c_k as Definition 3.2 has it, x_p > 0 iff some x_c > 0. Then none of them is ever active alone, so M_d = 0 for p
 * and each c, and L~, the loss that Theorems 3.2 to 3.8 are about, does not contain them.
 * **Proof of T8-silent.** x = x_d e_d with x_d > 0 says that d alone is active: of a sub-concept the parent would be missing, of the parent its sub-concepts.
 * **Not checked.** That labels are words for concepts. The distribution is that of the instance, finite.
 * Producer: ./witness.ts (untrusted).
 */

import { atomsOf } from '../../src/kernel/model/distribution.ts';
import { type Instance, patternOf } from '../../src/kernel/model/instance.ts';
import { distributionOf, withSoloWeights } from '../../src/kernel/model/trueLoss.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { numbered, property } from '../../src/kernel/proof/fact.ts';
import { computed, type Goal, some } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { realizabilityRules } from '../../src/kernel/rules/realizability.ts';
import { absorbs } from './statement.ts';

const ascending = (set: readonly number[]): string => `${[...set].sort((a, b) => a - b)}`;

const subConcepts = given.hypothesis(
  'sub-concepts',
  'P are the sub-concepts of the stated parents, two or more each',
  (m) => {
    const sets = patternOf(m).filter((set) => set.length > 0);
    const holds =
      sets.length === m.hierarchy.length &&
      m.hierarchy.every(({ children }, i) => children.length >= 2 && ascending(children) === ascending(sets[i] ?? []));
    return computed(holds, property('sub-concepts', holds));
  },
);

/** Each parent that is a feature, and its sub-concepts, which are others. */
const families = (m: Instance): { parent: number; children: readonly number[] }[] =>
  m.hierarchy.flatMap(({ parent, children }) => {
    const p = m.features.findIndex(({ label }) => label === parent);
    return p < 0 || children.length === 0 || children.includes(p) ? [] : [{ parent: p, children }];
  });

const parentIsFeature = given.hypothesis('parent-is-feature', 'some parent of the hierarchy is a feature', (m) =>
  given.exceeds('parents', families(m).length, '', 0),
);

const iffSomeChild = given.hypothesis('parent-iff-child', 'x_p > 0 iff some x_c > 0 (Definition 3.2)', (m) => {
  const wrong = families(m).find(({ parent, children }) =>
    atomsOf(distributionOf(m)).some(({ x }) => x.at(parent).sign() > 0 !== children.some((c) => x.at(c).sign() > 0)),
  );
  return computed(!wrong, property('parent-iff-child', !wrong, wrong ? { features: [wrong.parent + 1] } : {}));
});

/** That none of them has a weight, or the first that has. */
function silent(m: Instance): Goal {
  const { features } = withSoloWeights(m);
  const of = families(m).flatMap(({ parent, children }) => [parent, ...children]);
  const heard = of.find((d) => features[d]?.weight.sign() !== 0);
  return computed(
    heard === undefined,
    property('silent', heard === undefined, { features: numbered(heard === undefined ? of : [heard]) }),
  );
}

export const absorptionFromHierarchy: Claim = {
  id: 'T8-hierarchy',
  title: 'feature absorption from a stated hierarchy',
  rules: [realizabilityRules],
  readings: {
    paper: {
      says: 'some sub-concept of each parent can be split off',
      lifts: true,
      hypotheses: [given.unitNorm, subConcepts, given.realizable],
      conclusion: absorbs(some),
    },
  },
};

export const silentHierarchy: Claim = {
  id: 'T8-silent',
  title: 'L~ does not contain the features of a hierarchy',
  rules: [],
  readings: {
    ours: {
      says: 'M_d = Pr(x = x_d e_d) E[x_d^2 | x_d > 0] = 0 for each parent and each of its sub-concepts',
      hypotheses: [parentIsFeature, iffSomeChild],
      conclusion: silent,
    },
  },
};
