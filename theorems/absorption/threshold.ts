/**
 * # T8-threshold The step from equation 80 to 87
 * **Statement (paper, appendix I.6).** The rows made for a threshold c show P' with the threshold c'' just above c' = (c + a)/2, a the least <e_i, w_d> over the parent's set: the row of the parent scaled by c'/a (equations 75 to 80), a
 * new row (81 to 85), and the other rows as they are (86). So no feature of another set falls below: <e_l, w_d> > c' for d in F_l. The instance brings the rows, and theta is c.
 * **Refutation.** Nothing keeps the other rows above c'. Rows (10, 11, 0, 0) and (0, 0, 2, 2) with c = 1: c' = 11/2, and the second neuron loses all it has.
 * **Repair.** Rows with one least value a, each scaled down to the smallest first: what is off stays off, and a > (c + a)/2 as a > c. T8 repaired keeps the threshold and scales the parent's row alone.
 * **Witness.** None.
 * **Not checked.** That Theorem 3.8 fails: it does not, with a threshold; one step of its proof does.
 * Producer: none; computing settles it.
 */
import { thresholdOf } from '../../src/kernel/model/activation.ts';
import { configurationOf, featureAt, type Instance, patternOf } from '../../src/kernel/model/instance.ts';
import { patternShown, samePattern } from '../../src/kernel/model/model.ts';
import { Rational } from '../../src/kernel/numbers/rational.ts';
import type { Vector } from '../../src/kernel/numbers/vector.ts';
import { room } from '../../src/kernel/numbers/work.ts';
import type { Claim, Hypothesis } from '../../src/kernel/proof/claim.ts';
import { order, property, setsOf } from '../../src/kernel/proof/fact.ts';
import { all, computed, type Goal } from '../../src/kernel/proof/goal.ts';
import * as given from '../../src/kernel/proof/hypotheses.ts';
import { hasParent, parents } from './statement.ts';

/** The least <e_i, w_d> over each set that is not empty. */
const leastValues = (m: Instance): { i: number; least: Rational }[] =>
  patternOf(m).flatMap((set, i) => {
    const values = set.map((d) => featureAt(m, d).wp.dot(configurationOf(m).we[i] as Vector));
    return values.length === 0 ? [] : [{ i, least: values.reduce((a, b) => (a.compare(b) < 0 ? a : b)) }];
  });

const showsPattern = given.hypothesis('shows-pattern', 'the rows show P', (m) => {
  const shown = patternShown(m, configurationOf(m));
  const holds = samePattern(shown, patternOf(m));
  return computed(holds, property('shows-pattern', holds, { pattern: setsOf(shown) }));
});

const sameLeast = given.hypothesis('same-least', 'the least <e_i, w_d> over F_i is one number', (m) => {
  const [first, ...others] = leastValues(m);
  const other = others.find(({ least }) => !first?.least.equals(least));
  return computed(!other, property('same-least', !other, other ? { neuron: other.i + 1 } : {}));
});

/** For each parent and each other set: its least value is above c'. */
const stay = (m: Instance): Goal => {
  const values = leastValues(m);
  room(100 * parents(m).length * values.length);
  return all(
    parents(m).flatMap(({ i }) => {
      const own = values.find((v) => v.i === i)?.least as Rational;
      const raised = own.plus(thresholdOf(m)).times(Rational.of(1n, 2n));
      return values
        .filter((v) => v.i !== i)
        .map(({ i: l, least }) =>
          computed(least.compare(raised) > 0, order(`least <e_${l + 1}, w_d>`, least, `c' of neuron ${i + 1}`, raised)),
        );
    }),
  );
};

const hypotheses: readonly Hypothesis[] = [given.activationIs(['jumprelu']), given.unitNorm, hasParent, showsPattern];

export const raisedThreshold: Claim = {
  id: 'T8-threshold',
  title: 'with the threshold of the proof no other feature is lost',
  rules: [],
  readings: {
    paper: { says: "every other set stays above c'", hypotheses, conclusion: stay },
    repaired: { says: "every other set stays above c'", hypotheses: [...hypotheses, sameLeast], conclusion: stay },
  },
};
