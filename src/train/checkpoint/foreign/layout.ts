/** Whose checkpoint it is, by the names of its tensors and the settings beside it, and which tensors there may be. */

import { TrainProblem } from '../../backend/problem.ts';
import type { Tensor } from '../../data/npy.ts';
import type { Scalar } from '../../data/scalar.ts';
import type { Method } from '../../methods/method.ts';
import type { ModelWeights } from '../../model/weights.ts';
import type { ForeignSettings } from './settings.ts';

export type Tensors = ReadonlyMap<string, Tensor>;

/** Settings in a file of another name than cfg.json: config.json, hyperparams.json. */
export interface Beside {
  readonly file: string;
  readonly settings: ForeignSettings;
}

export interface Given {
  readonly tensors: Tensors;
  readonly file: string;
  /** Numbers and texts in the file beside its tensors. */
  readonly values: ReadonlyMap<string, Scalar>;
  readonly beside: Beside | undefined;
  /** As the command line says it. */
  readonly architecture: string | undefined;
}

/** A size that settings state. */
export interface Stated {
  readonly path: string;
  readonly value: unknown;
  readonly of: 'np' | 'nr' | 'nq';
  readonly file: string;
}

export interface Layout {
  readonly from:
    | 'saelens'
    | 'sparsify'
    | 'dictionary_learning'
    | 'gemma_scope'
    | 'llama_scope'
    | 'openai'
    | 'crosscoder';
  /** In words. */
  readonly name: string;
  /** Where the format settles it. */
  readonly kind?: Method['kind'];
  readonly k?: number;
  /** The tensors that a model of this kind may have; `skip`: with W_skip. */
  tensors(kind: Method['kind'], skip: boolean): readonly string[];
  /** The same under SAELens' names, W_enc d_in x d_sae and W_dec d_sae x d_out. */
  renamed(tensors: Tensors): Tensors;
  /** SAELens' name for one of the file, back. */
  readonly inFile?: (name: string) => string;
  /** Where the layout settles it: whether b_dec is subtracted from the input. */
  readonly subtracts?: boolean;
  readonly stated?: readonly Stated[];
  readonly notes?: readonly string[];
  /** Where the library computes with other numbers than the file has. */
  readonly scaled?: (weights: ModelWeights) => ModelWeights;
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

export const saelens: Layout = {
  from: 'saelens',
  name: 'SAELens',
  tensors: (kind, skip) => (skip ? [...SAELENS[kind], 'W_skip'] : SAELENS[kind]),
  renamed: (tensors) => tensors,
};

/** Name in the file, SAELens' name if that is another, and whether it is turned. */
type Renaming = readonly (readonly [from: string, to?: string, turn?: boolean])[];

/** The part of a layout that renames. */
export const renaming = (names: Renaming): Pick<Layout, 'renamed' | 'inFile'> => ({
  renamed: (tensors) => called(tensors, names),
  inFile: (name) => names.find(([from, to = from]) => to === name)?.[0] ?? name,
});

const SPARSIFY = ['encoder.weight', 'encoder.bias', 'W_dec', 'b_dec'];
const sparsify: Layout = {
  from: 'sparsify',
  name: 'sparsify',
  kind: 'topk',
  tensors: (_, skip) => (skip ? [...SPARSIFY, 'W_skip'] : SPARSIFY),
  ...renaming([['encoder.weight', 'W_enc', true], ['encoder.bias', 'b_enc'], ['W_dec'], ['b_dec'], ['W_skip']]),
};

export const sparsifyIn = ({ tensors, file }: Given): Layout =>
  tensors.has('W_dec') ? needing(sparsify, SPARSIFY, tensors, file) : sparsify;

/** Every one of these tensors has to be there. */
export function needing(layout: Layout, names: readonly string[], tensors: Tensors, file: string): Layout {
  const absent = names.find((name) => !tensors.has(name));
  if (absent === undefined) return layout;
  const expected = `the tensors ${names.join(', ')} of ${layout.name}`;
  throw new TrainProblem('missing-tensor', absent, expected, 'none', file);
}

/** Each tensor under its new name, transposed where told. Others keep theirs: they are refused later. */
function called(tensors: Tensors, names: Renaming): Tensors {
  const result = new Map<string, Tensor>();
  for (const [from, to = from, turn = false] of names) {
    const tensor = tensors.get(from);
    if (tensor) result.set(to, turn ? transposedTensor(tensor) : tensor);
  }
  return result;
}

const TILE = 32;

/** Of a matrix; what is none stays, to be refused by its shape. */
export function transposedTensor(tensor: Tensor): Tensor {
  const { shape, values } = tensor;
  if (shape.length !== 2) return tensor;
  const [rows = 0, columns = 0] = shape;
  const result = values.slice();
  // By tiles: entries a column apart are on other lines of the cache.
  for (let top = 0; top < rows; top += TILE) {
    const bottom = Math.min(rows, top + TILE);
    for (let left = 0; left < columns; left += TILE) {
      const right = Math.min(columns, left + TILE);
      for (let i = top; i < bottom; i++) {
        for (let k = left; k < right; k++) result[k * rows + i] = values[i * columns + k] as number;
      }
    }
  }
  return { ...tensor, shape: [columns, rows], values: result };
}

/** One number for each neuron, from the single number that a file has. */
export function repeated(tensor: Tensor, count: number): Tensor {
  const [value = 0] = tensor.values;
  if (tensor.shape.length > 0 || tensor.values instanceof Int32Array) return tensor;
  return {
    shape: [count],
    values:
      tensor.values instanceof Float64Array ? new Float64Array(count).fill(value) : new Float32Array(count).fill(value),
  };
}

export function refuse(path: string, expected: string, found: string, file: string): never {
  throw new TrainProblem('not-read', path, expected, found, file);
}

export function missing(path: string, expected: string, file: string): never {
  throw new TrainProblem('missing-tensor', path, expected, 'none', file);
}
