/** Checkpoints that are broken, each in one place: refused with the file, the place, what was expected and what was found. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Tensor } from '../../../src/train/data/npy.ts';
import { readSafetensors, writeSafetensors } from '../../../src/train/data/safetensors.ts';
import { folder } from '../../commands/run.ts';
import { npy } from '../data/npyBytes.ts';
import { archive, float32, op, pickled, tensorOps, tupleOf, zip } from '../data/torchBytes.ts';
import { refusal } from '../metrics/metricsOf.ts';
import { featuresFile } from './checkpointFiles.ts';

const HERE = join(import.meta.dirname, 'foreign');

/** Of a copy of the folder, after the change: what `metrics` says, with the file as its name alone. */
async function broken(name: string, change: (at: string) => void) {
  const at = join(folder(), name);
  cpSync(join(HERE, name), at, { recursive: true });
  change(at);
  const problem = await refusal(at, '-f', featuresFile(folder(), [[1, 0, 0, 0, 0, 0]]));
  return { ...problem, file: basename(problem.file ?? '') };
}

const settings =
  (file: string, edit: (value: Record<string, Record<string, unknown>>) => unknown) =>
  (at: string): void => {
    const value = JSON.parse(readFileSync(join(at, file), 'utf8')) as Record<string, Record<string, unknown>>;
    edit(value);
    writeFileSync(join(at, file), JSON.stringify(value));
  };

const tensors =
  (file: string, edit: (all: Map<string, Tensor>) => void) =>
  (at: string): void => {
    const all = new Map(readSafetensors(readFileSync(join(at, file)), file).tensors);
    edit(all);
    writeFileSync(join(at, file), writeSafetensors({ metadata: {}, tensors: all }));
  };

const written =
  (file: string, bytes: Uint8Array) =>
  (at: string): void =>
    writeFileSync(join(at, file), bytes);

const filled = (...shape: number[]): Tensor => ({
  shape,
  values: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5),
});

/** A state dict with the shapes of an AutoEncoder, one of them changed. */
function autoEncoder(more: Record<string, { shape: number[]; type?: string } | number[]>, drop?: string): Uint8Array {
  const shapes = { 'encoder.weight': [10, 6], 'encoder.bias': [10], 'decoder.weight': [6, 10], bias: [6] };
  const all: Record<string, { shape: number[]; type?: string } | number[]> = {
    ...Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape }])),
    ...more,
  };
  if (drop !== undefined) delete all[drop];
  const storages: Record<string, Uint8Array> = {};
  const entries = Object.entries(all).map(([name, spec], key) => {
    if (Array.isArray(spec)) return [name, spec] as const;
    const count = spec.shape.reduce((a, b) => a * b, 1);
    const width = spec.type === 'LongStorage' ? 8 : 4;
    storages[key] = spec.type ? new Uint8Array(width * count) : float32(...new Array<number>(count).fill(0.5));
    return [name, tensorOps({ ...spec, key: `${key}` })] as const;
  });
  return zip(archive(pickled(Object.fromEntries(entries)), storages));
}

const system = [...op.name('posix', 'system'), ...tupleOf(op.text('touch hacked')), ...op.reduce];
const AE = 'dictionary-learning-relu';
const npz = (all: Record<string, Uint8Array>): Uint8Array =>
  zip(Object.fromEntries(Object.entries(all).map(([name, bytes]) => [`${name}.npy`, bytes])));
const floats = (...shape: number[]): Uint8Array => npy('<f4', shape, filled(...shape).values as Float32Array);
const GEMMA = {
  W_enc: floats(6, 10),
  W_dec: floats(10, 6),
  b_enc: floats(10),
  b_dec: floats(6),
  threshold: floats(10),
};

interface Wanted {
  readonly code: string;
  readonly file: string;
  readonly path: string | RegExp;
  readonly expected: string | RegExp;
  readonly found: string | RegExp;
}

const CASES: readonly (readonly [string, string, (at: string) => void, Wanted])[] = [
  [
    'a truncated archive',
    AE,
    (at) => writeFileSync(join(at, 'ae.pt'), readFileSync(join(at, 'ae.pt')).subarray(0, -100)),
    { code: 'wrong-type', file: 'ae.pt', path: 'archive', expected: 'a .zip directory at the end', found: 'none' },
  ],
  [
    'a pickle that would call a shell',
    AE,
    written('ae.pt', zip(archive(pickled({ bias: system })))),
    { code: 'not-read', file: 'ae.pt', path: 'data.pkl, byte 27', expected: /^tensors: /, found: 'posix.system' },
  ],
  [
    'a whole module in place of its tensors',
    AE,
    written(
      'ae.pt',
      zip(archive(Uint8Array.from([...op.proto(), ...op.name('__main__', 'AutoEncoder'), ...op.empty, 0x81]))),
    ),
    {
      code: 'not-read',
      file: 'ae.pt',
      path: 'data.pkl, byte 24',
      expected: /^tensors: /,
      found: '__main__.AutoEncoder',
    },
  ],
  [
    'a bare pickle',
    AE,
    written('ae.pt', pickled({})),
    {
      code: 'wrong-type',
      file: 'ae.pt',
      path: 'archive',
      expected: 'a .zip archive, as torch.save writes since 1.6',
      found: 'a bare pickle, as torch.save wrote before 1.6',
    },
  ],
  [
    'numbers of the other byte order',
    AE,
    written('ae.pt', zip(archive(pickled({}), {}, { 'archive/byteorder': new TextEncoder().encode('big') }))),
    { code: 'wrong-type', file: 'ae.pt', path: 'archive/byteorder', expected: /^"little"/, found: '"big"' },
  ],
  [
    'bytes changed under a checksum',
    AE,
    (at) => {
      const bytes = readFileSync(join(at, 'ae.pt'));
      const from = bytes.indexOf('data/1') + 100;
      bytes[from] = (bytes[from] ?? 0) ^ 1;
      writeFileSync(join(at, 'ae.pt'), bytes);
    },
    {
      code: 'wrong-type',
      file: 'ae.pt',
      path: /data\/1$/,
      expected: 'the bytes its checksum is about',
      found: 'others',
    },
  ],
  [
    'integers for weights',
    AE,
    written('ae.pt', autoEncoder({ 'encoder.weight': { shape: [10, 6], type: 'LongStorage' } })),
    {
      code: 'wrong-tensor',
      file: 'ae.pt',
      path: 'encoder.weight',
      expected: 'floats: F64, F32, F16 or BF16',
      found: 'integers',
    },
  ],
  [
    'a type of number that is not read',
    AE,
    written('ae.pt', autoEncoder({ 'encoder.bias': { shape: [10], type: 'QInt8Storage' } })),
    {
      code: 'wrong-type',
      file: 'ae.pt',
      path: 'encoder.bias',
      expected: /^one of DoubleStorage/,
      found: 'QInt8Storage',
    },
  ],
  [
    'a bias of another size',
    AE,
    written('ae.pt', autoEncoder({ 'encoder.bias': { shape: [9] } })),
    { code: 'wrong-tensor', file: 'ae.pt', path: 'encoder.bias', expected: '10', found: '9' },
  ],
  [
    'matrices that do not fit',
    AE,
    written('ae.pt', autoEncoder({ 'decoder.weight': { shape: [6, 9] } })),
    {
      code: 'wrong-tensor',
      file: 'ae.pt',
      path: 'tensors',
      expected: 'encoder.weight d_sae x d_in and decoder.weight d_out x d_sae',
      found: 'encoder.weight 10 x 6, decoder.weight 6 x 9',
    },
  ],
  [
    'a tensor that is missing',
    AE,
    written('ae.pt', autoEncoder({}, 'encoder.bias')),
    {
      code: 'missing-tensor',
      file: 'ae.pt',
      path: 'encoder.bias',
      expected: 'the tensors encoder.weight, encoder.bias, decoder.weight, bias of AutoEncoder of dictionary_learning',
      found: 'none',
    },
  ],
  [
    'a tensor too many',
    AE,
    written('ae.pt', autoEncoder({ gate: { shape: [10] } })),
    {
      code: 'unknown-tensor',
      file: 'ae.pt',
      path: 'gate',
      expected: /^AutoEncoder of dictionary_learning, relu/,
      found: 'gate',
    },
  ],
  [
    'a number that no such file has',
    AE,
    written('ae.pt', autoEncoder({ step: op.int(4) })),
    { code: 'not-read', file: 'ae.pt', path: 'step', expected: /^tensors alone/, found: 'the key step, which is none' },
  ],
  [
    'a class that is not known',
    AE,
    settings('config.json', ({ trainer }) => (trainer!.dict_class = 'IdentityDict')),
    {
      code: 'not-read',
      file: 'config.json',
      path: '$.trainer.dict_class',
      expected: /^one of AutoEncoder, AutoEncoderNew, /,
      found: '"IdentityDict"',
    },
  ],
  [
    'a class of other tensors',
    AE,
    settings('config.json', ({ trainer }) => (trainer!.dict_class = 'GatedAutoEncoder')),
    { code: 'missing-tensor', file: 'ae.pt', path: 'decoder_bias', expected: /of GatedAutoEncoder/, found: 'none' },
  ],
  [
    'a size that the settings state otherwise',
    AE,
    settings('config.json', ({ trainer }) => (trainer!.dict_size = 11)),
    {
      code: 'not-read',
      file: 'config.json',
      path: '$.trainer.dict_size',
      expected: '10, as the tensors have it',
      found: '11',
    },
  ],
  [
    'another k than that of the file',
    'dictionary-learning-topk',
    settings('config.json', ({ trainer }) => (trainer!.k = 4)),
    { code: 'not-read', file: 'config.json', path: '$.trainer.k', expected: '3, as the tensor k says', found: '4' },
  ],
  [
    'TopK and BatchTopK, which have the same tensors, without settings',
    'dictionary-learning-topk',
    (at) => writeFileSync(join(at, 'config.json'), '{}'),
    {
      code: 'missing-tensor',
      file: 'ae.pt',
      path: '$.trainer.dict_class',
      expected: 'config.json beside the file, or --architecture topk (AutoEncoderTopK) or batchtopk (BatchTopKSAE)',
      found: 'none',
    },
  ],
  [
    'thresholds that are missing',
    'gemma-scope',
    written('params.npz', npz(Object.fromEntries(Object.entries(GEMMA).filter(([name]) => name !== 'threshold')))),
    { code: 'missing-tensor', file: 'params.npz', path: 'threshold', expected: /of Gemma Scope$/, found: 'none' },
  ],
  [
    'an array too many',
    'gemma-scope',
    written('params.npz', npz({ ...GEMMA, scale: floats(1) })),
    { code: 'unknown-tensor', file: 'params.npz', path: 'scale', expected: /^Gemma Scope, jumprelu/, found: 'scale' },
  ],
  [
    'thresholds of another number',
    'gemma-scope',
    written('params.npz', npz({ ...GEMMA, threshold: floats(9) })),
    { code: 'wrong-tensor', file: 'params.npz', path: 'threshold', expected: '10', found: '9' },
  ],
  [
    'a skip connection that the settings deny',
    'gemma-scope-2',
    settings('config.json', (value) => Object.assign(value, { affine_connection: false })),
    {
      code: 'not-read',
      file: 'config.json',
      path: '$.affine_connection',
      expected: 'true, as the tensor affine_skip_connection is there',
      found: 'false',
    },
  ],
  [
    'a cross-layer transcoder',
    'gemma-scope-2',
    tensors('params.safetensors', (all) => all.set('w_dec', filled(10, 2, 6))),
    {
      code: 'not-read',
      file: 'params.safetensors',
      path: 'w_dec',
      expected: 'a decoder d_sae x d_out',
      found: /^a cross-layer transcoder/,
    },
  ],
  [
    'inputs normalized each by itself (Llama Scope)',
    'llama-scope',
    settings('hyperparams.json', (value) => Object.assign(value, { norm_activation: 'token-wise' })),
    {
      code: 'not-read',
      file: 'hyperparams.json',
      path: '$.norm_activation',
      expected: '"dataset-wise", "inference" or "none"',
      found: '"token-wise", by which each input is divided by a length of its own',
    },
  ],
  [
    'a threshold that is no number',
    'llama-scope',
    settings('hyperparams.json', (value) => Object.assign(value, { jump_relu_threshold: '0.5' })),
    {
      code: 'not-read',
      file: 'hyperparams.json',
      path: '$.jump_relu_threshold',
      expected: 'a number from 0',
      found: '"0.5"',
    },
  ],
  [
    'decoder columns by whose lengths the library would rescale',
    'llama-scope',
    tensors('checkpoints/final.safetensors', (all) => all.set('decoder.weight', filled(6, 10))),
    {
      code: 'not-read',
      file: 'final.safetensors',
      path: 'decoder.weight[:, 0]',
      expected: 'a column of length 1, within 1/100, as $.sparsity_include_decoder_norm is true',
      found: /^length 1\.22/,
    },
  ],
  [
    'inputs normalized each by itself (OpenAI)',
    'openai-topk',
    () => undefined,
    {
      code: 'not-read',
      file: '0.pt',
      path: 'activation',
      expected: '"ReLU"',
      found: /^"TopK", which comes with inputs normalized/,
    },
  ],
  [
    'a crosscoder whose shapes do not go together',
    'crosscoder-minder',
    written(
      'ae.pt',
      autoEncoder(
        {
          'encoder.weight': { shape: [2, 3, 10] },
          'decoder.weight': { shape: [2, 10, 4] },
          'decoder.bias': { shape: [2, 3] },
        },
        'bias',
      ),
    ),
    {
      code: 'wrong-tensor',
      file: 'ae.pt',
      path: 'tensors',
      expected: 'encoder.weight L x d x n, decoder.weight L x n x d, encoder.bias n, decoder.bias L x d',
      found: 'encoder.weight 2 x 3 x 10, decoder.weight 2 x 10 x 4, encoder.bias 10, decoder.bias 2 x 3',
    },
  ],
  [
    'an architecture of other latents',
    'saelens-matching-pursuit',
    () => undefined,
    {
      code: 'not-read',
      file: 'cfg.json',
      path: '$.architecture',
      expected: /^one of standard, transcoder, /,
      found: '"matching_pursuit", whose latents are found one after the other, each from what the others leave',
    },
  ],
  [
    'latents that depend on other inputs',
    'saelens-temporal',
    () => undefined,
    {
      code: 'not-read',
      file: 'cfg.json',
      path: '$.architecture',
      expected: /^one of standard, transcoder, /,
      found: '"temporal", whose latents depend on the inputs before, by attention',
    },
  ],
  [
    'no weights at all',
    'saelens-standard',
    written('sae_weights.safetensors', new Uint8Array()),
    {
      code: 'wrong-type',
      file: 'sae_weights.safetensors',
      path: 'header',
      expected: 'a .safetensors file',
      found: '0 bytes',
    },
  ],
];

test.each(CASES)('%s', async (_, name, change, wanted) => {
  const { code, file, path, expected, found } = await broken(name, change);
  const like = (text: string | RegExp): unknown => (typeof text === 'string' ? text : expect.stringMatching(text));
  expect({ code, file, path, expected, found }).toEqual({
    code: wanted.code,
    file: wanted.file,
    path: like(wanted.path),
    expected: like(wanted.expected),
    found: like(wanted.found),
  });
});
