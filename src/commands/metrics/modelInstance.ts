/** `dictum metrics --instance`: the features and a model's neurons as an instance, every weight the exact number it is. */
import { basename } from 'node:path';
import { type Instance, inputs, type Pattern } from '../../kernel/model/instance.ts';
import { patternShown, samePattern } from '../../kernel/model/model.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import { Rejection } from '../../kernel/numbers/rejection.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { isTooMuch } from '../../kernel/numbers/work.ts';
import { instanceDocument } from '../../solve/proofs/document.ts';
import { countFrom } from '../../terminal/arguments.ts';
import { readInstanceFile } from '../../terminal/door.ts';
import { writeAtomically } from '../../terminal/files.ts';
import { fail } from '../../terminal/problem.ts';
import { note } from '../../terminal/streams.ts';
import { type Components, componentsOf } from '../../train/checkpoint/components.ts';
import {
  activationOf,
  augmented,
  type Change,
  changesOf,
  configurationOf,
  exactly,
  refuseBiases,
  zeroLossDecoder,
} from '../../train/checkpoint/exactModel.ts';
import { exactSets } from '../../train/checkpoint/exactSets.ts';
import type { FileModel } from '../../train/checkpoint/foreign.ts';
import type { TrainConfig } from '../../train/config/config.ts';
import type { Source } from '../../train/data/source.ts';
import { beside } from '../train/openSource.ts';

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
  /** The features with the neurons asked for; without an instance to write, the features alone. */
  readonly m: Instance;
  readonly components?: Components;
  /** Of --zero-loss: how far the decoder moved. */
  readonly moved?: Rational;
  /** What is to be said of the file. */
  readonly notes: readonly string[];
}

export const wantsInstance = (options: InstanceOptions): boolean =>
  [options.instance, options.neurons, options.component, options.components, options.augment, options.zeroLoss].some(
    (option) => option !== undefined,
  );

/** The instance asked for, with the pattern it shows, and the components of all neurons. `file` is the checkpoint's. */
export async function modelInstance(
  options: InstanceOptions,
  model: FileModel,
  given: Given,
  file: string,
): Promise<ModelInstance> {
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
  const chosen = options.neurons?.split(',').map((text) => countFrom(text.trim(), '--neurons', model.shape.nq) - 1);
  const wanted: Wanted = { features, model, options, name: given.config.name, file };
  if (options.components !== true && options.component === undefined) return instanceOf(wanted, chosen ?? all);
  if (options.augment !== true) refuseBiases(model.weights, all);
  const pattern = setsOf(wanted, all);
  if (typeof pattern === 'string') return fail('tie', { file: '--components' }, 'sets without a tie', pattern);
  const components = componentsOf(pattern, features.features.length);
  if (options.component === undefined) {
    if (options.instance === undefined) return { m: features, components, notes: [] };
    return { ...instanceOf(wanted, chosen ?? all), components };
  }
  const part = components.parts[countFrom(options.component, '--component', components.parts.length) - 1];
  const neurons = part?.neurons ?? [];
  const own = instanceOf(wanted, neurons);
  if (
    !own.m.pattern ||
    !samePattern(
      own.m.pattern,
      neurons.map((i) => pattern[i] ?? []),
    )
  ) {
    fail(
      'not-separate',
      { file: '--component' },
      'neurons that are active on the same features when they are alone',
      `${own.m.activation.kind}, where neurons of other components hold them down`,
    );
  }
  return { ...own, components };
}

const OPTION = {
  neurons: '--neurons',
  component: '--component',
  zeroLoss: '--zero-loss',
  augment: '--augment',
} as const;

export async function writeInstance({ m, moved, notes }: ModelInstance, out: string): Promise<void> {
  await writeAtomically(out, `${JSON.stringify(instanceDocument(m))}\n`);
  const how = moved ? `, the decoder moved by at most ${decimal(moved)} to zero loss` : '';
  const neurons = `${m.neurons} neuron${m.neurons === 1 ? '' : 's'}`;
  note(`${out}: ${inputs(m).length} features, ${neurons}${how}\n`);
  for (const line of notes) note(`  ${line}\n`);
}

interface Wanted {
  readonly features: Instance;
  readonly model: FileModel;
  readonly options: InstanceOptions;
  readonly name: string;
  readonly file: string;
}

const SAID: Readonly<Record<Change, string>> = {
  thresholds:
    "thresholds differ: rows and columns are rescaled exactly to the first neuron's, the function is the same",
  norms:
    'rows are multiplied by |u_i|, columns divided by it; irrational ones are rounded to 64 bits, which changes no set here',
  magnitudes: 'factors exp(r_mag) are irrational and rounded to 53 bits, which changes no set here',
};

function instanceOf(wanted: Wanted, neurons: readonly number[]): ModelInstance {
  const { features, model, options, name, file } = wanted;
  const bare = {
    ...features,
    name: nameOf(name, neurons, model.shape.nq, basename(file)),
    activation: activationOf(model.method, model.weights, neurons),
    neurons: neurons.length,
  };
  const m =
    options.augment === true
      ? augmented(bare, model.weights, neurons)
      : { ...bare, configuration: configurationOf(model.weights, neurons) };
  const changes = [...changesOf(model.weights, neurons)];
  const pattern = setsOf(wanted, neurons);
  const numbers = isAll(neurons, model.shape.nq) ? [] : [`its neurons are ${listed(neurons)} of ${file}`];
  if (typeof pattern === 'string') {
    return { ...withoutLoss(m, options), notes: [...numbers, `without a pattern: ${pattern}`] };
  }
  // What was rounded has to show what the file's own numbers show.
  if (m.configuration && !samePattern(patternShown(m, m.configuration), pattern)) {
    const expected = 'factors whose rounding changes no set';
    fail('rounded', { file: '--instance' }, expected, changes.map((change) => SAID[change]).join('; ') || 'others');
  }
  return { ...withoutLoss({ ...m, pattern }, options), notes: [...numbers, ...changes.map((change) => SAID[change])] };
}

/** The sets of these neurons, or which tie there is. */
function setsOf({ features, model }: Wanted, neurons: readonly number[]): Pattern | string {
  try {
    return exactSets(model.method, model.weights, neurons, inputs(features));
  } catch (thrown) {
    if (!(thrown instanceof Rejection) || isTooMuch(thrown)) throw thrown;
    return thrown.found;
  }
}

/** Says of the neurons which they are in the checkpoint, where they are not all of it in their order. */
function nameOf(name: string, neurons: readonly number[], nq: number, file: string): string {
  if (isAll(neurons, nq)) return name;
  return `${name}, ${neurons.length === 1 ? 'neuron' : 'neurons'} ${listed(neurons)} of ${file}`;
}

const isAll = (neurons: readonly number[], nq: number): boolean =>
  neurons.length === nq && neurons.every((i, at) => i === at);

const MOST_LISTED = 60;

/** "1-3, 7, 5", as one-based numbers. */
function listed(neurons: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const i of neurons) {
    const last = runs.at(-1);
    if (last && last[1] + 1 === i) last[1] = i;
    else runs.push([i, i]);
  }
  const texts = runs.map(([from, to]) => (from === to ? `${from + 1}` : `${from + 1}-${to + 1}`));
  return texts.length > MOST_LISTED
    ? `${texts.slice(0, MOST_LISTED).join(', ')}, ... (${neurons.length})`
    : texts.join(', ');
}

function withoutLoss(m: Instance, { zeroLoss }: InstanceOptions): Pick<ModelInstance, 'm' | 'moved'> {
  if (zeroLoss !== true || !m.configuration) return { m };
  const nearest = zeroLossDecoder(m, m.configuration);
  if (nearest) return { m: { ...m, configuration: nearest.configuration }, moved: nearest.moved };
  return fail('dependent', { file: '--zero-loss' }, 'linearly independent activations of the features', 'dependent');
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
  return {
    format: 'dictum/instance@1',
    name: '',
    features,
    np,
    nr,
    neurons: 1,
    activation: { kind: 'relu' },
    hierarchy: [],
  };
}
