/**
 * Gemma Scope (`params.npz`, and `params.safetensors` of Gemma Scope 2), Llama Scope (`final.safetensors` with hyperparams.json), and the
 * autoencoders of openai/sparse_autoencoder (`.pt`).
 */
import type { Floats, Rows } from '../../backend/backend.ts';
import type { ModelWeights } from '../../model/weights.ts';
import { type Beside, type Given, type Layout, needing, refuse, renaming, type Tensors } from './layout.ts';

const GEMMA = ['W_enc', 'W_dec', 'b_enc', 'b_dec', 'threshold'];

/** JumpReLU with a threshold for each latent; b_dec is not subtracted. */
export function gemmaScope({ tensors, file }: Given): Layout {
  const lower = tensors.has('w_enc');
  const needed = lower ? ['w_enc', 'w_dec', ...GEMMA.slice(2)] : GEMMA;
  const layout: Layout = {
    from: 'gemma_scope',
    name: 'Gemma Scope',
    kind: 'jumprelu',
    subtracts: false,
    tensors: () => needed,
    ...renaming(
      lower
        ? [['w_enc', 'W_enc'], ['w_dec', 'W_dec'], ['b_enc'], ['b_dec'], ['threshold']]
        : GEMMA.map((name) => [name]),
    ),
  };
  return needing(layout, needed, tensors, file);
}

export function gemmaScope2({ tensors, file, beside }: Given): Layout {
  const needed = ['w_enc', 'w_dec', 'b_enc', 'b_dec', 'threshold'];
  const skip = tensors.has('affine_skip_connection');
  if ((tensors.get('w_dec')?.shape.length ?? 2) > 2) {
    refuse(
      'w_dec',
      'a decoder d_sae x d_out',
      'a cross-layer transcoder, which writes into each layer after its own',
      file,
    );
  }
  const settings = beside && isGemma(beside) ? beside.settings : {};
  const { affine_connection: affine, architecture } = settings;
  if (architecture !== undefined && architecture !== 'jump_relu') {
    refuse('$.architecture', '"jump_relu"', JSON.stringify(architecture), beside?.file ?? file);
  }
  if (affine !== undefined && affine !== skip) {
    const expected = `${skip}, as the tensor affine_skip_connection is ${skip ? '' : 'not '}there`;
    refuse('$.affine_connection', expected, JSON.stringify(affine), beside?.file ?? file);
  }
  const layout: Layout = {
    from: 'gemma_scope',
    name: 'Gemma Scope 2',
    kind: 'jumprelu',
    subtracts: false,
    tensors: () => (skip ? [...needed, 'affine_skip_connection'] : needed),
    ...renaming([
      ['w_enc', 'W_enc'],
      ['w_dec', 'W_dec'],
      ['b_enc'],
      ['b_dec'],
      ['threshold'],
      ['affine_skip_connection', 'W_skip'],
    ]),
  };
  return needing(layout, needed, tensors, file);
}

export const isGemma = ({ settings }: Beside): boolean => settings.architecture === 'jump_relu';

const OPENAI = ['pre_bias', 'encoder.weight', 'latent_bias', 'decoder.weight'];
const COUNTS = ['stats_last_nonzero', 'latents_activation_frequency', 'latents_mean_square'];

/** activation(W (x - pre_bias) + latent_bias), decoded with pre_bias. The activation is a text in the file; without one it is ReLU. */
export function openai({ tensors, file, values }: Given): Layout {
  const activation = values.get('activation') ?? 'ReLU';
  if (activation !== 'ReLU') {
    const found =
      activation === 'TopK' ? '"TopK", which comes with inputs normalized each by itself' : JSON.stringify(activation);
    refuse('activation', '"ReLU"', `${found}`, file);
  }
  const layout: Layout = {
    from: 'openai',
    name: 'sparse_autoencoder of OpenAI',
    kind: 'relu',
    subtracts: true,
    tensors: () => [...OPENAI, ...COUNTS],
    ...renaming([
      ['encoder.weight', 'W_enc', true],
      ['latent_bias', 'b_enc'],
      ['decoder.weight', 'W_dec', true],
      ['pre_bias', 'b_dec'],
    ]),
  };
  return needing(layout, OPENAI, tensors, file);
}

/** The texts that such a file may have. */
export const isOpenaiValue = (name: string): boolean =>
  name === 'activation' || name.startsWith('activation_state_dict.');

export const isHyperparams = ({ settings }: Beside): boolean => 'dataset_average_activation_norm' in settings;

const LLAMA = ['encoder.weight', 'encoder.bias', 'decoder.weight', 'decoder.bias'];

/**
 * Inputs are multiplied by s = sqrt(d_model) / their mean norm, outputs divided by it. As the library does on loading, W_enc and the threshold stay
 * as they are: W (s x) + b > s theta iff W x + b/s > theta. So b_enc and b_dec are divided by s, in 64 bits.
 */
export function llamaScope({ tensors, file, beside }: Given): Layout {
  const { file: at, settings } = beside as Beside;
  const { act_fn: activation, jump_relu_threshold: threshold, top_k: k, norm_activation: norm } = settings;
  for (const [key, wanted] of [
    ['use_glu_encoder', false],
    ['use_decoder_bias', true],
  ] as const) {
    const value = settings[key];
    if (value !== undefined && value !== wanted) refuse(`$.${key}`, `${wanted}`, JSON.stringify(value), at);
  }
  const pre = settings.apply_decoder_bias_to_pre_encoder ?? false;
  if (typeof pre !== 'boolean') refuse('$.apply_decoder_bias_to_pre_encoder', 'true or false', JSON.stringify(pre), at);
  const kinds = ['relu', 'jumprelu', 'topk'];
  const said = typeof activation === 'string' ? activation.toLowerCase() : activation;
  if (typeof said !== 'string' || !kinds.includes(said)) {
    refuse('$.act_fn', `one of ${kinds.join(', ')}`, `${JSON.stringify(activation)}`, at);
  }
  const isNumber = typeof threshold === 'number' && Number.isFinite(threshold) && threshold >= 0;
  if (threshold !== undefined && !isNumber)
    refuse('$.jump_relu_threshold', 'a number from 0', JSON.stringify(threshold), at);
  // TopK is replaced by a threshold once there is one.
  const jumps = said === 'jumprelu' || (said === 'topk' && isNumber && threshold > 0);
  if (jumps && !isNumber) refuse('$.jump_relu_threshold', 'a number from 0', 'none', at);
  if (said === 'topk' && !jumps && !(Number.isSafeInteger(k) && (k as number) >= 1)) {
    refuse('$.top_k', 'an integer from 1', `${JSON.stringify(k)}`, at);
  }
  const factor = factorOf(settings, norm, at);
  const { renamed, inFile } = renaming([
    ['encoder.weight', 'W_enc', true],
    ['encoder.bias', 'b_enc'],
    ['decoder.weight', 'W_dec', true],
    ['decoder.bias', 'b_dec'],
  ]);
  const layout: Layout = {
    from: 'llama_scope',
    name: 'Llama Scope',
    kind: jumps ? 'jumprelu' : said === 'topk' ? 'topk' : 'relu',
    ...(said === 'topk' && !jumps && { k: k as number }),
    subtracts: pre as boolean,
    tensors: () => LLAMA,
    renamed: (all) => (jumps ? withThreshold(renamed(all), threshold as number) : renamed(all)),
    ...(inFile && { inFile }),
    stated: [
      { path: '$.d_model', value: settings.d_model, of: 'np', file: at },
      { path: '$.d_sae', value: settings.d_sae, of: 'nq', file: at },
    ],
    ...(factor !== 1 && {
      notes: [
        `encoder.bias and decoder.bias are divided by ${factor}, as inputs are multiplied by it there (rounded to 64 bits)`,
      ],
    }),
    scaled: (weights) => {
      if (settings.sparsity_include_decoder_norm === true) refuseOtherNorms(weights, file);
      const divided = (bias: Floats): Float64Array => Float64Array.from(bias, (value) => value / factor);
      return factor === 1 ? weights : { ...weights, be: divided(weights.be), bd: divided(weights.bd) };
    },
  };
  return needing(layout, LLAMA, tensors, file);
}

function factorOf(settings: Beside['settings'], norm: unknown, at: string): number {
  if (norm !== 'dataset-wise' && norm !== 'inference' && norm !== 'none') {
    const found = `${JSON.stringify(norm)}${norm === 'token-wise' || norm === 'batch-wise' ? ', by which each input is divided by a length of its own' : ''}`;
    refuse('$.norm_activation', '"dataset-wise", "inference" or "none"', found, at);
  }
  if (norm !== 'dataset-wise') return 1;
  const { d_model: size, dataset_average_activation_norm: norms } = settings;
  const { in: from, out: to } = (norms ?? {}) as Record<string, unknown>;
  if (typeof from !== 'number' || !(from > 0) || from !== to || !Number.isFinite(from)) {
    const expected = 'the same number above 0 for in and out';
    refuse('$.dataset_average_activation_norm', expected, `${JSON.stringify(norms)}`.slice(0, 60), at);
  }
  if (!Number.isSafeInteger(size) || (size as number) < 1)
    refuse('$.d_model', 'an integer from 1', `${JSON.stringify(size)}`, at);
  return Math.sqrt(size as number) / (from as number);
}

function withThreshold(named: Tensors, threshold: number): Tensors {
  const count = named.get('W_enc')?.shape[1] ?? 0;
  return new Map([...named, ['threshold', { shape: [count], values: new Float64Array(count).fill(threshold) }]]);
}

/** There the library compares z_i |u_i| with the threshold: rows of length 1 need no such factor. */
function refuseOtherNorms({ wd }: ModelWeights, file: string): void {
  const length = ({ data, stride, columns }: Rows, i: number): number =>
    Math.hypot(...data.subarray(i * stride, i * stride + columns));
  for (let i = 0; i < wd.rows; i++) {
    const norm = length(wd, i);
    if (Math.abs(norm - 1) > 0.01) {
      const expected = 'a column of length 1, within 1/100, as $.sparsity_include_decoder_norm is true';
      refuse(`decoder.weight[:, ${i}]`, expected, `length ${norm}`, file);
    }
  }
}
