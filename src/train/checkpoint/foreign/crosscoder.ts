/**
 * Crosscoders: one dictionary for L layers (or models) at once, the encoder in three axes. Read as an SAE on the layers one after the
 * other, L d inputs. Axes as Kissane and Nanda have them (W_enc L x d x n, W_dec n x L x d), with the latents first in both, or of the class CrossCoder
 * of dictionary_learning's fork by Minder (encoder.weight L x d x n, decoder.weight L x n x d).
 */
import { TrainProblem } from '../../backend/problem.ts';
import type { Tensor } from '../../data/npy.ts';
import { type Given, type Layout, needing, refuse, type Tensors } from './layout.ts';

const DIRECT = ['W_enc', 'W_dec', 'b_enc', 'b_dec'];
const LINEAR = ['encoder.weight', 'decoder.weight', 'encoder.bias', 'decoder.bias'];
/** Of that class: unset where the means are NaN, so that inputs are not rescaled; norms of codes are for its loss. */
const UNSET = ['target_rms', 'activation_mean', 'activation_std', 'activation_global_scale', 'code_normalization_id'];
/** Of BatchTopKCrossCoder, which ranks by norms over layers. */
const OTHERS = ['k', 'threshold'];

const axes = (tensor: Tensor | undefined): number => tensor?.shape.length ?? 0;

export const isCrosscoder = (tensors: Tensors): boolean =>
  ['W_enc', 'W_dec', 'encoder.weight', 'decoder.weight'].some((name) => axes(tensors.get(name)) === 3);

type Permutation = readonly [number, number, number];

export function crosscoder({ tensors, file }: Given): Layout {
  const linear = tensors.has('encoder.weight');
  const names = linear ? LINEAR : DIRECT;
  const layout: Layout = {
    from: 'crosscoder',
    name: 'a crosscoder',
    // Of that class, as its source has it; W_enc and W_dec alone do not tell.
    ...(linear && { kind: 'relu' as const }),
    subtracts: false,
    tensors: (kind) => [...names, ...(linear ? UNSET : []), ...(kind === 'jumprelu' ? ['threshold'] : [])],
    renamed: (all) => renamed(all, names, linear, file),
    inFile: (name) => names[DIRECT.indexOf(name)] ?? name,
  };
  const other = linear ? OTHERS.find((name) => tensors.has(name)) : undefined;
  if (other !== undefined) {
    refuse('tensors', 'a CrossCoder, with ReLU', `the tensor ${other}, of a BatchTopKCrossCoder`, file);
  }
  const means = ['activation_mean', 'activation_std'].map((name) => tensors.get(name));
  if (linear && means.every((tensor) => tensor && !tensor.values.some(Number.isNaN))) {
    refuse(
      'activation_mean',
      'NaN: inputs as they are',
      'numbers by which inputs are rescaled: fold them into the weights',
      file,
    );
  }
  needing(layout, names, tensors, file);
  const layers = tensors.get(names[3] as string)?.shape[0] ?? 0;
  const note = `inputs and outputs are ${layers} layers of a crosscoder, one after the other`;
  return { ...layout, notes: [note] };
}

function renamed(tensors: Tensors, names: readonly string[], linear: boolean, file: string): Tensors {
  const [encoder, decoder, bias, shift] = names.map((name) => tensors.get(name));
  const fitting = ways(encoder, decoder, bias, shift, linear);
  const shapes = names.map((name) => `${name} ${tensors.get(name)?.shape.join(' x ')}`).join(', ');
  const wanted = linear
    ? 'encoder.weight L x d x n, decoder.weight L x n x d, encoder.bias n, decoder.bias L x d'
    : 'W_enc L x d x n or n x L x d, W_dec n x L x d, b_enc n, b_dec L x d';
  const [way, other] = fitting;
  if (!way) throw new TrainProblem('wrong-tensor', 'tensors', wanted, shapes, file);
  if (other)
    throw new TrainProblem('unsettled', names[0] as string, 'sizes of which one order of axes fits', shapes, file);
  const rest = [...tensors].filter(([name]) => name === 'threshold');
  const [n, both] = [(bias as Tensor).values.length, (shift as Tensor).values.length];
  return new Map([
    ...rest,
    ['W_enc', { shape: [both, n], values: permuted(encoder as Tensor, way[0]) }],
    ['W_dec', { shape: [n, both], values: permuted(decoder as Tensor, way[1]) }],
    ['b_enc', bias as Tensor],
    ['b_dec', { shape: [both], values: (shift as Tensor).values }],
  ]);
}

/** The orders of axes in which all shapes go together: of the encoder to L x d x n, of the decoder to n x L x d. */
function ways(
  encoder: Tensor | undefined,
  decoder: Tensor | undefined,
  bias: Tensor | undefined,
  shift: Tensor | undefined,
  linear: boolean,
): readonly (readonly [Permutation, Permutation])[] {
  if (axes(encoder) !== 3 || axes(decoder) !== 3 || axes(bias) !== 1 || axes(shift) !== 2) return [];
  const [layers, d] = (shift as Tensor).shape;
  const [n] = (bias as Tensor).shape;
  const same = (tensor: Tensor, order: Permutation, ...shape: unknown[]): boolean =>
    order.every((from, to) => tensor.shape[from] === shape[to]);
  const known: readonly (readonly [Permutation, Permutation])[] = linear
    ? [
        [
          [0, 1, 2],
          [1, 0, 2],
        ],
      ]
    : [
        [
          [0, 1, 2],
          [0, 1, 2],
        ],
        [
          [1, 2, 0],
          [0, 1, 2],
        ],
      ];
  return known.filter(
    ([first, second]) => same(encoder as Tensor, first, layers, d, n) && same(decoder as Tensor, second, n, layers, d),
  );
}

/** Axis k of the result is axis order[k] of the tensor. */
function permuted({ shape, values }: Tensor, order: Permutation): Tensor['values'] {
  const strides = shape.map((_, k) => shape.slice(k + 1).reduce((a, b) => a * b, 1));
  const [a, b, c] = order.map((k) => ({ size: shape[k] as number, stride: strides[k] as number }));
  const result = values.slice();
  let to = 0;
  for (let i = 0; i < (a?.size ?? 0); i++) {
    for (let j = 0; j < (b?.size ?? 0); j++) {
      for (let k = 0; k < (c?.size ?? 0); k++) {
        const from = i * (a?.stride ?? 0) + j * (b?.stride ?? 0) + k * (c?.stride ?? 0);
        result[to++] = values[from] as number;
      }
    }
  }
  return result;
}
