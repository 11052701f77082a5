/**
 * # T6-strict Which strict critical points trap
 * **Statement.** A critical partition configuration with no pre-activation at a kink is a local minimum of L~ if and only if every
 * lambda_i is the largest generalized eigenvalue of its pencil (A_i, B_i). The instance brings the configuration.
 * **Witness.** Factors of lambda_i B_i - A_i; or a direction against one of them, and a curve along which L~ falls.
 * **Not checked.** Configurations at kinks: T6-minimum and T6-saddle.
 * Producer: the general deciders (untrusted) find largest eigenvalues and descent curves.
 *
 * # T6-here Is this configuration a local minimum?
 * **Statement.** A question about the instance's configuration, whatever its sets, critical or not: is it a local minimum of L~?
 * **Witness.** That L~ = 0; factors as above, where each feature feeds one neuron; or a curve along which L~ falls. Where the gradient is not 0 such a curve is
 * easily had, and says no more than that training did not end there.
 * **Not checked.** A minimum whose sets meet and differ has no such proof: points near it may have one (`dictum/landing@1`).
 * Producer: src/solve/decide/descent.ts (untrusted).
 */
import { kinks } from '../../src/kernel/model/activation.ts';
import { configurationOf, type Instance, patternOf } from '../../src/kernel/model/instance.ts';
import { evaluate, patternOfActive, patternText, pencil, samePattern } from '../../src/kernel/model/model.ts';
import { invalid } from '../../src/kernel/numbers/rejection.ts';
import { combine, type Vector } from '../../src/kernel/numbers/vector.ts';
import type { Claim } from '../../src/kernel/proof/claim.ts';
import { property, setsOf } from '../../src/kernel/proof/fact.ts';
import { all, computed, type Goal, judge, not, some } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { definiteRules } from '../../src/kernel/rules/definite.ts';
import { localMinimumRules } from '../../src/kernel/rules/localMinimum.ts';

const strict = given.hypothesis('strict', 'the configuration shows P, with no pre-activation at a kink', (m) => {
  const at = configurationOf(m);
  const { z, gate, active } = evaluate(m, [at]);
  const shown = patternOfActive(active);
  const holds = samePattern(shown, patternOf(m)) && kinks(m.activation, z, active, gate).length === 0;
  return computed(holds, property('shows-strictly', holds, { pattern: setsOf(shown) }));
});

const critical = given.hypothesis('critical', 'both gradients vanish at the configuration', (m) =>
  given.stationary(m, configurationOf(m)),
);

/** For each live neuron: lambda B - A >= 0, with lambda = e^T A e / e^T B e. */
function largest(m: Instance): Goal {
  const live = patternOf(m).flatMap((set, i) => (set.length > 0 ? [i] : []));
  return all(
    live.map((i): Goal => {
      const { a, b } = pencil(m, patternOf(m)[i] ?? []);
      const e = configurationOf(m).we[i] as Vector;
      const form = (matrix: readonly Vector[]) => e.dot(combine(e.entries(), matrix, m.np));
      const s = form(b);
      // Without weight on its features, or along none of their directions, the neuron has no lambda.
      if (s.sign() === 0) return computed(false, property('has-lambda', false, { neuron: i + 1 }));
      const lambda = form(a).over(s);
      const matrix = b.map((row, k) => row.times(lambda).minus(a[k] as Vector));
      return judge({ predicate: 'definite', matrix, what: { matrix: 'pencil', neuron: i + 1, lambda: `${lambda}` } });
    }),
  );
}

export const strictCriticalPoints: Claim = {
  id: 'T6-strict',
  title: 'strict critical points trap iff every lambda is the largest',
  rules: [localMinimumRules, definiteRules],
  readings: {
    repaired: {
      says: 'the strict critical point given is a local minimum iff every lambda_i is the largest',
      lifts: true,
      hypotheses: [
        given.activationIs(['relu', 'jumprelu', 'topk', 'batchtopk']),
        given.positiveWeights,
        given.partition,
        strict,
        critical,
      ],
      conclusion: (m) => {
        const acting = patternOfActive(evaluate(m, [configurationOf(m)]).active);
        if (!samePattern(acting, patternOf(m)))
          invalid(
            'missing-data',
            '$.instance.we',
            `neurons active on ${patternText(patternOf(m))}`,
            patternText(acting),
          );
        const minimum = judge({ predicate: 'local-minimum', at: configurationOf(m) });
        return some(all(minimum, largest(m)), all(not(minimum), not(largest(m))));
      },
    },
  },
};

export const localMinima: Claim = {
  id: 'T6-here',
  title: 'which configurations are local minima',
  rules: [localMinimumRules],
  readings: {
    repaired: {
      says: 'the configuration is a local minimum of L~',
      lifts: true,
      hypotheses: [],
      conclusion: (m) => judge({ predicate: 'local-minimum', at: configurationOf(m) }),
    },
  },
};
