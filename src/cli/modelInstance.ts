/** `dictum metrics --instance`: the features and a model's neurons as an instance, every weight the exact number it is. */
import { type Instance, inputs, type Pattern } from '../kernel/instance.ts';
import { patternShown, samePattern } from '../kernel/model.ts';
import { Rational } from '../kernel/rational.ts';
import { Rejection } from '../kernel/rejection.ts';
import { Vector } from '../kernel/vector.ts';
import { isTooMuch } from '../kernel/work.ts';
import { instanceDocument } from '../solve/document.ts';
import { type Components, componentsOf } from '../train/components.ts';
import type { TrainConfig } from '../train/config.ts';
import type { Source } from '../train/data/source.ts';
import { activationOf, augmented, configurationOf, exactly, zeroLossDecoder } from '../train/exactModel.ts';
import type { Model } from '../train/foreign.ts';
import { countFrom } from './arguments.ts';
import { readInstanceFile } from './door.ts';
import { writeAtomically } from './files.ts';
import { fail } from './problem.ts';
import { beside } from './trainData.ts';

export interface InstanceOptions {
  readonly instance?: string;
  readonly neurons?: string;
  readonly component?: string;
  readonly components?: boolean;
  readonly augment?: boolean;
  readonly zeroLoss?: boolean;
}

/** Where directions come from: the data, its configuration and the file that names it. */
export interface Given {
  readonly source: Source;
  readonly config: TrainConfig;
  readonly base: string;
}

export interface ModelInstance {
  readonly m: Instance;
  readonly components?: Components;
  /** Of --zero-loss: how far the decoder moved. */
  readonly moved?: Rational;
}

export const wantsInstance = (options: InstanceOptions): boolean =>
  [options.instance, options.neurons, options.component, options.components, options.augment, options.zeroLoss].some(
    (option) => option !== undefined,
  );

/** The instance asked for; its pattern where it is that of one component. */
export async function modelInstance(options: InstanceOptions, model: Model, given: Given): Promise<ModelInstance> {
  for (const name of ['neurons', 'component', 'zeroLoss', 'augment'] as const) {
    const stands = options.instance !== undefined || (name === 'augment' && options.components === true);
    if (options[name] !== undefined && !stands) {
      fail('bad-arguments', { file: OPTION[name] }, '--instance FILE beside it', 'none');
    }
  }
  if (options.neurons !== undefined && options.component !== undefined)
    fail('bad-arguments', { file: '--component' }, 'neurons or a component', 'both');
  const features = await exactFeatures(given);
  const all = Array.from({ length: model.shape.nq }, (_, i) => i);
  const of = (neurons: readonly number[]): Instance =>
    withNeurons(features, model, neurons, options, given.config.name);
  if (options.components !== true && options.component === undefined) {
    const chosen = options.neurons?.split(',').map((text) => countFrom(text.trim(), '--neurons', model.shape.nq) - 1);
    return withoutLoss(of(chosen ?? all), options);
  }
  const whole = of(all);
  const pattern = shown(whole);
  const components = componentsOf(pattern, whole.features.length);
  if (options.component === undefined) {
    return { ...(options.instance === undefined ? { m: whole } : withoutLoss(whole, options)), components };
  }
  const part = components.parts[countFrom(options.component, '--component', components.parts.length) - 1];
  const neurons = part?.neurons ?? [];
  const own = { ...of(neurons), pattern: neurons.map((i) => pattern[i] ?? []) };
  if (!samePattern(shown(own), own.pattern)) {
    fail(
      'out-of-range',
      { file: '--component' },
      'neurons that are active on the same features when they are alone',
      `${own.activation.kind}, where neurons of other components hold them down`,
    );
  }
  return { ...withoutLoss(own, options), components };
}

const OPTION = {
  neurons: '--neurons',
  component: '--component',
  zeroLoss: '--zero-loss',
  augment: '--augment',
} as const;

export async function writeInstance({ m, moved }: ModelInstance, out: string): Promise<void> {
  await writeAtomically(out, `${JSON.stringify(instanceDocument(m))}\n`);
  const how = moved ? `, the decoder moved by at most ${decimal(moved)} to zero loss` : '';
  const neurons = `${m.neurons} neuron${m.neurons === 1 ? '' : 's'}`;
  process.stderr.write(`${out}: ${inputs(m).length} features, ${neurons}${how}\n`);
}

function withNeurons(
  features: Instance,
  model: Model,
  neurons: readonly number[],
  { augment }: InstanceOptions,
  name: string,
): Instance {
  const bare = {
    ...features,
    name,
    activation: activationOf(model.method, model.weights, neurons),
    neurons: neurons.length,
  };
  return augment === true
    ? augmented(bare, model.weights, neurons)
    : { ...bare, configuration: configurationOf(model.weights, neurons) };
}

/** A tie, which only Top-k knows, is no pattern. */
function shown(m: Instance): Pattern {
  try {
    return m.configuration ? patternShown(m, m.configuration) : [];
  } catch (thrown) {
    if (!(thrown instanceof Rejection) || isTooMuch(thrown)) throw thrown;
    return fail(thrown.code, { file: '--components' }, thrown.expected, thrown.found);
  }
}

function withoutLoss(m: Instance, { zeroLoss }: InstanceOptions): ModelInstance {
  if (zeroLoss !== true || !m.configuration) return { m };
  const nearest = zeroLossDecoder(m, m.configuration);
  if (nearest) return { m: { ...m, configuration: nearest.configuration }, moved: nearest.moved };
  return fail('out-of-range', { file: '--zero-loss' }, 'linearly independent activations of the features', 'dependent');
}

const decimal = ({ num, den }: Rational): string => (Number((num * 10n ** 30n) / den) / 1e30).toExponential(3);

/** The features as the data has them: an instance's own are exact. */
async function exactFeatures({ source: { np, nr, truth }, config, base }: Given): Promise<Instance> {
  if (config.data.kind === 'instance') {
    const { file } = config.data;
    const { instance } = await readInstanceFile(beside(base, file));
    const { pattern: _, configuration: __, ...rest } = instance;
    return rest;
  }
  if (!truth) return fail('missing-key', { file: '--instance' }, 'data with known directions', 'none');
  const vector = (row: Float64Array): Vector => Vector.of([...row].map(exactly));
  const features = truth.wp.map((w, d) => ({
    label: `${d + 1}`,
    wp: vector(w),
    wr: vector(truth.wr[d] as Float64Array),
    weight: Rational.of(1n),
  }));
  return { name: '', features, np, nr, neurons: 1, activation: { kind: 'relu' }, hierarchy: [] };
}
