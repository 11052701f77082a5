/**
 * # T6-open Theorem 3.6 fails on an open set of instances
 * **Statement.** A question about an instance with a pattern P as Theorem 3.6 supposes it, and a radius rho > 0: for *every* instance whose directions w_d, targets r_d and weights
 * M_d are within rho of this one's in each entry, P is realizable and carries no partial minimum, whatever its loss, over R^(n_r x n_q) x Omega_P, kinks included.
 * So T6, of which no reading lives without one, is refuted on all of them: an open set, on which no equation between weights, lengths or angles holds. If this is an SAE, the SAEs of such directions,
 * r_d = w_d, are among them. Not all have |w_d| = 1; those that have not become such by w_d / |w_d|, r_d / |w_d|, M_d |w_d|^2, with the same patterns, losses and partial minima (and an SAE stays one).
 * **Witness.** Rows that show P for all of them; for one neuron a cut of the cone of its codes into cells, with a direction in each along which the loss falls (rule `cells`).
 * **Not checked.** That there is *no* such radius: no rule proves the negation.
 * Producer: src/solve/decide/refutedNear.ts (untrusted).
 */

import { patternOf } from '../../src/kernel/model/instance.ts';
import { ZERO } from '../../src/kernel/numbers/rational.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { order } from '../../src/kernel/proof/fact.ts';
import { computed, judge } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { refutedNearRules } from '../../src/kernel/rules/refutedNear.ts';

const radius = given.hypothesis('radius', 'the instance has a radius rho > 0', ({ radius: rho = ZERO }) =>
  computed(rho.sign() > 0, order('rho', rho, '', ZERO)),
);

export const openRefutation: Claim = {
  id: 'T6-open',
  title: 'all instances near this one refute T6',
  rules: [refutedNearRules],
  readings: {
    ours: {
      says: 'every instance within rho realizes P, and has no partial minimum on it',
      hypotheses: [
        given.activationIs(['relu']),
        given.unitNorm,
        given.twoFeatures,
        given.enoughNeurons,
        given.polysemantic,
        given.partition,
        radius,
      ],
      conclusion: (m) => judge({ predicate: 'refuted-near', pattern: patternOf(m) }),
    },
  },
};
