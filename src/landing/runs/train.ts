/** Trains on this machine's threads, or on a GPU: trainOn.ts says what is done. */
import { threadsUpTo } from '../../threads/pool.ts';
import type { SdlProblem } from './problem.ts';
import type { Settings } from './settings.ts';
import { stepThreads } from './stepThreads.ts';
import { type TrainedRuns, trainOn } from './trainOn.ts';

export interface TrainOptions {
  readonly threads?: number;
  /** The weights that runs start from, a run a row, in place of random ones. */
  readonly from?: Float64Array;
}

export async function train(
  p: SdlProblem,
  s: Settings,
  runs: number,
  { threads = threadsUpTo(4), from }: TrainOptions = {},
): Promise<TrainedRuns> {
  const workers = stepThreads(threads);
  try {
    if (s.backend !== 'webgpu') return await trainOn(p, s, runs, { workers, from });
    const { gpuEngine } = await import('./gpu.ts');
    const engine = await gpuEngine(p, s, runs);
    return await trainOn(p, s, runs, { workers, engine, from }).finally(() => engine.close());
  } finally {
    await workers.close();
  }
}
