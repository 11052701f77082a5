/** `dictum explain`: a certificate in words and pictures, or a word of the glossary. */
import { CLAIMS } from '../../../theorems/statements.ts';
import { explain } from '../../explain/explain.ts';
import type { Explanation } from '../../explain/explanation.ts';
import type { Step } from '../../explain/step.ts';
import { commandNamed, countFrom, notes, parseArguments } from '../../terminal/arguments.ts';
import { sha256 } from '../../terminal/digest.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { outputs, readText, writeAtomically } from '../../terminal/files.ts';
import { Failure, fail, problemOf } from '../../terminal/problem.ts';
import { note, say } from '../../terminal/streams.ts';
import { evidenceOf } from './evidence/evidence.ts';
import type { Look } from './evidence/look.ts';
import type { Training } from './evidence/training.ts';
import { entryOf } from './glossary.ts';
import { explanationPage } from './page.ts';
import { type PaperWords, paperWords } from './paper.ts';
import { explanationText, wrapped } from './text.ts';

const NOTES = notes(
  'The certificate is replayed first, and each step once more for its words; numbers of more than 12 characters are shown as ≈ and six digits.',
  'With --evidence: the margin of every realizability question (glpk.js), partial derivatives at the point (mathjs), and where training ends.',
  'These are floats and samples: they decide nothing, and each disagreement is shown with its reason. The two packages are optional.',
  'Exit codes: 0 explained; 1 invalid: read, and no proof; 2 malformed, or another bad input.',
  '',
  'Examples:',
  '  dictum explain certificates/T8/paper--four-directions.json',
  '  dictum explain T6.json --html T6.html',
  '  dictum explain T6.json --evidence --runs 1000',
  '  dictum explain --word "Farkas vector"',
);

interface Options {
  readonly evidence?: boolean;
  readonly runs: string;
  readonly backend: string;
  readonly html?: string;
  readonly word?: string;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed(
    'explain',
    'Explains a certificate step by step, with its numbers, or a word of the glossary.',
  )
    .argument('[file]', 'a certificate (- for standard input)')
    .option('--html <file>', 'write one HTML page, which opens without a network')
    .option('--evidence', 'look at the same in floats, too: linear programs, gradients, training runs')
    .option('--runs <count>', 'with --evidence, how many runs', '200')
    .option('--backend <name>', 'with --evidence, tiny (default), or webgpu for a GPU', 'tiny')
    .option('--word <word>', 'print what a word means, instead')
    .addHelpText('after', NOTES);
  if (!parseArguments(command, args)) return EXIT.ok;
  const options = command.opts<Options>();
  const [file] = command.args;
  if (options.word !== undefined) return printWord(options.word, file, options);
  if (file === undefined) fail('bad-arguments', { file: 'dictum explain' }, 'a certificate, or --word WORD', 'neither');
  await outputs(options.html);
  const found = explain(await readText(file), CLAIMS, sha256);
  if (!('asked' in found)) throw new Failure(problemOf(found, file));
  const paper = found.about && (await paperWords(found.about.claim));
  const evidence = options.evidence ? await evidenceOf(found, trainingFrom(options)) : undefined;
  if (options.html !== undefined) {
    await writeAtomically(options.html, explanationPage(found, file, paper, evidence));
    note(`${options.html}: the explanation of ${file}\n`);
  }
  if (options.json) say(`${JSON.stringify(documentOf(found, file, paper, evidence), null, 2)}\n`);
  else if (options.html === undefined) say(explanationText(found, file, paper, evidence));
  return EXIT.ok;
}

function trainingFrom({ runs, backend }: Options): Training {
  if (backend !== 'tiny' && backend !== 'webgpu')
    return fail('bad-arguments', { file: '--backend' }, 'tiny or webgpu', JSON.stringify(backend));
  return { runs: countFrom(runs, '--runs', 1_000_000), ...(backend === 'webgpu' && { backend }) };
}

async function printWord(word: string, file: string | undefined, { json, html }: Options): Promise<number> {
  if (file !== undefined || html !== undefined)
    fail('bad-arguments', { file: 'dictum explain' }, '--word WORD alone, or a certificate', 'both');
  const entry = await entryOf(word);
  say(
    json
      ? `${JSON.stringify({ format: 'dictum/explain@1', ...entry }, null, 2)}\n`
      : `${wrapped(entry.says, '').join('\n')}\n`,
  );
  return EXIT.ok;
}

/** Pictures are for pages. */
const stepDocument = ({ says, rule, lines, steps }: Step): object => ({
  says,
  ...(rule !== undefined && { rule }),
  lines,
  steps: steps.map(stepDocument),
});

function documentOf(
  { about, asked, sentence, argument, instance, id }: Explanation,
  file: string,
  paper: PaperWords | undefined,
  evidence: readonly Look[] | undefined,
): object {
  return {
    format: 'dictum/explain@1',
    file,
    ...(about && { about }),
    ...(paper && { paper }),
    asked,
    sentence,
    argument: argument.map(stepDocument),
    instance,
    id,
    ...(evidence && { evidence }),
  };
}
