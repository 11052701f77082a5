/** What `dictum sweep` prints. */
import { canonicalJson } from '../../kernel/document/canonical.ts';
import { type Json, Numeral } from '../../kernel/document/json.ts';
import { counted } from '../../words/names.ts';
import type { Job } from './jobs.ts';
import type { Row } from './rows.ts';
import type { Submission, TaskState } from './slurm.ts';

export interface Count {
  readonly jobs: number;
  readonly done: number;
  readonly failed: number;
}

const FAILURES_SHOWN = 20;

export function countOf(jobs: readonly Job[], rows: readonly Row[]): Count {
  const done = rows.filter((row) => 'done' in row).length;
  return { jobs: jobs.length, done, failed: rows.length - done };
}

/** `60 jobs: 58 done, 1 failed, 1 to do` */
export function countText({ jobs, done, failed }: Count): string {
  const left = jobs - done - failed;
  return `${counted(jobs, 'job')}: ${done} done, ${failed} failed${left > 0 ? `, ${left} to do` : ''}`;
}

/** A line for each that failed, at most so many. */
export function failuresText(rows: readonly Row[]): string {
  const failures = rows.flatMap((row) => ('failed' in row ? [{ job: row.job, reason: row.failed.reason }] : []));
  const lines = failures.slice(0, FAILURES_SHOWN).map(({ job, reason }) => `failed: ${jobText(job)}: ${reason}\n`);
  const more = failures.length - lines.length;
  return lines.join('') + (more > 0 ? `and ${more} more; the rows of results name each\n` : '');
}

const jobText = ({ input, options }: Job): string =>
  [input, ...[...options].map(([name, value]) => `${name} ${valueText(value)}`)].join(', ');

function valueText(value: Json): string {
  if (typeof value === 'string') return value;
  return value instanceof Numeral ? value.text : canonicalJson(value);
}

/** `Slurm job 12: 2 tasks running on n1, n3; 1 pending (BeginTime)` */
export function tasksText({ job }: Submission, tasks: readonly TaskState[]): string {
  if (tasks.length === 0) return `Slurm job ${job}: no task in the queue\n`;
  const words = new Set(tasks.map(({ state }) => state));
  const parts = [...words].map((word) => {
    const these = tasks.filter(({ state }) => state === word);
    const nodes = [...new Set(these.map(({ node }) => node).filter((node) => node !== ''))];
    const reasons = [...new Set(these.map(({ reason }) => reason).filter((reason) => reason !== 'None'))];
    const where = nodes.length > 0 ? ` on ${nodes.join(', ')}` : reasons.length > 0 ? ` (${reasons.join(', ')})` : '';
    return `${counted(these.length, 'task')} ${word.toLowerCase()}${where}`;
  });
  return `Slurm job ${job}: ${parts.join('; ')}\n`;
}
