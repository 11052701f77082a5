/** What a checkpoint of others must, may and may not have: refused with tensor or key named, never read as another model. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TrainProblem } from '../../../src/train/backend/problem.ts';
import type { ForeignSettings } from '../../../src/train/checkpoint/foreign/settings.ts';
import { type ForeignModel, foreignModel, type Told } from '../../../src/train/checkpoint/foreign.ts';
import type { Tensor } from '../../../src/train/data/npy.ts';
import { writeSafetensors } from '../../../src/train/data/safetensors.ts';
import { folder } from '../../commands/run.ts';
import { metricsOf, refusal } from '../metrics/metricsOf.ts';
import { checkpoint, featuresFile, tensorOf } from './checkpointFiles.ts';

const FILES = { file: 'weights', cfg: 'cfg.json' };
const [NP, NQ] = [3, 5];
const filled = (shape: number[], start = 1): Tensor => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, k) => Math.sin(k + start)),
});
const SAELENS = {
  W_enc: filled([NP, NQ]),
  W_dec: filled([NQ, NP], 2),
  b_enc: filled([NQ], 3),
  b_dec: filled([NP], 4),
};
const GATES = { b_gate: filled([NQ]), r_mag: filled([NQ]), b_mag: filled([NQ]) };
const THRESHOLD = { threshold: filled([NQ]) };
const { b_enc: _, ...GATED } = { ...SAELENS, ...GATES };
const SPARSIFY = {
  'encoder.weight': filled([NQ, NP]),
  'encoder.bias': filled([NQ]),
  W_dec: filled([NQ, NP]),
  b_dec: filled([NP]),
};
const AUTO = {
  'encoder.weight': filled([NQ, NP]),
  'encoder.bias': filled([NQ]),
  'decoder.weight': filled([NP, NQ]),
  bias: filled([NP]),
};

type Named = Readonly<Record<string, Tensor>>;
const load = (tensors: Named, settings: ForeignSettings | undefined, told: Told = {}): ForeignModel =>
  foreignModel(new Map(Object.entries(tensors)), settings, FILES, told);

/** Where the refusal points; any other error is a bug. */
function refused(tensors: Named, settings: ForeignSettings | undefined, told: Told = {}): string {
  try {
    load(tensors, settings, told);
  } catch (thrown) {
    if (thrown instanceof TrainProblem) return `${thrown.file}: ${thrown.path}`;
    throw thrown;
  }
  return 'accepted';
}

const cfg = (more: object = {}) => ({ architecture: 'standard', apply_b_dec_to_input: false, ...more });

describe('cfg.json', () => {
  test.each<[string, unknown]>([
    ...['2', 2.5, 0, -1, true, null, [2], {}, 1e300].map((k): [string, unknown] => ['k', k]),
    ...['false', 'true', 0, 1, null].map((value): [string, unknown] => ['apply_b_dec_to_input', value]),
    ...['true', 1].map((value): [string, unknown] => ['rescale_acts_by_decoder_norm', value]),
    ...['tanh-relu', 'gelu', 5, true].map((value): [string, unknown] => ['activation_fn_str', value]),
    ['activation_fn', 'tanh-relu'],
    ['activation_fn_kwargs', { k: 2, postact_fn: 'tanh' }],
    ['activation_fn_kwargs', 'k'],
    ...[5, null, ['standard'], 'temporal', 'matching_pursuit', 'AbsTopK'].map((value): [string, unknown] => [
      'architecture',
      value,
    ]),
    ...['layer_norm', 'constant_norm_rescale', 'expected_average_only_in', 'covariance_whitening', true, 1].map(
      (value): [string, unknown] => ['normalize_activations', value],
    ),
    ['reshape_activations', 'other'],
    ['finetuning_scaling_factor', true],
    ['d_in', 4],
    ['d_in', '3'],
    ['d_sae', 6],
    ['d_out', 9],
    ['dtype', 32],
    ['metadata', 'none'],
    ['transcode', true],
    ['activation', 'groupmax'],
    ['skip_connection', true],
    ['skip_connection', 'true'],
    ['signed', true],
  ])('%s: %j', (key, value) => expect(refused(SAELENS, cfg({ [key]: value }))).toBe(`cfg.json: $.${key}`));

  test.each<[string, object]>([
    ['cfg.json: $.activation_fn_kwargs.k', { activation_fn_kwargs: { k: '2' }, activation_fn: 'topk' }],
    ['cfg.json: $.activation_fn_kwargs.k', { activation_fn_kwargs: { k: 2 } }],
    ['cfg.json: $.activation_fn_kwargs.k', { activation_fn_kwargs: { k: 2 }, activation_fn: 'topk', k: 3 }],
    ['cfg.json: $.activation_fn_str', { activation_fn: 'relu', activation_fn_str: 'topk' }],
    ['cfg.json: $.activation_fn', { architecture: 'jumprelu', activation_fn: 'topk' }],
    ['cfg.json: $.k', { activation_fn: 'topk' }],
    ['cfg.json: $.k', { architecture: 'topk' }],
    ['cfg.json: $.k', { architecture: 'batchtopk', k: 2.5 }],
  ])('contradictions and gaps: %s in %j', (where, more) => expect(refused(SAELENS, cfg(more))).toBe(where));

  test('k is an integer from 1 to the number of neurons', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3, max: 20 }), fc.boolean(), (k, sparsify) => {
        const where = sparsify ? refused(SPARSIFY, { k }) : refused(SAELENS, cfg({ architecture: 'topk', k }));
        expect(where).toBe(k >= 1 && k <= NQ ? 'accepted' : 'cfg.json: $.k');
      }),
    );
    expect(refused(SPARSIFY, undefined, { k: 6, subtracts: true })).toBe('--k: $.k');
  });

  test('any value of any key is read or refused, never a crash', () => {
    const keys = [
      'architecture',
      'k',
      'activation_fn',
      'activation_fn_str',
      'activation_fn_kwargs',
      'd_in',
      'metadata',
    ];
    const more = [
      'apply_b_dec_to_input',
      'normalize_activations',
      'rescale_acts_by_decoder_norm',
      'transcode',
      '__proto__',
    ];
    const settings = fc.dictionary(fc.constantFrom(...keys, ...more), fc.jsonValue());
    fc.assert(
      fc.property(settings, fc.constantFrom(SAELENS, SPARSIFY, AUTO, GATED), (given, tensors) => {
        refused(tensors, given as ForeignSettings);
      }),
      { numRuns: 300 },
    );
  });

  test('folding is advised where it can be done alone', () => {
    const message = (value: unknown): string => {
      try {
        load(SAELENS, cfg({ normalize_activations: value }));
      } catch (thrown) {
        return thrown instanceof TrainProblem ? thrown.expected : '';
      }
      return '';
    };
    for (const value of ['expected_average_only_in', 'covariance_whitening']) expect(message(value)).toContain('fold');
    for (const value of ['layer_norm', 'constant_norm_rescale', 'other']) expect(message(value)).not.toContain('fold');
  });

  test('what is not known to be idle is named', () => {
    const { notes } = load(SAELENS, cfg({ lr: 1, hook_name: 'x', mystery: 3, threshold_kind: 'soft' }));
    expect(notes).toEqual(['keys of cfg.json that were not looked at: mystery, threshold_kind']);
    expect(load(SAELENS, cfg({ dtype: 'float32' })).notes).toEqual([]);
    const wide = { ...SAELENS, W_enc: { shape: [NP, NQ], values: new Float64Array(NP * NQ) } };
    expect(load(wide, cfg({ dtype: 'float32' })).notes).toEqual([
      'cfg.json says float32; the 64-bit numbers of the file are used as they are',
    ]);
  });

  test('a key given twice, and what is no object', async () => {
    const { at, file } = checkpoint(SAELENS, '{"architecture": "topk", "k": 2, "k": 3, "apply_b_dec_to_input": false}');
    const features = featuresFile(at, [[1, 0, 0]]);
    expect(await refusal(file, '-f', features)).toMatchObject({ code: 'duplicate-key', path: '$.k' });
    checkpoint(SAELENS, '[1]', { at });
    expect(await refusal(file, '-f', features)).toMatchObject({ path: '$', expected: 'a JSON object' });
  });
});

describe('tensors', () => {
  const kinds: readonly (readonly [string, Named, ForeignSettings])[] = [
    ['standard', SAELENS, cfg()],
    ['topk', SAELENS, cfg({ architecture: 'topk', k: 2 })],
    ['jumprelu', { ...SAELENS, ...THRESHOLD }, cfg({ architecture: 'jumprelu' })],
    ['gated', GATED, cfg({ architecture: 'gated' })],
    ['transcoder', SAELENS, cfg({ architecture: 'transcoder' })],
    ['abstopk', SAELENS, cfg({ architecture: 'abstopk', k: 2 })],
    ['skip_transcoder', { ...SAELENS, W_skip: filled([NP, NP]) }, cfg({ architecture: 'skip_transcoder' })],
    ['sparsify', SPARSIFY, { k: 2 }],
    ['dictionary_learning', AUTO, {}],
  ];
  test.each(kinds)('%s: each one that is needed, and no other', (kind, tensors, settings) => {
    expect(refused(tensors, settings)).toBe('accepted');
    for (const name of Object.keys(tensors)) {
      const { [name]: _, ...rest } = tensors;
      const where = refused(rest, settings);
      // The biases of SAELens may be left out: 0, which is said.
      if (kind !== 'sparsify' && kind !== 'dictionary_learning' && (name === 'b_enc' || name === 'b_dec')) {
        expect(load(rest, settings).notes).toContain(`not in the file, taken as 0: ${name}`);
      } else if (/^(W_enc|W_dec|encoder.weight|decoder.weight)$/.test(name)) expect(where).not.toBe('accepted');
      else expect(where).toBe(`weights: ${name}`);
    }
    for (const [name, tensor] of Object.entries({
      ...THRESHOLD,
      ...GATES,
      W_skip: filled([NP, NP]),
      other: filled([1]),
    })) {
      if (!(name in tensors)) expect(refused({ ...tensors, [name]: tensor }, settings)).toMatch(/^weights: /);
    }
    // Integers and what is not finite are no weights.
    for (const [name, { shape, values }] of Object.entries(tensors)) {
      const bad = { shape, values: Float32Array.from(values, () => Number.NaN) };
      const whole = { shape, values: Int32Array.from(values, () => 1) };
      for (const tensor of [bad, whole]) expect(refused({ ...tensors, [name]: tensor }, settings)).not.toBe('accepted');
      expect(refused({ ...tensors, [name]: filled([7]) }, settings)).not.toBe('accepted');
    }
  });

  test('b_dec that cfg.json says is subtracted has to be there', () => {
    const { b_dec: _, ...rest } = SAELENS;
    expect(refused(rest, cfg({ apply_b_dec_to_input: true }))).toBe('weights: b_dec');
  });

  test('outputs of another size are those of a transcoder', () => {
    const wide = { ...SAELENS, W_dec: filled([NQ, 4]), b_dec: filled([4]) };
    expect(refused(wide, cfg())).toBe('cfg.json: $.architecture');
    expect(refused(wide, cfg({ architecture: 'transcoder' }))).toBe('accepted');
  });

  test('dictionary_learning by name: its ReLU autoencoders are read, its others refused', () => {
    expect(load(AUTO, undefined)).toMatchObject({ from: 'dictionary_learning', weights: { subtracts: true } });
    const { bias, ...rest } = AUTO;
    expect(load({ ...rest, 'decoder.bias': bias }, undefined).weights.subtracts).toBeUndefined();
    for (const [name, called] of [
      ['k', 'AutoEncoderTopK'],
      ['gate_bias', 'GatedAutoEncoder'],
      ['threshold', 'BatchTopKSAE'],
    ] as const) {
      expect(() => load({ ...rest, b_dec: bias, [name]: filled([NQ]) }, undefined)).toThrow(called);
    }
    expect(refused(AUTO, undefined, { k: 1 })).toBe('--k: $.k');
  });
});

describe('without cfg.json', () => {
  const bare = { ...SAELENS, b_dec: { shape: [NP], values: new Float32Array(NP) } };
  const square = { W_enc: filled([3, 3]), W_dec: filled([3, 3], 2), b_enc: filled([3]) };

  test('what the tensors leave open is asked for', () => {
    expect(refused(bare, undefined)).toBe('weights: $.architecture');
    expect(refused(bare, undefined, { architecture: 'standard' })).toBe('accepted');
    expect(refused(SAELENS, undefined, { architecture: 'standard' })).toBe('weights: $.apply_b_dec_to_input');
    expect(refused(SAELENS, undefined, { architecture: 'standard', subtracts: false })).toBe('accepted');
    expect(refused({ ...SAELENS, ...THRESHOLD }, undefined)).toBe('weights: $.architecture');
    expect(refused(SPARSIFY, undefined, { k: 2 })).toBe('weights: $.transcode');
    expect(load(SPARSIFY, undefined, { k: 2, subtracts: true }).weights.subtracts).toBe(true);
    expect(load(SPARSIFY, undefined, { k: 2, subtracts: false }).weights.subtracts).toBeUndefined();
    expect(() => load(SPARSIFY, undefined, { k: 2 })).toThrow('--subtract-b-dec');
  });

  test('options do not contradict cfg.json', () => {
    expect(refused(SAELENS, cfg(), { architecture: 'jumprelu' })).toBe('cfg.json: $.architecture');
    expect(refused(SAELENS, cfg(), { subtracts: true })).toBe('cfg.json: $.apply_b_dec_to_input');
    expect(refused(SPARSIFY, { k: 2, transcode: true }, { subtracts: true })).toBe('cfg.json: $.transcode');
    expect(refused(SAELENS, cfg(), { k: 2 })).toBe('--k: $.k');
  });

  test('square matrices: --layout says which axis is which, and turns both', () => {
    const told = { architecture: 'standard' };
    expect(() => load(square, undefined, told)).toThrow('--layout');
    const one = load(square, undefined, { ...told, layout: 'saelens' }).weights;
    const other = load(square, undefined, { ...told, layout: 'linear' }).weights;
    expect([...other.we.data]).toEqual([...square.W_enc.values]);
    expect([...one.wd.data]).toEqual([...square.W_dec.values]);
    expect([...one.we.data]).not.toEqual([...other.we.data]);
    // A library that is named settles it; so do shapes that fit one way alone.
    expect(refused(square, cfg())).toBe('accepted');
    expect(refused(bare, undefined, told)).toBe('accepted');
    const turned = { ...bare, W_enc: filled([NQ, NP]), W_dec: filled([NP, NQ]) };
    expect(() => load(turned, undefined, told)).toThrow('--layout linear');
    expect(load(turned, undefined, { ...told, layout: 'linear' }).shape).toEqual({ np: NP, nr: NP, nq: NQ });
    // Without biases even other sizes leave it open.
    expect(() => load({ W_enc: bare.W_enc, W_dec: bare.W_dec }, undefined, told)).toThrow('--layout');
    expect(refused(SPARSIFY, { k: 2 }, { layout: 'linear' })).toBe('--layout: --layout');
  });
});

describe('files', () => {
  const settings = cfg();
  const place = (): { at: string; file: string; features: string } => {
    const made = checkpoint(SAELENS, settings);
    return {
      ...made,
      features: featuresFile(made.at, [
        [1, 0, 0],
        [0, 1, 0],
      ]),
    };
  };

  test('a folder and the file in it are the same; SAELens puts its sparsity beside it', async () => {
    const { at, file, features } = place();
    writeFileSync(join(at, 'sparsity.safetensors'), writeSafetensors({ metadata: {}, tensors: new Map() }));
    expect((await metricsOf(at, '-f', features)).metrics).toEqual((await metricsOf(file, '-f', features)).metrics);
    checkpoint(SPARSIFY, undefined, { at, name: 'sae.safetensors' });
    expect(await refusal(at, '-f', features)).toMatchObject({ code: 'no-checkpoint' });
    expect(await refusal(folder(), '-f', features)).toMatchObject({ code: 'no-checkpoint' });
  });

  test('shards that an index lists', async () => {
    const { at, file, features } = place();
    const shards = folder();
    checkpoint({ W_enc: SAELENS.W_enc }, settings, { at: shards, name: 'model-1-of-2.safetensors' });
    const { W_enc: _, ...rest } = SAELENS;
    checkpoint(rest, settings, { at: shards, name: 'model-2-of-2.safetensors' });
    const names = Object.keys(SAELENS).map((name) => [name, `model-${name === 'W_enc' ? 1 : 2}-of-2.safetensors`]);
    const index = join(shards, 'model.safetensors.index.json');
    const write = (map: object): void => writeFileSync(index, JSON.stringify({ metadata: {}, weight_map: map }));
    const map = Object.fromEntries(names) as Record<string, string>;
    write(map);
    const whole = (await metricsOf(file, '-f', features)).metrics;
    expect((await metricsOf(index, '-f', features)).metrics).toEqual(whole);
    expect((await metricsOf(shards, '-f', features)).metrics).toEqual(whole);
    // Tensors elsewhere than said, files elsewhere than beside it.
    write({ ...map, W_enc: 'model-2-of-2.safetensors' });
    expect(await refusal(index, '-f', features)).toMatchObject({ code: 'missing-tensor', path: 'W_enc' });
    const { b_dec: __, ...some } = map;
    write(some);
    expect(await refusal(index, '-f', features)).toMatchObject({ code: 'unknown-tensor', path: 'b_dec' });
    write({ ...map, W_enc: `../${at.split('/').at(-1)}/sae_weights.safetensors` });
    expect(await refusal(index, '-f', features)).toMatchObject({ path: '$.weight_map.W_enc' });
    write({ ...map, W_enc: 5 });
    expect(await refusal(index, '-f', features)).toMatchObject({ path: '$.weight_map.W_enc' });
    write({});
    expect(await refusal(index, '-f', features)).toMatchObject({ path: '$.weight_map' });
    expect(existsSync(index)).toBe(true);
  });

  test('rows are multiplied by nothing unless it is asked for, and then it is said by what', async () => {
    const { at, file } = place();
    const x = [
      [3, 4, 0],
      [0, 0, 5],
      [1, 2, 2],
    ];
    const stored = writeSafetensors({ metadata: {}, tensors: new Map([['x', tensorOf(x)]]) });
    writeFileSync(join(at, 'x.safetensors'), stored);
    const config = join(at, 'data.json');
    const write = (more: object): void => {
      const data = { kind: 'activations', inputs: 'x.safetensors', ...more };
      writeFileSync(
        config,
        JSON.stringify({ format: 'dictum/train@1', data, method: { kind: 'relu', l1: 0 }, neurons: 1 }),
      );
    };
    write({});
    const plain = await metricsOf(file, '-c', config);
    expect([plain.metrics.usage.inputs, plain.notes]).toEqual([3, undefined]);
    write({ normalize: false });
    expect(await metricsOf(file, '-c', config)).toEqual(plain);
    write({ normalize: true });
    const scaled = await metricsOf(file, '-c', config);
    // The lengths are 5, 5, 3.
    expect(scaled.notes).toEqual([expect.stringMatching(/^rows multiplied by 0\.3997.* \("normalize" of the data\)$/)]);
    expect(scaled.metrics.usage.error).not.toBe(plain.metrics.usage.error);
  });

  test('metadata that is no object of strings, and the configuration in it', async () => {
    const at = folder();
    const features = featuresFile(at, [[1, 0, 0]]);
    const own = async (metadata: unknown): Promise<unknown> => {
      const file = join(at, 'own.safetensors');
      const tensors = new Map(Object.entries({ ...SAELENS, W_enc: tensorOf([[1], [0], [0]]) }));
      writeFileSync(file, writeSafetensors({ metadata: metadata as Record<string, string>, tensors }));
      return refusal(file, '-f', features);
    };
    expect(await own(null)).toMatchObject({ path: '__metadata__' });
    expect(await own({ format: 5 })).toMatchObject({ path: '__metadata__' });
    expect(await own({ format: 'dictum/checkpoint@1' })).toMatchObject({ path: '__metadata__.config' });
    expect(await own({ format: 'dictum/checkpoint@1', config: '{}' })).toMatchObject({ code: 'missing-key' });
  });
});
