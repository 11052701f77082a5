/**
 * A sweep on a cluster: one array job of the user's Slurm. Each task of it takes every so many-th job that has no result yet, and
 * writes into the folder of the sweep, which all nodes have to see. Slurm runs the tasks again whose node is lost; nothing here waits
 * for them.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeAtomically } from '../../terminal/files.ts';
import { makeFolder } from '../../terminal/folders.ts';
import { fail } from '../../terminal/problem.ts';
import { isCompiled } from '../../threads/pool.ts';
import type { Job } from './jobs.ts';

/** `dictum/submission@1`: what of a sweep was given to Slurm last. */
export interface Submission {
  readonly format: 'dictum/submission@1';
  readonly job: string;
  readonly tasks: number;
}

/** A task of the array as squeue tells of it. */
export interface TaskState {
  readonly state: string;
  readonly node: string;
  readonly reason: string;
}

interface Ask {
  readonly name: string;
  readonly spec: string;
  readonly folder: string;
  readonly plan: string;
  /** The job that each task would take up, task by task; a task without any is left out. */
  readonly parts: readonly (readonly Job[])[];
  /** Further options of sbatch. */
  readonly options: readonly string[];
}

/** Every so many-th: neighbours are alike, and so are parts. */
export function partsOf<T>(jobs: readonly T[], count: number): T[][] {
  const parts = Array.from({ length: count }, (): T[] => []);
  for (const [k, job] of jobs.entries()) parts[k % count]?.push(job);
  return parts;
}

const fileOf = (folder: string): string => join(folder, 'slurm', 'submission.json');

export async function submissionOf(folder: string): Promise<Submission | undefined> {
  const text = await readFile(fileOf(folder), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Submission);
}

export async function submit(ask: Ask): Promise<Submission> {
  const logs = join(ask.folder, 'slurm');
  await makeFolder(logs);
  const script = scriptOf(ask);
  await writeAtomically(join(logs, 'script.sh'), script);
  const printed = await slurm('sbatch', ['--parsable', ...ask.options], script);
  const [job = ''] = printed.trim().split(';');
  const submission: Submission = { format: 'dictum/submission@1', job, tasks: ask.parts.length };
  await writeAtomically(fileOf(ask.folder), `${JSON.stringify(submission)}\n`);
  return submission;
}

export function scriptOf({ name, spec, folder, plan, parts }: Ask): string {
  const numbers = parts.flatMap((part, k) => (part.length > 0 ? [k] : []));
  const main = fileURLToPath(new URL(`../main${isCompiled(import.meta.url) ? '.js' : '.ts'}`, import.meta.url));
  const words = [process.execPath, ...process.execArgv, main, 'sweep', 'task', resolve(spec)].map(quoted).join(' ');
  return `#!/bin/sh
#SBATCH --job-name=dictum-${name}
#SBATCH --array=${rangesOf(numbers)}
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=${join(resolve(folder), 'slurm').replaceAll('%', '%%').replaceAll(' ', '\\ ')}/%a.log
exec ${words} --out ${quoted(resolve(folder))} \\
  --part "$SLURM_ARRAY_TASK_ID" --of ${parts.length} --plan ${plan} --jobs "\${SLURM_CPUS_PER_TASK:-1}"
`;
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** `0-4,7`, of increasing numbers. */
export function rangesOf(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

/** What is left of it in the queue; none once Slurm has forgotten it. */
export async function tasksOf({ job }: Submission): Promise<TaskState[]> {
  const args = ['--noheader', '--array', `--jobs=${job}`, '--format=%T|%N|%r'];
  const printed = await slurm('squeue', args).catch((thrown: unknown) => {
    if (thrown instanceof Error && /Invalid job id/i.test(thrown.message)) return '';
    throw thrown;
  });
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [state = '', node = '', reason = ''] = line.split('|');
      return { state, node, reason };
    });
}

export async function cancel({ job }: Submission): Promise<void> {
  await slurm('scancel', [job]);
}

function slurm(command: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((settle, reject) => {
    const child = execFile(command, [...args], (error, out, err) => {
      if (!error) return settle(out);
      const said = err.trim().split('\n')[0] ?? '';
      const found = error.code === 'ENOENT' ? 'no such command' : said || error.message;
      try {
        fail('no-slurm', { file: command }, 'an answer of Slurm', found);
      } catch (failure) {
        reject(failure);
      }
    });
    child.stdin?.on('error', () => undefined).end(input);
  });
}
