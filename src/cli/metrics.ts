/** `dictum metrics`: measures a checkpoint of ours, of SAELens or of sparsify, and makes an instance of its neurons. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { componentsDocument, componentsText } from '../report/componentsText.ts';
import { metricsText } from '../report/trainText.ts';
import { hostBackend } from '../train/backend/host.ts';
import { kernelsOf } from '../train/backend/open.ts';
import { readCheckpoint, type Saved } from '../train/checkpoint.ts';
import type { TrainConfig } from '../train/config.ts';
import { readSafetensors } from '../train/data/safetensors.ts';
import { type ForeignSettings, foreignModel, modelOf } from '../train/foreign.ts';
import { objectiveOf } from '../train/methods/method.ts';
import { measure } from '../train/metrics/metrics.ts';
import { TAUS } from '../train/metrics/similarity.ts';
import { TrainProblem } from '../train/problem.ts';
import { weightsOf } from '../train/weights.ts';
import { workOf } from '../train/work.ts';
import { commandNamed, countFrom, notes, parseArguments } from './arguments.ts';
import { EXIT } from './exitCodes.ts';
import { readText, writeAtomically } from './files.ts';
import { boundCommand } from './limits.ts';
import { type InstanceOptions, modelInstance, wantsInstance, writeInstance } from './modelInstance.ts';
import { printable } from './printable.ts';
import { fail } from './problem.ts';
import { enterConfig, failureOf, readConfig } from './trainConfig.ts';
import { openSource, readBinary } from './trainData.ts';
import { metricsCsv } from './trainFolder.ts';

const NOTES = notes(
  'CHECKPOINT: a .safetensors file of dictum train, of SAELens (W_enc, W_dec, ...) or of sparsify (encoder.weight, ...); cfg.json beside',
  'the latter two is read for k, the architecture and whether b_dec is subtracted from the input. They need --config for the data, or',
  '--features: an instance file, whose features come one at a time.',
  '',
  '--instance makes dictum/instance@1 of the features and the chosen neurons, weights exactly as they are; the model may have no biases,',
  'or --augment turns them into a further coordinate that is 1 for every feature (and b_dec into a shift of the targets): then L~ is the',
  'error on single features at activation 1, and directions are no longer unit. Of a model with r_mag the factors exp(r_mag) are 32-bit.',
  '--zero-loss replaces the decoder by the nearest one with L~ exactly 0, and says how far that is.',
  '--components: which neurons are active on which features alone, decided exactly, by connected components; --component K takes the',
  'neurons of one of them, with the pattern they show, for `dictum landscape --given`, `dictum realize` and `dictum certify`.',
  '',
  'Examples:',
  '  dictum metrics run1/checkpoint.safetensors',
  '  dictum metrics sae_weights.safetensors --config data.json --csv metrics.csv',
  '  dictum metrics sae_weights.safetensors --features words.json --augment --components',
  '  dictum metrics sae_weights.safetensors --features words.json --augment --component 3 --instance part.json && dictum realize part.json',
  '  dictum metrics run1/checkpoint.safetensors --instance run1.json --zero-loss && dictum certify T4-nonidentifiable run1.json',
  '(The last needs exactly unit directions, as data of kind instance may have; those of the bench are 32-bit numbers.)',
  '',
  'Exit codes: 0 measured; 2 bad input.',
);

interface Options extends InstanceOptions {
  readonly config?: string;
  readonly features?: string;
  readonly k?: string;
  readonly csv?: string;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('metrics', 'Measures what a checkpoint recovers, in every convention.')
    .argument('<checkpoint>', 'a .safetensors file')
    .option(
      '-c, --config <file>',
      'where the data and directions come from (default: the configuration in the checkpoint)',
    )
    .option('-f, --features <file>', 'an instance file whose features are the data, in place of --config')
    .option('--k <count>', 'k of a foreign TopK model')
    .option('--csv <file>', 'write the metrics there')
    .option('--instance <file>', 'write an instance of the features and neurons there')
    .option('--neurons <numbers>', 'the neurons of that instance, from 1: "1,5,9" (default: all)')
    .option('--zero-loss', 'with the nearest decoder of zero loss')
    .option('--augment', 'with biases, as a coordinate that is 1 for every feature')
    .option('--components', 'list the connected components of the pattern')
    .option('--component <number>', 'the neurons of that component, from 1')
    .addHelpText('after', NOTES);
  if (!parseArguments(command, args)) return EXIT.ok;
  boundCommand();
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
  const { config, base } = await dataOf(options, own, file);
  const kernels = kernelsOf(config.backend);
  const backend = hostBackend(kernels);
  const model = own
    ? { from: 'dictum' as const, ...modelOf(backend, own.tensors, own.config.method, file) }
    : foreignModel(backend, readSafetensors(bytes, file).tensors, await foreignSettings(file, options.k), file);
  const { from, method } = model;
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
  const document = { format: 'dictum/metrics@1', file, from, method: method.kind, ...model.shape, taus: TAUS, metrics };
  const made = wantsInstance(options) ? await modelInstance(options, model, { source, config, base }) : undefined;
  if (made && options.instance !== undefined) await writeInstance(made, options.instance);
  const head = `${file}: ${from}, ${method.kind}, ${model.shape.nq} neurons, ${np} to ${nr} dimensions\n`;
  const listed = options.components === true && made?.components ? { m: made.m, of: made.components } : undefined;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ...document, ...(listed && { components: componentsDocument(listed.of) }) })}\n`
      : `${head}${metricsText(metrics, TAUS)}${listed ? componentsText(listed.of, listed.m, printable) : ''}`,
  );
  return EXIT.ok;
}

/** Where the data come from, and the file that says so. */
async function dataOf(
  { config, features }: Options,
  own: Saved | undefined,
  file: string,
): Promise<{ config: TrainConfig; base: string }> {
  if (config !== undefined && features !== undefined)
    return fail('bad-arguments', { file: '--features' }, 'a configuration or features', 'both');
  if (config !== undefined) return { config: await readConfig(config), base: config };
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

/** cfg.json beside the file, and k as given. */
async function foreignSettings(file: string, k: string | undefined): Promise<ForeignSettings | undefined> {
  const beside = join(dirname(file), 'cfg.json');
  const given = existsSync(beside) ? readSettings(await readText(beside), beside) : undefined;
  return k === undefined ? given : { ...given, k: countFrom(k, '--k', 1_000_000) };
}

function readSettings(text: string, file: string): ForeignSettings {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as ForeignSettings;
  } catch {
    // Below.
  }
  return fail('not-json', { file }, 'a JSON object', JSON.stringify(text.slice(0, 40)));
}
