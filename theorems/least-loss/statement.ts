/**
 * # G1, G2 The least loss of one neuron, and of more
 * **Statement.** A question about an instance, which the paper leaves to later work: how small can L~ be? Over *all* encoder rows e and decoder columns u of one neuron (n_q = 1, ReLU, no
 * bias), L~ has a least value, which is the one that the certificate says, exactly, or within an interval with rational ends where it is irrational.
 * G2: of any number of neurons, whatever sigma, the infimum of L~ lies between two numbers, which the certificate says. One is L~ of a configuration; where the other is the same, that configuration is a global minimum.
 * **Witness.** A row that attains it with its best column, and a tree of cases that covers every row (or every column), in each of which no more is gained (rule `least-loss`).
 * G2: a configuration, and a bound by the rank of its outputs (rule `rank-bound`).
 * **Not checked.** At how many configurations it is attained; whether gradient descent finds one; for G2, how the bounds can be brought together; the true loss L.
 * Producer: src/solve/decide/leastLoss.ts, rankBound.ts (untrusted).
 */

import { ONE, Rational } from '../../src/kernel/numbers/rational.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { order } from '../../src/kernel/proof/fact.ts';
import { computed, judge } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { leastLossRules } from '../../src/kernel/rules/leastLoss.ts';

const oneNeuron = given.hypothesis('one-neuron', 'n_q = 1', (m) =>
  computed(m.neurons === 1, order('n_q', Rational.of(BigInt(m.neurons)), '', ONE)),
);

export const leastLoss: Claim = {
  id: 'G1',
  title: 'how small L~ can be with one neuron',
  rules: [leastLossRules],
  readings: {
    ours: {
      says: 'over all rows and columns of one neuron, the least L~ is the one that the certificate says',
      lifts: true,
      hypotheses: [given.activationIs(['relu']), oneNeuron],
      conclusion: () => judge({ predicate: 'least-loss' }),
    },
  },
};

export const lossBracket: Claim = {
  id: 'G2',
  title: 'how small L~ can be, between bounds',
  rules: [leastLossRules],
  readings: {
    ours: {
      says: 'over all encoders and decoders, the infimum of L~ lies where the certificate says',
      hypotheses: [],
      conclusion: () => judge({ predicate: 'least-loss' }),
    },
  },
};
