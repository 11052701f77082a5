/**
 * `dictum landscape`: for every partition pattern, is there a critical point of L~ that shows it, of what class, at what loss? Every
 * answer has been through the kernel's rules; --certificates writes them down.
 */
import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import { setsOf } from '../../kernel/proof/fact.ts';
import { beyond } from '../../kernel/proof/outside.ts';
import { type LandscapeRequest, MOST_FEATURES, patternsAsked, surveyed } from '../../library/landscape.ts';
import type { Entry } from '../../solve/landscape/survey.ts';
import { commandNamed, countFrom, notes, parseArguments } from '../../terminal/arguments.ts';
import { readModelFile } from '../../terminal/door.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { readPattern } from '../../terminal/featureLists.ts';
import { makeFolder, writeInside } from '../../terminal/folders.ts';
import { boundCommand, endOf, withSecondsOption, withWorkOption } from '../../terminal/limits.ts';
import { fail } from '../../terminal/problem.ts';
import { note, progress, say } from '../../terminal/streams.ts';
import { beyondText } from '../../words/beyond.ts';
import { counted } from '../../words/names.ts';
import { jobsFrom } from '../jobsOption.ts';
import { isAnswered } from './given/answers.ts';
import { givenAnswers } from './given/given.ts';
import { givenDocument, givenText } from './given/text.ts';
import { landscapePlots } from './plots.ts';
import { survey } from './run.ts';
import { landscapeText } from './text.ts';

/** Seconds for a component of given weights. */
const OF_EACH = 60;
/** How far from given weights, in each coordinate, a point is looked for that is called near: of the largest weight. */
const WITHIN = 0.5;

const NOTES = notes(
  'Of each pattern the best critical point found is reported: a minimum if there is one, and then the one of least loss. The class is that',
  'of the point with its dead neurons negative wherever they can be. A pattern traps if this point is a local minimum of L~ of positive',
  'loss; whether that is the least loss there is, is not said. At loss 0 L~ is least: such a point is a global minimum and no trap.',
  'Partition patterns only: each feature in one set; --pattern may',
  'leave features out. ReLU, JumpReLU and Top-k; neurons may share a set. Above 10 features a sample is taken: feature by feature into one of the sets so far or a new one.',
  '--given of an instance with "we" and "wd" is about these weights as well, for each component of neurons and features by itself: a path along which L~ never rises, to 0',
  'or to less; a local minimum, a saddle; a minimum or saddle near, and within what distance; a bound below. A component of at most 40 neurons and features takes at most a minute.',
  '--out draws how the counts of traps and of global minima of loss 0 change with interference, the number of features and the weights, on at most 6 features.',
  '',
  'Sets of more than 12 features: only minima at the largest eigenvalue, by enclosures; else undecided, with the sign that is open.',
  '',
  'Exit codes: 0 every pattern decided; 2 bad input; 3 some pattern undecided, or stopped before the last.',
  '',
  'Examples:',
  '  dictum landscape features.json',
  '  dictum landscape features.json --pattern "1,2;3;" --json',
  '  dictum landscape features.json --certificates proofs && dictum check proofs',
  '  dictum landscape large.json --sample 500 --seed 7',
);

interface Options {
  readonly pattern?: string;
  readonly given?: boolean;
  readonly within?: string;
  readonly sample?: string;
  readonly seed?: string;
  readonly out?: string;
  readonly certificates?: string;
  readonly all?: boolean;
  readonly jobs?: string;
  readonly seconds?: string;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed(
    'landscape',
    'Decides which partition patterns carry critical points, and which of them trap.',
  )
    .argument('<instance>', 'an instance file, dictum/instance@1; - for standard input')
    .option('-p, --pattern <pattern>', 'only this pattern, as "1,2;3;"')
    .option('--given', "only the instance's own pattern, and its weights as they stand")
    .option('--within <percent>', 'of --given: how far a point near may be, of the largest weight (default: 50)')
    .option('--sample <n>', 'a sample of n patterns instead of all')
    .option('--seed <seed>', 'of the sample', '1')
    .option('--out <dir>', 'draw plots into this folder')
    .option('--certificates <dir>', 'write a certificate for each pattern decided')
    .option('--all', 'list patterns without critical points too')
    .option('--jobs <n>', 'threads (default: one per core)')
    .addHelpText('after', NOTES);
  withSecondsOption(withWorkOption(command));
  if (!parseArguments(command, args)) return EXIT.ok;
  const work = boundCommand(command.opts());
  const file = command.args[0] ?? '';
  const options = command.opts<Options>();
  const { instance: read } = await readModelFile(file);
  const { kind } = read.activation;
  if (kind !== 'relu' && kind !== 'jumprelu' && kind !== 'topk') {
    fail('wrong-activation', { file, path: '$.activation.kind' }, 'relu, jumprelu or topk', kind);
  }
  const here = options.given === true ? withWeights(read) : undefined;
  if (options.within !== undefined && !here)
    fail('bad-arguments', { file: '--within' }, '--given, of an instance with "we" and "wd"', 'none');
  const asked = here && !read.pattern ? undefined : requestFrom(read, file, options);
  const { patterns, m, drawn } = asked
    ? patternsAsked(read, asked, 2 ** read.features.length)
    : { patterns: [], m: read, drawn: undefined };
  const entries: Entry[] = [];
  const jobs = jobsFrom(options.jobs);
  const started = Date.now();
  for (const folder of [options.certificates, options.out]) if (folder !== undefined) await makeFolder(folder);
  const end = here && options.seconds === undefined ? started + 1000 * OF_EACH : endOf(options.seconds);
  await survey(m, patterns, {
    work,
    jobs,
    end,
    certificates: options.certificates !== undefined,
    take: async ({ entry, certificate }, k) => {
      entries.push(entry);
      if (certificate !== undefined && options.certificates !== undefined) {
        const name = `pattern-${`${k + 1}`.padStart(`${patterns.length}`.length, '0')}.json`;
        await writeInside(options.certificates, name, certificate);
      }
      progress(
        `${entries.length} of ${counted(patterns.length, 'pattern')}, ${Math.round((Date.now() - started) / 1000)} s`,
      );
    },
  });
  progress('');
  const stopped = entries.length < patterns.length;
  if (stopped) {
    // What was found so far is printed all the same.
    note(`stopped with ${entries.length} of ${counted(patterns.length, 'pattern')}; --seconds N goes on for longer\n`);
  }
  const found =
    here &&
    (await givenAnswers(here, {
      jobs,
      work: Math.round(work / 3),
      seconds: options.seconds === undefined ? OF_EACH : countFrom(options.seconds, '--seconds', 9_999_999),
      within: options.within === undefined ? WITHIN : countFrom(options.within, '--within', 10_000) / 100,
      ...(options.certificates !== undefined && { certificates: options.certificates }),
    }));
  const also = beyond(m);
  if (options.out !== undefined) await landscapePlots(m, options.out, jobs);
  if (options.json) {
    say(
      `${JSON.stringify({ format: 'dictum/landscape@1', ...(also.length > 0 && { with: also }), ...surveyed(entries, drawn), ...(found && { given: givenDocument(found) }) })}\n`,
    );
  } else {
    const all = options.all === true || options.pattern !== undefined || options.given === true;
    const model = beyondText(m);
    if (model !== undefined) say(`${model}:\n`);
    // Of sets that meet the weights say more than that nothing was decided of the pattern alone.
    const bare = found && entries.every(({ verdict }) => verdict === 'undecided');
    if (!bare) say(landscapeText(entries, all, m.features, { of: patterns.length, sampled: drawn !== undefined }));
    if (found) say(`${bare ? '' : '\n'}${givenText(m, found)}`);
  }
  if (found) return found.told.every((one) => one.part === found.whole || isAnswered(one)) ? EXIT.ok : EXIT.undecided;
  return stopped || entries.some(({ verdict }) => verdict === 'undecided') ? EXIT.undecided : EXIT.ok;
}

const withWeights = (m: Instance): (Instance & { readonly configuration: Configuration }) | undefined =>
  m.configuration && { ...m, configuration: m.configuration };

function requestFrom(m: Instance, file: string, { given, pattern, sample, seed = '1' }: Options): LandscapeRequest {
  if (given === true) {
    if (pattern !== undefined) fail('bad-arguments', { file: '--given' }, 'no --pattern beside it', 'both');
    return {
      patterns: [
        setsOf(m.pattern ?? fail('missing-key', { file, path: '$.pattern' }, 'a pattern, for --given', 'none')),
      ],
    };
  }
  if (pattern !== undefined) return { patterns: [setsOf(readPattern(pattern, m.features, '--pattern'))] };
  if (sample === undefined && m.features.length <= MOST_FEATURES) return {};
  return {
    ...(sample !== undefined && { sample: countFrom(sample, '--sample', 1_000_000) }),
    seed: countFrom(seed, '--seed', 9_999_999),
  };
}
