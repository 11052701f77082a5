/**
 * `dictum patterns`: which sets of features can one neuron be active on, and how many are there? Lists them, counts them, and
 * writes a certificate of the count.
 */
import { CLAIMS } from '../../../theorems/statements.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import { certify } from '../../solve/decide/certify.ts';
import { largestOf } from '../../solve/linear/extremes.ts';
import { type Arrangement, arrangementOf, isSeparate } from '../../solve/patterns/arrangement.ts';
import { countChambers, countWithoutListing } from '../../solve/patterns/countProof.ts';
import { neighbours } from '../../solve/patterns/neighbours.ts';
import { type Part, type Task, taskOf } from '../../solve/patterns/part.ts';
import { countPartitions, MOST_FEATURES } from '../../solve/patterns/partitions.ts';
import { instanceDocument } from '../../solve/proofs/document.ts';
import { commandNamed, countFrom, notes, parseArguments } from '../../terminal/arguments.ts';
import { sha256 } from '../../terminal/digest.ts';
import { readInstanceFile } from '../../terminal/door.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { readPattern } from '../../terminal/featureLists.ts';
import { outputs, writeAtomically } from '../../terminal/files.ts';
import { boundCommand, timeIsUp, withSecondsOption, withWorkOption } from '../../terminal/limits.ts';
import { version } from '../../terminal/package.ts';
import { printable, printableVerdict } from '../../terminal/printable.ts';
import { fail, Undecided } from '../../terminal/problem.ts';
import { list, note, say } from '../../terminal/streams.ts';
import { counted, labelText, nameText } from '../../words/names.ts';
import { reasonText } from '../../words/sentence.ts';
import { jobsFrom } from '../jobsOption.ts';
import { Journal } from './journal.ts';
import { Progress } from './progress.ts';
import { runTask } from './run.ts';
import { type Counts, countDocument, countText, neighboursText, patternsDocument, patternsText } from './text.ts';

const NOTES = notes(
  'A set F is realizable if some neuron is active on its features and on no other. Chambers are the sets that a neuron shows',
  'without being at the kink of any feature; there may be fewer of them. For relu, jumprelu, identity (sets of z > 0) and gated: there',
  'the sets are those that a gate is open on, while the neuron may be active on fewer features, and so on other sets.',
  '--list prints one set a line, in the form of --pattern of dictum realize; an empty line is the empty set. With --max-size or',
  '--containing only such sets are looked for, and counted. --neighbours: one feature more or less in a set, two sets merged, one split in',
  'two (sets of more than 12 features only into one feature and the rest).',
  '',
  '--count alone lists nothing: chambers (--strict) are counted by deletion and restriction, and so are sets if the directions lie on',
  'one side or in general position. Exit codes: 0 done; 2 bad input; 3 not counted, or the proof would be larger than a certificate may',
  'be; 130 interrupted.',
  '',
  'Examples:',
  '  dictum patterns features.json',
  '  dictum patterns features.json --count --strict',
  '  dictum patterns features.json --strict --certify chambers.json && dictum check chambers.json',
  '  dictum patterns family.json --list --labels --containing king --max-size 4',
  '  dictum patterns large.json --json --resume large.journal',
  '  dictum patterns features.json --neighbours "1,2;3"',
);

/** With more chambers than this it is said beforehand how many there are. */
const MANY = 200_000n;

interface Options {
  readonly strict?: boolean;
  readonly count?: boolean;
  readonly list?: boolean;
  readonly labels?: boolean;
  readonly certify?: string;
  readonly maxSize?: string;
  readonly containing?: string;
  readonly partitions?: boolean;
  readonly neighbours?: string;
  readonly resume?: string;
  readonly jobs?: string;
  readonly seconds?: string;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('patterns', 'Enumerates the sets of features that one neuron can be active on, exactly.')
    .argument('<instance>', 'an instance file, dictum/instance@1; - for standard input')
    .option('--strict', 'chambers only: sets shown with no feature at the kink')
    .option('--count', 'only how many there are, without listing them')
    .option('--list', 'print the sets as they are found')
    .option('--labels', 'print labels instead of feature numbers')
    .option('--certify <file>', 'write a certificate of the count')
    .option('--max-size <k>', 'only sets of at most k features')
    .option('--containing <features>', 'only sets with these features, as "1,2" or labels')
    .option('--partitions', 'also count the partitions of all features into realizable sets')
    .option('--neighbours <pattern>', 'instead: the realizable patterns one step from this one')
    .option('--resume <file>', 'keep finished parts in this file, and go on from what is there')
    .option('--jobs <n>', 'threads (default: one per core)')
    .addHelpText('after', NOTES);
  withSecondsOption(withWorkOption(command));
  if (!parseArguments(command, args)) return EXIT.ok;
  boundCommand(command.opts());
  const file = command.args[0] ?? '';
  const options = command.opts<Options>();
  const { instance } = await readInstanceFile(file);
  await outputs(options.certify, options.resume);
  if (!isSeparate(instance)) {
    fail(
      'not-separate',
      { file, path: '$.activation.kind' },
      'relu, identity, jumprelu or gated',
      instance.activation.kind,
    );
  }
  if (options.neighbours !== undefined) return listNeighbours(instance, options.neighbours, options);
  return options.count ? countOnly(instance, options) : enumerate(instance, options);
}

/** By deletion and restriction; with --certify the certificate is of the same count. */
async function countOnly(m: Instance, options: Options): Promise<number> {
  const others = ['list', 'labels', 'maxSize', 'containing', 'partitions', 'resume', 'jobs'] as const;
  if (others.some((name) => options[name] !== undefined))
    fail('bad-arguments', { file: '--count' }, 'no option but --strict, --certify and --json', 'another one');
  const strict = options.strict === true;
  const { found, chambers } = countWithoutListing(m, strict ? 'chambers' : 'sets');
  if (!('count' in chambers)) {
    note(`at least ${counted(`${chambers.atLeast}`, 'chamber')}; counting them all takes too long\n`);
    return EXIT.undecided;
  }
  if (found === undefined) {
    note(
      `${counted(`${chambers.count}`, 'chamber')}; how many sets there are is not known without listing them, as the command does without --count\n`,
    );
    return EXIT.undecided;
  }
  const gates = m.activation.kind === 'gated';
  const result = { features: m.features.length, dimension: m.np, strict, gates, found, chambers: chambers.count };
  say(options.json ? `${JSON.stringify(countDocument(result))}\n` : countText(result));
  return options.certify === undefined ? EXIT.ok : writeCertificate(m, options.certify, result);
}

async function enumerate(m: Instance, options: Options): Promise<number> {
  const n = m.features.length;
  const whole = options.maxSize === undefined && options.containing === undefined;
  if (!whole && (options.certify !== undefined || options.partitions)) {
    fail('bad-arguments', { file: '--certify, --partitions' }, 'all sets', '--max-size or --containing');
  }
  if (options.partitions && (options.strict || n > MOST_FEATURES)) {
    fail('bad-arguments', { file: '--partitions' }, `at most ${MOST_FEATURES} features, without --strict`, `${n}`);
  }
  const containing =
    options.containing === undefined ? [] : (readPattern(options.containing, m.features, '--containing')[0] ?? []);
  const arrangement = arrangementOf(m, containing);
  const numbers = m.features.map((_, d) => `${d + 1}`);
  const labels = m.features.map(({ label }) => (options.json ? JSON.stringify(label) : labelText(label)));
  const wish = {
    signs: options.strict ? ('chambers' as const) : ('sets' as const),
    maxSize: options.maxSize === undefined ? Infinity : countFrom(options.maxSize, '--max-size', n),
  };
  const task = taskOf(
    arrangement,
    wish,
    options.list || options.partitions
      ? {
          // Partitions are counted from the numbers.
          names: options.labels && !options.partitions ? labels : numbers,
          before: options.json ? '[' : '',
          after: options.json ? ']' : '',
        }
      : undefined,
  );
  const expected = whole ? countChambers(arrangement) : undefined;
  if (expected !== undefined && expected > MANY)
    note(`${expected} chambers; they are now found one by one, which --count leaves out\n`);
  const shown = options.labels && options.partitions ? labels : undefined;
  const { counts, masks } = await count(m, task, options, expected, shown);
  if (expected !== undefined && BigInt(counts.chambers) !== expected) {
    throw new Error(`${counts.chambers} chambers were found, and there are ${expected}`);
  }
  const partitions = masks && countPartitions(n, masks);
  const result = {
    ...counts,
    features: n,
    dimension: m.np,
    strict: wish.signs === 'chambers',
    gates: m.activation.kind === 'gated',
    ...(partitions && { partitions }),
    ...(!whole && {
      only: {
        ...(options.maxSize !== undefined && { maxSize: wish.maxSize }),
        containing: containing.map((d) => printable(nameText(m.features, d + 1))),
      },
    }),
  };
  if (options.json) say(`${options.list ? '],' : '{'}${JSON.stringify(patternsDocument(result)).slice(1)}\n`);
  else (options.list ? note : say)(patternsText(result));
  return options.certify === undefined ? EXIT.ok : writeCertificate(m, options.certify, result);
}

/** Runs the task, prints the sets where that is asked for, and adds up. `labels`: to be printed for the numbers in the task's list. */
async function count(
  m: Instance,
  task: Task,
  options: Options,
  expected: bigint | undefined,
  labels: readonly string[] | undefined,
): Promise<{ counts: Counts; masks?: number[] }> {
  const journal = options.resume === undefined ? undefined : new Journal(options.resume, identity(m, task));
  const jobs = jobsFrom(options.jobs);
  const bySize = new Array<number>(m.features.length + 1).fill(0);
  const counts = { bySize, found: 0, chambers: 0 };
  const masks: number[] | undefined = options.partitions ? [] : undefined;
  const isOver = timeIsUp(options.seconds ?? (options.resume === undefined ? undefined : '9999999'));
  const progress = new Progress(expected, () => counts);
  const out = new Lines(options.list === true, options.json === true);
  const interrupted = (): void => {
    progress.end();
    const kept = journal ? `The same command goes on from ${options.resume}.` : '--resume FILE keeps what was found.';
    note(`interrupted with ${counted(counts.found, 'set')} found. ${kept}\n`);
    process.exit(EXIT.interrupted);
  };
  process.once('SIGINT', interrupted);
  const take = async (part: Part): Promise<void> => {
    part.bySize.forEach((many, size) => {
      bySize[size] = (bySize[size] as number) + many;
      counts.found += many;
    });
    counts.chambers += part.chambers;
    for (const line of masks ? part.lines : []) masks?.push(maskOf(line));
    progress.show();
    if (isOver() && part.rest.length > 0) {
      const more = journal ? `--resume ${options.resume} goes on from here` : '--seconds N goes on for longer';
      throw new Undecided(`stopped with ${counted(counts.found, 'set')} found so far; ${more}`);
    }
    await out.write(labels ? part.lines.map((line) => labelled(line, labels)) : part.lines);
  };
  try {
    await runTask(task, { jobs, take, ...(journal && { journal }) });
  } finally {
    process.off('SIGINT', interrupted);
    progress.end();
    journal?.close();
  }
  return { counts, ...(masks && { masks }) };
}

/** What a journal belongs to. */
function identity(m: Instance, { arrangement, list, ...wish }: Task): string {
  const order: Arrangement['features'] = arrangement.features;
  return sha256(
    JSON.stringify([
      version(),
      instanceDocument(m),
      order.map((d) => d ?? -1),
      arrangement.forced,
      `${wish.maxSize}`,
      wish.signs,
      list ?? null,
    ]),
  );
}

/** `1,3` as a bit mask; sets are listed with numbers where partitions are asked for. */
const maskOf = (line: string): number =>
  (line.match(/[0-9]+/g) ?? []).reduce((mask, number) => mask | (1 << (Number(number) - 1)), 0);

/** The line with a label for each number. */
const labelled = (line: string, labels: readonly string[]): string =>
  line.replaceAll(/[0-9]+/g, (number) => labels[Number(number) - 1] ?? '');

/** The list on standard output; waits where the reader is slower. */
class Lines {
  readonly #wanted: boolean;
  readonly #json: boolean;
  #first = true;

  constructor(wanted: boolean, json: boolean) {
    this.#wanted = wanted;
    this.#json = json;
    if (wanted && json) say('{"sets":[');
  }

  async write(lines: readonly string[]): Promise<void> {
    if (!this.#wanted || lines.length === 0) return;
    const text = this.#json ? `${this.#first ? '' : ','}${lines.join(',')}` : `${lines.join('\n')}\n`;
    this.#first = false;
    await list(text);
  }
}

async function writeCertificate(
  m: Instance,
  file: string,
  result: { readonly found: number | bigint; readonly strict: boolean },
): Promise<number> {
  const claim = CLAIMS.get(result.strict ? 'R-chambers' : 'R-count');
  if (!claim) throw new Error('the claims of counts are not listed');
  const outcome = certify({ claim, reading: 'paper', instance: m, proposals: {} }, sha256);
  if (outcome.verdict === 'undecided') {
    note(`no certificate: ${outcome.why}\n`);
    return EXIT.undecided;
  }
  const { accepted } = outcome.checked;
  const said = accepted.facts.at(-1);
  if (said?.relation !== 'counted' || said.count !== `${result.found}`)
    throw new Error(`${result.found} sets were found, and the certificate says: ${JSON.stringify(said)}`);
  await writeAtomically(file, outcome.certificate);
  note(`${printableVerdict(`${file}: ${reasonText(accepted, m)}`)}\n`);
  return EXIT.ok;
}

function listNeighbours(m: Instance, text: string, options: Options): number {
  const pattern = readPattern(text, m.features, '--neighbours');
  const found = [...neighbours(m, pattern)];
  const names = m.features.map(({ label }, d) => (options.labels ? labelText(label) : `${d + 1}`));
  say(
    options.json
      ? `${JSON.stringify({ format: 'dictum/neighbours@1', ...(m.activation.kind === 'gated' && { gates: true }), pattern: pattern.map((set) => set.map((d) => d + 1)), neighbours: found.map(({ step, pattern: next }) => ({ step, pattern: next.map((set) => set.map((d) => d + 1)) })) })}\n`
      : neighboursText(found, {
          names,
          gates: m.activation.kind === 'gated',
          largest: largestOf(
            pattern.map((set) => set.length),
            0,
          ),
        }),
  );
  return EXIT.ok;
}
