/**
 * # T6-dead When a neuron can be dead for good
 * **Statement.** Some encoder row is negative on every feature, so that its neuron stays dead under small changes (ReLU).
 * **Refutation (Gordan 1873).** 0 is in the convex hull of the w_d.
 * **Witness.** The row; or the weights of the hull. One of them there always is.
 * **Not checked.** Neurons held down otherwise: by a threshold, or by rivals under Top-k.
 * Producer: the general deciders (untrusted): one linear program.
 */

import { invalid } from '../../src/kernel/numbers/rejection.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { judge } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { deadRules } from '../../src/kernel/rules/directions.ts';

export const deadNeurons: Claim = {
  id: 'T6-dead',
  title: 'a neuron can be dead for good',
  rules: [deadRules],
  readings: {
    repaired: {
      says: 'some row is negative on every feature',
      lifts: true,
      hypotheses: [given.activationIs(['relu'])],
      conclusion: ({ activation: { kind } }) =>
        kind === 'relu'
          ? judge({ predicate: 'strictly-dead' })
          : invalid('missing-data', '$.instance.activation', 'relu, whose dead neurons these are', kind),
    },
  },
};
