/** Small configurations for tests, and runs of them. */

import type { Backend } from '../../src/train/backend/backend.ts';
import { hostBackend } from '../../src/train/backend/host.ts';
import { kernelsOf } from '../../src/train/backend/open.ts';
import type { HierarchyData, TrainConfig } from '../../src/train/config/config.ts';
import { complete } from '../../src/train/config/defaults.ts';
import { benchSource } from '../../src/train/data/bench.ts';
import { readCheckpoint, restore, writeCheckpoint } from '../../src/train/run/checkpoint.ts';
import { type StepRecord, startTraining, type Training } from '../../src/train/run/training.ts';

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

/** Parents that are active half of the time, with one of their children each. */
export const hierarchyOf = (data: {
  parents: number;
  shares: number[];
  np: number;
  interference: object;
}): HierarchyData =>
  configOf({ data: { kind: 'hierarchy', activity: { sparsity: 0.5 }, ...data } }).data as HierarchyData;

/** A run on `backend`, or on the host's that the configuration names; from a checkpoint's bytes, if given. */
export function start(config: TrainConfig, from?: Uint8Array, backend?: Backend): Training {
  const kernels = kernelsOf(config.backend);
  if (config.data.kind !== 'bench') throw new Error('only the bench here');
  const source = benchSource(kernels, config.data, config.seed);
  const saved = from && readCheckpoint(from, 'test');
  const into = backend ?? hostBackend(kernels);
  return startTraining(config, source, into, saved && ((state) => restore(saved, state, 'test')));
}

export async function advance(training: Training, steps: number): Promise<StepRecord[]> {
  const records: StepRecord[] = [];
  for (let step = 0; step < steps; step++) {
    const record = await training.advance();
    if (record) records.push(record);
  }
  return records;
}

export const bytesOf = async (training: Training): Promise<Uint8Array> =>
  writeCheckpoint(training.config, await training.state());

/** Runs that together need all that a backend has. */
export const CHANGES: readonly (readonly [string, object])[] = [
  ['relu with biases', { method: { kind: 'relu', l1: 0.1 }, biases: true }],
  ['jumprelu', { method: { kind: 'jumprelu', l0: 0.01 } }],
  [
    'jumprelu, the decoder bias subtracted first',
    { method: { kind: 'jumprelu', l0: 0.01 }, biases: { encoder: true, decoder: 'subtracted' } },
  ],
  ['gated with biases', { method: { kind: 'gated', l1: 0.1 }, biases: true }],
  ['topk with auxiliary loss', { method: { kind: 'topk', k: 2, auxiliary: { k: 4, deadAfter: 48 } } }],
  ['batchtopk, anchored', { method: { kind: 'batchtopk', k: 2 }, anchoring: { count: 3 } }],
  [
    'matryoshka, fixed anchors',
    { method: { kind: 'matryoshka', k: 2, prefixes: [6, 24] }, anchoring: { count: 3, weight: 'fixed' } },
  ],
  ['adamw and resampling', { optimizer: { kind: 'adamw', rate: 0.01, decay: 0.1 }, resampling: { every: 5 } }],
  [
    'sgd with momentum, transcoder',
    {
      data: { ...configOf().data, variant: 'transcoder', nr: 7 },
      optimizer: { kind: 'sgd', rate: 0.01, momentum: 0.5 },
    },
  ],
];
