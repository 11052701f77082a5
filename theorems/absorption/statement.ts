/**
 * # T8 Feature absorption from hierarchy
 * **Statement.** Let P = (F_1, .., F_M) be realizable, F_i the sub-concepts of parent i. For every parent i*, for *any*
 * (walkthrough, Theorem 3.10) or for *some* (paper, Theorem 3.8) sub-concept j*, the pattern that splits j* off,
 * P' = (.., F_i* without j*, {j*}, ..), is realizable.
 * **Refutation.** One parent for whose every j* (walkthrough: for one j*) a Farkas vector excludes P'.
 * **Repair.** For some j*, with JumpReLU, theta > 0 and distinct unit directions: scale the parent's row until only its weakest
 * sub-concept drops out.
 * T8-polysemantic: what is left is polysemantic, as the paper's "pattern exhibiting feature absorption" and k_i >= 2 suggest. With two
 * sub-concepts it is not: the split gives both their own neuron, which is right. It takes three.
 * T8-loss, that it does not raise the loss: ./loss.ts. T8-hierarchy, of a stated hierarchy: ./hierarchy.ts. T8-minima, whether what is left traps: ./minima.ts.
 * **Not checked.** That parents are concepts: only directions enter. A neuron with two features or more is a parent.
 * Producer: ./witness.ts (untrusted).
 */

import { type Instance, type Pattern, patternOf } from '../../src/kernel/model/instance.ts';
import { ZERO } from '../../src/kernel/numbers/rational.ts';
import { spend } from '../../src/kernel/numbers/work.ts';
import type { Claim, Hypothesis } from '../../src/kernel/proof/claim.ts';
import { order, property } from '../../src/kernel/proof/fact.ts';
import { all, computed, type Goal, judge, some } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { realizabilityRules } from '../../src/kernel/rules/realizability.ts';

/** P' (equation 21): feature j leaves F_i, and a new neuron after i carries {j} alone. */
export function splitOff(pattern: Pattern, i: number, j: number): Pattern {
  // Kept by the goal, one pattern for each sub-concept.
  spend(1000 * pattern.reduce((total, set) => total + set.length + 1, 0));
  return pattern.flatMap((set, k) => (k === i ? [set.filter((d) => d !== j), [j]] : [set]));
}

export function parents(m: Instance): { i: number; set: readonly number[] }[] {
  return patternOf(m).flatMap((set, i) => (set.length >= 2 ? [{ i, set }] : []));
}

export const hasParent: Hypothesis = given.hypothesis(
  'has-parent',
  'some neuron carries two sub-concepts or more',
  (m) => given.exceeds('parents', parents(m).length, '', 0),
);

const positiveThreshold = given.hypothesis('positive-threshold', 'theta > 0', ({ activation }) => {
  const theta = activation.kind === 'jumprelu' ? activation.theta : undefined;
  const holds = (theta?.sign() ?? 0) > 0;
  return computed(holds, theta ? order('theta', theta, '', ZERO) : property('threshold', false));
});

/** Neuron i keeps two sub-concepts or more when one is split off. */
const staysPolysemantic = (m: Instance): Goal =>
  all(
    parents(m).map(({ i, set }) =>
      computed(set.length >= 3, { relation: 'split', neuron: i + 1, features: set.length }),
    ),
  );

export const threeSubConcepts: Hypothesis = given.hypothesis('three-sub-concepts', 'no parent has just two', (m) => {
  const few = parents(m).find(({ set }) => set.length < 3);
  return computed(few === undefined, property('three-sub-concepts', !few, few ? { neuron: few.i + 1 } : {}));
});

export const absorbs =
  (quantifier: typeof all) =>
  (m: Instance): Goal =>
    all(
      parents(m).map(({ i, set }) =>
        quantifier(set.map((j) => judge({ predicate: 'realizable', pattern: splitOff(patternOf(m), i, j) }))),
      ),
    );

export const absorption: Claim = {
  id: 'T8',
  title: 'feature absorption from hierarchy',
  rules: [realizabilityRules],
  readings: {
    walkthrough: {
      says: 'any sub-concept can be split off',
      lifts: true,
      hypotheses: [given.unitNorm, hasParent, given.realizable],
      conclusion: absorbs(all),
    },
    paper: {
      says: 'some sub-concept can be split off',
      lifts: true,
      hypotheses: [given.unitNorm, hasParent, given.realizable],
      conclusion: absorbs(some),
    },
    repaired: {
      says: 'some sub-concept can be split off under JumpReLU with theta > 0',
      lifts: true,
      hypotheses: [
        given.unitNorm,
        hasParent,
        given.realizable,
        given.activationIs(['jumprelu']),
        positiveThreshold,
        given.distinctDirections,
      ],
      conclusion: absorbs(some),
    },
  },
};

export const absorbedPattern: Claim = {
  id: 'T8-polysemantic',
  title: 'the pattern after absorption is polysemantic',
  rules: [],
  readings: {
    paper: {
      says: 'with k_i >= 2 sub-concepts, the parent stays polysemantic when one is split off',
      lifts: true,
      hypotheses: [given.unitNorm, hasParent],
      conclusion: staysPolysemantic,
    },
    repaired: {
      says: 'the same, with k_i >= 3',
      lifts: true,
      hypotheses: [given.unitNorm, hasParent, threeSubConcepts],
      conclusion: staysPolysemantic,
    },
  },
};
