/**
 * # Probe A linear boundary after projection
 * **Statement (Barin Pacela, Joshi, Camacho, Lacoste-Julien and Klindt, arXiv 2603.28744).** Under superposition concepts are projected to fewer dimensions, and "a linear decision boundary in the concept space need not
 * remain linear after projection" (abstract). Decided is what they deny: that it remains. The features are inputs d: r_d = (z_d, 1) with its concepts z_d, w_d = (A z_d, 1) with
 * its activation; the 1 makes room for a bias. The first set of P are the inputs labelled yes, column u_1 the boundary in concept space. A linear probe is a row e with <e, w_d> > 0 on these inputs and <= 0 on the others.
 * **Refutation.** A Farkas vector: a mean of inputs labelled yes is one of inputs labelled no.
 * **Repair.** The projection is injective on the span of the r_d: then <u_1, r_d> is a linear function of w_d.
 * **Not checked.** More inputs than those given: a probe for these may fail on others. That sparse coding finds the concepts.
 */

import { configurationOf, type Instance, inputs, patternOf, targets } from '../../src/kernel/model/instance.ts';
import { rank } from '../../src/kernel/numbers/elimination.ts';
import { type Matrix, Vector } from '../../src/kernel/numbers/vector.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { type Goal, judge } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { realizabilityRules } from '../../src/kernel/rules/realizability.ts';

/** The inputs labelled yes. */
const yes = (m: Instance): readonly number[] => patternOf(m)[0] ?? [];

const boundary = given.hypothesis(
  'linear-in-concepts',
  '<u_1, r_d> > 0 on the first set of P, and <= 0 on the others',
  (m) => {
    const [u] = configurationOf(m).wd as [Vector];
    const [labelled, r] = [new Set(yes(m)), targets(m)];
    return given.everyFeature(m, 'linear-in-concepts', (d) => u.dot(r[d] as Vector).sign() > 0 === labelled.has(d));
  },
);

const both = (m: Instance): Matrix => m.features.map((f) => Vector.of([...f.wr.entries(), ...f.wp.entries()]));
const projected = given.hypothesis('projected', 'W_p = A W_r for some matrix A', (m) =>
  given.atLeast('rank of W_r', rank(targets(m)), 'rank of W_r and W_p', rank(both(m))),
);
const injective = given.hypothesis('injective', 'no direction in the span of the r_d is projected to 0', (m) =>
  given.atLeast('rank of W_p', rank(inputs(m)), 'rank of W_r', rank(targets(m))),
);

const probe = (m: Instance): Goal => judge({ predicate: 'realizable', pattern: [yes(m)] });
const shared = [given.activationIs(['relu']), boundary, projected];

export const linearProbe: Claim = {
  id: 'Probe',
  title: 'a linear boundary in concept space remains linear after projection',
  rules: [realizabilityRules],
  readings: {
    ours: { says: 'some row is positive on just the inputs labelled yes', hypotheses: shared, conclusion: probe },
    repaired: {
      says: 'some row is positive on just the inputs labelled yes',
      hypotheses: [...shared, injective],
      conclusion: probe,
    },
  },
};
