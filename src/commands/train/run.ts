/** Runs a training to its end or to Ctrl-C, with log, checkpoints and progress. */

import { progress } from '../../terminal/streams.ts';
import type { Backend } from '../../train/backend/backend.ts';
import { kernelsOf, openBackend } from '../../train/backend/open.ts';
import { TrainProblem } from '../../train/backend/problem.ts';
import type { TrainConfig } from '../../train/config/config.ts';
import type { Source } from '../../train/data/source.ts';
import { measure } from '../../train/metrics/metrics.ts';
import { restore } from '../../train/run/checkpoint.ts';
import { fits } from '../../train/run/finite.ts';
import type { TrainResult } from '../../train/run/result.ts';
import { type StepRecord, startTraining } from '../../train/run/training.ts';
import { resultOf, type TrainFolder } from './folder.ts';
import { openSource } from './openSource.ts';
import { failureOf } from './readConfig.ts';

export interface TrainRun {
  readonly config: TrainConfig;
  /** The configuration's file, for messages and for paths relative to it. */
  readonly file: string;
  /** Without one nothing is written. */
  readonly folder?: TrainFolder;
  readonly resume: boolean;
  /** Told of every record. */
  readonly tell?: (record: StepRecord, left: number) => void;
}

/** The result, or the step at which the run was interrupted. */
export type Ended = { readonly result: TrainResult } | { readonly stoppedAt: number };

/** Milliseconds of training between looks at what else happened. */
const BREATH = 50;

export async function runTraining(run: TrainRun): Promise<Ended> {
  try {
    return await train(run);
  } catch (thrown) {
    throw failureOf(thrown, run.file);
  }
}

async function train(run: TrainRun): Promise<Ended> {
  const { config, file, folder } = run;
  const kernels = kernelsOf(config.backend);
  const source = await openSource(config, kernels, file);
  await folder?.ready();
  const backend = await openBackend(config.backend, kernels);
  const kept: Kept = {};
  try {
    return await trainOn(backend, source, run, kept);
  } catch (thrown) {
    if (!(thrown instanceof TrainProblem && folder)) throw thrown;
    if (thrown.code === 'not-finite') throw notFinite(thrown, kept, folder);
    if (thrown.code !== 'device-lost') throw thrown;
    const found = `${thrown.found}; --resume goes on from the last checkpoint`;
    throw new TrainProblem(thrown.code, thrown.path, thrown.expected, found);
  } finally {
    backend.close();
  }
}

/** The step of the last checkpoint of this run. */
interface Kept {
  step?: number;
}

/** The same steps end in the same place, so that --resume is no way out. */
function notFinite(
  { code, path, expected, found, file, next }: TrainProblem,
  { step }: Kept,
  folder: TrainFolder,
): TrainProblem {
  const advice = next ?? 'Lower "optimizer"."rate", or look at the data.';
  const at = folder.at('checkpoint.safetensors');
  const left =
    step === undefined
      ? 'There is no checkpoint of this run to go on from.'
      : `The checkpoint of step ${step} was kept, ${at}; --resume would end here again.`;
  return new TrainProblem(code, path, expected, found, file, `${advice} ${left}`);
}

async function trainOn(
  backend: Backend,
  source: Source,
  { config, file, folder, resume, tell }: TrainRun,
  kept: Kept,
): Promise<Ended> {
  const saved = resume ? await folder?.saved(config) : undefined;
  const training = startTraining(config, source, backend, saved && ((into) => restore(saved, into, file)));
  const first = (await training.state()).step;
  if (saved) kept.step = first;
  const records = (await folder?.keptRecords(first)) ?? [];
  let stop = false;
  const interrupted = (): void => {
    stop = true;
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  const begun = performance.now();
  let breath = begun;
  try {
    for (let step = first; step < config.steps; ) {
      const record = await training.advance();
      step++;
      const now = performance.now();
      if (record) {
        records.push(record);
        folder?.log(record);
        tell?.(record, ((now - begun) / (step - first)) * (config.steps - step));
      }
      if (config.checkpointEvery > 0 && step % config.checkpointEvery === 0) {
        await folder?.checkpoint(config, await training.state());
        kept.step = step;
      }
      if (now - breath > BREATH) {
        await new Promise((resolve) => setImmediate(resolve));
        breath = performance.now();
      }
      if (stop) {
        await folder?.checkpoint(config, await training.state());
        return { stoppedAt: step };
      }
    }
    const seconds = (performance.now() - begun) / 1000;
    const weights = (await folder?.checkpoint(config, await training.state())) ?? '';
    kept.step = config.steps;
    const metrics = await measure(config, training.work, training.objective, source);
    const { error } = metrics.usage;
    if (!fits(error)) {
      const next = 'Some of the inputs it is measured on are too large, or not of the kind it was trained on.';
      throw new TrainProblem('not-finite', 'evaluation', 'a finite error', `${error}`, undefined, next);
    }
    const result = resultOf(config, {
      device: backend.device,
      seconds,
      steps: config.steps - first,
      weights,
      records,
      metrics,
    });
    await folder?.finish(result);
    return { result };
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    progress('');
  }
}
