/** `dictum metrics`: measures a checkpoint of ours, of SAELens or of sparsify, and makes an instance of its neurons. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Instance, inputs } from '../kernel/instance.ts';
import { Rational } from '../kernel/rational.ts';
import { Vector } from '../kernel/vector.ts';
import { metricsText } from '../report/trainText.ts';
import { instanceDocument } from '../solve/document.ts';
import { hostBackend } from '../train/backend/host.ts';
import { kernelsOf } from '../train/backend/open.ts';
import { readCheckpoint } from '../train/checkpoint.ts';
import type { TrainConfig } from '../train/config.ts';
import { readSafetensors } from '../train/data/safetensors.ts';
import type { Source } from '../train/data/source.ts';
import { activationOf, configurationOf, exactly, zeroLossDecoder } from '../train/exactModel.ts';
import { type ForeignModel, type ForeignSettings, foreignModel } from '../train/foreign.ts';
import { objectiveOf } from '../train/methods/method.ts';
import { measure } from '../train/metrics/metrics.ts';
import { TAUS } from '../train/metrics/similarity.ts';
import { TrainProblem } from '../train/problem.ts';
import { weightsOf } from '../train/weights.ts';
import { workOf } from '../train/work.ts';
import { commandNamed, countFrom, notes, parseArguments } from './arguments.ts';
import { readInstanceFile } from './door.ts';
import { EXIT } from './exitCodes.ts';
import { readText, writeAtomically } from './files.ts';
import { fail } from './problem.ts';
import { failureOf, readConfig } from './trainConfig.ts';
import { beside, openSource, readBinary } from './trainData.ts';
import { metricsCsv } from './trainFolder.ts';

const NOTES = notes(
  'CHECKPOINT: a .safetensors file of dictum train, of SAELens (W_enc, W_dec, ...) or of sparsify (encoder.weight, ...); cfg.json beside',
  'the latter two is read for k, the architecture and whether b_dec is subtracted from the input. They need --config for the data.',
  '',
  '--instance makes dictum/instance@1 of the features and the chosen neurons, weights exactly as they are; the model may have no biases.',
  '--zero-loss replaces the decoder by the nearest one with L~ exactly 0, and says how far that is.',
  '',
  'Examples:',
  '  dictum metrics run1/checkpoint.safetensors',
  '  dictum metrics sae_weights.safetensors --config data.json --csv metrics.csv',
  '  dictum metrics run1/checkpoint.safetensors --instance run1.json --zero-loss && dictum certify T4-nonidentifiable run1.json',
);

interface Options {
  readonly config?: string;
  readonly k?: string;
  readonly csv?: string;
  readonly instance?: string;
  readonly neurons?: string;
  readonly zeroLoss?: boolean;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('metrics', 'Measures what a checkpoint recovers, in every convention.')
    .argument('<checkpoint>', 'a .safetensors file')
    .option(
      '-c, --config <file>',
      'where the data and directions come from (default: the configuration in the checkpoint)',
    )
    .option('--k <count>', 'k of a foreign TopK model')
    .option('--csv <file>', 'write the metrics there')
    .option('--instance <file>', 'write an instance of the features and neurons there')
    .option('--neurons <numbers>', 'the neurons of that instance, from 1: "1,5,9" (default: all)')
    .option('--zero-loss', 'with the nearest decoder of zero loss')
    .addHelpText('after', NOTES);
  if (!parseArguments(command, args)) return EXIT.ok;
  const [file = ''] = command.args;
  try {
    return await measureFile(file, command.opts<Options>());
  } catch (thrown) {
    throw failureOf(thrown, file);
  }
}

async function measureFile(file: string, options: Options): Promise<number> {
  const bytes = await readBinary(file);
  const own = readCheckpoint(bytes, file);
  const config = options.config === undefined ? own?.config : await readConfig(options.config);
  if (!config)
    return fail('missing-key', { file: '--config' }, 'a configuration with the data, for this checkpoint', 'none');
  const kernels = kernelsOf(config.backend);
  const backend = hostBackend(kernels);
  const settings = own ? ownSettings(own.config) : await foreignSettings(file, options.k);
  const model = foreignModel(backend, own?.tensors ?? readSafetensors(bytes, file).tensors, settings, file);
  const method = own?.config.method ?? model.method;
  const base = options.config ?? file;
  const source = await openSource(config, kernels, base);
  const { np, nr } = model.shape;
  if (source.np !== np || source.nr !== nr) {
    throw new TrainProblem(
      'wrong-size',
      'shape',
      `data of ${np} to ${nr} dimensions`,
      `${source.np} to ${source.nr}`,
      base,
    );
  }
  const work = workOf(backend, model.shape, config.batch, model.weights, weightsOf(backend, model.shape, method.kind));
  const { anchoring, ...rest } = config;
  const metrics = await measure(
    { ...rest, ...(own && anchoring && { anchoring }) },
    work,
    objectiveOf(work, method),
    source,
  );
  if (options.csv !== undefined) await writeAtomically(options.csv, metricsCsv(metrics));
  const from = own ? 'dictum' : model.from;
  const document = { format: 'dictum/metrics@1', file, from, method: method.kind, ...model.shape, taus: TAUS, metrics };
  if (options.instance !== undefined) await writeInstance(options, { ...model, method }, source, config, base);
  process.stdout.write(
    options.json
      ? `${JSON.stringify(document)}\n`
      : `${file}: ${from}, ${method.kind}, ${model.shape.nq} neurons, ${np} to ${nr} dimensions\n${metricsText(metrics, TAUS)}`,
  );
  return EXIT.ok;
}

const ownSettings = ({ method }: TrainConfig): ForeignSettings => ({
  architecture: method.kind,
  ...('k' in method && { k: method.k }),
  apply_b_dec_to_input: false,
});

async function foreignSettings(file: string, k: string | undefined): Promise<ForeignSettings> {
  const beside = join(dirname(file), 'cfg.json');
  const given = existsSync(beside) ? (JSON.parse(await readText(beside)) as ForeignSettings) : {};
  return { ...given, ...(k !== undefined && { k: countFrom(k, '--k', 1_000_000) }) };
}

async function writeInstance(
  options: Options,
  model: ForeignModel,
  source: Source,
  config: TrainConfig,
  base: string,
): Promise<void> {
  const out = options.instance ?? '';
  const neurons =
    options.neurons === undefined
      ? Array.from({ length: model.shape.nq }, (_, i) => i)
      : options.neurons.split(',').map((text) => countFrom(text.trim(), '--neurons', model.shape.nq) - 1);
  const given = await exactFeatures(source, config, base);
  const at = configurationOf(model.weights, neurons);
  const bare: Instance = {
    ...given,
    name: config.name,
    activation: activationOf(model.method, model.weights, neurons),
    neurons: neurons.length,
  };
  const nearest = options.zeroLoss ? zeroLossDecoder(bare, at) : undefined;
  if (options.zeroLoss && !nearest) {
    fail('out-of-range', { file: '--zero-loss' }, 'linearly independent activations of the features', 'dependent ones');
  }
  await writeAtomically(
    out,
    `${JSON.stringify(instanceDocument({ ...bare, configuration: nearest?.configuration ?? at }))}\n`,
  );
  const how = nearest ? `, the decoder moved by at most ${decimal(nearest.moved)} to zero loss` : '';
  process.stderr.write(`${out}: ${inputs(bare).length} features, ${neurons.length} neurons${how}\n`);
}

const decimal = ({ num, den }: Rational): string => (Number((num * 10n ** 30n) / den) / 1e30).toExponential(3);

/** The features as the data has them: an instance's own are exact. */
async function exactFeatures({ np, nr, truth }: Source, config: TrainConfig, base: string): Promise<Instance> {
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
