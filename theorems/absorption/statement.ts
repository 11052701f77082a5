/**
 * # T8 Feature absorption from hierarchy
 * **Statement.** Let P = (F_1, .., F_M) be realizable, F_i the sub-concepts of parent i. For every parent i*, for *any*
 * (walkthrough, Theorem 3.10) or for *some* (paper, Theorem 3.8) sub-concept j*, the pattern that splits j* off,
 * P' = (.., F_i* without j*, {j*}, ..), is realizable.
 * **Refutation.** One parent for whose every j* (walkthrough: for one j*) a Farkas vector excludes P'.
 * **Repair.** For some j*, with JumpReLU, theta > 0 and distinct unit directions: scale the parent's row until only its weakest
 * sub-concept drops out.
 * **Not checked.** That parents are concepts: only directions enter. A neuron with two features or more is a parent.
 * Producer: ./witness.ts (untrusted).
 */
import type { Claim, Hypothesis } from '../../src/kernel/claim.ts';
import { all, computed, type Goal, judge, some } from '../../src/kernel/goal.ts';
import * as given from '../../src/kernel/hypotheses.ts';
import { type Instance, type Pattern, patternOf } from '../../src/kernel/instance.ts';

/** P' (equation 21): feature j leaves F_i, and a new neuron after i carries {j} alone. */
export function splitOff(pattern: Pattern, i: number, j: number): Pattern {
  return pattern.flatMap((set, k) => (k === i ? [set.filter((d) => d !== j), [j]] : [set]));
}

function parents(m: Instance): { i: number; set: readonly number[] }[] {
  return patternOf(m).flatMap((set, i) => (set.length >= 2 ? [{ i, set }] : []));
}

const hasParent: Hypothesis = {
  name: 'has-parent',
  says: 'some neuron carries two sub-concepts or more',
  goal: (m) => computed(parents(m).length > 0, `${parents(m).length} parents`),
};

const positiveThreshold: Hypothesis = {
  name: 'positive-threshold',
  says: 'theta > 0',
  goal: ({ activation }) => {
    const theta = activation.kind === 'jumprelu' ? activation.theta : undefined;
    return computed((theta?.sign() ?? 0) > 0, theta ? `theta = ${theta}` : 'no threshold');
  },
};

const absorbs =
  (quantifier: typeof all) =>
  (m: Instance): Goal =>
    all(
      ...parents(m).map(({ i, set }) =>
        quantifier(...set.map((j) => judge({ predicate: 'realizable', pattern: splitOff(patternOf(m), i, j) }))),
      ),
    );

export const absorption: Claim = {
  id: 'T8',
  title: 'feature absorption from hierarchy',
  readings: {
    walkthrough: {
      says: 'any sub-concept can be split off',
      hypotheses: [given.unitNorm, hasParent, given.realizable],
      conclusion: absorbs(all),
    },
    paper: {
      says: 'some sub-concept can be split off',
      hypotheses: [given.unitNorm, hasParent, given.realizable],
      conclusion: absorbs(some),
    },
    repaired: {
      says: 'some sub-concept can be split off under JumpReLU with theta > 0',
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
