/** Whose checkpoint it is, by the names of its tensors, and which tensors there may be. */

import { TrainProblem } from '../../backend/problem.ts';
import type { Tensor } from '../../data/npy.ts';
import type { Method } from '../../methods/method.ts';

export type Tensors = ReadonlyMap<string, Tensor>;

export interface Layout {
  readonly from: 'saelens' | 'sparsify' | 'dictionary_learning';
  /** In words. */
  readonly name: string;
  /** The tensors that a model of this kind may have. */
  tensors(kind: Method['kind']): readonly string[];
  /** The same under SAELens' names, W_enc d_in x d_sae and W_dec d_sae x d_out. */
  renamed(tensors: Tensors): Tensors;
  /** Where the layout settles it: whether b_dec is subtracted from the input. */
  readonly subtracts?: boolean;
}

const SHARED = ['W_enc', 'W_dec', 'b_dec'];
const SAELENS: Readonly<Record<Method['kind'], readonly string[]>> = {
  relu: [...SHARED, 'b_enc'],
  topk: [...SHARED, 'b_enc'],
  // The last is what SAELens keeps of a run for the jumprelu model it is saved as.
  batchtopk: [...SHARED, 'b_enc', 'topk_threshold'],
  matryoshka: [...SHARED, 'b_enc', 'topk_threshold'],
  jumprelu: [...SHARED, 'b_enc', 'threshold'],
  gated: [...SHARED, 'b_gate', 'r_mag', 'b_mag'],
};

/** Names of weights in any layout. */
export const namesOf: ReadonlySet<string> = new Set([
  ...Object.values(SAELENS).flat(),
  'encoder.weight',
  'encoder.bias',
  'decoder.weight',
  'decoder.bias',
  'bias',
]);

const saelens: Layout = {
  from: 'saelens',
  name: 'SAELens',
  tensors: (kind) => SAELENS[kind],
  renamed: (tensors) => tensors,
};

const sparsify: Layout = {
  from: 'sparsify',
  name: 'sparsify',
  tensors: () => ['encoder.weight', 'encoder.bias', 'W_dec', 'b_dec'],
  renamed: (tensors) =>
    called(tensors, [['encoder.weight', 'W_enc', true], ['encoder.bias', 'b_enc'], ['W_dec'], ['b_dec']]),
};

/** ReLU(W (x - bias) + b), decoded with the same bias; `AutoEncoderNew` subtracts nothing. */
const autoEncoder = (name: string, bias: 'bias' | 'decoder.bias'): Layout => ({
  from: 'dictionary_learning',
  name: `${name} of dictionary_learning`,
  subtracts: bias === 'bias',
  tensors: () => ['encoder.weight', 'encoder.bias', 'decoder.weight', bias],
  renamed: (tensors) =>
    called(tensors, [
      ['encoder.weight', 'W_enc', true],
      ['encoder.bias', 'b_enc'],
      ['decoder.weight', 'W_dec', true],
      [bias, 'b_dec'],
    ]),
});

/** By a tensor that only it has. */
const NOT_READ = [
  ['gate_bias', 'GatedAutoEncoder'],
  ['k', 'AutoEncoderTopK or BatchTopKSAE'],
  ['threshold', 'BatchTopKSAE'],
] as const;

export function layoutOf(tensors: Tensors, file: string): Layout {
  if (!tensors.has('encoder.weight')) return saelens;
  if (!tensors.has('decoder.weight')) return tensors.has('W_dec') ? needing(sparsify, tensors, file) : sparsify;
  const other = NOT_READ.find(([name]) => tensors.has(name));
  if (other) {
    const known = 'a ReLU AutoEncoder of dictionary_learning, SAELens or sparsify';
    throw new TrainProblem(
      'not-read',
      'tensors',
      known,
      `${other[1]} of dictionary_learning (tensor ${other[0]})`,
      file,
    );
  }
  return tensors.has('decoder.bias')
    ? needing(autoEncoder('AutoEncoderNew', 'decoder.bias'), tensors, file)
    : needing(autoEncoder('AutoEncoder', 'bias'), tensors, file);
}

/** Of these layouts every tensor has to be there. */
function needing(layout: Layout, tensors: Tensors, file: string): Layout {
  const absent = layout.tensors('relu').find((name) => !tensors.has(name));
  if (absent === undefined) return layout;
  throw new TrainProblem(
    'missing-tensor',
    absent,
    `the tensors ${layout.tensors('relu').join(', ')} of ${layout.name}`,
    'none',
    file,
  );
}

/** Each tensor under its new name, transposed where told. Others keep theirs: they are refused later. */
function called(tensors: Tensors, names: readonly (readonly [string, string?, boolean?])[]): Tensors {
  const result = new Map<string, Tensor>();
  for (const [from, to = from, turn = false] of names) {
    const tensor = tensors.get(from);
    if (tensor) result.set(to, turn ? transposedTensor(tensor) : tensor);
  }
  return result;
}

/** Of a matrix; what is none stays, to be refused by its shape. */
export function transposedTensor(tensor: Tensor): Tensor {
  const { shape, values } = tensor;
  if (shape.length !== 2) return tensor;
  const [rows = 0, columns = 0] = shape;
  const result = values.slice();
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) result[k * rows + i] = values[i * columns + k] as number;
  }
  return { ...tensor, shape: [columns, rows], values: result };
}
