/** Worker threads: one way to start them, hand them tasks and take results in order. */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';

export interface Pool<Task, Result> {
  readonly run: (task: Task) => Promise<Result>;
  /** The results in the order of the tasks, no more than `ahead` under way at a time: memory need not grow with their number. */
  readonly inOrder: (tasks: Iterable<Task>, ahead?: number) => AsyncGenerator<Result>;
  /** What has not ended is rejected. */
  readonly close: () => Promise<void>;
}

/** So many threads, or fewer where there are fewer cores. */
export const threadsUpTo = (most: number): number => Math.min(most, availableParallelism());

/** Whether a module is a compiled one: threads that load sources need a loader, which tests do not give them. */
export const isCompiled = (module: string): boolean => !module.endsWith('.ts');

/** The worker beside a module: compiled beside the compiled one, a source beside a source. */
export const workerBeside = (module: string, name: string): string =>
  new URL(`./${name}${isCompiled(module) ? '.js' : '.ts'}`, module).href;

/** Threads that run the default export of `worker`, each `given` the same. They start with the first task. */
export function poolOf<Task, Result>(worker: string, threads: number, given?: unknown): Pool<Task, Result> {
  let pool: Piscina | undefined;
  const run = (task: Task): Promise<Result> => {
    pool ??= new Piscina({ filename: worker, workerData: given, minThreads: threads, maxThreads: threads });
    const result = pool.run(task) as Promise<Result>;
    // A rejection is met when its turn comes.
    result.catch(() => undefined);
    return result;
  };
  return {
    run,
    async *inOrder(tasks, ahead = Infinity) {
      const waiting: Promise<Result>[] = [];
      for (const task of tasks) {
        waiting.push(run(task));
        if (waiting.length >= ahead) yield await (waiting.shift() as Promise<Result>);
      }
      for (const result of waiting) yield await result;
    },
    close: async () => pool?.destroy(),
  };
}
