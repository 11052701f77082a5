/** Runs the jobs of a sweep that have no result yet, and keeps what each gives as soon as it is there. */
import { resolve } from 'node:path';
import { EXIT } from '../../terminal/exitCodes.ts';
import { fail } from '../../terminal/problem.ts';
import { progress } from '../../terminal/streams.ts';
import { argumentsOf, type Job } from './jobs.ts';
import { recordOf } from './outcome.ts';
import type { Spec } from './spec.ts';
import type { Store } from './store.ts';
import { SWEPT } from './swept.ts';
import type { Task } from './worker.ts';
import { runTasks } from './workers.ts';

export interface RanJobs {
  /** Jobs that had a result. */
  readonly before: number;
  readonly interrupted: boolean;
  readonly seconds: number;
  /** Of the jobs themselves, together. */
  readonly jobSeconds: number;
}

type Tell = (done: number, of: number, failed: number, secondsLeft: number) => void;

export async function runJobs(
  spec: Spec,
  jobs: readonly Job[],
  store: Store,
  workers: number,
  tell: Tell,
): Promise<RanJobs> {
  // Two inputs may say the same: then it is one job.
  const different = [...new Map(jobs.map((job) => [job.id, job])).values()];
  const left: Job[] = [];
  for (const job of different) if (!(await store.done(job.id))) left.push(job);
  const stop = new AbortController();
  const interrupted = (): void => {
    // Whoever asks again does not want to wait for a checkpoint.
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    stop.abort();
  };
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  const begun = performance.now();
  let [ended, failed, jobSeconds] = [0, 0, 0];
  const take = async (job: Job, outcome: Parameters<typeof recordOf>[2]): Promise<void> => {
    const record = recordOf(spec.command, job, outcome);
    if (!record) return;
    const full = record.format === 'dictum/failed-job@1' ? FULL.exec(record.reason) : null;
    // No fault of the job: the next would end so as well.
    if (full) fail('cannot-write', { file: store.folder }, 'a place to write to', full[0]);
    await store.keep(record);
    jobSeconds += record.ran.seconds;
    ended++;
    if (record.format === 'dictum/failed-job@1') failed++;
    const rate = (performance.now() - begun) / 1000 / ended;
    tell(different.length - left.length + ended, different.length, failed, Math.ceil(rate * (left.length - ended)));
  };
  try {
    await runTasks(left, (job) => taskOf(spec, job, store), take, {
      workers,
      seconds: spec.seconds,
      stop: stop.signal,
      gently: SWEPT[spec.command].folder === true,
    });
  } finally {
    progress('');
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
  const seconds = (performance.now() - begun) / 1000;
  return { before: different.length - left.length, interrupted: stop.signal.aborted, seconds, jobSeconds };
}

/** What a job says that could not write its own files (src/terminal/files.ts). */
const FULL = /a full disk|an exhausted disk quota/;

function taskOf({ command }: Spec, job: Job, { folder }: Store): Task {
  const swept = SWEPT[command];
  const out = swept.folder ? ['--out', resolve(folder, 'runs', job.id)] : [];
  const first = job.text === undefined ? job.input : '-';
  const words = swept.input === 'config' ? [] : argumentsOf(job);
  return { command, args: [first, ...words, ...swept.always, ...out], folder: job.folder, text: job.text ?? '' };
}
