/**
 * # T6-spanning, T6-overlap Where directions span positively, no strict polysemantic partition traps
 * **Statement.** If the directions positively span R^n_p and n_q >= n, no strict local minimum of L~ shows the polysemantic partition P, one of
 * whose sets has targets that make C of rank 2 or more. The opposite of what Theorem 3.6 is quoted for.
 * **Proof.** A polysemantic partition leaves a neuron dead, whose row has to be 0; it can wake along t (e_i + eps x). Rule
 * `no-strict-trap` has the details. Random directions positively span with high probability just when n > 2 n_p (Wendel).
 * T6-overlap: nor does any other P, whose sets may meet, that has an empty set, and a connected group of neurons whose C_i = sum over F_i of M_d r_d w_d^T, side by side, have a rank above their number. A group: from any neuron, all
 * that it reaches by sets that meet. T6-spanning is the case of a group of one; with sets that meet, L~ = 0 may be reached.
 * **Witness.** The positive relation of the directions; where the instance brings a strict configuration on P, a curve down
 * from it.
 * **Not checked.** Minima at kinks of live neurons: T6-minimum.
 * Producer: the general deciders (untrusted) find a positive relation, and a curve.
 */

import { type Encoder, type Instance, type Pattern, patternOf } from '../../src/kernel/model/instance.ts';
import { patternShown, pencil, samePattern } from '../../src/kernel/model/model.ts';
import { rank } from '../../src/kernel/numbers/elimination.ts';
import { Vector } from '../../src/kernel/numbers/vector.ts';
import { spend } from '../../src/kernel/numbers/work.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { property } from '../../src/kernel/proof/fact.ts';
import { all, computed, type Goal, judge, not } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { spanningRules } from '../../src/kernel/rules/directions.ts';
import { localMinimumRules } from '../../src/kernel/rules/localMinimum.ts';
import { strictTrapRules } from '../../src/kernel/rules/strictTrap.ts';

const spansPositively = given.hypothesis('spans-positively', 'the only row that is positive on no feature is 0', () =>
  judge({ predicate: 'spanning' }),
);

const rankTwo = given.hypothesis('rank-two', 'some set of P has C of rank 2 or more', (m) => {
  const i = patternOf(m).findIndex((set) => set.length > 0 && rank(pencil(m, set).c) >= 2);
  return computed(i >= 0, property('rank-two', i >= 0, i >= 0 ? { neuron: i + 1 } : {}));
});

/** The encoder shows P with no pre-activation 0 but in dead neurons: the claim is about no other configuration. */
const isStrict = (m: Instance, at: Encoder): boolean =>
  samePattern(patternShown(m, at), patternOf(m)) &&
  at.we.every((e, i) => patternOf(m)[i]?.length === 0 || m.features.every(({ wp }) => wp.dot(e).sign() !== 0));

const noTrap = (m: Instance): Goal => {
  const none = not(judge({ predicate: 'strict-trap', pattern: patternOf(m) }));
  const at = m.configuration;
  return at && isStrict(m, at) ? all(none, not(judge({ predicate: 'local-minimum', at }))) : none;
};

export const positiveSpanning: Claim = {
  id: 'T6-spanning',
  title: 'directions that span positively leave no strict trap',
  rules: [spanningRules, strictTrapRules, localMinimumRules],
  readings: {
    repaired: {
      says: 'no strict local minimum shows P',
      lifts: true,
      hypotheses: [
        given.activationIs(['relu']),
        given.positiveWeights,
        given.partition,
        given.polysemantic,
        given.enoughNeurons,
        spansPositively,
        rankTwo,
      ],
      conclusion: noTrap,
    },
  },
};

const emptySet = given.hypothesis('empty-set', 'some set of P is empty', (m) => {
  const j = patternOf(m).findIndex((set) => set.length === 0);
  return computed(j >= 0, property('empty-set', j >= 0, j >= 0 ? { neuron: j + 1 } : {}));
});

/** The groups of neurons that hang together by sets that meet, in the order of their first neurons. */
function groupsOf(pattern: Pattern): number[][] {
  const members = pattern.reduce((total, set) => total + set.length, pattern.length);
  const taken = new Set<number>();
  return pattern.flatMap((own, first) => {
    if (own.length === 0 || taken.has(first)) return [];
    let [group, size] = [[first], 0];
    while (size < group.length) {
      spend(100 * members);
      size = group.length;
      const met = new Set(group.flatMap((i) => pattern[i] ?? []));
      group = pattern.flatMap((set, i) => (set.some((d) => met.has(d)) ? [i] : []));
    }
    for (const i of group) taken.add(i);
    return [group];
  });
}

const rankToSpare = given.hypothesis(
  'rank-to-spare',
  'some group of neurons has [C_i] of a rank above their number',
  (m) => {
    const [first] = groupsOf(patternOf(m)).find((group) => {
      const blocks = group.map((i) => pencil(m, patternOf(m)[i] ?? []).c);
      const rows = Array.from({ length: m.nr }, (_, r) => Vector.of(blocks.flatMap((c) => c[r]?.entries() ?? [])));
      return rank(rows) > group.length;
    }) ?? [-1];
    const found = first !== undefined && first >= 0;
    return computed(found, property('rank-to-spare', found, found ? { neuron: first + 1 } : {}));
  },
);

export const overlappingSets: Claim = {
  id: 'T6-overlap',
  title: 'nor do sets that meet, where ranks exceed neurons',
  rules: positiveSpanning.rules,
  readings: {
    repaired: {
      says: 'no strict local minimum shows P',
      hypotheses: [given.activationIs(['relu']), spansPositively, emptySet, rankToSpare],
      conclusion: noTrap,
    },
  },
};
