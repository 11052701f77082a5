/**
 * The load-bearing matrix of `dictum audit`. The full run takes minutes, so its results are a committed file, one cell a line, and
 * an audit repeats part of it: every search that ends in a counterexample, and the first accepted instances of all others. Both
 * are deterministic, so what is repeated has to come out the same.
 */
import { lstat } from 'node:fs/promises';
import { cellName } from '../../solve/search/cell.ts';
import type { SearchResult } from '../../solve/search/search.ts';
import { readText } from '../../terminal/files.ts';
import { fail } from '../../terminal/problem.ts';
import { isCompiled, poolOf, threadsUpTo, workerBeside } from '../../threads/pool.ts';
import type { MatrixRow } from './matrixText.ts';
import { allCells, counterexampleFile, runTask, type Task, taskOf } from './searching.ts';

/** Accepted instances per cell: in the full run, and in an audit that repeats part of it. */
export const RUNS = { full: 10_000, sample: 100 } as const;
export type Extent = keyof typeof RUNS;

const SEED = 0;
const MATRIX_FORMAT = 'dictum/matrix@1';

/** The committed results by the names of their cells. */
type Committed = ReadonlyMap<string, MatrixRow['result']>;

export interface MatrixCell extends MatrixRow {
  readonly result: SearchResult;
}

/** Runs the search of every cell, several at a time, and returns them in the order of the matrix. */
export async function runMatrix(
  extent: Extent,
  tell: (done: number, total: number, name: string) => void,
): Promise<MatrixCell[]> {
  const cells = allCells();
  let done = 0;
  const results = await inParallel(
    cells.map((cell) => taskOf(cell, RUNS[extent], SEED)),
    (task) => tell(++done, cells.length, `${task.claim} ${task.reading} ${task.column}`),
  );
  return cells.map((cell, k) => {
    const result = results[k] as SearchResult;
    return { cell, result, ...(result.counterexample && { file: counterexampleFile(cellName(cell)) }) };
  });
}

/** In worker threads where this is compiled code, which they can load; else one after the other. */
async function inParallel(tasks: readonly Task[], finished: (task: Task) => void): Promise<SearchResult[]> {
  const results: SearchResult[] = [];
  if (!isCompiled(import.meta.url)) {
    for (const task of tasks) {
      results.push(runTask(task));
      finished(task);
      await new Promise((resume) => setImmediate(resume));
    }
    return results;
  }
  const pool = poolOf<Task, SearchResult>(workerBeside(import.meta.url, 'matrixWorker'), threadsUpTo(4));
  try {
    return await Promise.all(
      tasks.map(async (task) => {
        const result = await pool.run(task);
        finished(task);
        return result;
      }),
    );
  } finally {
    await pool.close();
  }
}

/** What stays of a result in lists: its certificate is a file. */
export function withoutCertificate({ counterexample, ...result }: MatrixRow['result']): MatrixRow['result'] {
  if (!counterexample) return result;
  const { id, facts, size, steps } = counterexample;
  return { ...result, counterexample: { id, facts, size, steps } };
}

/** Beside the certificates; not `.json`, because `dictum check` takes every such file for a certificate. */
export const MATRIX_FILE = 'matrix.jsonl';

/** The certificates that a full run published. */
export const recordedFiles = (committed: Committed): string[] =>
  [...committed].flatMap(([name, result]) => (result.counterexample ? [counterexampleFile(name)] : []));

/** The text of `matrix.jsonl`: first what the run was, then a line for each cell. */
export function matrixFile(matrix: readonly MatrixCell[], extent: Extent): string {
  const head = { format: MATRIX_FORMAT, seed: SEED, runs: RUNS[extent] };
  const lines = matrix.map(({ cell, result }) => ({ cell: cellName(cell), ...withoutCertificate(result) }));
  return [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Empty where there is no such file. Another file of that name is the user's, and refused: a full run would write over it. */
export async function readMatrixFile(path: string): Promise<Committed> {
  if (!(await lstat(path).catch(() => undefined))) return new Map();
  const [head, ...lines] = (await readText(path, { own: true, found: true })).split('\n').filter((line) => line !== '');
  try {
    if ((JSON.parse(head ?? '{}') as { format?: unknown }).format !== MATRIX_FORMAT) throw new SyntaxError();
    return new Map(
      lines.map((line) => {
        const { cell, ...result } = JSON.parse(line) as { cell: string } & MatrixRow['result'];
        return [cell, result];
      }),
    );
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return fail('cannot-write', { file: path }, `lines of JSON, the first of format ${MATRIX_FORMAT}`, 'another file');
  }
}

/** Where a result and the committed one contradict each other. */
export function contradictions(matrix: readonly MatrixCell[], committed: Committed, extent: Extent): string[] {
  // A folder that never saw a matrix has nothing to compare with.
  if (committed.size === 0) return [];
  return matrix.flatMap(({ cell, result }) => {
    const name = cellName(cell);
    const before = committed.get(name);
    const differs = before ? difference(result, before, extent) : 'has no line; "dictum audit --matrix full" writes it';
    return differs === undefined ? [] : [`matrix.jsonl: ${name} ${differs}`];
  });
}

function difference(now: SearchResult, before: MatrixRow['result'], extent: Extent): string | undefined {
  const [a, b] = [now.counterexample, before.counterexample];
  if (a && b) return a.id === b.id ? undefined : `has another counterexample: ${b.id}, now ${a.id}`;
  if (a) return 'had no counterexample, and has one now';
  // A search that was cut short has not come to the counterexample.
  if (b) return extent === 'sample' && before.drawn > now.drawn ? undefined : 'had a counterexample, and has none now';
  const [after, then] = [JSON.stringify(now.sweep), JSON.stringify(before.sweep)];
  return after === then ? undefined : `was ${then} after the sweep, is ${after}`;
}

/** The rows of a full run as it was recorded, of the cells that there still are. */
export const recordedRows = (committed: Committed): MatrixRow[] =>
  allCells().flatMap((cell) => {
    const name = cellName(cell);
    const result = committed.get(name);
    return result ? [{ cell, result, ...(result.counterexample && { file: counterexampleFile(name) }) }] : [];
  });

/** The rows to print: the committed full run where this one repeated only a part of it. */
export function rowsToPrint(matrix: readonly MatrixCell[], committed: Committed): MatrixRow[] {
  return matrix.map(({ cell, result }) => {
    const shown = committed.get(cellName(cell)) ?? result;
    return { cell, result: shown, ...(shown.counterexample && { file: counterexampleFile(cellName(cell)) }) };
  });
}
