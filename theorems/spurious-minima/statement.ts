/**
 * # T6 Spurious partial minima are prevalent
 * **Statement (paper, Theorem 3.6).** With n >= 2 and n_q >= n, every realizable polysemantic pattern P that is a partition of the
 * features carries a partial minimum of L~ with positive loss. The walkthrough (Theorem 3.7) asks for both gradients to vanish.
 * **Refutation.** W_p = W_r = I, M = (1, 2), P = ({1,2}, {}): stationarity would force M_1 = s|u|^2 = M_2. The paper's proof, between
 * its equations 64 and 65, shows only <gradient, e> = 0.
 * **Repair.** On the instance's own configuration: a strict partition critical point is a local minimum if every lambda_i is the
 * largest generalized eigenvalue of its pencil (A_i, B_i), and else a saddle.
 * **Not checked.** Patterns that are no partitions; that Theorem 3.2 makes zero gradients a partial minimum.
 * Producer: ./witness.ts (untrusted).
 */

import { kinks } from '../../src/kernel/activation.ts';
import type { Claim, Hypothesis } from '../../src/kernel/claim.ts';
import { all, computed, type Goal, judge, not, some } from '../../src/kernel/goal.ts';
import * as given from '../../src/kernel/hypotheses.ts';
import { configurationOf, type Instance, patternOf } from '../../src/kernel/instance.ts';
import { evaluate, gradients, patternShown, patternText, pencil, samePattern } from '../../src/kernel/model.ts';
import { combine, type Vector } from '../../src/kernel/vector.ts';

const partialMinimum =
  (stationary: boolean) =>
  (m: Instance): Goal =>
    judge({ predicate: 'partial-minimum', pattern: patternOf(m), stationary });

const strict: Hypothesis = {
  name: 'strict',
  says: 'the configuration shows P, with no pre-activation at a kink',
  goal: (m) => {
    const at = configurationOf(m);
    const { z, gate, active } = evaluate(m, [at]);
    const shown = patternShown(m, at);
    const holds = samePattern(shown, patternOf(m)) && kinks(m.activation, z, active, gate).length === 0;
    return computed(holds, `it shows ${patternText(shown)}${holds ? ', strictly' : ''}`);
  },
};

const critical: Hypothesis = {
  name: 'critical',
  says: 'both gradients vanish at the configuration',
  goal: (m) => {
    const { we, wd } = gradients(m, configurationOf(m));
    const zero = [...we, ...wd].every((row) => row.isZero());
    return computed(zero, zero ? 'both gradients are 0' : `gradients ${we}, ${wd}`);
  },
};

/** For each live neuron: lambda B - A >= 0, with lambda = e^T A e / e^T B e. */
function largest(m: Instance): Goal {
  const live = patternOf(m).flatMap((set, i) => (set.length > 0 ? [i] : []));
  return all(
    ...live.map((i): Goal => {
      const { a, b } = pencil(m, patternOf(m)[i] ?? []);
      const e = configurationOf(m).we[i] as Vector;
      const form = (matrix: readonly Vector[]) => e.dot(combine(e.entries(), matrix, m.np));
      const lambda = form(a).over(form(b));
      const matrix = b.map((row, k) => row.times(lambda).minus(a[k] as Vector));
      return judge({ predicate: 'definite', matrix, what: `${lambda} B_${i + 1} - A_${i + 1}` });
    }),
  );
}

export const spuriousMinima: Claim = {
  id: 'T6',
  title: 'spurious partial minima are prevalent',
  readings: {
    walkthrough: {
      says: 'P carries a point with both gradients 0 and positive loss',
      hypotheses: [
        given.unitNorm,
        given.twoFeatures,
        given.enoughNeurons,
        given.realizable,
        given.polysemantic,
        given.partition,
      ],
      conclusion: partialMinimum(true),
    },
    paper: {
      says: 'P carries a partial minimum with positive loss',
      hypotheses: [
        given.unitNorm,
        given.twoFeatures,
        given.enoughNeurons,
        given.realizable,
        given.polysemantic,
        given.partition,
      ],
      conclusion: partialMinimum(false),
      assumes: ['L~ is convex in each block on Omega_P (Theorem 3.2), so zero gradients make a partial minimum'],
    },
    repaired: {
      says: 'a strict critical point with pattern P is a local minimum iff every lambda_i is the largest',
      hypotheses: [
        given.activationIs(['relu', 'jumprelu', 'topk', 'batchtopk']),
        given.positiveWeights,
        given.partition,
        strict,
        critical,
      ],
      conclusion: (m) => {
        const minimum = judge({ predicate: 'local-minimum', at: configurationOf(m) });
        return some(all(minimum, largest(m)), all(not(minimum), not(largest(m))));
      },
    },
  },
};
