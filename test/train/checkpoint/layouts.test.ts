/** Layouts with numbers worked out by hand, and what the exact part makes of what these models have beside an SAE's numbers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openModel } from '../../../src/commands/metrics/openModel.ts';
import { inputOf } from '../../../src/inspect/block.ts';
import { encoderOf, latentsOn, productsOf, settle, tallyOf } from '../../../src/inspect/encoder.ts';
import { inspect } from '../../../src/inspect/inspect.ts';
import { TrainProblem } from '../../../src/train/backend/problem.ts';
import { type Files, foreignModel, type Told } from '../../../src/train/checkpoint/foreign.ts';
import type { Tensor } from '../../../src/train/data/npy.ts';
import { doubleModel, withNorms } from '../../../src/train/metrics/double.ts';
import { folder } from '../../commands/run.ts';
import { archive, float32, pickled, tensorOps, zip } from '../data/torchBytes.ts';
import { metricsOf } from '../metrics/metricsOf.ts';
import { checkpoint, featuresFile, tensorOf } from './checkpointFiles.ts';

const FILES: Files = { file: 'weights', cfg: 'cfg.json' };
const cube = (shape: number[], ...values: number[]): Tensor => ({ shape, values: Float32Array.from(values) });
const load = (tensors: Record<string, Tensor>, settings: object | undefined, told: Told = {}, files = FILES) =>
  foreignModel(new Map(Object.entries(tensors)), settings as Record<string, unknown> | undefined, files, told);

/** Latents and output of one input. */
function run(model: ReturnType<typeof load>, x: readonly number[]): { latents: number[]; out: number[] } {
  const double = doubleModel({ ...model, weights: withNorms(model.weights) }, 1);
  double.x.data.set(x);
  const { active } = double.run(1);
  const latents = new Array<number>(model.shape.nq).fill(0);
  for (let t = 0; t < active.start[1]!; t++) latents[active.index[t]!] = active.value[t]!;
  return { latents, out: Array.from(double.residual.data, (value) => 0 - value) };
}

// 3 latents, 2 layers of 2 dimensions. On x = ((1, 2), (3, 4)): z = (1, 6, 8) + (1, -7, 0), so f = (2, 0, 8).
const BIASES = { b_enc: tensorOf([1, -7, 0]), b_dec: cube([2, 2], 1, 0, 0, -1) };
const LATENTS_FIRST = {
  ...BIASES,
  W_enc: cube([3, 2, 2], 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2),
  W_dec: cube([3, 2, 2], 1, 1, 0, 0, 9, 9, 9, 9, 0, 0, 1, 2),
};
const LATENTS_LAST = { ...LATENTS_FIRST, W_enc: cube([2, 2, 3], 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2) };

test('a crosscoder, latents first or last in the encoder: the layers one after the other', () => {
  for (const tensors of [LATENTS_FIRST, LATENTS_LAST]) {
    const model = load(tensors, undefined, { architecture: 'standard' });
    expect(model).toMatchObject({ from: 'crosscoder', shape: { np: 4, nr: 4, nq: 3 } });
    // 2 u_1 + 8 u_3 + b_dec = (2, 2, 0, 0) + (0, 0, 8, 16) + (1, 0, 0, -1).
    expect(run(model, [1, 2, 3, 4])).toEqual({ latents: [2, 0, 8], out: [3, 2, 8, 15] });
  }
  const two = run(load(LATENTS_FIRST, { architecture: 'topk', k: 1 }), [1, 2, 3, 4]);
  expect(two.latents).toEqual([0, 0, 8]);
});

test('a crosscoder whose axes could be either way is not guessed', () => {
  const even = {
    b_enc: tensorOf([0, 0]),
    b_dec: cube([2, 2], 0, 0, 0, 0),
    W_enc: cube([2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8),
    W_dec: cube([2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8),
  };
  expect(() => load(even, { architecture: 'standard' })).toThrow('which one order of axes fits');
  expect(() => load(LATENTS_FIRST, undefined)).toThrow('--architecture');
  expect(() => load(LATENTS_FIRST, { architecture: 'gated' })).toThrow('of a crosscoder');
});

const SMALL = {
  W_enc: tensorOf([
    [1, 0, 1],
    [0, 1, 1],
  ]),
  W_dec: tensorOf([
    [1, 0],
    [0, 1],
    [2, 3],
  ]),
  b_enc: tensorOf([0, 0, -1]),
};
const plain = (architecture: string, more: object = {}) => ({ architecture, apply_b_dec_to_input: false, ...more });

test('AbsTopK: the largest |z| with its sign, as a latent of its own', () => {
  const model = load(SMALL, plain('abstopk', { k: 1 }));
  expect(model.shape.nq).toBe(6);
  // z = (1, -4, -4): |z_2| comes before |z_3|, as it is the first.
  expect(run(model, [1, -4])).toEqual({ latents: [0, 0, 0, 0, 4, 0], out: [0, -4] });
  // z = (5, 1, 5).
  expect(run(model, [5, 1])).toEqual({ latents: [5, 0, 0, 0, 0, 0], out: [5, 0] });
  expect(model.notes).toContainEqual(expect.stringContaining('AbsTopK is read as TopK of latents i and 3 + i'));
  expect(() => load(SMALL, plain('abstopk', { k: 4 }))).toThrow('an integer from 1 to 3');
  // With exact signs too.
  const encoder = encoderOf(model);
  const x = Float64Array.of(1, -4);
  const margins = new Float64Array(6);
  productsOf(encoder, x, margins);
  settle(encoder, margins, inputOf(x), tallyOf());
  expect(latentsOn(encoder, margins, inputOf(x), tallyOf())).toEqual({ on: [4], tied: [4, 5] });
});

const SKIP = {
  ...SMALL,
  W_skip: tensorOf([
    [10, 0],
    [0, 100],
  ]),
  b_dec: tensorOf([0, 5]),
};

test('a skip connection: W_skip x is added, and no latent sees it', async () => {
  const model = load(SKIP, plain('skip_transcoder'));
  // z = (1, 2, 2): W_D^T z = (5, 8); W_skip x = (10, 200).
  expect(run(model, [1, 2])).toEqual({ latents: [1, 2, 2], out: [15, 213] });
  const seen = await inspect({ model, data: { values: Float64Array.of(1, 2), rows: 1 } });
  expect(seen.latents.map(({ rows }) => rows)).toEqual([1, 1, 1]);
  expect(seen.fvu).toBeUndefined();
});

test('an instance of a model with a skip connection: its targets are what is left of them, exactly', async () => {
  const { at, file } = checkpoint(SKIP, plain('skip_transcoder'));
  const features = featuresFile(at, [
    [1, 0],
    [0, 1],
  ]);
  const out = join(folder(), 'part.json');
  await metricsOf(file, '-f', features, '--instance', out, '--augment');
  const made = JSON.parse(readFileSync(out, 'utf8')) as { features: { wr: string[] }[] };
  // w - W_skip w - b_dec, of (1, 0) and (0, 1).
  expect(made.features.map(({ wr }) => wr)).toEqual([
    ['-9', '-5'],
    ['0', '-104'],
  ]);
  await expect(metricsOf(file, '-f', features, '--instance', out)).rejects.toThrow('has-biases');
});

const LLAMA = {
  'encoder.weight': tensorOf([
    [1, 0, 0, 0],
    [0, 1, 0, 0],
  ]),
  'encoder.bias': tensorOf([0, -1]),
  'decoder.weight': tensorOf([
    [1, 0],
    [0, 1],
    [0, 0],
    [0, 0],
  ]),
  'decoder.bias': tensorOf([4, 0, 0, 0]),
};
const hyper = (more: object) => ({
  ...FILES,
  beside: {
    file: 'hyperparams.json',
    settings: {
      act_fn: 'jumprelu',
      jump_relu_threshold: 1.5,
      d_model: 4,
      d_sae: 2,
      norm_activation: 'dataset-wise',
      dataset_average_activation_norm: { in: 0.5, out: 0.5 },
      ...more,
    },
  },
});

test('Llama Scope: the factor sqrt(4) / 0.5 = 4 divides the biases, and the threshold stays as it is', () => {
  const model = load(LLAMA, undefined, {}, hyper({}));
  expect(model).toMatchObject({ from: 'llama_scope', method: { kind: 'jumprelu' } });
  expect([...model.weights.theta!]).toEqual([1.5, 1.5]);
  // z = (2, 1.75 - 1/4) = (2, 1.5), of which 1.5 is not above the threshold; b_dec / 4 = 1.
  expect(run(model, [2, 1.75, 0, 0])).toEqual({ latents: [2, 0], out: [3, 0, 0, 0] });
  expect(model.notes).toContainEqual(expect.stringContaining('divided by 4'));
  const top = load(LLAMA, undefined, {}, hyper({ act_fn: 'topk', jump_relu_threshold: 0, top_k: 1 }));
  expect(run(top, [2, 1.75, 0, 0]).latents).toEqual([2, 0]);
  expect(load(LLAMA, undefined, {}, hyper({ act_fn: 'topk' })).method.kind).toBe('jumprelu');
  const other = load(LLAMA, undefined, {}, hyper({ act_fn: 'relu', norm_activation: 'inference' }));
  // z = (2, 1.75 - 1); b_dec as it is.
  expect(run(other, [2, 1.75, 0, 0])).toEqual({ latents: [2, 0.75], out: [6, 0.75, 0, 0] });
});

test('thresholds of 32 bits are those of the file, bit by bit', async () => {
  for (const [name, at] of [
    ['dictionary-learning-batchtopk', undefined],
    ['gemma-scope', 'threshold'],
    ['gemma-scope-2', 'threshold'],
  ] as const) {
    const { model, tensors } = await openModel(join(import.meta.dirname, 'foreign', name), {});
    const stored = tensors.get('threshold')!.values;
    const wanted = at ? [...stored] : new Array<number>(model.shape.nq).fill(stored[0]!);
    expect([...model.weights.theta!]).toEqual(wanted);
    expect(model.weights.theta).toBeInstanceOf(Float32Array);
  }
});

test('a bare .pt, as Qwen Scope has them: what the file leaves open is said', async () => {
  const at = join(folder(), 'layer0.sae.pt');
  const numbers = { W_enc: [1, 0, 0, 1, 1, 1], W_dec: [1, 0, 2, 0, 1, 3], b_enc: [0, 0, -1], b_dec: [7, 0] };
  const shapes = { W_enc: [3, 2], W_dec: [2, 3], b_enc: [3], b_dec: [2] };
  const names = ['W_enc', 'W_dec', 'b_enc', 'b_dec'] as const;
  const pickle = pickled(Object.fromEntries(names.map((key) => [key, tensorOps({ shape: shapes[key], key })])));
  writeFileSync(at, zip(archive(pickle, Object.fromEntries(names.map((key) => [key, float32(...numbers[key])])))));
  const options = { architecture: 'topk', k: '1', subtractBDec: 'no', layout: 'linear' };
  const { model } = await openModel(at, options);
  // z = (1, 2, 2): of the two largest the first; u_2 = (0, 1).
  expect(run(model as ReturnType<typeof load>, [1, 2])).toEqual({ latents: [0, 2, 0], out: [7, 2] });
  for (const key of ['architecture', 'k', 'subtractBDec', 'layout'] as const) {
    const { [key]: _, ...rest } = options;
    await expect(openModel(at, rest)).rejects.toThrow();
  }
});

test('a config.json of something else is said, not read', () => {
  const files = { ...FILES, beside: { file: 'config.json', settings: { model_type: 'gemma2' } } };
  const { notes } = load(SMALL, undefined, { architecture: 'standard', subtracts: false }, files);
  expect(notes).toContainEqual(expect.stringMatching(/^config\.json is none of/));
});

test('--architecture and --k do not contradict what the file settles', () => {
  const auto = {
    'encoder.weight': tensorOf([[1, 0]]),
    'encoder.bias': tensorOf([0]),
    'decoder.weight': tensorOf([[1], [0]]),
    b_dec: tensorOf([0, 0]),
    k: { shape: [], values: Int32Array.of(1) },
    threshold: { shape: [], values: Float32Array.of(0.25) },
  };
  expect(load(auto, undefined, { architecture: 'topk' }).method).toEqual({ kind: 'topk', k: 1 });
  expect(load(auto, undefined, { architecture: 'batchtopk' })).toMatchObject({ method: { kind: 'jumprelu' } });
  const where = (told: Told): string => {
    try {
      load(auto, undefined, told);
    } catch (thrown) {
      if (thrown instanceof TrainProblem) return `${thrown.file}: ${thrown.path}`;
      throw thrown;
    }
    return 'accepted';
  };
  expect(where({})).toBe('weights: $.trainer.dict_class');
  expect(where({ architecture: 'topk', k: 2 })).toBe('--k: $.k');
  expect(where({ architecture: 'gated' })).toBe('weights: $.trainer.dict_class');
});

test('folders of several files, and the layout that lies deeper', async () => {
  const at = folder();
  writeFileSync(join(at, 'hyperparams.json'), '{}');
  await expect(openModel(at, {})).rejects.toMatchObject({ problem: { code: 'no-checkpoint' } });
  writeFileSync(join(at, 'optimizer.pt'), '');
  writeFileSync(join(at, 'b.npz'), '');
  await expect(openModel(at, {})).rejects.toMatchObject({
    problem: { code: 'no-checkpoint', found: 'b.npz, optimizer.pt' },
  });
  const beside = checkpoint(SMALL, plain('standard'), { at, name: 'mine.safetensors' });
  expect((await openModel(at, {})).file).toBe(beside.file);
  const { file } = await openModel(join(import.meta.dirname, 'foreign/llama-scope'), {});
  expect(file.endsWith('checkpoints/final.safetensors')).toBe(true);
});
