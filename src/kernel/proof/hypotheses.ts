/** The hypotheses claims share: each a named statement about an instance, in this one place. */

import { type Activation, type Configuration, type Instance, interference, patternOf } from '../model/instance.ts';
import { gradients } from '../model/model.ts';
import { ONE, Rational, sum, ZERO } from '../numbers/rational.ts';
import type { Hypothesis } from './claim.ts';
import { order, property, setsOf } from './fact.ts';
import { computed, type Goal, judge } from './goal.ts';

/** left = a <= b = right. */
export const atMost = (left: string, a: Rational, right: string, b: Rational, where?: Record<string, Rational>): Goal =>
  computed(a.compare(b) <= 0, order(left, a, right, b, where));

/** left = a > b = right, for numbers of neurons, features and the like. */
export const exceeds = (left: string, a: number, right: string, b: number): Goal =>
  computed(a > b, order(left, integer(a), right, integer(b)));
export const atLeast = (left: string, a: number, right: string, b: number): Goal =>
  computed(a >= b, order(left, integer(a), right, integer(b)));
const integer = (x: number): Rational => Rational.of(BigInt(x));

/** That every feature passes `test`; with the first that does not. */
export function everyFeature(m: Instance, name: string, test: (d: number) => boolean): Goal {
  const failing = m.features.findIndex((_, d) => !test(d));
  return computed(failing < 0, property(name, failing < 0, failing < 0 ? {} : { features: [failing + 1] }));
}

const ofPattern = (m: Instance, name: string, holds: boolean): Goal =>
  computed(holds, property(name, holds, { pattern: setsOf(patternOf(m)) }));

/** For the hypotheses of one claim alone, too. */
export const hypothesis = (name: string, says: string, goal: (m: Instance) => Goal): Hypothesis => ({
  name,
  says,
  goal,
});

/**
 * Of what the encoder reads: w_d less an input bias. With encoder biases, of the directions as they stand in the document: without the entry 1 that
 * these add, and an input bias is only another bias, <e, w - v> + b = <e, w> + (b - <e, v>).
 */
export const unitNorm: Hypothesis = hypothesis('unit-norm', 'every |w_d| = 1 (Assumption 2.1)', (m) => {
  const read = (m.lifted?.encoderBias ? m.lifted.given : m.features).map((f) => f.wp);
  return everyFeature(m, 'unit-norm', (d) => read[d]?.dot(read[d]).equals(ONE) ?? false);
});

export const targetsWithinUnit: Hypothesis = hypothesis('targets-within-unit', 'every |r_d| <= 1', (m) =>
  everyFeature(m, 'targets-within-unit', (d) => (m.features[d]?.wr.dot(m.features[d].wr) ?? ZERO).compare(ONE) <= 0),
);

export const positiveWeights: Hypothesis = hypothesis('positive-weights', 'every M_d > 0', (m) =>
  everyFeature(m, 'positive-weights', (d) => (m.features[d]?.weight ?? ZERO).sign() > 0),
);

export const twoFeatures: Hypothesis = hypothesis('two-features', 'n >= 2', (m) =>
  atLeast('n', m.features.length, '', 2),
);

export const enoughNeurons: Hypothesis = hypothesis('enough-neurons', 'n_q >= n', (m) =>
  atLeast('n_q', m.neurons, 'n', m.features.length),
);

/** With k = n there is no other feature, and nothing to recover. */
export const anchored: Hypothesis = hypothesis('anchored', 'some features are anchors, and some are not', (m) => {
  const k = m.anchors?.length ?? 0;
  const holds = k > 0 && k < m.features.length;
  return computed(holds, property('anchored', holds, {}, { k, n: m.features.length }));
});

export const noInterference: Hypothesis = hypothesis('no-interference', 'M = max <w_i, w_j> over i != j is 0', (m) =>
  noInterferenceIn(m, interference(m)),
);

/** Of one feature there is no M. */
const noInterferenceIn = (m: Instance, most: Rational | undefined): Goal =>
  computed(
    most?.sign() === 0,
    most ? order('M', most, '', ZERO) : order('n', integer(m.features.length), '', integer(1)),
  );

/** The directions w_d differ from each other. */
export const distinctDirections: Hypothesis = hypothesis('distinct-directions', 'w_c != w_d for c != d', (m) => {
  const before = new Set<string>();
  return everyFeature(m, 'distinct-directions', (d) => {
    const own = m.features[d]?.wp.key() ?? '';
    if (before.has(own)) return false;
    before.add(own);
    return true;
  });
});

/** No target is a multiple of another; so none is 0 where n >= 2. */
export const nonParallelTargets: Hypothesis = hypothesis('non-parallel-targets', 'no r_c is parallel to r_d', (m) =>
  everyFeature(m, 'non-parallel-targets', (d) => {
    const r = m.features[d]?.wr;
    return m.features.slice(0, d).every(({ wr }) => {
      const product = r?.dot(wr) ?? ZERO;
      return !product.times(product).equals(wr.dot(wr).times(r?.dot(r) ?? ZERO));
    });
  }),
);

export const activationIs = (kinds: readonly Activation['kind'][]): Hypothesis =>
  hypothesis('activation', `sigma is ${kinds.join(' or ')}`, (m) =>
    computed(kinds.includes(m.activation.kind), { relation: 'activation', kind: m.activation.kind, among: kinds }),
  );

/** Both gradients vanish at `at`, active sets as they are; with `kinks`, whatever the sides of the kinks. */
export function stationary(m: Instance, at: Configuration, kinks = false): Goal {
  const { we, wd, slack } = gradients(m, at);
  const square = sum([...we, ...wd].map((row) => row.dot(row)));
  const truth = square.sign() === 0 && (!kinks || slack.every((x) => x.sign() === 0));
  return computed(truth, { relation: 'stationary', truth, kinks, square: `${square}` });
}

export const realizable: Hypothesis = hypothesis('realizable', 'the pattern P is realizable (Definition 3.1)', (m) =>
  judge({ predicate: 'realizable', pattern: patternOf(m) }),
);

export const polysemantic: Hypothesis = hypothesis('polysemantic', 'some |F_i| >= 2 (Definition 3.1)', (m) =>
  ofPattern(
    m,
    'polysemantic',
    patternOf(m).some((set) => set.length >= 2),
  ),
);

export const partition: Hypothesis = hypothesis('partition', 'P is a partition of the features', (m) => {
  const members = patternOf(m).flat();
  const n = m.features.length;
  return ofPattern(m, 'partition', members.length === n && new Set(members).size === n);
});

export const separate: Hypothesis = hypothesis('separate', 'the sets of P are equal or do not meet', (m) => {
  const distinct = [...new Map(patternOf(m).map((set) => [set.join(), set])).values()].flat();
  return ofPattern(m, 'separate', new Set(distinct).size === distinct.length);
});
