/** The load-bearing matrix in words: what became of each cell, how many instances that rests on, and what they were like. */

import { largestOf, smallestOf } from '../../solve/linear/extremes.ts';
import { AS_REPAIRED, AS_STATED, type Cell, cellName } from '../../solve/search/cell.ts';
import type { Counterexample, SearchResult } from '../../solve/search/search.ts';
import { table } from '../../terminal/table.ts';
import { counted } from '../../words/names.ts';

/** One cell with its result, as far as the text needs it. */
export interface MatrixRow {
  readonly cell: Cell;
  readonly result: Omit<SearchResult, 'counterexample'> & {
    readonly counterexample?: Omit<Counterexample, 'certificate'>;
  };
  /** Where the certificate of a counterexample is. */
  readonly file?: string;
}

const instances = (count: number): string => counted(count, 'accepted instance');

const whole = (cell: Cell): boolean => cell.failing === undefined;

/**
 * What the search says about the cell. `standing`: whether no counterexample was found with all hypotheses in force, if that is known. A search
 * proves no reading, so that a hypothesis is needed, or is not, is more than it says.
 */
export function outcomeText(cell: Cell, result: MatrixRow['result'], standing?: boolean): string {
  const { accepted, undecided, drawn, counterexample } = result;
  if (counterexample) {
    const [n, np, nq, bits] = counterexample.size;
    const without = `refuted without it${standing === false ? ', too' : ''}`;
    const word = whole(cell) ? 'refuted' : without;
    return `${word}: n=${n} n_p=${np} n_q=${nq}, ${counted(bits, 'bit')}`;
  }
  if (result.empty) return whole(cell) ? 'hypotheses that exclude each other' : 'cannot fail alone';
  if (accepted === 0) return whole(cell) ? `none accepted of ${drawn} drawn` : `never failed alone in ${drawn} drawn`;
  const decided = accepted - undecided;
  if (decided === 0)
    return `open: undecided in ${accepted === 1 ? 'the one' : `all ${accepted}`} accepted instance${accepted === 1 ? '' : 's'}`;
  if (10 * undecided > accepted) return `open: holds in ${decided}, undecided in ${instances(undecided)}`;
  const open = undecided > 0 ? `, undecided in ${undecided} more` : '';
  return `${whole(cell) ? 'no counterexample' : 'no counterexample without it'} in ${instances(decided)}${open}`;
}

const percent = (part: number, all: number): string =>
  `${((100 * part) / Math.max(1, all)).toFixed(part === all ? 0 : 1)}%`;

const shares = (counts: Readonly<Record<string, number>>, all: number): string =>
  Object.entries(counts)
    .map(([value, count]) => `${value} ${percent(count, all)}`)
    .join(', ');

/** Acceptance rate, what turned instances away, coverage: for one search; `reason`, why a counterexample is one. */
export function detailText({ accepted, drawn, outside, coverage, broken, bug }: SearchResult, reason?: string): string {
  const away = Object.entries(outside).map(([why, count]) => `${why} ${count}`);
  const lines = [
    `  accepted ${accepted} of ${drawn} drawn (${percent(accepted, drawn)})${away.length > 0 ? `; turned away by ${away.join(', ')}` : ''}`,
    ...Object.entries(coverage).map(([what, counts]) => `  ${what}: ${shares(counts, accepted)}`),
    ...(bug === undefined ? [] : [`  BUG on ${counted(broken, 'instance')}: ${bug}`]),
    ...(reason === undefined ? [] : [`  ${reason}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** `6 kinds, n 2-4, n_p 1-3, n_q 2-6` */
function range({ coverage }: MatrixRow['result']): string {
  const { sigma = {}, ...sizes } = coverage;
  const kinds = Object.keys(sigma);
  const name = kinds.length === 1 ? kinds[0] : `${kinds.length} sigmas`;
  const ranges = ['n', 'n_p', 'n_q'].map((what) => {
    const values = Object.keys(sizes[what] ?? {}).map(Number);
    const [least, most] = [smallestOf(values), largestOf(values)];
    return `${what} ${least === most ? least : `${least}-${most}`}`;
  });
  return kinds.length === 0 ? '-' : [name, ...ranges].join(', ');
}

const decisive = ({ column }: Cell): boolean => column === AS_STATED || column === AS_REPAIRED;

/** The readings that were not refuted with all their hypotheses and those of the repair in force. */
function standingReadings(rows: readonly MatrixRow[]): ReadonlySet<string> {
  const reading = (cell: Cell): string => `${cell.claim.id} ${cell.readings.join()}`;
  const standing = new Map<string, boolean>();
  // `as repaired` comes after `as stated` and has the last word: its hypotheses are the ones the columns have.
  for (const { cell, result } of rows) if (decisive(cell)) standing.set(reading(cell), !result.counterexample);
  return new Set([...standing].flatMap(([name, stands]) => (stands ? [name] : [])));
}

/** Each row with what the search says about it. */
export function matrixRows(rows: readonly MatrixRow[]): { row: MatrixRow; outcome: string }[] {
  const standing = standingReadings(rows);
  return rows.map((row) => {
    const { cell, result } = row;
    return { row, outcome: outcomeText(cell, result, standing.has(`${cell.claim.id} ${cell.readings.join()}`)) };
  });
}

export function matrixText(rows: readonly MatrixRow[]): string {
  return table([
    ['claim', 'reading', 'without', 'outcome', 'accepted', 'covering', 'certificate'],
    ...matrixRows(rows).map(({ row: { cell, result, file }, outcome }) => [
      cell.claim.id,
      cell.readings.join(', '),
      whole(cell) ? `(${cell.column})` : cell.column,
      outcome,
      result.drawn === 0 ? '-' : percent(result.accepted, result.drawn),
      range(result),
      file ?? '-',
    ]),
  ]);
}

/** The matrix under its heading, which says what its numbers rest on. */
export function matrixSection(rows: readonly MatrixRow[], extent: string, unsearched: readonly string[]): string {
  const head =
    'Load-bearing matrix: the hypothesis fails, all others of the reading and its repair hold; is the conclusion false somewhere?';
  const basis =
    extent === 'full'
      ? 'Searched now.'
      : extent === 'recorded'
        ? 'The full run as recorded in matrix.jsonl; its counterexamples are replayed now, no search is repeated.'
        : 'The full run as recorded in matrix.jsonl, or this one where it has no line; repeated now: the start of every search.';
  const left = unsearched.length > 0 ? [`Not searched: ${unsearched.join('; ')}.`] : [];
  return [head, basis, matrixText(rows), ...left].join('\n');
}

/** Bugs that the search ran into, one line for each cell. */
export const bugs = (rows: readonly MatrixRow[]): string[] =>
  rows.flatMap(({ cell, result }) =>
    result.bug === undefined ? [] : [`${cellName(cell)}: on ${counted(result.broken, 'instance')}: ${result.bug}`],
  );
