/** Checkpoints that the libraries wrote themselves (./foreign/make.py and more.py), against what they compute with them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openModel, type ToldOptions } from '../../../src/commands/metrics/openModel.ts';
import { inspect } from '../../../src/inspect/inspect.ts';
import { TrainProblem } from '../../../src/train/backend/problem.ts';
import type { ForeignSettings } from '../../../src/train/checkpoint/foreign/settings.ts';
import { type ForeignModel, foreignModel, type Told } from '../../../src/train/checkpoint/foreign.ts';
import { readSafetensors, type TensorFile } from '../../../src/train/data/safetensors.ts';
import { doubleModel, withNorms } from '../../../src/train/metrics/double.ts';

const HERE = join(import.meta.dirname, 'foreign');
const FILES = { file: 'x', cfg: 'cfg.json' };

interface Saved {
  readonly tensors: TensorFile['tensors'];
  readonly settings: ForeignSettings;
}

function read(path: string): TensorFile['tensors'] {
  return readSafetensors(readFileSync(join(HERE, path)), path).tensors;
}

function saved(name: string): Saved {
  const [weights = ''] = readdirSync(join(HERE, name)).filter((file) => file.endsWith('.safetensors'));
  const settings = JSON.parse(readFileSync(join(HERE, name, 'cfg.json'), 'utf8')) as ForeignSettings;
  return { tensors: read(join(name, weights)), settings };
}

const load = ({ tensors, settings }: Saved, told: Told = {}): ForeignModel =>
  foreignModel(tensors, settings, FILES, told);

/** Latents, dense, and outputs for the rows of x. */
function run(model: ForeignModel, x: ArrayLike<number>): { latents: number[]; out: number[] } {
  const { shape } = model;
  const inputs = x.length / shape.np;
  const double = doubleModel({ ...model, weights: withNorms(model.weights) }, inputs);
  // Targets stay 0, so the residual is minus the output.
  double.x.data.set(x);
  const { active } = double.run(inputs);
  const latents = new Array<number>(inputs * shape.nq).fill(0);
  for (let b = 0; b < inputs; b++) {
    for (let t = active.start[b]!; t < active.start[b + 1]!; t++) {
      latents[b * shape.nq + active.index[t]!] = active.value[t]!;
    }
  }
  return { latents, out: Array.from(double.residual.data, (value) => -value) };
}

/** To 10^-6 of each number, and 10^-12 of the largest; the libraries computed in 64 bits, with the same weights of 32. */
const close = (found: readonly number[], wanted: ArrayLike<number>): void => {
  expect(found.length).toBe(wanted.length);
  const most = Array.from(wanted).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  for (const [at, value] of found.entries())
    expect(Math.abs(value - wanted[at]!)).toBeLessThanOrEqual(1e-6 * Math.abs(wanted[at]!) + 1e-12 * most);
};

/** Through the door of `metrics` and `inspect`: what the folder is, and what its files leave open. */
const COMPUTED: readonly (readonly [name: string, from: ForeignModel['from'], told?: ToldOptions])[] = [
  ['saelens-standard', 'saelens'],
  ['saelens-standard-bf16', 'saelens'],
  ['saelens-jumprelu', 'saelens'],
  ['saelens-jumprelu-trained', 'saelens'],
  ['saelens-gated', 'saelens'],
  ['saelens-topk', 'saelens'],
  ['saelens-topk-rescaled', 'saelens'],
  ['saelens-batchtopk', 'saelens'],
  ['saelens-batchtopk-training', 'saelens'],
  ['saelens-matryoshka', 'saelens'],
  ['saelens-abstopk', 'saelens'],
  ['saelens-abstopk-rescaled', 'saelens'],
  ['saelens-transcoder', 'saelens'],
  ['saelens-skip', 'saelens'],
  ['saelens-jumprelu-transcoder', 'saelens'],
  ['saelens-jumprelu-skip', 'saelens'],
  ['saelens-words', 'saelens'],
  ['sparsify-topk', 'sparsify'],
  ['sparsify-transcode', 'sparsify'],
  ['sparsify-skip', 'sparsify'],
  ['dictionary-learning-relu', 'dictionary_learning'],
  ['dictionary-learning-new', 'dictionary_learning'],
  ['dictionary-learning-gated', 'dictionary_learning'],
  ['dictionary-learning-topk', 'dictionary_learning'],
  ['dictionary-learning-batchtopk', 'dictionary_learning'],
  ['dictionary-learning-matryoshka', 'dictionary_learning'],
  ['dictionary-learning-jumprelu', 'dictionary_learning'],
  ['gemma-scope', 'gemma_scope'],
  ['gemma-scope-2', 'gemma_scope'],
  ['llama-scope', 'llama_scope'],
  ['openai-relu', 'openai'],
  ['crosscoder-minder', 'crosscoder'],
  ['crosscoder-kissane', 'crosscoder', { architecture: 'standard' }],
];

/** Of latents that stand for both signs, the first less the second. */
function signed(latents: readonly number[], neurons: number): number[] {
  const half = neurons / 2;
  return latents.flatMap((value, at) => (at % neurons < half ? [value - (latents[at + half] as number)] : []));
}

test.each(COMPUTED.map(([name, from, told = {}]) => [name, from, told] as const))(
  '%s: the same latents and outputs',
  async (name, from, told) => {
    const opened = await openModel(join(HERE, name), told);
    expect(opened.from).toBe(from);
    const io = read(`${name}.io.safetensors`);
    const { latents, out } = run(opened.model as ForeignModel, io.get('x')!.values);
    close(name.includes('abstopk') ? signed(latents, opened.model.shape.nq) : latents, io.get('latents')!.values);
    close(out, io.get('out')!.values);
    expect(latents.some((value) => value > 0)).toBe(true);
  },
);

/** What `inspect` is not about: an irrational factor, a choice across a batch. */
const NOT_INSPECTED: ReadonlyMap<string, string> = new Map([
  ['saelens-gated', 'exp(r_mag)'],
  ['dictionary-learning-gated', 'exp(r_mag)'],
  ['saelens-batchtopk-training', 'ranks across a batch'],
]);

test.each(COMPUTED.map(([name, , told = {}]) => [name, told] as const))(
  '%s, inspected: each latent is on in the rows where the library has it on, by exact signs',
  async (name, told) => {
    const { model } = await openModel(join(HERE, name), told);
    const io = read(`${name}.io.safetensors`);
    const values = io.get('x')!.values as Float64Array;
    const rows = values.length / model.shape.np;
    const answer = inspect({ model, data: { values, rows } });
    const why = NOT_INSPECTED.get(name);
    if (why !== undefined) return expect(answer).rejects.toMatchObject({ found: expect.stringContaining(why) });
    const { values: latents, shape } = io.get('latents')!;
    const of = shape[1]!;
    const wanted = Array.from({ length: model.shape.nq }, (_, i) => {
      const sign = i < of ? 1 : -1;
      return Array.from({ length: rows }, (_, r) => sign * (latents[r * of + (i % of)] as number) > 0);
    });
    const found = (await answer).latents.map(({ rows: on }) => on);
    expect(found).toEqual(wanted.map((on) => on.filter(Boolean).length));
    return undefined;
  },
);

test('TopK that ranks by z_i |u_i|: the same outputs, and latents as SAELens scales them', () => {
  const io = read('saelens-topk-rescaled.io.safetensors');
  const model = saved('saelens-topk-rescaled');
  const { latents, out } = run(load(model), io.get('x')!.values);
  close(out, io.get('out')!.values);
  close(latents, io.get('latents')!.values);
  // Without the rescaling other latents win: the setting is not idle.
  const { rescale_acts_by_decoder_norm: _, ...settings } = model.settings;
  const other = run(load({ ...model, settings }), io.get('x')!.values);
  expect(other.out.some((value, at) => Math.abs(value - io.get('out')!.values[at]!) > 0.1)).toBe(true);
});

describe('refused', () => {
  const where = (from: Saved): string => {
    try {
      load(from);
    } catch (thrown) {
      if (thrown instanceof TrainProblem) return thrown.path;
      throw thrown;
    }
    return 'accepted';
  };
  const standard = saved('saelens-standard');
  const topk = saved('saelens-topk-rescaled');
  const without = ({ tensors, settings }: Saved, key: keyof ForeignSettings): Saved => {
    const { [key]: _, ...rest } = settings;
    return { tensors, settings: rest };
  };
  test.each<[string, Saved]>([
    ['$.normalize_activations', saved('saelens-layernorm')],
    ['$.architecture', saved('saelens-temporal')],
    ['$.architecture', saved('saelens-matching-pursuit')],
    ['W_skip', { ...saved('saelens-skip'), settings: { architecture: 'transcoder' } }],
    ['$.architecture', { ...standard, settings: { ...standard.settings, architecture: 'temporal' } }],
    ['$.apply_b_dec_to_input', without(without(standard, 'apply_b_dec_to_input'), 'architecture')],
    ['$.k', without(topk, 'k')],
    ['$.activation', { ...saved('sparsify-topk'), settings: { k: 3, activation: 'groupmax' } }],
    [
      'W_dec[0]',
      {
        ...topk,
        tensors: new Map([...topk.tensors, ['W_dec', { shape: [10, 6], values: new Float32Array(60) }]]),
      },
    ],
    ['b_dec', { ...saved('saelens-transcoder'), settings: { architecture: 'transcoder', apply_b_dec_to_input: true } }],
  ])('%s', (path, from) => expect(where(from)).toBe(path));

  test('without cfg.json a bias that may be subtracted first', () =>
    expect(() => foreignModel(standard.tensors, undefined, FILES)).toThrow(/apply_b_dec_to_input/));
});

test("SAELens' own default where the setting is missing: b_dec is subtracted, but not by a transcoder", () => {
  const io = read('saelens-standard.io.safetensors');
  const { tensors } = saved('saelens-standard');
  close(run(load({ tensors, settings: { architecture: 'standard' } }), io.get('x')!.values).out, io.get('out')!.values);
  const other = read('saelens-transcoder.io.safetensors');
  const { tensors: theirs } = saved('saelens-transcoder');
  const { out } = run(load({ tensors: theirs, settings: { architecture: 'transcoder' } }), other.get('x')!.values);
  close(out, other.get('out')!.values);
});
