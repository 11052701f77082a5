import { describe, expect, test } from 'vitest';
import { rowOf } from '../../../src/train/backend/backend.ts';
import { kernelsOf } from '../../../src/train/backend/open.ts';
import { TrainProblem } from '../../../src/train/backend/problem.ts';
import { benchSource } from '../../../src/train/data/bench.ts';
import { rateAt } from '../../../src/train/run/optimize.ts';
import { advance, bytesOf, configOf, start } from '../runs.ts';

const CHANGES: readonly (readonly [string, object])[] = [
  ['relu', { method: { kind: 'relu', l1: 0.1 } }],
  ['jumprelu', { method: { kind: 'jumprelu', l0: 0.01 } }],
  ['topk with auxiliary loss', { method: { kind: 'topk', k: 2, auxiliary: { k: 4, deadAfter: 64 } } }],
  ['batchtopk, plain backend', { method: { kind: 'batchtopk', k: 2 }, backend: 'plain' }],
  ['matryoshka with biases', { method: { kind: 'matryoshka', k: 2, prefixes: [6, 24] }, biases: true }],
  ['gated with biases', { method: { kind: 'gated', l1: 0.1 }, biases: true }],
  [
    'gated, the decoder bias subtracted first, resampling',
    {
      method: { kind: 'gated', l1: 0.1 },
      biases: { encoder: true, decoder: 'subtracted' },
      resampling: { every: 12 },
    },
  ],
  ['adamw and resampling', { optimizer: { kind: 'adamw', rate: 0.01, decay: 0.1 }, resampling: { every: 12 } }],
  ['sgd with momentum', { optimizer: { kind: 'sgd', rate: 0.01, momentum: 0.5 } }],
  ['transcoder, anchored', { data: { ...configOf().data, variant: 'transcoder', nr: 7 }, anchoring: { count: 3 } }],
  [
    'crosscoder, fixed anchors',
    { data: { ...configOf().data, variant: 'crosscoder' }, anchoring: { count: 3, weight: 'fixed' } },
  ],
];

describe.each(CHANGES)('%s', (_, change) => {
  const config = configOf(change);
  test('lowers the loss, and a run resumed from a checkpoint ends with the same bits', async () => {
    const whole = start(config);
    const records = await advance(whole, config.steps);
    expect(records.at(-1)!.loss).toBeLessThan(records[0]!.loss);
    const half = start(config);
    await advance(half, 25);
    const resumed = start(config, await bytesOf(half));
    await advance(resumed, config.steps - 25);
    expect(await bytesOf(resumed)).toEqual(await bytesOf(whole));
  });
});

test('another seed is another run', async () => {
  const after = async (seed: number): Promise<Float32Array> => {
    const training = start(configOf({ seed }));
    await advance(training, 3);
    return rowOf(training.work.weights.we, 0);
  };
  const [a, b] = [await after(1), await after(2)];
  expect([...a]).not.toEqual([...b]);
});

describe('options', () => {
  test('fixed anchors stay, soft ones come near', async () => {
    for (const weight of ['fixed', 5] as const) {
      const training = start(configOf({ anchoring: { count: 3, weight }, steps: 300 }));
      const directions = benchSource(kernelsOf('wasm'), training.config.data as never, 1).truth!.wp;
      await advance(training, 300);
      for (let i = 0; i < 3; i++) {
        const e = rowOf(training.work.weights.we, i);
        const distance = Math.hypot(...e.map((value, k) => value - directions[i]![k]!));
        if (weight === 'fixed') expect(distance).toBeLessThan(1e-6);
        else expect(distance).toBeLessThan(0.3);
      }
    }
  });

  test('decoder columns keep length 1; biases are 0 unless asked for; a tied start is one', async () => {
    const training = start(configOf());
    expect([...rowOf(training.work.weights.we, 5)]).toEqual([...rowOf(training.work.weights.wd, 5)]);
    await advance(training, 20);
    for (let i = 0; i < 24; i++) expect(Math.hypot(...rowOf(training.work.weights.wd, i))).toBeCloseTo(1, 5);
    expect(training.work.weights.bd.every((value) => value === 0)).toBe(true);
    const biased = start(configOf({ biases: true, normalizeDecoder: false, start: { tied: false } }));
    expect([...rowOf(biased.work.weights.we, 5)]).not.toEqual([...rowOf(biased.work.weights.wd, 5)]);
    await advance(biased, 20);
    expect(biased.work.weights.bd.some((value) => value !== 0)).toBe(true);
  });

  test('resampling starts silent neurons anew', async () => {
    const records = await advance(
      start(configOf({ resampling: { every: 10 }, neurons: 60, method: { kind: 'topk', k: 1 } })),
      60,
    );
    expect(records.reduce((sum, { resampled }) => sum + resampled, 0)).toBeGreaterThan(0);
    expect(records.at(-1)!.resampled).toBe(0);
  });

  test('thresholds of JumpReLU move and stay >= 0', async () => {
    const training = start(configOf({ method: { kind: 'jumprelu', l0: 0.5, threshold: 0.05, bandwidth: 0.5 } }));
    await advance(training, 60);
    const theta = training.work.weights.theta!.subarray(0, 24);
    expect(theta.every((value) => value >= 0)).toBe(true);
    expect(theta.some((value) => Math.abs(value - 0.05) > 0.01)).toBe(true);
  });
});

test('the rate: up over the warm-up, then down a cosine', () => {
  const { optimizer } = configOf({ optimizer: { rate: 1 } });
  const schedule = { warmup: 10, kind: 'cosine', final: 0.1 } as const;
  expect(rateAt(optimizer, schedule, 5, 110)).toBe(0.5);
  expect(rateAt(optimizer, schedule, 10, 110)).toBe(1);
  expect(rateAt(optimizer, schedule, 60, 110)).toBeCloseTo(0.55);
  expect(rateAt(optimizer, schedule, 110, 110)).toBeCloseTo(0.1);
  expect(rateAt(optimizer, { ...schedule, kind: 'constant' }, 110, 110)).toBe(1);
});

describe('refused', () => {
  const refused = async (change: object, path: string, steps = 60): Promise<void> => {
    let problem: unknown;
    try {
      await advance(start(configOf(change)), steps);
    } catch (thrown) {
      problem = thrown;
    }
    expect(problem).toBeInstanceOf(TrainProblem);
    expect((problem as TrainProblem).path).toBe(path);
  };
  test.each([
    [{ method: { kind: 'topk', k: 25 } }, '$.method.k'],
    [{ method: { kind: 'topk', k: 2, auxiliary: { k: 25 } } }, '$.method.auxiliary.k'],
    [{ method: { kind: 'matryoshka', k: 2, prefixes: [6, 12] } }, '$.method.prefixes'],
    [{ method: { kind: 'matryoshka', k: 2, prefixes: [6, 6, 24] } }, '$.method.prefixes[1]'],
    [{ anchoring: { count: 13 } }, '$.anchoring.count'],
    [{ anchoring: { count: 2, from: 'means' } }, '$.data.labels'],
    [
      { data: { ...configOf().data, interference: { max: 0, margin: 0, weight: 0, rate: 0.1, steps: 2 } } },
      '$.data.interference',
    ],
  ])('%j', (change, path) => refused(change, path));
  test('a loss that is not finite, at the step where it happens', async () => {
    await refused(
      { optimizer: { kind: 'sgd', rate: 1e30 }, normalizeDecoder: false, schedule: { warmup: 0, kind: 'constant' } },
      'step 2',
    );
  });
});
