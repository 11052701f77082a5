/** Which biases are trained, and that a checkpoint says how its decoder bias is used. */
import { describe, expect, test } from 'vitest';
import { rowOf } from '../../../src/train/backend/backend.ts';
import { exactly, neuronAt } from '../../../src/train/checkpoint/exactModel.ts';
import { foreignModel } from '../../../src/train/checkpoint/foreign.ts';
import { biasesOf, checkConfig } from '../../../src/train/config/config.ts';
import type { Tensor } from '../../../src/train/data/npy.ts';
import { readSafetensors } from '../../../src/train/data/safetensors.ts';
import { doubleModel } from '../../../src/train/metrics/double.ts';
import { readCheckpoint, savedModel } from '../../../src/train/run/checkpoint.ts';
import { advance, bytesOf, configOf, start } from '../runs.ts';

const SUBTRACTED = { biases: { encoder: true, decoder: 'subtracted' } } as const;
const GATED = { method: { kind: 'gated', l1: 0.1 } } as const;
const moved = (array: Float32Array | undefined): boolean => array?.some((x) => x !== 0) ?? false;

test.each([
  [false, [false, false]],
  [true, [true, true]],
  [{ encoder: true, decoder: 'none' }, [true, false]],
  [{ encoder: false, decoder: 'added' }, [false, true]],
  [{ encoder: false, decoder: 'subtracted' }, [false, true]],
] as const)('biases %j: trained are encoder and decoder %j, the others stay 0', async (biases, [encoder, decoder]) => {
  const training = start(configOf({ ...GATED, biases }));
  await advance(training, 10);
  const { be, bd, magnitudeBias } = training.work.weights;
  expect([moved(be), moved(magnitudeBias), moved(bd)]).toEqual([encoder, encoder, decoder]);
});

test('what the encoder reads is x - b_d, and resampled rows lie along it', async () => {
  const training = start(
    configOf({ ...SUBTRACTED, resampling: { every: 10 }, neurons: 60, method: { kind: 'topk', k: 1 } }),
  );
  const records = await advance(training, 10);
  expect(records[0]!.resampled).toBeGreaterThan(0);
  const { x, read, weights } = training.work;
  const before = rowOf(read, 0).map((value, k) => x.data[k]! - value);
  expect(moved(before)).toBe(true);
  const rows = Array.from({ length: x.rows }, (_, b) => rowOf(read, b));
  const cosine = (e: Float32Array, r: Float32Array): number =>
    e.reduce((sum, value, k) => sum + value * r[k]!, 0) / (Math.hypot(...e) * Math.hypot(...r));
  const along = Array.from({ length: 60 }, (_, i) => Math.max(...rows.map((r) => cosine(rowOf(weights.we, i), r))));
  expect(along.filter((best) => best > 1 - 1e-6)).toHaveLength(records[0]!.resampled);
});

describe.each([
  ['relu', { method: { kind: 'relu', l1: 0.1 } }],
  ['jumprelu', { method: { kind: 'jumprelu', l0: 0.01 } }],
  ['gated', GATED],
  ['topk', { method: { kind: 'topk', k: 3 } }],
] as const)('a checkpoint with b_d subtracted: %s', async (kind, change) => {
  const training = start(configOf({ ...change, ...SUBTRACTED }));
  await advance(training, 30);
  const bytes = await bytesOf(training);
  const own = savedModel(readCheckpoint(bytes, 'test')!, 'test');

  test('computes in 64 bits what training computed', () => {
    const { work, objective, config } = training;
    const model = doubleModel({ ...own, method: config.method }, work.inputs);
    objective.forward();
    for (let b = 0; b < work.inputs; b++) {
      rowOf(model.x, b).set(rowOf(work.x, b));
      rowOf(model.r, b).set(rowOf(work.r, b));
    }
    const { errors } = model.run(work.inputs);
    const mean = errors.reduce((a, b) => a + b, 0) / work.inputs;
    expect(mean / objective.loss().error).toBeCloseTo(1, 5);
  });

  test('is what SAELens calls apply_b_dec_to_input, tensor by tensor', () => {
    const ours = readSafetensors(bytes, 'test').tensors;
    const tensors = new Map<string, Tensor>([...ours].filter(([name]) => /^[Wbrt]/.test(name)));
    const architecture = kind === 'relu' ? 'standard' : kind;
    const cfg = { architecture, apply_b_dec_to_input: true, ...(kind === 'topk' && { k: 3 }) };
    const files = { file: 'sae_weights.safetensors', cfg: 'cfg.json' } as never;
    const theirs = foreignModel(tensors, cfg as never, files, {});
    expect(theirs.weights).toEqual(own.weights);
  });

  test('its latents are on where <e, x> + b_enc - <e, b_dec> is above the threshold', () => {
    const neuron = neuronAt(own.weights, 1);
    const shift = [...own.weights.bd].map(exactly);
    const by = neuron.e.entries().reduce((sum, x, k) => sum.minus(x.times(shift[k]!)), exactly(own.weights.be[1]!));
    expect(neuron.bias.equals(by)).toBe(true);
  });
});

test('checkpoints say true and false as before', async () => {
  for (const biases of [true, false]) {
    const training = start(configOf({ biases }));
    await advance(training, 2);
    const saved = readCheckpoint(await bytesOf(training), 'test')!;
    expect(saved.config.biases).toBe(biases);
    expect(savedModel(saved, 'test').weights.subtracts).toBeUndefined();
  }
  expect(biasesOf({ biases: true })).toEqual({ encoder: true, decoder: 'added' });
});

test('b_d is not subtracted from inputs that are no targets', () => {
  const transcoder = configOf({ data: { ...configOf().data, variant: 'transcoder' }, ...SUBTRACTED });
  expect(() => checkConfig(transcoder)).toThrow('"none" or "added", as targets are not the inputs');
  const rows = configOf({ data: { kind: 'activations', inputs: 'x.npy', targets: 'y.npy' }, ...SUBTRACTED });
  expect(() => checkConfig(rows)).toThrow('$.biases.decoder');
  expect(() => checkConfig(configOf({ data: { kind: 'activations', inputs: 'x.npy' }, ...SUBTRACTED }))).not.toThrow();
});
