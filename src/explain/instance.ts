/** What was asked: the instance in words, and what its configuration does to each feature. */

import { thresholdOf } from '../kernel/model/activation.ts';
import type { Configuration, Feature, Instance, Pattern } from '../kernel/model/instance.ts';
import { evaluate, patternShown } from '../kernel/model/model.ts';
import type { Subject } from '../kernel/model/subject.ts';
import { largestError, trueLoss, withSoloWeights } from '../kernel/model/trueLoss.ts';
import { Rejection } from '../kernel/numbers/rejection.ts';
import { Vector } from '../kernel/numbers/vector.ts';
import { numbered, setsOf } from '../kernel/proof/fact.ts';
import { beyondText } from '../words/beyond.ts';
import { counted, labelText, latentText, nameText, patternText, setText, symbolText } from '../words/names.ts';
import {
  configurationLines,
  exact,
  type Figure,
  floats,
  listed,
  named,
  rowOf,
  rowsFigure,
  type Seen,
  vector,
} from './step.ts';

export function activationText({ activation }: Pick<Instance, 'activation'>): string {
  switch (activation.kind) {
    case 'relu':
      return 'ReLU';
    case 'identity':
      return 'the identity';
    case 'gated':
      return 'gated';
    case 'jumprelu':
      return `JumpReLU with threshold ${named('theta', activation.theta)}`;
    case 'topk':
      return `Top-k after ReLU, k = ${activation.k}`;
    case 'topk-pure':
      return `pure Top-k, k = ${activation.k}`;
    case 'batchtopk':
      return `Batch-Top-k, k = ${activation.k}`;
  }
}

/** Which instance, its features, and what of it the claim may be about. */
export function subjectLines(m: Subject): string[] {
  switch (m.format) {
    case 'dictum/report@1':
      return [
        `the reported figures of ${labelText(m.name)} (${m.source})`,
        `recovery M_GT = ${m.recovery.text}%: the share of features with a best match above tau = ${exact(m.tau)}; mean best match M_IP = ${m.mean.text}`,
        ...(m.denominators.length > 0
          ? [`numbers N of features that it may be a share of: ${m.denominators.join(', ')}`]
          : []),
      ];
    case 'dictum/comparison@1':
      return [
        `a sentence about reported figures: ${labelText(m.name)} (${m.source})`,
        `it says: ${m.says}`,
        ...listed(
          m.terms.map(({ figure, printed, times }) => `${figure}: ${printed.text}, with the factor ${exact(times)}`),
          'figures',
        ),
        `so their sum would be ${m.relation} 0`,
      ];
    case 'dictum/scale@1':
      return [
        `the generated model ${labelText(m.name)}: n = ${m.features} features, n_p = ${m.dimensions} dimensions, n_q = ${m.neurons} neurons`,
        `integer entries up to a = ${m.entries}, seeds ${m.directionSeed} (directions) and ${m.encoderSeed} (encoder), k = ${m.anchors} anchors`,
      ];
    case 'dictum/latents@1':
      return [
        ...listed(
          m.latents.map(({ name, constant }) => `latent ${latentText(name)}, with constant ${exact(constant)}`),
          'latents',
        ),
        `of a trained model: ${m.source}`,
        ...listed(
          m.inputs.map(({ label, x }) => rowOf(labelText(label), x)),
          'inputs',
        ),
        ...(m.strengths ? [`at strengths ${m.strengths.map(exact).join(' and ')}`] : []),
        ...(m.sums
          ? [`and sums of at most ${m.sums.most} of them, with strengths from 0 to ${exact(m.sums.strength)}`]
          : []),
      ];
    case 'dictum/instance@1':
      return instanceLines(m);
  }
}

function instanceLines(m: Instance): string[] {
  const { features, pattern, configuration, anchors, distribution, hierarchy } = m;
  const also = beyondText(m);
  const tied = features.every((f) => f.wp.equals(f.wr));
  const space = tied ? `in ${counted(m.np, 'dimension')}` : `from ${counted(m.np, 'dimension')} to ${m.nr}`;
  const number = (d: number): string => (nameText(features, d + 1) === `${d + 1}` ? '' : `, feature ${d + 1}`);
  const weighted = features.some((f) => `${f.weight}` !== '1');
  return [
    `${labelText(m.name)}: ${counted(features.length, 'feature')} ${space}, ${counted(m.neurons, 'neuron')}, sigma is ${activationText(m)}`,
    ...(also === undefined ? [] : [`read ${also}`]),
    ...listed(
      features.map(
        ({ wp, wr, weight }, d) =>
          [
            rowOf(symbolText('w', features, d + 1), wp),
            ...(tied ? [] : [rowOf(symbolText('r', features, d + 1), wr)]),
            ...(weighted ? [named(symbolText('M', features, d + 1), weight)] : []),
          ].join(', ') + number(d),
      ),
      'features',
    ),
    tied
      ? `every target r_d is the direction w_d${weighted ? '' : ', and every weight M_d is 1'}`
      : weighted
        ? 'w_d: the direction, r_d: the target, M_d: the weight of feature d in L~'
        : 'w_d: the direction, r_d: the target of feature d; every weight M_d is 1',
    ...(pattern
      ? [`the pattern P = ${patternText(features, setsOf(pattern))}: which features each neuron is active on`]
      : []),
    ...(m.radius ? [`and every instance whose numbers are within ${exact(m.radius)} of these`] : []),
    ...(anchors
      ? [
          `the anchors, to which the first ${counted(anchors.length, 'neuron')} are fixed: ${setText(features, numbered(anchors))}`,
        ]
      : []),
    ...listed(
      hierarchy.map(
        ({ parent, children }) => `${labelText(parent)} is the parent of ${setText(features, numbered(children))}`,
      ),
      'parents',
    ),
    ...(distribution ? [distributionText(m)] : []),
    ...(configuration ? configurationText(m, configuration) : []),
  ];
}

function distributionText({ distribution, features }: Instance): string {
  if (distribution?.kind === 'joint') {
    const atoms = distribution.atoms.map(
      ({ probability, x }) => `x = ${vector(x)} with probability ${exact(probability)}`,
    );
    return `the inputs: ${listed(atoms, 'inputs').join('; ')}; else x = 0`;
  }
  const each = (distribution?.magnitudes ?? []).map((values, d) => {
    return `${symbolText('x', features, d + 1)} is ${values.map(({ probability, value }) => `${exact(value)} with probability ${exact(probability)}`).join(' or ')}`;
  });
  return `the features are independent: ${listed(each, 'features').join('; ')}; else 0`;
}

/** Rows, columns, and what comes out of them; where neurons tie nothing comes out. */
function configurationText(m: Instance, at: Configuration): string[] {
  return ['the configuration:', ...configurationLines(at), ...atConfiguration(m, at)];
}

/**
 * Pattern, residuals and loss of a configuration; nothing where a tie leaves its active sets open. With a distribution the loss is the true one: L~
 * then has weights of its own.
 */
export function atConfiguration(m: Instance, at: Configuration): string[] {
  try {
    const shape = { ...m, neurons: at.we.length };
    const { residuals, loss } = evaluate(shape, [at]);
    const cost = (d: number, rho: Vector): string =>
      m.distribution ? '' : `, which costs ${exact((m.features[d] as Feature).weight.times(rho.dot(rho)))}`;
    const rests = m.features.map((_, d) => {
      const rho = residuals[d]?.[0] as Vector;
      const name = symbolText('rho', m.features, d + 1);
      return rho.isZero() ? `${name} = 0` : `${rowOf(name, rho)}${cost(d, rho)}`;
    });
    const sum = loss[0];
    return [
      `it shows ${patternText(m.features, setsOf(patternShown(shape, at)))}; the residuals r_d - sum_i z_i,d u_i are ${listed(rests, 'features').join('; ')}`,
      ...(m.distribution
        ? m.activation.kind === 'batchtopk'
          ? []
          : [`over the inputs the expected squared error is ${named('L', trueLoss(shape, at))}`]
        : sum
          ? [`together ${named('L~', sum)}`]
          : []),
    ];
  } catch (thrown) {
    if (thrown instanceof Rejection) return [];
    throw thrown;
  }
}

/** The rows of a configuration, with what they show. */
export function shownFigure(m: Instance, at: Configuration): Figure {
  const sets = at.we.map((e) => m.features.flatMap(({ wp }, d) => (e.dot(wp).compare(thresholdOf(m)) > 0 ? [d] : [])));
  return rowsFigure(at.we.map(floats), sets);
}

/** A configuration with the sets that it shows, in doubles; nothing where neurons tie. */
export function seenAt(m: Instance, at: Configuration): { readonly seen?: Seen } {
  const sets = shownOrTied(m, at);
  return sets ? { seen: { point: { we: at.we.map(floats), wd: at.wd.map(floats), sets } } } : {};
}

function shownOrTied(m: Instance, at: Configuration): Pattern | undefined {
  try {
    return patternShown({ ...m, neurons: at.we.length }, at);
  } catch (thrown) {
    if (thrown instanceof Rejection) return undefined;
    throw thrown;
  }
}

/** The configuration that the claims about ground truth start from: e_d = w_d, u_d = r_d, as far as the neurons go. */
export function groundTruthLines(m: Subject): string[] {
  if (m.format !== 'dictum/instance@1' || m.activation.kind === 'gated') return [];
  const zero = { wp: Vector.zero(m.np), wr: Vector.zero(m.nr) };
  const own = Array.from({ length: m.neurons }, (_, i) => m.features[i] ?? zero);
  return [
    'the ground-truth configuration has e_d = w_d and u_d = r_d, a neuron for each feature, and 0 for the rest:',
    ...atConfiguration(m, { we: own.map(({ wp }) => wp), wd: own.map(({ wr }) => wr) }),
  ];
}

/** The numbers that T1 compares: its L~ has weights of its own, from the inputs. */
export function soloLines(m: Subject): string[] {
  if (m.format !== 'dictum/instance@1' || !m.distribution || !m.configuration) return [];
  const { features } = withSoloWeights(m);
  const own = features.map(({ weight }, d) => named(symbolText('M', features, d + 1), weight));
  return [
    `in this claim L~ has the weights M_d = Pr(d alone is active) E[x_d^2 | x_d > 0]: ${listed(own, 'weights').join(', ')}`,
    ...(m.activation.kind === 'batchtopk'
      ? []
      : [`${named('C', largestError(m, m.configuration))}, the largest squared error over the inputs`]),
  ];
}
