/**
 * `dictum patterns`: which sets of features can one neuron be active on, and how many are there? Lists them, counts them, and
 * writes a certificate of the count.
 */
import { CLAIMS } from '../../../theorems/statements.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import { beyond } from '../../kernel/proof/outside.ts';
import type { PatternsRequest } from '../../library/patterns.ts';
import { certify } from '../../solve/decide/certify.ts';
import { isSeparate } from '../../solve/patterns/arrangement.ts';
import { countWithoutListing } from '../../solve/patterns/countProof.ts';
import { neighbours } from '../../solve/patterns/neighbours.ts';
import { MOST_FEATURES } from '../../solve/patterns/partitions.ts';
import { commandNamed, countFrom, notes, parseArguments } from '../../terminal/arguments.ts';
import { sha256 } from '../../terminal/digest.ts';
import { readModelFile } from '../../terminal/door.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { readPattern } from '../../terminal/featureLists.ts';
import { outputs, writeAtomically } from '../../terminal/files.ts';
import { boundCommand, withSecondsOption, withWorkOption } from '../../terminal/limits.ts';
import { printableVerdict } from '../../terminal/printable.ts';
import { fail } from '../../terminal/problem.ts';
import { note, say } from '../../terminal/streams.ts';
import { beyondText } from '../../words/beyond.ts';
import { labelText } from '../../words/names.ts';
import { reasonText } from '../../words/sentence.ts';
import { biased, withBiasOption } from '../biasOption.ts';
import { jobsFrom } from '../jobsOption.ts';
import { enumerate, type How } from './enumerate.ts';
import {
  countDocument,
  countText,
  neighboursDocument,
  neighboursText,
  openCountText,
  patternsDocument,
  patternsText,
} from './text.ts';

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
  readonly bias?: string;
  readonly seconds?: string;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('patterns', 'Enumerates the sets of features that one neuron can be active on, exactly.')
    .argument('<instance>', 'an instance file, dictum/instance@1 or @2; - for standard input')
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
  withSecondsOption(withWorkOption(withBiasOption(command)));
  if (!parseArguments(command, args)) return EXIT.ok;
  boundCommand(command.opts());
  const file = command.args[0] ?? '';
  const options = command.opts<Options>();
  const { instance: read } = await readModelFile(file);
  const { configuration: _, ...asked } = read;
  const instance = biased(asked, options.bias, file);
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
  return options.count ? countOnly(instance, options) : enumerated(instance, options);
}

/** By deletion and restriction; with --certify the certificate is of the same count. */
async function countOnly(m: Instance, options: Options): Promise<number> {
  const others = ['list', 'labels', 'maxSize', 'containing', 'partitions', 'resume', 'jobs'] as const;
  if (others.some((name) => options[name] !== undefined))
    fail('bad-arguments', { file: '--count' }, 'no option but --strict, --certify and --json', 'another one');
  const strict = options.strict === true;
  const { found, chambers } = countWithoutListing(m, strict ? 'chambers' : 'sets');
  if (found === undefined || !('count' in chambers)) {
    note(openCountText(chambers));
    return EXIT.undecided;
  }
  const gates = m.activation.kind === 'gated';
  const also = beyond(m);
  const result = {
    features: m.features.length,
    dimension: m.np,
    strict,
    gates,
    ...(also.length > 0 && { with: also }),
    found,
    chambers: chambers.count,
  };
  say(options.json ? `${JSON.stringify(countDocument(result))}\n` : `${alsoText(m)}${countText(result)}`);
  return options.certify === undefined ? EXIT.ok : writeCertificate(m, options.certify, strict, found);
}

async function enumerated(m: Instance, options: Options): Promise<number> {
  const { json = false, strict = false } = options;
  const request = requestFrom(options, m);
  const result = await enumerate(m, request, howFrom(options, m));
  if (json) say(`${options.list ? '],' : '{'}${JSON.stringify(patternsDocument(result, request)).slice(1)}\n`);
  else (options.list ? note : say)(`${alsoText(m)}${patternsText(result, request, m.features)}`);
  return options.certify === undefined ? EXIT.ok : writeCertificate(m, options.certify, strict, result.found);
}

/** What the instance has beyond `dictum/instance@1`, as a line of its own. */
function alsoText(m: Instance): string {
  const also = beyondText(m);
  return also === undefined ? '' : `${also}:\n`;
}

function requestFrom({ strict = false, maxSize, containing, ...options }: Options, m: Instance): PatternsRequest {
  const n = m.features.length;
  if ((maxSize !== undefined || containing !== undefined) && (options.certify !== undefined || options.partitions)) {
    fail('bad-arguments', { file: '--certify, --partitions' }, 'all sets', '--max-size or --containing');
  }
  if (options.partitions && (strict || n > MOST_FEATURES)) {
    fail('bad-arguments', { file: '--partitions' }, `at most ${MOST_FEATURES} features, without --strict`, `${n}`);
  }
  return {
    strict,
    ...(containing !== undefined && {
      containing: (readPattern(containing, m.features, '--containing')[0] ?? []).map((d) => d + 1),
    }),
    ...(maxSize !== undefined && { maxSize: countFrom(maxSize, '--max-size', n) }),
  };
}

function howFrom({ json = false, labels, list, partitions = false, resume, jobs, seconds }: Options, m: Instance): How {
  const named = ({ label }: Instance['features'][number]): string => (json ? JSON.stringify(label) : labelText(label));
  return {
    partitions,
    ...(list && { list: { names: m.features.map((f, d) => (labels ? named(f) : `${d + 1}`)), json } }),
    ...(resume !== undefined && { resume }),
    jobs: jobsFrom(jobs),
    ...(seconds !== undefined && { seconds }),
  };
}

async function writeCertificate(m: Instance, file: string, strict: boolean, found: number | bigint): Promise<number> {
  const claim = CLAIMS.get(strict ? 'R-chambers' : 'R-count');
  if (!claim) throw new Error('the claims of counts are not listed');
  const outcome = certify({ claim, reading: 'ours', instance: m, proposals: {} }, sha256);
  if (outcome.verdict === 'undecided') {
    note(`no certificate: ${outcome.why}\n`);
    return EXIT.undecided;
  }
  const { accepted } = outcome.checked;
  const said = accepted.facts.at(-1);
  if (said?.relation !== 'counted' || said.count !== `${found}`)
    throw new Error(`${found} sets were found, and the certificate says: ${JSON.stringify(said)}`);
  await writeAtomically(file, outcome.certificate);
  note(`${printableVerdict(`${file}: ${reasonText(accepted, m)}`)}\n`);
  return EXIT.ok;
}

function listNeighbours(m: Instance, text: string, { labels, json }: Options): number {
  const pattern = readPattern(text, m.features, '--neighbours');
  const found = [...neighbours(m, pattern)];
  const gates = m.activation.kind === 'gated';
  const also = beyond(m);
  const names = m.features.map(({ label }, d) => (labels ? labelText(label) : `${d + 1}`));
  say(
    json
      ? `${JSON.stringify({ ...neighboursDocument(pattern, found, gates), ...(also.length > 0 && { with: also }) })}\n`
      : `${alsoText(m)}${neighboursText(pattern, found, { names, gates })}`,
  );
  return EXIT.ok;
}
