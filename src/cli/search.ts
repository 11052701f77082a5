/** `dictum search`: looks for a counterexample to a claim, with a hypothesis dropped if asked; shrinks and certifies it. */
import { Checked, check } from '../kernel/certificate.ts';
import { detailText, outcomeText } from '../report/matrixText.ts';
import { AS_REPAIRED, type Cell, cellName } from '../solve/search/cell.ts';
import type { SearchResult } from '../solve/search/search.ts';
import { reasonText } from '../words/sentence.ts';
import { commandNamed, countFrom, notes, parseArguments } from './arguments.ts';
import { claimNamed, READINGS_HELP, readingNamed } from './claimOption.ts';
import { sha256 } from './digest.ts';
import { EXIT } from './exitCodes.ts';
import { outputs, writeAtomically } from './files.ts';
import { printableVerdict } from './printable.ts';
import { fail } from './problem.ts';
import { cellsOfClaim, startSearch, taskOf } from './searching.ts';
import { note, progress, say } from './streams.ts';

const NOTES = notes(
  'Draws random rational instances, the same ones for a seed. All hypotheses of the reading hold on those accepted, and those',
  'its repair adds, if --repaired is given; with --drop all of both hold but that one, which fails. The conclusion is decided',
  'exactly. A failure is shrunk, in the order n, n_p, n_q, bits, decided again at every step, and certified.',
  'The certificate goes to stdout, or to the file of --out; what was searched goes to stderr. --json puts all in one document.',
  'Exit codes: 0 searched; 2 bad input; 3 nothing was decided: no instance was accepted, or none could be; 130 interrupted, with',
  'what was searched until then.',
  '',
  'Examples:',
  '  dictum search T8',
  '  dictum search T3 --drop targets-within-unit --out T3.json',
  '  dictum search T8 --reading repaired --runs 100000 --seed 7 --json',
);

interface Options {
  readonly reading?: string;
  readonly drop?: string;
  readonly suppose?: string;
  readonly repaired?: boolean;
  readonly runs: string;
  readonly seed: string;
  readonly out?: string;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('search', 'Looks for a counterexample, shrinks it, certifies it.')
    .argument('<claim>', 'the id of a claim')
    .option('-r, --reading <reading>', READINGS_HELP)
    .option('--drop <hypothesis>', 'a hypothesis of the reading, or one its repair adds, that has to fail')
    .option('--suppose <hypothesis>', 'with all of both, one more that the matrix looks at')
    .option('--repaired', 'the hypotheses that the repair adds hold, too')
    .option('-n, --runs <count>', 'instances to accept before giving up', '10000')
    .option('--seed <seed>', 'an integer from 0 to 999999999', '0')
    .option('-o, --out <file>', 'write the certificate to a file')
    .addHelpText('after', NOTES);
  if (!parseArguments(command, args)) return EXIT.ok;
  const [id = ''] = command.args;
  const options = command.opts<Options>();
  const cell = chosenCell(id, options);
  const runs = countFrom(options.runs, '--runs', 9_999_999);
  const seed = seedFrom(options.seed);
  await outputs(options.out);
  const found = await searched(cell, runs, seed);
  const { result } = found;
  const about = { claim: id, reading: options.reading ?? cell.readings[0], column: cell.column, runs, seed };
  await print(cell, about, found, options);
  if (found.interrupted) return EXIT.interrupted;
  return result.counterexample || result.accepted > result.undecided ? EXIT.ok : EXIT.undecided;
}

function chosenCell(id: string, options: Options): Cell {
  const at = { file: 'dictum search' };
  const claim = claimNamed(id, at);
  const reading = readingNamed(claim, options.reading, at);
  const cells = cellsOfClaim(claim).filter((cell) => cell.readings.includes(reading));
  if (cells.length === 0) {
    const names = Object.keys(claim.readings).join(', ');
    fail('unknown-word', at, `a reading of ${id} that is searched: ${names}`, JSON.stringify(reading));
  }
  const { drop, suppose, repaired = false } = options;
  if ([drop !== undefined, suppose !== undefined, repaired].filter(Boolean).length > 1) {
    fail(
      'bad-arguments',
      at,
      'one of --drop, --suppose and --repaired; the first two take the repair in already',
      'more',
    );
  }
  if (drop !== undefined) return named(cells, drop, ({ failing }) => failing?.name);
  if (suppose !== undefined) return named(cells, suppose, ({ supposed }) => supposed);
  const [asStated] = cells;
  const whole = repaired ? cells.find(({ column }) => column === AS_REPAIRED) : asStated;
  return (whole ?? asStated) as Cell;
}

/** The cell that has the hypothesis of that name in the place asked for. */
function named(cells: readonly Cell[], name: string, of: (cell: Cell) => string | undefined): Cell {
  const known = cells.flatMap((cell) => of(cell) ?? []);
  const found = cells.find((cell) => of(cell) === name);
  const expected = known.length > 0 ? `one of ${known.join(', ')}` : 'no such option: there is no such hypothesis';
  return found ?? fail('unknown-word', { file: 'dictum search' }, expected, JSON.stringify(name));
}

function seedFrom(text: string): number {
  return /^[0-9]{1,9}$/.test(text)
    ? Number(text)
    : fail('bad-arguments', { file: '--seed' }, 'an integer from 0 to 999999999', JSON.stringify(text));
}

/** The search; an interruption ends it after the block under way, and what it did so far is kept. */
async function searched(cell: Cell, runs: number, seed: number): Promise<Searched> {
  let interrupted = false;
  const stop = (): void => {
    interrupted = true;
  };
  process.once('SIGINT', stop);
  let told = Date.now();
  const steps = startSearch(taskOf(cell, runs, seed));
  try {
    for (;;) {
      const step = steps.next(interrupted);
      if (step.done) return { result: step.value, interrupted };
      progress(`${cellName(cell)}: ${step.value} of ${runs} accepted`);
      told = tell(told, { cell: cellName(cell), accepted: step.value, of: runs });
      await new Promise((resume) => setImmediate(resume));
    }
  } finally {
    progress('');
    process.off('SIGINT', stop);
  }
}

/** A JSON line on stderr every two seconds, where there is no terminal; returns when the last one was written. */
function tell(last: number, line: object): number {
  if (process.stderr.isTTY || Date.now() - last < 2000) return last;
  note(`${JSON.stringify(line)}\n`);
  return Date.now();
}

interface Searched {
  readonly result: SearchResult;
  readonly interrupted: boolean;
}

/** Why the counterexample is one, in the words of its certificate. */
function reasonOf({ claim }: Cell, found: SearchResult['counterexample']): string | undefined {
  const checked = found && check(found.certificate, new Map([[claim.id, claim]]), sha256);
  return checked instanceof Checked
    ? printableVerdict(reasonText(checked.accepted, checked.accepted.instance))
    : undefined;
}

async function print(cell: Cell, about: object, { result, interrupted }: Searched, options: Options): Promise<void> {
  const { counterexample } = result;
  const cut = interrupted && !counterexample ? ' (interrupted)' : '';
  note(`${cellName(cell)}: ${outcomeText(cell, result)}${cut}\n${detailText(result, reasonOf(cell, counterexample))}`);
  if (counterexample && options.out !== undefined) await writeAtomically(options.out, counterexample.certificate);
  if (options.json) {
    const { certificate, ...rest } = counterexample ?? {};
    const document = {
      format: 'dictum/search@1',
      ...about,
      interrupted,
      ...result,
      ...(certificate !== undefined && { counterexample: { ...rest, certificate: JSON.parse(certificate) as object } }),
    };
    say(`${JSON.stringify(document)}\n`);
  } else if (counterexample && options.out === undefined) say(counterexample.certificate);
}
