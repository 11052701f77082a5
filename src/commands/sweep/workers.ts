/** Processes that run the jobs of a sweep: as many as asked for, each one job at a time, in the order of the jobs. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { workerBeside } from '../../threads/pool.ts';
import type { Answer, Task } from './worker.ts';

/** What became of a job: it answered, or its process ended first. */
export type Outcome = Answer | Ended;

interface Ended {
  readonly ended: string;
  /** By a signal that someone else may have sent: then nothing is said about the job. */
  readonly killed: boolean;
  readonly seconds: number;
}

interface Running {
  readonly workers: number;
  /** After which a job is ended. */
  readonly seconds: number | undefined;
  /** When it fires, no job begins any more and those under way are ended; with `gently` they are asked to. */
  readonly stop: AbortSignal;
  readonly gently: boolean;
}

/** What the system sends of itself, where memory is short, or a cluster that takes back a machine. */
const FROM_OUTSIDE: readonly string[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'];
/** How often a job is begun whose process is killed from outside each time. */
const TRIES = 3;
/** Characters kept of what a process says beside its answers: its last words. */
const LAST_WORDS = 4000;

/** Runs them all, or those begun before `stop`; `take` is given each outcome, and an exception of it ends the whole. */
export async function runTasks<T>(
  jobs: readonly T[],
  taskOf: (job: T) => Task,
  take: (job: T, outcome: Outcome) => Promise<void>,
  running: Running,
): Promise<void> {
  const left = jobs[Symbol.iterator]();
  const fault = new AbortController();
  const stop = AbortSignal.any([running.stop, fault.signal]);
  const work = async (): Promise<void> => {
    const worker = startWorker({ ...running, stop });
    try {
      for (let next = left.next(); !stop.aborted && !next.done; next = left.next()) {
        const task = taskOf(next.value);
        let outcome = await worker.run(task);
        for (let k = 1; k < TRIES && outcome && 'killed' in outcome && outcome.killed && !stop.aborted; k++)
          outcome = await worker.run(task);
        if (outcome && !stop.aborted) await take(next.value, outcome);
      }
    } catch (thrown) {
      fault.abort();
      throw thrown;
    } finally {
      worker.close();
    }
  };
  const all = await Promise.allSettled(Array.from({ length: Math.min(running.workers, jobs.length) }, work));
  const failed = all.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}

interface Worker {
  /** Undefined where it was stopped. */
  readonly run: (task: Task) => Promise<Outcome | undefined>;
  readonly close: () => void;
}

function startWorker({ seconds, stop, gently }: Omit<Running, 'workers'>): Worker {
  let child: ChildProcess | undefined;
  let words = '';
  const start = (): ChildProcess => {
    const file = fileURLToPath(workerBeside(import.meta.url, 'worker'));
    const started = fork(file, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'advanced' });
    words = '';
    started.stderr?.on('data', (chunk) => {
      words = `${words}${chunk}`.slice(-LAST_WORDS);
    });
    // Also where it ends between two jobs.
    started.once('exit', () => {
      if (child === started) child = undefined;
    });
    return started;
  };
  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        if (stop.aborted) return resolve(undefined);
        child ??= start();
        const running = child;
        const begun = performance.now();
        let late = false;
        const limit =
          seconds === undefined
            ? undefined
            : setTimeout(() => {
                late = true;
                running.kill('SIGKILL');
              }, seconds * 1000);
        const halt = (): void => {
          running.kill(gently ? 'SIGINT' : 'SIGKILL');
        };
        const settle = (outcome: Outcome | undefined): void => {
          clearTimeout(limit);
          stop.removeEventListener('abort', halt);
          running.off('message', answered).off('close', exited).off('error', reject);
          resolve(outcome);
        };
        const answered = (answer: unknown): void => settle(answer as Answer);
        const exited = (code: number | null, signal: NodeJS.Signals | null): void => {
          const spent = (performance.now() - begun) / 1000;
          const killed = !late && signal !== null && FROM_OUTSIDE.includes(signal);
          const why = late ? `not done after ${seconds} s` : lastWords(words, code, signal);
          settle(stop.aborted ? undefined : { ended: why, killed, seconds: spent });
        };
        stop.addEventListener('abort', halt);
        // Not 'exit': by then its last words may still be on the way.
        running.on('message', answered).on('close', exited).on('error', reject);
        // One that has just ended says so by `close`.
        running.send(task, () => undefined);
      }),
    // What still runs then was not asked for any more.
    close: () => child?.kill('SIGKILL'),
  };
}

function lastWords(words: string, code: number | null, signal: NodeJS.Signals | null): string {
  if (/heap out of memory|allocation failed/i.test(words)) return 'its process ran out of memory';
  return signal === null ? `its process ended with ${code}` : `its process was ended by ${signal}`;
}
