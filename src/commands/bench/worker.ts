/** A thread of `dictum bench`: trains one configuration and measures it. */
import type { TrainConfig } from '../../train/config/config.ts';
import type { TrainResult } from '../../train/run/result.ts';
import { runTraining } from '../train/run.ts';

export default async (config: TrainConfig): Promise<TrainResult> => {
  const ended = await runTraining({ config, file: config.name, resume: false });
  if ('stoppedAt' in ended) throw new Error('a thread is not interrupted');
  return ended.result;
};
