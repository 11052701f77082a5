/** The hypotheses claims share: each a named statement about an instance, in this one place. */
import type { Hypothesis } from './claim.ts';
import { computed, type Goal, judge } from './goal.ts';
import { type Activation, type Instance, interference, patternOf } from './instance.ts';
import { patternText } from './model.ts';
import { ONE, type Rational, ZERO } from './rational.ts';

/** The statement left <= right, said as it turns out. */
export function atMost(left: string, a: Rational, right: string, b: Rational): Goal {
  const holds = a.compare(b) <= 0;
  return computed(holds, `${left} = ${a} ${holds ? '<=' : '>'} ${b} = ${right}`);
}

/** That every feature passes `test`; said with the first that does not. */
function everyFeature(m: Instance, what: string, test: (d: number) => boolean): Goal {
  const failing = m.features.findIndex((_, d) => !test(d));
  return computed(failing < 0, failing < 0 ? `${what} for every feature` : `not ${what} for feature ${failing + 1}`);
}

/** For the hypotheses of one claim alone, too. */
export const hypothesis = (name: string, says: string, goal: (m: Instance) => Goal): Hypothesis => ({
  name,
  says,
  goal,
});

export const unitNorm: Hypothesis = hypothesis('unit-norm', 'every |w_d| = 1 (Assumption 2.1)', (m) =>
  everyFeature(m, '|w_d| = 1', (d) => m.features[d]?.wp.dot(m.features[d].wp).equals(ONE) ?? false),
);

export const targetsWithinUnit: Hypothesis = hypothesis('targets-within-unit', 'every |r_d| <= 1', (m) =>
  everyFeature(m, '|r_d| <= 1', (d) => (m.features[d]?.wr.dot(m.features[d].wr) ?? ZERO).compare(ONE) <= 0),
);

export const positiveWeights: Hypothesis = hypothesis('positive-weights', 'every M_d > 0', (m) =>
  everyFeature(m, 'M_d > 0', (d) => (m.features[d]?.weight ?? ZERO).sign() > 0),
);

export const twoFeatures: Hypothesis = hypothesis('two-features', 'n >= 2', (m) =>
  computed(m.features.length >= 2, `n = ${m.features.length}`),
);

export const enoughNeurons: Hypothesis = hypothesis('enough-neurons', 'n_q >= n', (m) =>
  computed(m.neurons >= m.features.length, `n_q = ${m.neurons}, n = ${m.features.length}`),
);

export const twiceTheDimension: Hypothesis = hypothesis('twice-the-dimension', 'n_q >= 2 n_p', (m) =>
  computed(m.neurons >= 2 * m.np, `n_q = ${m.neurons}, n_p = ${m.np}`),
);

/** With k = n there is no other feature, and nothing to recover. */
export const anchored: Hypothesis = hypothesis('anchored', 'some features are anchors, and some are not', (m) => {
  const k = m.anchors?.length ?? 0;
  return computed(k > 0 && k < m.features.length, `k = ${k} anchors, n = ${m.features.length}`);
});

export const noInterference: Hypothesis = hypothesis('no-interference', 'M = max <w_i, w_j> over i != j is 0', (m) =>
  computed(interference(m)?.sign() === 0, `M = ${interference(m) ?? 'undefined'}`),
);

/** The directions w_d differ from each other. */
export const distinctDirections: Hypothesis = hypothesis('distinct-directions', 'w_c != w_d for c != d', (m) =>
  everyFeature(m, 'w_d new', (d) => m.features.slice(0, d).every((f) => !f.wp.equals(m.features[d]?.wp ?? f.wp))),
);

/** No target is a multiple of another; so none is 0 where n >= 2. */
export const nonParallelTargets: Hypothesis = hypothesis('non-parallel-targets', 'no r_c is parallel to r_d', (m) =>
  everyFeature(m, 'r_d not parallel to one before', (d) => {
    const r = m.features[d]?.wr;
    return m.features.slice(0, d).every(({ wr }) => {
      const product = r?.dot(wr) ?? ZERO;
      return !product.times(product).equals(wr.dot(wr).times(r?.dot(r) ?? ZERO));
    });
  }),
);

export const activationIs = (kinds: readonly Activation['kind'][]): Hypothesis =>
  hypothesis('activation', `sigma is ${kinds.join(' or ')}`, (m) =>
    computed(kinds.includes(m.activation.kind), `sigma is ${m.activation.kind}`),
  );

export const realizable: Hypothesis = hypothesis('realizable', 'the pattern P is realizable (Definition 3.1)', (m) =>
  judge({ predicate: 'realizable', pattern: patternOf(m) }),
);

export const polysemantic: Hypothesis = hypothesis('polysemantic', 'some |F_i| >= 2 (Definition 3.1)', (m) =>
  computed(
    patternOf(m).some((set) => set.length >= 2),
    `P = ${patternText(patternOf(m))}`,
  ),
);

export const partition: Hypothesis = hypothesis('partition', 'P is a partition of the features', (m) => {
  const members = patternOf(m).flat();
  const n = m.features.length;
  return computed(members.length === n && new Set(members).size === n, `P = ${patternText(patternOf(m))}`);
});

export const separate: Hypothesis = hypothesis('separate', 'the sets of P are equal or do not meet', (m) => {
  const distinct = [...new Map(patternOf(m).map((set) => [set.join(), set])).values()].flat();
  return computed(new Set(distinct).size === distinct.length, `P = ${patternText(patternOf(m))}`);
});
