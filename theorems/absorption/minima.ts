/**
 * # T8-minima Absorbed patterns as partial minima
 * **Statement (paper, sections 3.5 and 6).** "Hierarchical concept structures naturally induce realizable polysemantic patterns that manifest as partial minima": each realizable pattern that splits
 * a sub-concept off a parent of three or more carries a partial minimum with positive loss. By Theorem 3.6 it does, if P is a partition and n_q >= n.
 * **Refutation.** A split that is realizable and carries none: T6, asked of P'.
 * **Repair.** What T6 has: whether a pattern carries a point where both gradients are 0 is decided set by set.
 * In a file of its own, so that T8 rests on no rule about minima. Producer: ./witness.ts (untrusted).
 */
import { type Instance, patternOf } from '../../src/kernel/model/instance.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { all, type Goal, judge, not, some } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { criticalRules } from '../../src/kernel/rules/critical.ts';
import { partialMinimumRules } from '../../src/kernel/rules/partialMinimum.ts';
import { realizabilityRules } from '../../src/kernel/rules/realizability.ts';
import { hasParent, parents, splitOff, threeSubConcepts } from './statement.ts';

/** Of each parent, and each of its sub-concepts. */
const splitsTrap = (m: Instance): Goal =>
  all(
    parents(m).flatMap(({ i, set }) =>
      set.map((j) => {
        const pattern = splitOff(patternOf(m), i, j);
        return some(
          judge({ predicate: 'partial-minimum', pattern, stationary: false }),
          not(judge({ predicate: 'realizable', pattern })),
        );
      }),
    ),
  );

export const absorbedMinima: Claim = {
  id: 'T8-minima',
  title: 'absorbed patterns are partial minima',
  rules: [realizabilityRules, partialMinimumRules, criticalRules],
  readings: {
    paper: {
      says: 'each realizable pattern that splits a sub-concept off carries a partial minimum with positive loss',
      lifts: true,
      hypotheses: [given.unitNorm, given.enoughNeurons, hasParent, threeSubConcepts, given.partition, given.realizable],
      conclusion: splitsTrap,
      assumes: ['L~ is convex in each block on Omega_P (Theorem 3.2), so zero gradients make a partial minimum'],
    },
  },
};
