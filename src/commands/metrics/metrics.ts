/** `dictum metrics`: measures a checkpoint of ours or of another library, and makes an instance of its neurons. */
import { basename, resolve } from 'node:path';
import { commandNamed, notes, parseArguments } from '../../terminal/arguments.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { outputs, writeAtomically } from '../../terminal/files.ts';
import { boundCommand } from '../../terminal/limits.ts';
import { printable } from '../../terminal/printable.ts';
import { fail } from '../../terminal/problem.ts';
import { note, say } from '../../terminal/streams.ts';
import { hostBackend } from '../../train/backend/host.ts';
import { kernelsOf } from '../../train/backend/open.ts';
import { TrainProblem } from '../../train/backend/problem.ts';
import { type FileModel, foreignModel } from '../../train/checkpoint/foreign.ts';
import { biasesOf, type TrainConfig } from '../../train/config/config.ts';
import type { Source } from '../../train/data/source.ts';
import { objectiveOf } from '../../train/methods/method.ts';
import { type Metrics, measure, measureModel } from '../../train/metrics/metrics.ts';
import { TAUS } from '../../train/metrics/similarity.ts';
import { weightsOf } from '../../train/model/weights.ts';
import { workOf } from '../../train/model/work.ts';
import { runWeights, type Saved } from '../../train/run/checkpoint.ts';
import { metricsCsv } from '../train/folder.ts';
import { openSource } from '../train/openSource.ts';
import { enterConfig, failureOf, readConfig } from '../train/readConfig.ts';
import { metricsText } from '../train/text.ts';
import { componentsDocument, componentsText } from './componentsText.ts';
import { type InstanceOptions, modelInstance, wantsInstance, writeInstance } from './modelInstance.ts';
import { openCheckpoint } from './openCheckpoint.ts';
import { modelOf, ownIn, type ToldOptions, toldIn, withToldOptions } from './openModel.ts';
import { comparePairwise } from './pairwise.ts';

const NOTES = notes(
  'CHECKPOINT: a .safetensors, .pt or .npz file or the folder with it, of dictum train, SAELens, sparsify, dictionary_learning, Gemma Scope,',
  'Llama Scope, sparse_autoencoder of OpenAI, or a crosscoder; or a *.safetensors.index.json with its shards (docs/models.md has the table).',
  'Nothing in a .pt is executed. cfg.json, config.json or hyperparams.json beside it says the architecture, k and whether b_dec is',
  'subtracted from the input; it is read strictly, and what it leaves open must be said: --architecture, --k, --subtract-b-dec, --layout.',
  'Models of others need --config for the data, or --features: an instance file, whose features come one at a time. They are measured in 64',
  'bits on their inputs as they are, each row of a file once, unless the configuration has "evaluation" or "normalize".',
  '',
  '--instance makes dictum/instance@1 of the features and the chosen neurons, with the pattern they show, weights exactly as they are; the',
  'model may have no biases, or --augment turns them into a further coordinate that is 1 for every feature (and b_dec into a shift of the',
  'targets): then L~ is the error on single features at activation 1, and directions are no longer unit. Biases less <e_i, b_dec> and',
  'thresholds of their own are exact too; exp(r_mag) and norms that are irrational are rounded, which is said.',
  '--zero-loss replaces the decoder by the nearest one with L~ exactly 0, and says how far that is.',
  '--components: which neurons are active on which features alone, decided exactly, by connected components; --component K takes the',
  'neurons of one of them, for `dictum landscape --given`, `dictum realize` and `dictum certify`. What latents with biases do on rows of data, and',
  'what absorbs what: `dictum inspect`.',
  '--pairwise: PW-MCC (arXiv 2505.20254), how alike the decoders of runs with several seeds are: mean |cosine| of rows matched one-to-one,',
  'as many as the smaller decoder has, then the mean over all pairs. No data are needed; --csv has a row for each pair.',
  '',
  'Examples:',
  '  dictum metrics run1/checkpoint.safetensors',
  '  dictum metrics seed1 seed2 seed3 --pairwise',
  '  dictum metrics sae_folder --config data.json --csv metrics.csv',
  '  dictum metrics sae_weights.safetensors --features words.json --augment --components',
  '  dictum metrics sae_weights.safetensors --features words.json --augment --component 3 --instance part.json && dictum realize part.json',
  '  dictum metrics run1/checkpoint.safetensors --instance run1.json --zero-loss && dictum certify T4-nonidentifiable run1.json',
  '(The last needs exactly unit directions, as data of kind instance may have; those of the bench are 32-bit numbers.)',
  '',
  'Exit codes: 0 measured; 2 bad input.',
);

interface Options extends InstanceOptions, ToldOptions {
  readonly config?: string;
  readonly features?: string;
  readonly csv?: string;
  readonly json?: boolean;
  readonly pairwise?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('metrics', 'Measures what a checkpoint recovers, in every convention.')
    .argument('<checkpoint...>', 'a .safetensors, .pt or .npz file, a folder with one, or the index of shards')
    .option(
      '-c, --config <file>',
      'where the data and directions come from (default: the configuration in the checkpoint)',
    )
    .option('-f, --features <file>', 'an instance file whose features are the data, in place of --config')
    .option('--csv <file>', 'write the metrics there')
    .option('--instance <file>', 'write an instance of the features and neurons there')
    .option('--neurons <numbers>', 'the neurons of that instance, from 1: "1,5,9" (default: all)')
    .option('--zero-loss', 'with the nearest decoder of zero loss')
    .option('--augment', 'with biases, as a coordinate that is 1 for every feature')
    .option('--pairwise', 'how alike the decoders of two checkpoints or more are: PW-MCC')
    .option('--components', 'list the connected components of the pattern')
    .option('--component <number>', 'the neurons of that component, from 1')
    .addHelpText('after', NOTES);
  withToldOptions(command);
  if (!parseArguments(command, args)) return EXIT.ok;
  boundCommand();
  const options = command.opts<Options>();
  const [file = '', ...others] = command.args;
  try {
    if (options.pairwise === true) {
      refuseBeside(options);
      await comparePairwise(command.args, options);
      return EXIT.ok;
    }
    if (others.length > 0) {
      fail('bad-arguments', { file: 'dictum metrics' }, 'one checkpoint, or --pairwise', `${command.args.length}`);
    }
    return await measureFile(file, options);
  } catch (thrown) {
    throw failureOf(thrown, file);
  }
}

/** Decoders are compared without any data. */
function refuseBeside(options: Options): void {
  const data = ['config', 'features', 'instance', 'neurons', 'zeroLoss', 'augment', 'components', 'component'] as const;
  const given = data.find((option) => options[option] !== undefined);
  if (given === undefined) return;
  const option = `--${given.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  fail('bad-arguments', { file: option }, 'no data or instance beside --pairwise', option);
}

async function measureFile(path: string, options: Options): Promise<number> {
  const opened = await openCheckpoint(path);
  const { file } = opened;
  const own = ownIn(opened);
  const told = toldIn(options, own !== undefined);
  const { config, base } = await dataOf(options, own, file);
  const kernels = kernelsOf(config.backend);
  const foreign = own ? undefined : foreignModel(opened.tensors, opened.settings, opened, told);
  const model = foreign ?? modelOf(own as Saved, file);
  const source = await openSource(config, kernels, base, !own);
  await outputs(options.csv, options.instance);
  const { np, nr } = model.shape;
  if (source.np !== np || source.nr !== nr) {
    const found = `${source.np} to ${source.nr}`;
    throw new TrainProblem('wrong-data', 'shape', `data of ${np} to ${nr} dimensions, as the checkpoint`, found, base);
  }
  const metrics = own ? await measureOwn(own, model, config, source, file) : measureModel(config, model, source);
  const remarks = [...(foreign?.notes ?? []), ...scaledBy(source)];
  for (const remark of remarks) note(`${file}: ${remark}\n`);
  if (options.csv !== undefined) await writeAtomically(options.csv, metricsCsv(metrics));
  const from = foreign?.from ?? 'dictum';
  const document = {
    format: 'dictum/metrics@1',
    file,
    from,
    method: model.method.kind,
    ...model.shape,
    ...(remarks.length > 0 && { notes: remarks }),
    taus: TAUS,
    metrics,
  };
  const made = wantsInstance(options) ? await modelInstance(options, model, { source, config, base }, file) : undefined;
  if (made && options.instance !== undefined) await writeInstance(made, options.instance);
  const head = `${printable(file)}: ${from}, ${model.method.kind}, ${model.shape.nq} neurons, ${np} to ${nr} dimensions\n`;
  const listed = options.components === true && made?.components ? { m: made.m, of: made.components } : undefined;
  say(
    options.json
      ? `${JSON.stringify({ ...document, ...(listed && { components: componentsDocument(listed.of) }) })}\n`
      : `${head}${metricsText(metrics, TAUS)}${listed ? componentsText(listed.of, listed.m, printable) : ''}`,
  );
  return EXIT.ok;
}

/** As training measures it, by its kernels. */
function measureOwn(
  own: Saved,
  { shape }: FileModel,
  config: TrainConfig,
  source: Source,
  file: string,
): Promise<Metrics> {
  const backend = hostBackend(kernelsOf(config.backend));
  const { method } = own.config;
  const weights = runWeights(backend, own, shape, file);
  const subtracts = biasesOf(own.config).decoder === 'subtracted';
  const work = workOf(backend, shape, config.batch, weights, weightsOf(backend, shape, method.kind), subtracts);
  return measure(config, work, objectiveOf(work, method), source);
}

function scaledBy({ factors }: Source): string[] {
  if (!factors) return [];
  const { inputs, targets } = factors;
  const same = inputs === targets;
  const what = same ? `rows multiplied by ${inputs}` : `inputs multiplied by ${inputs}, targets by ${targets}`;
  return [`${what} ("normalize" of the data)`];
}

/** Where the data come from, and the file that says so. */
async function dataOf(
  { config, features }: Options,
  own: Saved | undefined,
  file: string,
): Promise<{ config: TrainConfig; base: string }> {
  if (config !== undefined && features !== undefined)
    return fail('bad-arguments', { file: '--features' }, 'a configuration or features', 'both');
  // A run's rows were rescaled for it by default; another model takes them as they are.
  if (config !== undefined) return { config: await readConfig(config, { normalize: own !== undefined }), base: config };
  if (features !== undefined) {
    // Method and neurons are the checkpoint's; these are not looked at.
    const data = { kind: 'instance', file: resolve(features) };
    const name = basename(features).replaceAll(/[^A-Za-z0-9._-]+/g, '-');
    const given = { format: 'dictum/train@1', name, data, method: { kind: 'relu', l1: 0 }, neurons: 1 };
    return { config: enterConfig(JSON.stringify(given), features), base: features };
  }
  if (own) return { config: own.config, base: file };
  return fail('missing-key', { file: '--config' }, 'a configuration with the data, or --features', 'none');
}
