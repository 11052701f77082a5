/** Small configurations for tests. */

import type { TrainConfig } from '../../src/train/config.ts';
import { complete } from '../../src/train/defaults.ts';

export const BENCH = {
  kind: 'bench',
  features: 12,
  np: 9,
  interference: { max: 0.3 },
  activity: { sparsity: 0.9 },
} as const;

export function configOf(change: object = {}): TrainConfig {
  return complete({
    format: 'dictum/train@1',
    data: BENCH,
    method: { kind: 'topk', k: 2 },
    neurons: 24,
    batch: 32,
    steps: 60,
    logEvery: 10,
    evaluation: 256,
    schedule: { warmup: 5 },
    optimizer: { rate: 0.01 },
    ...change,
  });
}
