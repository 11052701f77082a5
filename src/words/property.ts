/** Properties in words: each as it holds and as it fails, of what the fact names. */

import type { Instance } from '../kernel/model/instance.ts';
import type { Property } from '../kernel/proof/fact.ts';
import { counted, featureText, patternText, setText } from './names.ts';
import { equation, numberText } from './number.ts';

/** `[holds, fails]`; P the pattern, F the features, i the neuron, and the values. */
type Words = (of: {
  readonly P: string;
  readonly F: string;
  /** The features one by one. */
  readonly names: readonly string[];
  readonly i: number;
  readonly value: (name: string) => string;
}) => readonly [string, string];

const PROPERTIES: Readonly<Record<string, Words>> = {
  'unit-norm': ({ F }) => ['|w_d| = 1 for every d', `|w_d| is not 1 for ${F}`],
  'targets-within-unit': ({ F }) => ['|r_d| <= 1 for every d', `|r_d| > 1 for ${F}`],
  'positive-weights': ({ F }) => ['M_d > 0 for every d', `M_d = 0 for ${F}`],
  'nonzero-targets': ({ F }) => ['r_d is not 0 for any d', `r_d = 0 for ${F}`],
  'distinct-directions': ({ F }) => ['the directions differ', `${F} has the direction of another feature`],
  'non-parallel-targets': ({ F }) => ['no two targets are parallel', `the target of ${F} is parallel to another`],
  anchored: ({ value }) => [
    `some features are anchors and some are not: k = ${value('k')}, n = ${value('n')}`,
    `not some features are anchors and some not: k = ${value('k')}, n = ${value('n')}`,
  ],
  polysemantic: ({ P }) => [`a set of ${P} has two features or more`, `no set of ${P} has two features`],
  partition: ({ P }) => [`${P} is a partition of the features`, `${P} is no partition of the features`],
  separate: ({ P }) => [`the sets of ${P} are equal or do not meet`, `sets of ${P} meet and are not equal`],
  absorbing: ({ value }) => [
    `the configuration is the moved one, delta = ${value('delta')}`,
    'the configuration is no moved one with 0 < delta <= 1',
  ],
  'two-by-two': ({ value }) => [
    'two features and two neurons',
    `n = ${value('n')}, n_q = ${value('n_q')}, not 2 and 2`,
  ],
  hierarchical: ({ value }) => [
    `the child has probability ${value('child')}, and never without the parent`,
    `the child has probability ${value('child')}, without the parent ${value('orphan')}`,
  ],
  binary: () => ['features are 0 or 1', 'some feature is neither 0 nor 1'],
  threshold: () => ['sigma has a threshold', 'sigma has no threshold'],
  'three-sub-concepts': ({ i }) => ['every parent has three sub-concepts or more', `parent ${i} has two sub-concepts`],
  'sub-concepts': () => [
    'the sets are the sub-concepts of the stated parents, two or more each',
    'the sets are not the sub-concepts of stated parents, two or more each',
  ],
  'parent-iff-child': ({ F }) => [
    'each parent is active just where a sub-concept is',
    `${F} is active without a sub-concept, or a sub-concept without it`,
  ],
  silent: ({ F }) => [`M_d = 0 for ${F}: none of them is ever active alone`, `M_d is not 0 for ${F}`],
  'stacked-sources': ({ F, value }) => [
    `each w_d is ${value('S')} unit vectors, one after another`,
    `the direction of ${F} is not two unit vectors or more, one after another`,
  ],
  'targets-within-sources': ({ F }) => ['|r_d|^2 <= S for every d', `|r_d|^2 > S for ${F}`],
  'anchors-met': ({ value }) => [
    `the anchors are met (${value('fixed')} of ${value('of')} parameters fixed)`,
    'an anchor is not met',
  ],
  'anchor-with-target': () => ['the target of some anchor is not 0', 'the target of every anchor is 0'],
  'merged-pair': () => [
    'neuron 1 has merged the two features, and the other neurons are 0',
    'the configuration is no merged pair: (w_1 + w_2, r_1 + r_2), up to scale, and 0',
  ],
  'one-output': ({ F }) => [
    `${F} has the direction of another feature and another target`,
    'no two features have one direction and two targets',
  ],
  'room-for-rows': () => ['some encoder row recovers no feature', 'every encoder row but 0 recovers a feature'],
  'room-for-columns': () => [
    'some decoder column recovers no feature',
    'every decoder column but 0 recovers a feature',
  ],
  'rows-not-zero': () => ['some row is not 0', 'every row is 0'],
  'columns-not-zero': () => ['some column is not 0', 'every column is 0'],
  'no-anchor-interference': ({ names: [anchor, other] }) => [
    'no anchor has a positive product with another feature',
    `${anchor}, an anchor, has a positive product with ${other}`,
  ],
  'in-region-threshold': ({ P }) => inRegion(P),
  'in-region-positive': ({ P }) => inRegion(P),
  'in-region-active': ({ P }) => inRegion(P),
  'zero-residuals': ({ F }) => ['every residual is 0', `the residual of ${F} is not 0`],
  'off-kinks': ({ value }) => [
    'no pre-activation is at a kink',
    `${counted(value('kinks'), 'pre-activation')} at a kink`,
  ],
  'shows-polysemantic': ({ P }) => [
    `it shows ${P}, a set of which has two features or more`,
    `it shows ${P}, no set of which has two features`,
  ],
  'own-neuron-active': ({ F }) => [
    'each feature has its own neuron active',
    `the own neuron of ${F} is not active on it`,
  ],
  'negatives-cut': ({ value }) => ['no negative pre-activation passes', `the pre-activation ${value('z')} passes`],
  'each-alone': ({ F }) => ['each feature feeds its own neuron alone', `${F} feeds more than one neuron`],
  independent: () => ['the features are independent', 'the features are not independent'],
  homogeneous: () => ['sigma is positively homogeneous', 'sigma is not positively homogeneous'],
  'acute-targets': ({ F }) => [
    'in each set the targets are linked, and no two are obtuse',
    `in ${F} the targets are not linked, or two are obtuse`,
  ],
  'rank-two': ({ i }) => [`C of neuron ${i} has rank 2 or more`, 'C of every set has rank below 2'],
  'dead-neuron': ({ i }) => [`neuron ${i} is active on no feature`, 'every neuron is active on some feature'],
  'null-neuron': ({ i }) => [`row and column of neuron ${i} are 0`, 'no neuron has row and column 0'],
  'zero-row': ({ i }) => [`the row of neuron ${i} is 0`, 'no neuron has row 0'],
  'unsettled-row': ({ i }) => [
    `neuron ${i} is off every kink, and H_${i} is not 0`,
    'each neuron is at a kink, or its H_i is 0',
  ],
  'distinct-rays': ({ F }) => ['no two directions are on one ray', `${F} is on the ray of another feature`],
  'only-neuron-changes': ({ i }) => [`only neuron ${i} is changed`, `more is changed than neuron ${i}`],
  'shows-strictly': ({ P }) => [`it shows ${P}, with no pre-activation at a kink`, `it shows ${P}, or is at a kink`],
  sae: ({ F }) => ['r_d = w_d for every d', `r_d is not w_d for ${F}`],
  'shows-pattern': ({ P }) => [`it shows ${P}`, `it shows ${P} instead`],
  'best-decoder': ({ value }) => [
    'W_D is best for W_E, as its gradient is 0',
    `W_D is not best for W_E, as the square of its gradient is ${value('square')}`,
  ],
  'best-codes': ({ i, F }) => [
    'each code is the best of those that are >= 0, so no encoder has less loss with this W_D',
    `what neuron ${i} passes on ${F} is not best`,
  ],
  'same-decoder': () => ['the W_D of the configuration', 'another W_D than the configuration'],
  orthonormal: ({ F }) => [
    'the directions are orthonormal, and so are the targets that are not 0',
    `${F} has a direction or target that is not of length 1, or not orthogonal to an earlier one`,
  ],
  'orthonormal-targets': ({ F }) => [
    'the targets are orthonormal',
    `the target of ${F} is not of length 1, or not orthogonal to an earlier one`,
  ],
  linked: ({ F }) => [
    'the features are linked by occurring together',
    `${F} is not linked to the first feature by occurring together`,
  ],
  'independent-columns': ({ F }) => [
    'as many columns as two codes can use are always independent',
    `the directions of ${F} are dependent`,
  ],
  'linear-in-concepts': ({ F }) => [
    'the label is linear in the concepts',
    `the boundary in concept space labels ${F} otherwise`,
  ],
  'codes-all': ({ F }) => [
    'its columns code every k-sparse combination',
    `no k of its columns span the directions of ${F}`,
  ],
  loses: ({ F }) => [
    `no column of it is a multiple of the direction of ${F}`,
    'each direction is a multiple of one of its columns',
  ],
  'pure-rows': ({ i }) => [
    'each row reads a feature of its own',
    `the row of neuron ${i} is the direction of no feature, or of one that is read already`,
  ],
  'free-bias': ({ i }) => [`neuron ${i} is a bias`, 'no neuron is a bias'],
  'no-bias': ({ i }) => ['no row reads a feature with target 0', `neuron ${i} reads a feature with target 0`],
  'one-latent': ({ value }) => [
    'one row reads a feature with a target',
    `${counted(value('count'), 'row')} read features with a target`,
  ],
  correlated: ({ names: [own, other], value }) => [
    `${own}, which is read, and ${other}, which is not, have covariance ${value('value')}`,
    'no feature that is read is correlated with one that is not',
  ],
  together: ({ names: [own, other], value }) => [
    `${own}, which is read, and ${other}, which is not, have E[x x'] = ${value('value')}`,
    'no feature that is read occurs together with one that is not',
  ],
  merged: ({ names: [own, other], i, value }) => [
    `the column of neuron ${i}, which reads ${own}, has the component ${value('value')} along ${other}, which no row reads`,
    'no column has a component along a feature that no row reads',
  ],
  'has-lambda': ({ i }) => [`e^T B e > 0 for neuron ${i}`, `e^T B e = 0 for neuron ${i}`],
};

const inRegion = (pattern: string): readonly [string, string] => [
  `the encoder lies in Omega_P, P = ${pattern}`,
  `the encoder lies in Omega_P of another pattern, ${pattern}`,
];

export function propertyText(fact: Property, { features }: Pick<Instance, 'features'>): string {
  const { property, truth, pattern = [], features: set = [], neuron = 0, values = [] } = fact;
  // Statements of their own may name others.
  const words = PROPERTIES[property];
  if (property === 'lossless') {
    const losses = values.map(({ name, value }) => `${equation('L', value)} at ${name}`).join(' and ');
    return `the true losses are ${truth ? '' : 'not '}0: ${losses}`;
  }
  if (!words) return `${truth ? '' : 'not '}${property}`;
  const value = (name: string): string => numberText(values.find((v) => v.name === name)?.value ?? '');
  const P = patternText(features, pattern);
  const names = set.map((d) => featureText(features, d));
  return words({ P, F: setText(features, set), names, i: neuron, value })[truth ? 0 : 1];
}

export const KNOWN_PROPERTIES: readonly string[] = [...Object.keys(PROPERTIES), 'lossless'];
