/**
 * # R-count, R-chambers The number of patterns of one neuron
 * **Statement.** `R-count`: the sets F of features that one neuron can be active on, alone (Definition 3.1 with n_q = 1), are as many as the
 * certificate says. `R-chambers`: so are the chambers of the arrangement of the hyperplanes <e, w_d> = 0 (= theta; with a gate,
 * <g, w_d> + b = 0), which are the sets shown by a neuron that no feature is at the kink of.
 * **Witness.** The count; `deletion-restriction` recomputes it (Zaslavsky 1975), `pattern-tree` has a point for every set and a Farkas vector
 * for every branch without one.
 * **Not checked.** Nothing beside the count: which sets they are can be read off a `pattern-tree` alone.
 * Producer: src/solve/patterns (untrusted).
 */
import type { Claim, Hypothesis } from '../../src/kernel/proof/claim.ts';
import { judge } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { countingRules } from '../../src/kernel/rules/counting.ts';

/** Elsewhere neurons take part in each other's sets. */
const separate: Hypothesis = given.activationIs(['relu', 'identity', 'jumprelu', 'gated']);

export const patternCount: Claim = {
  id: 'R-count',
  title: 'how many sets of features one neuron can be active on',
  rules: [countingRules],
  readings: {
    ours: {
      says: 'the realizable sets F of one neuron are as many as the certificate says',
      lifts: true,
      hypotheses: [separate],
      conclusion: () => judge({ predicate: 'counted', of: 'sets' }),
    },
  },
};

export const chamberCount: Claim = {
  id: 'R-chambers',
  title: 'how many chambers the directions have',
  rules: [countingRules],
  readings: {
    ours: {
      says: 'the sets F that one neuron shows with no feature at its kink are as many as the certificate says',
      lifts: true,
      hypotheses: [separate],
      conclusion: () => judge({ predicate: 'counted', of: 'chambers' }),
    },
  },
};
