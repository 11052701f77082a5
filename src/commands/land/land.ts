/** `dictum land`: trains many small runs and matches each end point to a certified critical configuration. */
import type { Instance } from '../../kernel/model/instance.ts';
import { exitsOf } from '../../landing/match/exits.ts';
import { study } from '../../landing/match/study.ts';
import { studyResult } from '../../landing/match/studyResult.ts';
import { ADAM_RATE, DEFAULTS, type Settings } from '../../landing/runs/settings.ts';
import { commandNamed, countFrom, notes, parseArguments } from '../../terminal/arguments.ts';
import { sha256 } from '../../terminal/digest.ts';
import { readModelFile } from '../../terminal/door.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { makeFolder, writeInside } from '../../terminal/folders.ts';
import { fail } from '../../terminal/problem.ts';
import { progress, say } from '../../terminal/streams.ts';
import { beyondText } from '../../words/beyond.ts';
import { counted } from '../../words/names.ts';
import { biased, withBiasOption } from '../biasOption.ts';
import { failureOf } from '../train/readConfig.ts';
import { exitsText, landText } from './text.ts';

const NOTES = notes(
  'Each run starts from random weights, descends L~, and ends with 32-bit weights, taken as the exact numbers they are. Its end is',
  'matched to a critical configuration that the kernel has certified near it; what cannot be matched, or has not converged, is listed.',
  '',
  'Classes: zero-loss, local-minimum, face-minimum (a pre-activation held at 0), saddle (strict). Rates are of the converged runs,',
  'with Wilson intervals at 95%. "predicted" is yes at every minimum, where descent may come to rest, and no at a saddle. Class and loss',
  'are those of the certified configuration, at most 0.01 from the end weights in each coordinate (the distance is printed): where it is',
  'off a kink by less than that, the end weights may be beyond it. --certificates writes one certificate (dictum/landing@1) for each kind of end.',
  '',
  'Of dictum/instance@2, and with --bias free, L~ is trained in the form in which the kernel reads it: rows (e_i, b_i) with biases that start at 0, directions and',
  'targets less a fixed inputBias and decoderBias, rows e_i / theta_i and columns theta_i u_i, inputs on one ray as one feature. What is printed begins with it.',
  '',
  '--exits asks the end weights at each trap (a local or a face minimum of loss above 0) for a path along which L~ never rises, as claim T6-exit,',
  'and tries in floats: descent from the end of its level part; dead neurons resampled; sampled inputs from the trap as it is.',
  '',
  'Exit codes: 0 every run matched; 3 some run undecided or not converged; 2 bad input.',
  '',
  'Examples:',
  '  dictum land features.json --runs 10000',
  '  dictum land features.json --runs 1000 --optimizer sgd --seed 7 --json',
  '  dictum land features.json --runs 1000 --certificates landed && dictum check landed',
  '  dictum land features.json --runs 200 --exits',
);

interface Options {
  readonly runs: string;
  readonly optimizer?: string;
  readonly seed?: string;
  readonly rate?: string;
  readonly steps?: string;
  readonly anchors?: string;
  readonly resample?: string;
  readonly threads?: string;
  readonly backend?: string;
  readonly certificates?: string;
  readonly exits?: boolean;
  readonly bias?: string;
  readonly json?: boolean;
}

const MOST_RUNS = 1_000_000;

export async function run(args: readonly string[]): Promise<number> {
  const command = withBiasOption(commandNamed('land', 'Trains many runs and tells where they end, certified.'))
    .argument('<instance>', 'an instance file, dictum/instance@1 or @2; - for standard input')
    .option('--runs <count>', 'how many runs', '1000')
    .option('--optimizer <name>', 'gd (full batches), sgd (sampled inputs) or adam', DEFAULTS.optimizer)
    .option('--rate <number>', `learning rate (default: ${DEFAULTS.rate}; adam ${ADAM_RATE})`)
    .option('--steps <count>', 'steps before convergence is looked at', `${DEFAULTS.steps}`)
    .option('--seed <number>', 'seed of all runs', `${DEFAULTS.seed}`)
    .option('--anchors <count>', 'hold the first neurons at the first so many features for --steps, then release them')
    .option('--resample <steps>', 'start dead neurons anew every so many steps')
    .option('--threads <count>', 'worker threads (default: one a core, at most 4)')
    .option('--backend <name>', 'tiny (default), or webgpu: the first --steps of every run on a GPU')
    .option('--certificates <folder>', 'write one certificate for each kind of end there')
    .option('--exits', 'ask what leads out of the traps that runs ended in (ReLU, JumpReLU)')
    .addHelpText('after', NOTES);
  if (!parseArguments(command, args)) return EXIT.ok;
  const options = command.opts<Options>();
  const file = command.args[0] ?? '';
  const { instance } = await readModelFile(file);
  const m = biased(instance, options.bias, file);
  const settings = settingsFrom(options, m);
  const { kind } = m.activation;
  if (options.exits === true && kind !== 'relu' && kind !== 'jumprelu') {
    return fail('bad-arguments', { file: '--exits' }, 'an instance with relu or jumprelu', kind);
  }
  if (options.certificates !== undefined) await makeFolder(options.certificates);
  const threads = options.threads === undefined ? {} : { threads: countFrom(options.threads, '--threads', 64) };
  const result = await study(m, settings, countFrom(options.runs, '--runs', MOST_RUNS), sha256, {
    ...threads,
    each: options.certificates !== undefined,
    tell: (done) => {
      progress(`${counted(done, 'run')} looked at`);
    },
  }).catch((thrown: unknown) => {
    throw failureOf(thrown, '--backend');
  });
  progress('');
  if (!result) {
    return fail(
      'out-of-range',
      { file },
      'relu, jumprelu, topk or identity, and n, n_p, n_r, n_q up to 16',
      m.activation.kind,
    );
  }
  const { landing } = result;
  if (options.certificates !== undefined) {
    for (const [k, { certificate }] of landing.ends.entries()) {
      if (certificate) await writeInside(options.certificates, `end-${k + 1}.json`, certificate);
    }
  }
  const exits =
    options.exits === true
      ? await exitsOf(m, result, {
          ...threads,
          tell: (traps, what) => progress(`ways out: ${counted(traps, 'trap')} ${what}`),
        })
      : undefined;
  progress('');
  const document = { format: 'dictum/land@1', ...studyResult(m, result), ...(exits && { exits }) };
  const text = (): string => `${landText(m, result)}${exits ? `\n${exitsText(exits, settings)}` : ''}`;
  say(options.json === true ? `${JSON.stringify(document)}\n` : text());
  return landing.matched === landing.runs ? EXIT.ok : EXIT.undecided;
}

function settingsFrom(options: Options, m: Instance): Settings {
  const optimizer = (['gd', 'sgd', 'adam'] as const).find((name) => name === options.optimizer);
  if (!optimizer) return fail('bad-arguments', { file: '--optimizer' }, 'gd, sgd or adam', `${options.optimizer}`);
  const anchors =
    options.anchors === undefined ? 0 : countFrom(options.anchors, '--anchors', Math.min(m.neurons, m.features.length));
  const also = beyondText(m);
  if (anchors > 0 && also !== undefined)
    fail('bad-arguments', { file: '--anchors' }, 'a model without biases and thresholds, and single features', also);
  if (![undefined, 'tiny', 'webgpu'].includes(options.backend))
    fail('bad-arguments', { file: '--backend' }, 'tiny or webgpu', JSON.stringify(options.backend));
  return {
    ...DEFAULTS,
    optimizer,
    ...(options.backend === 'webgpu' && { backend: 'webgpu' }),
    rate: options.rate === undefined ? (optimizer === 'adam' ? ADAM_RATE : DEFAULTS.rate) : rateFrom(options.rate),
    steps: countFrom(options.steps ?? '', '--steps', 9_999_999),
    seed: countFrom(options.seed ?? '', '--seed', 9_999_999),
    anchors: Array.from({ length: anchors }, (_, d) => d),
    resample: options.resample === undefined ? 0 : countFrom(options.resample, '--resample', 9_999_999),
  };
}

function rateFrom(text: string): number {
  const rate = /^[0-9.]+(e-?[0-9]+)?$/.test(text) ? Number(text) : Number.NaN;
  return rate > 0 && rate < 10
    ? rate
    : fail('bad-arguments', { file: '--rate' }, 'a number above 0 and below 10', JSON.stringify(text));
}
