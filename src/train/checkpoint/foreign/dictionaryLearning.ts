/**
 * dictionary_learning (0.1.0): `ae.pt` with `config.json`, whose `trainer.dict_class` is the class. BatchTopKSAE and its Matryoshka kind run with one
 * threshold, as JumpReLU; below 0, as before a threshold is set, it holds nothing back.
 */
import type { Tensor } from '../../data/npy.ts';
import type { Method } from '../../methods/method.ts';
import {
  type Beside,
  type Given,
  type Layout,
  missing,
  needing,
  refuse,
  renaming,
  repeated,
  type Stated,
  type Tensors,
} from './layout.ts';

interface Class {
  readonly kind: Method['kind'];
  readonly needed: readonly string[];
  /** May be there, and tells nothing. */
  readonly idle?: readonly string[];
  readonly subtracts: boolean;
  readonly bias: string;
}

const LINEAR = ['encoder.weight', 'encoder.bias', 'decoder.weight'];
const DIRECT = ['W_enc', 'b_enc', 'W_dec', 'b_dec', 'threshold'];
const CLASSES: ReadonlyMap<string, Class> = new Map<string, Class>([
  ['AutoEncoder', { kind: 'relu', needed: [...LINEAR, 'bias'], bias: 'bias', subtracts: true }],
  ['AutoEncoderNew', { kind: 'relu', needed: [...LINEAR, 'decoder.bias'], bias: 'decoder.bias', subtracts: false }],
  [
    'GatedAutoEncoder',
    {
      kind: 'gated',
      needed: ['encoder.weight', 'decoder.weight', 'decoder_bias', 'gate_bias', 'r_mag', 'mag_bias'],
      bias: 'decoder_bias',
      subtracts: true,
    },
  ],
  // It encodes by k; its threshold is for another use of it.
  [
    'AutoEncoderTopK',
    { kind: 'topk', needed: [...LINEAR, 'b_dec', 'k'], idle: ['threshold'], bias: 'b_dec', subtracts: true },
  ],
  [
    'BatchTopKSAE',
    { kind: 'jumprelu', needed: [...LINEAR, 'b_dec', 'k', 'threshold'], bias: 'b_dec', subtracts: true },
  ],
  [
    'MatryoshkaBatchTopKSAE',
    { kind: 'jumprelu', needed: [...DIRECT, 'k', 'group_sizes'], bias: 'b_dec', subtracts: true },
  ],
  ['JumpReluAutoEncoder', { kind: 'jumprelu', needed: DIRECT, bias: 'b_dec', subtracts: false }],
]);

/** Is that config.json one of this library? */
export const isConfig = ({ settings }: Beside): boolean =>
  isObject(settings.trainer) && 'dict_class' in settings.trainer;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function dictionaryLearning(given: Given): Layout {
  const { tensors, file, beside } = given;
  const trainer = beside && isConfig(beside) ? (beside.settings.trainer as Record<string, unknown>) : undefined;
  const name = trainer ? classNamed(trainer.dict_class, beside?.file ?? file) : classIn(given);
  const { kind, needed, idle = [], bias, subtracts } = CLASSES.get(name) as Class;
  const { renamed, inFile } = renaming([
    ['encoder.weight', 'W_enc', true],
    ['encoder.bias', 'b_enc'],
    ['decoder.weight', 'W_dec', true],
    ...['W_enc', 'b_enc', 'W_dec', 'threshold', 'r_mag'].map((own): [string] => [own]),
    ['gate_bias', 'b_gate'],
    ['mag_bias', 'b_mag'],
    [bias, 'b_dec'],
  ]);
  const layout: Layout = {
    from: 'dictionary_learning',
    name: `${name} of dictionary_learning`,
    kind,
    subtracts,
    tensors: () => [...needed, ...idle],
    renamed: (all) => {
      const own = withThresholds(renamed(all));
      if (kind !== 'jumprelu') own.delete('threshold');
      return own;
    },
    ...(inFile && { inFile: (own) => (own === 'W_enc' && !tensors.has('encoder.weight') ? own : inFile(own)) }),
    ...(trainer && { stated: statedIn(trainer, beside?.file ?? file) }),
  };
  needing(layout, needed, tensors, file);
  const k = kOf(tensors, file);
  const said = trainer?.k;
  if (trainer && k !== undefined && said !== undefined && said !== k) {
    refuse('$.trainer.k', `${k}, as the tensor k says`, `${JSON.stringify(said)}`, beside?.file ?? file);
  }
  return kind === 'topk' && k !== undefined ? { ...layout, k } : layout;
}

function classNamed(value: unknown, file: string): string {
  if (typeof value === 'string' && CLASSES.has(value)) return value;
  const found = `${JSON.stringify(value)}`.slice(0, 60);
  return refuse('$.trainer.dict_class', `one of ${[...CLASSES.keys()].join(', ')}`, found, file);
}

/** Without config.json, by tensors that only one has. */
function classIn({ tensors, file, architecture }: Given): string {
  if (tensors.has('group_sizes')) return 'MatryoshkaBatchTopKSAE';
  if (tensors.has('gate_bias')) return 'GatedAutoEncoder';
  if (tensors.has('k') || tensors.has('threshold')) {
    if (architecture === 'topk') return 'AutoEncoderTopK';
    if (architecture === 'batchtopk' || architecture === 'jumprelu' || !tensors.has('k')) return 'BatchTopKSAE';
    const expected =
      'config.json beside the file, or --architecture topk (AutoEncoderTopK) or batchtopk (BatchTopKSAE)';
    return missing('$.trainer.dict_class', expected, file);
  }
  return tensors.has('decoder.bias') ? 'AutoEncoderNew' : 'AutoEncoder';
}

/** The number k, a tensor without axes. */
function kOf(tensors: Tensors, file: string): number | undefined {
  const tensor = tensors.get('k');
  if (!tensor) return undefined;
  const [k = 0] = tensor.values;
  if (tensor.shape.length === 0 && tensor.values instanceof Int32Array && k >= 1) return k;
  const found = tensor.shape.length === 0 ? `${k}` : `shape ${tensor.shape.join(' x ')}`;
  return refuse('k', 'an integer from 1, of no axes', found, file);
}

/** A single threshold is that of every neuron. */
function withThresholds(named: Tensors): Map<string, Tensor> {
  const own = new Map(named);
  const [threshold, encoder] = [named.get('threshold'), named.get('W_enc')];
  if (threshold && encoder) own.set('threshold', repeated(threshold, encoder.shape[1] ?? 0));
  return own;
}

const statedIn = (trainer: Record<string, unknown>, file: string): Stated[] => [
  { path: '$.trainer.activation_dim', value: trainer.activation_dim, of: 'np', file },
  { path: '$.trainer.dict_size', value: trainer.dict_size, of: 'nq', file },
];
