/**
 * `dictum realize`: is a pattern realizable? Prints an encoder that shows it, or a Farkas combination against it. Whatever the
 * solver answers is replayed through the kernel's rule first; an answer the kernel refuses is a bug.
 */
import { CLAIMS } from '../../../theorems/statements.ts';
import type { Instance, Pattern } from '../../kernel/model/instance.ts';
import { certify } from '../../solve/decide/certify.ts';
import { realize } from '../../solve/realize/realize.ts';
import { commandNamed, notes, parseArguments } from '../../terminal/arguments.ts';
import { sha256 } from '../../terminal/digest.ts';
import { readModelFile } from '../../terminal/door.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { readPattern } from '../../terminal/featureLists.ts';
import { outputs, writeAtomically } from '../../terminal/files.ts';
import { boundCommand, withWorkOption } from '../../terminal/limits.ts';
import { fail, Undecided } from '../../terminal/problem.ts';
import { say } from '../../terminal/streams.ts';
import { biased, withBiasOption } from '../biasOption.ts';
import { jobsFrom } from '../jobsOption.ts';
import { answerDocument, checked } from './answer.ts';
import { realizeMany } from './many.ts';
import { answerText } from './text.ts';

const NOTES = notes(
  'PATTERN: one entry per neuron, separated by ";"; in it the features the neuron is active on, separated by ",": numbers from 1,',
  'or labels, in double quotes where a label is a number or has one of these signs. An empty entry is a dead neuron. The pattern',
  "tells how many neurons there are, whatever the instance says. Without --pattern it is the instance's own.",
  'A pattern is realizable if some encoder shows it: each neuron is active on its set alone. Of identity, which lets everything pass, z > 0',
  'counts as active; of gated only the sets that gates are open on are decided: a neuron may be active on fewer features than its gate.',
  '--bias free: each neuron may also have a bias, so it is active where <e, w> + b > 0 (in --json the last entry of its row).',
  '--patterns decides one pattern a line. --certificate writes claim R, for dictum check.',
  '',
  'Exit codes: 0 decided, either way; 2 bad input; 3 undecided: more work, or longer numbers, than a certificate may have.',
  '',
  'Examples:',
  '  dictum realize features.json --pattern "1,2;3"',
  '  dictum realize features.json --pattern "1,2;3" --certificate realizable.json && dictum check realizable.json',
  '  dictum patterns features.json --list | dictum realize features.json --patterns -',
  '  dictum realize family.json --pattern "father,mother,son" --json',
  '  dictum import words.json --select king,queen --against rest | dictum realize -',
);

interface Options {
  readonly pattern?: string;
  readonly patterns?: string;
  readonly certificate?: string;
  readonly jobs?: string;
  readonly bias?: string;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('realize', 'Decides whether some encoder shows a pattern, exactly.')
    .argument('<instance>', 'an instance file, dictum/instance@1 or @2; - for standard input')
    .option('-p, --pattern <pattern>', 'the pattern, as "1,2;3"')
    .option('--patterns <file>', 'decide a pattern a line; - for standard input')
    .option('--certificate <file>', 'write a certificate of the answer')
    .option('--jobs <n>', 'threads for --patterns (default: one per core)')
    .addHelpText('after', NOTES);
  withWorkOption(withBiasOption(command));
  if (!parseArguments(command, args)) return EXIT.ok;
  boundCommand(command.opts());
  const file = command.args[0] ?? '';
  const options = command.opts<Options>();

  const { instance: read } = await readModelFile(file);
  const { configuration: _, ...asked } = read;
  const instance = biased(asked, options.bias, file);
  if (options.patterns !== undefined) {
    if (
      options.pattern !== undefined ||
      options.certificate !== undefined ||
      (file === '-' && options.patterns === '-')
    ) {
      fail(
        'bad-arguments',
        { file: '--patterns' },
        'no --pattern or --certificate, and one standard input',
        'them beside it',
      );
    }
    return realizeMany(instance, options.patterns, { json: options.json === true, jobs: jobsFrom(options.jobs) });
  }
  const pattern =
    options.pattern === undefined
      ? (instance.pattern ?? fail('no-pattern', { file, path: '$.pattern' }, 'a pattern, here or as --pattern', 'none'))
      : readPattern(options.pattern, instance.features, '--pattern');
  const m = withSets(instance, pattern, file);
  await outputs(options.certificate);
  const answer = checked(m, pattern, realize(m, pattern));
  say(options.json === true ? `${JSON.stringify(answerDocument(m, answer))}\n` : answerText(m, pattern, answer));
  if (options.certificate !== undefined) await writeCertificate(m, options.certificate);
  return EXIT.ok;
}

/** The instance with this pattern, and as many neurons; with a threshold for each there are as many as it says. */
function withSets(m: Instance, pattern: Pattern, file: string): Instance {
  if (m.lifted?.thresholds && pattern.length !== m.neurons)
    fail('wrong-size', { file, path: '$.activation.theta' }, `${pattern.length} thresholds`, `${m.neurons}`);
  return { ...m, neurons: pattern.length, pattern };
}

/** Claim R on the instance with this pattern. */
async function writeCertificate(m: Instance, file: string): Promise<void> {
  const claim = CLAIMS.get('R');
  const outcome = claim && certify({ claim, reading: 'paper', instance: m, proposals: {} }, sha256);
  if (!outcome) throw new Error('claim R is not listed');
  if (outcome.verdict === 'undecided') throw new Undecided(outcome.why);
  await writeAtomically(file, outcome.certificate);
}
