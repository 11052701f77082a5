/** `dictum bench`: the methods on the Linear Representation Bench, with the paper's figures beside ours. */
import { existsSync } from 'node:fs';
import { commandNamed, countFrom, notes, parseArguments } from '../../terminal/arguments.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { readText, writeAtomically } from '../../terminal/files.ts';
import { version } from '../../terminal/package.ts';
import { fail } from '../../terminal/problem.ts';
import { note, progress, say } from '../../terminal/streams.ts';
import { poolOf, workerBeside } from '../../threads/pool.ts';
import type { TrainConfig } from '../../train/config/config.ts';
import type { TrainResult } from '../../train/run/result.ts';
import { jobsFrom } from '../jobsOption.ts';
import { BACKENDS, backendNamed } from '../train/backendOption.ts';
import { TrainFolder } from '../train/folder.ts';
import { runTraining } from '../train/run.ts';
import { type Arm, armsOf, PRESETS, type Preset, type Scale, STOPPING } from './presets.ts';
import { benchCsv, benchRow } from './summary.ts';
import { benchText } from './text.ts';

const NOTES = notes(
  'Presets, after the tables of the paper: table1 (seven methods), superposition (4), interference (5), sparsity (6), topk (7), each with',
  'and without anchoring; resampling compares final losses with and without it. --scale small is a tenth of the paper in every size.',
  'absorption: parents with four children each, one active with its parent; how often is the parent missing behind the child?',
  `Stopping rule: ${STOPPING}.`,
  '',
  'The folder gets runs/NAME.json, one result a run (dictum/train-result@1, with its configuration), bench.json and bench.csv.',
  'Ctrl-C keeps finished runs; --resume leaves them out. Each run takes one thread.',
  '',
  'Exit codes: 0 trained; 2 bad input; 130 interrupted.',
  '',
  'Examples:',
  '  dictum bench lrb --preset table1 --scale small --out out/table1',
  '  dictum bench lrb --preset resampling --seeds 3 --steps 2000',
);

interface Options {
  readonly preset: string;
  readonly scale: string;
  readonly seeds: string;
  readonly seed: string;
  readonly steps?: string;
  readonly jobs?: string;
  readonly backend?: string;
  readonly biases: string;
  readonly out?: string;
  readonly resume?: boolean;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed(
    'bench',
    'Trains the methods on the Linear Representation Bench, beside the figures of the paper.',
  )
    .argument('<bench>', 'lrb')
    .option('--preset <name>', PRESETS.join(', '), 'table1')
    .option('--scale <scale>', 'small or paper', 'small')
    .option('--seeds <count>', 'seeds of each line', '3')
    .option('--seed <first>', 'the first seed', '1')
    .option('--steps <count>', 'steps of each run, instead of the preset')
    .option('--jobs <count>', 'runs at a time (default: as many as there are cores)')
    .option('--backend <name>', `${BACKENDS.join(', ')}; on a GPU one run at a time`)
    .option(
      '--biases <which>',
      'none, as in the paper; added: encoder and decoder bias; subtracted: b_dec from the input, too',
      'none',
    )
    .option('-o, --out <folder>', 'where results go (default: out/bench-PRESET-SCALE)')
    .option('--resume', 'keep the finished runs in the folder')
    .addHelpText('after', NOTES);
  if (!parseArguments(command, args)) return EXIT.ok;
  const options = command.opts<Options>();
  if (command.args[0] !== 'lrb') fail('bad-arguments', { file: 'bench' }, 'lrb', JSON.stringify(command.args[0]));
  const preset = oneOf(options.preset, PRESETS, '--preset');
  const scale = oneOf(options.scale, ['small', 'paper'] as const, '--scale');
  const first = countFrom(options.seed, '--seed', 1_000_000);
  const seeds = Array.from({ length: countFrom(options.seeds, '--seeds', 1000) }, (_, k) => first + k);
  const steps = options.steps === undefined ? undefined : countFrom(options.steps, '--steps', 9_999_999);
  const backend = options.backend === undefined ? undefined : backendNamed(options.backend);
  const jobs = jobsFrom(options.jobs, Infinity);
  const biases = oneOf(options.biases, ['none', 'added', 'subtracted'] as const, '--biases');
  const arms = armsOf({
    preset,
    scale,
    seeds,
    ...(steps !== undefined && { steps }),
    ...(backend && { backend }),
    ...(biases !== 'none' && { biases }),
  });
  const out = options.out ?? `out/bench-${preset}-${scale}`;
  await TrainFolder.open(`${out}/runs`);
  const results = await runAll(arms, {
    out,
    jobs,
    resume: options.resume === true,
    inTurn: backend === 'webgpu' || backend === 'node-gpu',
  });
  if (!results) return EXIT.interrupted;
  const paired = arms.map((arm) => [arm, arm.configs.map(({ name }) => results.get(name) as TrainResult)] as const);
  const rows = paired.map(([arm, runs]) => benchRow(arm, runs));
  const document = benchDocument(preset, scale, rows, paired);
  await writeAtomically(`${out}/bench.json`, `${JSON.stringify(document)}\n`);
  await writeAtomically(`${out}/bench.csv`, benchCsv(paired));
  say(options.json ? `${JSON.stringify(document)}\n` : `${benchText(rows)}stopping rule: ${STOPPING}\n${out}\n`);
  return EXIT.ok;
}

function oneOf<T extends string>(text: string, words: readonly T[], option: string): T {
  return (
    words.find((word) => word === text) ??
    fail('bad-arguments', { file: option }, words.join(', '), JSON.stringify(text))
  );
}

function benchDocument(
  preset: Preset,
  scale: Scale,
  rows: readonly object[],
  paired: readonly (readonly [Arm, readonly TrainResult[]])[],
): object {
  const runs = paired.flatMap(([, results]) =>
    results.map(({ config, machine, seconds }) => ({ name: config.name, seconds, machine, config })),
  );
  return { format: 'dictum/bench-result@1', version: version(), preset, scale, stopping: STOPPING, rows, runs };
}

/** Results by name; undefined where it was interrupted. */
async function runAll(
  arms: readonly Arm[],
  { out, jobs, resume, inTurn }: { out: string; jobs: number; resume: boolean; inTurn: boolean },
): Promise<ReadonlyMap<string, TrainResult> | undefined> {
  const configs = arms.flatMap((arm) => arm.configs);
  const results = new Map<string, TrainResult>();
  const pool = poolOf<TrainConfig, TrainResult>(workerBeside(import.meta.url, 'worker'), jobs);
  let stopped = false;
  const interrupted = (): void => {
    stopped = true;
    void pool.close();
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  const begun = Date.now();
  let [done, fresh] = [0, 0];
  const one = async (config: TrainConfig): Promise<void> => {
    const file = `${out}/runs/${config.name}.json`;
    const before = resume ? await finished(file, config) : undefined;
    const result = before ?? (await (inTurn ? here(config) : pool.run(config)));
    if (!before) {
      await writeAtomically(file, `${JSON.stringify(result)}\n`);
      fresh++;
    }
    results.set(config.name, result);
    done++;
    tell(done, configs.length, fresh, Date.now() - begun, config.name);
  };
  try {
    if (!inTurn) await Promise.all(configs.map(one));
    else
      for (const config of configs) {
        await one(config);
        if (stopped) throw new Error('interrupted');
      }
    return results;
  } catch (thrown) {
    if (!stopped) throw thrown;
    progress('');
    note(`interrupted with ${done} of ${configs.length} runs done; --resume goes on from ${out}.\n`);
    return undefined;
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await pool.close();
    progress('');
  }
}

/** In this thread: one device is not shared among threads. */
async function here(config: TrainConfig): Promise<TrainResult> {
  const ended = await runTraining({ config, file: config.name, resume: false });
  if ('stoppedAt' in ended) throw new Error('interrupted');
  return ended.result;
}

function tell(done: number, all: number, fresh: number, milliseconds: number, name: string): void {
  const left = fresh === 0 ? 0 : Math.ceil(((milliseconds / fresh) * (all - done)) / 1000);
  progress(`${done} of ${all} runs, ${left} s left, ${name}`);
  if (!process.stderr.isTTY) {
    note(`${JSON.stringify({ progress: 'bench', done, of: all, secondsLeft: left, run: name })}\n`);
  }
}

/** The result in the file, if it is of the same configuration. */
async function finished(file: string, config: TrainConfig): Promise<TrainResult | undefined> {
  if (!existsSync(file)) return undefined;
  const result = JSON.parse(await readText(file, { own: true })) as TrainResult;
  const same = JSON.stringify(result.config) === JSON.stringify(config);
  return same ? result : undefined;
}
