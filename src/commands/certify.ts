/** `dictum certify`: decides one claim on the user's instance and prints the certificate. */
import { CLAIMS } from '../../theorems/statements.ts';
import { proposalsFor } from '../../theorems/witnesses.ts';
import { decidedOf } from '../kernel/certificate.ts';
import type { Json } from '../kernel/document/json.ts';
import type { Subject } from '../kernel/model/subject.ts';
import { Rejection } from '../kernel/numbers/rejection.ts';
import { isTooMuch } from '../kernel/numbers/work.ts';
import { certify, type Question } from '../solve/decide/certify.ts';
import { isLong, tooManyIn } from '../solve/decide/tooMany.ts';
import type { Outcome } from '../solve/proofs/certificate.ts';
import { commandNamed, notes, parseArguments } from '../terminal/arguments.ts';
import { sha256 } from '../terminal/digest.ts';
import { enterJson, parsed } from '../terminal/door.ts';
import { EXIT } from '../terminal/exitCodes.ts';
import { readLists, readPattern } from '../terminal/featureLists.ts';
import { outputs, readText, writeAtomically } from '../terminal/files.ts';
import { boundCommand, withWorkOption } from '../terminal/limits.ts';
import { printableVerdict } from '../terminal/printable.ts';
import { Failure, fail, problemOf } from '../terminal/problem.ts';
import { note, say } from '../terminal/streams.ts';
import { readingText, reasonText } from '../words/sentence.ts';
import { biased, withBiasOption } from './biasOption.ts';
import { claimNamed, READINGS_HELP, readingNamed } from './claimOption.ts';

const claimLines = [...CLAIMS.values()].map(
  ({ id, title, readings }) => `  ${id.padEnd(20)}${title} (${Object.keys(readings).join(', ')})`,
);

const NOTES = notes(
  'Claims and their readings:',
  ...claimLines,
  '',
  'The certificate goes to stdout, or to the file of --out; the verdict goes to stderr. --json puts both in one document.',
  'Exit codes: 0 decided; 3 undecided, with the reason; 2 bad input.',
  '',
  'Examples:',
  '  dictum certify T8 features.json',
  '  dictum certify T6 features.json --pattern "1,2;" --reading walkthrough --out T6.json',
  '  dictum certify T4-nonidentifiable features.json | dictum check -',
);

interface Options {
  readonly reading?: string;
  readonly pattern?: string;
  readonly drop?: string;
  readonly bias?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('certify', 'Decides a claim on an instance, with a certificate.')
    .argument('<claim>', 'the id of a claim')
    .argument(
      '<instance>',
      'an instance file, dictum/instance@1 or @2 (B1: report@1, T4-scale: scale@1); - for standard input',
    )
    .option('-r, --reading <reading>', READINGS_HELP)
    .option('-p, --pattern <pattern>', 'the pattern, as "1,2;3"; it also tells the number of neurons')
    .option('--drop <hypothesis>', 'leave a hypothesis out, and look for a refutation')
    .option('-o, --out <file>', 'write the certificate to a file')
    .addHelpText('after', NOTES);
  withWorkOption(withBiasOption(command));
  if (!parseArguments(command, args)) return EXIT.ok;
  boundCommand(command.opts());
  const [id = '', file = ''] = command.args;
  const options = command.opts<Options>();
  const asked = askedOf(id, file, options);
  await outputs(options.out);
  const text = await readText(file);
  const json = parsed(text, file);
  const many = isLong(text) ? tooManyIn(json, neuronsIn(options.pattern)) : undefined;
  if (many !== undefined) return undecided(asked, many, options);
  const question = questionOf(asked, json, file, options);
  const outcome = answer(question, file);
  return outcome.verdict === 'undecided' ? undecided(asked, outcome.why, options) : print(question, outcome, options);
}

/** How many neurons a pattern is for: as many as it has sets. */
const neuronsIn = (pattern: string | undefined): number | undefined =>
  pattern === undefined ? undefined : readLists(pattern, '--pattern').length;

type Asked = Pick<Question, 'claim' | 'reading' | 'dropped'>;

function askedOf(id: string, file: string, options: Options): Asked {
  const at = { file: 'dictum certify' };
  if (!CLAIMS.has(id) && CLAIMS.has(file))
    fail(
      'bad-arguments',
      at,
      'the claim first, then the instance',
      `${id} ${file}`,
      `Write: dictum certify ${file} ${id}`,
    );
  const claim = claimNamed(id, at);
  const reading = readingNamed(claim, options.reading, at);
  const hypotheses = claim.readings[reading]?.hypotheses.map((h) => h.name) ?? [];
  const { drop } = options;
  if (drop !== undefined && !hypotheses.includes(drop)) {
    fail('unknown-word', at, `a hypothesis of ${id}, ${reading}: ${hypotheses.join(', ')}`, JSON.stringify(drop));
  }
  return { claim, reading, ...(drop !== undefined && { dropped: drop }) };
}

function questionOf(asked: Asked, json: Json, file: string, { bias, pattern }: Options): Question {
  const { instance } = enterJson(json, file, asked.claim.about?.name);
  return {
    ...asked,
    instance: withPattern(biasedSubject(instance, bias, file), pattern),
    proposals: proposalsFor(asked.claim.id),
  };
}

const biasedSubject = (m: Subject, bias: string | undefined, file: string): Subject =>
  m.format === 'dictum/instance@1' ? biased(m, bias, file) : m;

/** The instance with the pattern given, and as many neurons; a configuration of its own stays if it still fits. */
function withPattern(instance: Subject, text: string | undefined): Subject {
  if (text === undefined) return instance;
  const isInstance = instance.format === 'dictum/instance@1';
  const pattern = readPattern(text, isInstance ? instance.features : [], '--pattern');
  if (!isInstance) return instance;
  if (pattern.length === instance.neurons) return { ...instance, pattern };
  if (instance.lifted?.thresholds)
    fail('wrong-size', { file: '--pattern' }, `${instance.neurons} sets, as there are thresholds`, `${pattern.length}`);
  const { configuration: _, ...rest } = instance;
  return { ...rest, neurons: pattern.length, pattern };
}

function answer(question: Question, file: string): Outcome {
  try {
    return certify(question, sha256);
  } catch (thrown) {
    if (!(thrown instanceof Rejection) || isTooMuch(thrown)) throw thrown;
    // What the claim needs and the instance lacks, or a tie: input that cannot be decided on, not a failed proof.
    throw new Failure({ ...problemOf(thrown, file), kind: 'malformed', path: thrown.path.replace('$.instance', '$') });
  }
}

const aboutText = ({ claim, reading, dropped }: Asked): string =>
  readingText({ claim: claim.id, reading, ...(dropped !== undefined && { dropped }) });

function undecided(asked: Asked, why: string, { json }: Options): number {
  note(`${aboutText(asked)}: undecided: ${why}\n`);
  const { claim, reading } = asked;
  const document = { format: 'dictum/certify@1', claim: claim.id, reading, verdict: 'undecided', why };
  if (json === true) say(`${JSON.stringify(document)}\n`);
  return EXIT.undecided;
}

async function print(
  question: Question,
  outcome: Exclude<Outcome, { verdict: 'undecided' }>,
  options: Options,
): Promise<number> {
  const { instance, dropped } = question;
  const about = `${aboutText(question)}: ${outcome.verdict}`;
  const { accepted } = outcome.checked;
  note(`${printableVerdict(`${about}: ${reasonText(accepted, instance)}`)}\n`);
  if (dropped !== undefined) {
    note(`  The reading fails where ${dropped} does. It needs ${dropped} only if it holds with it.\n`);
  }
  if (options.out !== undefined) await writeAtomically(options.out, outcome.certificate);
  if (options.json) {
    const certificate = JSON.parse(outcome.certificate) as object;
    const document = { format: 'dictum/certify@1', ...decidedOf(accepted), id: accepted.id, certificate };
    say(`${JSON.stringify(document)}\n`);
  } else if (options.out === undefined) say(outcome.certificate);
  return EXIT.ok;
}
