/**
 * The results of a sweep as rows in the order of its jobs, without times: the same sweep gives the same bytes wherever and in
 * whatever order its jobs ran. How long each took stands in a file of its own.
 */
import { canonicalJson } from '../../kernel/document/canonical.ts';
import type { Job } from './jobs.ts';
import type { Done, Failed, Ran, Store } from './store.ts';

export type Row = { readonly job: Job } & ({ readonly done: Done } | { readonly failed: Failed });

/** One for each job that is done or failed. */
export async function rowsOf(jobs: readonly Job[], store: Store): Promise<Row[]> {
  const rows: Row[] = [];
  for (const job of jobs) {
    const done = await store.done(job.id);
    const failed = done ? undefined : await store.failed(job.id);
    if (done) rows.push({ job, done: { ...done, result: timeless(done) } });
    else if (failed) rows.push({ job, failed });
  }
  return rows;
}

/** What says how long something took, or on what machine, and how a training that was interrupted was: its log stands in its folder. */
const OF_A_RUN: ReadonlySet<string> = new Set(['seconds', 'machine', 'steps', 'records']);

const without = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !OF_A_RUN.has(key)));

function timeless({ command, result }: Done): unknown {
  if (command === 'train') return without(result as object);
  if (command !== 'bench') return result;
  const { runs, ...rest } = result as { readonly runs: readonly object[] };
  return { ...rest, runs: runs.map(without) };
}

/** JSON, a line a row. */
export const linesOf = (rows: readonly Row[]): string => rows.map((row) => `${lineOf(row)}\n`).join('');

function lineOf(row: Row): string {
  const { id, input, options } = row.job;
  const which = `"job":"${id}","input":${JSON.stringify(input)},"options":${canonicalJson(options)}`;
  if ('done' in row) return `{${which},"exit":${row.done.exit},"result":${JSON.stringify(row.done.result)}}`;
  const { code, reason } = row.failed;
  return `{${which},"failed":${JSON.stringify({ code, reason })}}`;
}

/** How long each job took, and where: CSV, a line a row. */
export function timesOf(rows: readonly Row[]): string {
  const line = (row: Row): string => {
    const { seconds, cpuSeconds, host }: Ran = 'done' in row ? row.done.ran : row.failed.ran;
    return `${row.job.id},${seconds.toFixed(4)},${cpuSeconds.toFixed(4)},${host}\n`;
  };
  return `job,seconds,cpuSeconds,host\n${rows.map(line).join('')}`;
}
