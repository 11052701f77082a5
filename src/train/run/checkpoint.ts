/**
 * Checkpoints: one `.safetensors` file with the weights in SAELens' names and layout (W_enc is d_in x d_sae) and, beside them,
 * what a run goes on from. The configuration is in the metadata.
 */
import type { Backend, Table } from '../backend/backend.ts';
import { TrainProblem } from '../backend/problem.ts';
import { numbersOf, shapeOf } from '../checkpoint/foreign/numbers.ts';
import { biasesOf, type TrainConfig } from '../config/config.ts';
import type { Tensor } from '../data/npy.ts';
import { readSafetensors, type TensorFile, writeSafetensors } from '../data/safetensors.ts';
import { nameIn } from '../model/tensorNames.ts';
import { arraysOf, type ModelWeights, type Shape, type WeightName, type Weights, weightsOf } from '../model/weights.ts';
import type { TrainState } from './training.ts';

export { nameIn };

export function writeCheckpoint(config: TrainConfig, state: TrainState): Uint8Array {
  const tensors = new Map<string, Tensor>();
  const put = (prefix: string, weights: Weights): void => {
    for (const [name, array] of arraysOf(weights))
      tensors.set(prefix + nameIn(name, config.method.kind === 'gated'), saved(name, array, weights));
  };
  put('', state.weights);
  put('adam.m.', state.moments.m);
  put('adam.v.', state.moments.v);
  tensors.set('last_active', { shape: [state.lastActive.length], values: state.lastActive });
  const metadata = { format: 'dictum/checkpoint@1', step: `${state.step}`, config: JSON.stringify(config) };
  return writeSafetensors({ metadata, tensors });
}

/** Without padding; the encoder transposed. */
function saved(name: WeightName, array: Float32Array, weights: Weights): Tensor {
  if (name !== 'we' && name !== 'wd') {
    const length = name === 'bd' ? weights.wd.columns : weights.we.rows;
    return { shape: [length], values: array.slice(0, length) };
  }
  const { rows, columns, stride } = weights[name];
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) {
      values[name === 'we' ? k * rows + i : i * columns + k] = array[i * stride + k] as number;
    }
  }
  return { shape: name === 'we' ? [columns, rows] : [rows, columns], values };
}

export interface Saved {
  readonly config: TrainConfig;
  readonly step: number;
  readonly tensors: TensorFile['tensors'];
}

/** A checkpoint of ours, with its configuration; undefined where the file is another's. */
export function readCheckpoint(bytes: Uint8Array, file: string): Saved | undefined {
  return savedIn(readSafetensors(bytes, file));
}

export function savedIn({ metadata, tensors }: TensorFile): Saved | undefined {
  if (metadata.format !== 'dictum/checkpoint@1') return undefined;
  return { config: configIn(metadata.config ?? ''), step: Number(metadata.step), tensors };
}

function configIn(text: string): TrainConfig {
  try {
    return JSON.parse(text) as TrainConfig;
  } catch {
    throw new TrainProblem('not-json', '__metadata__.config', 'the configuration', JSON.stringify(text.slice(0, 40)));
  }
}

/** Puts what was saved into a new run of the same configuration. */
export function restore({ step, tensors }: Saved, into: TrainState, file: string): { step: number } {
  const gated = into.weights.magnitude !== undefined;
  for (const [prefix, weights] of [
    ['', into.weights],
    ['adam.m.', into.moments.m],
    ['adam.v.', into.moments.v],
  ] as const) {
    for (const [name, array] of arraysOf(weights))
      load(name, array, weights, tensorOf(tensors, prefix + nameIn(name, gated), file), file);
  }
  into.lastActive.set(tensorOf(tensors, 'last_active', file).values);
  return { step };
}

function tensorOf(tensors: TensorFile['tensors'], name: string, file: string): Tensor {
  const found = tensors.get(name);
  if (found) return found;
  throw new TrainProblem(
    'missing-key',
    name,
    'this tensor',
    [...tensors.keys()].slice(0, 12).join(', ') || 'none',
    file,
  );
}

/** The model of a checkpoint, whatever run goes on from it; every tensor of its method is there. */
export function savedModel({ config, tensors }: Saved, file: string): { shape: Shape; weights: ModelWeights } {
  const { method, neurons } = config;
  const shape = shapeOf(tensors, file);
  if (shape.nq !== neurons) throw new TrainProblem('wrong-size', 'W_enc', `${neurons} neurons`, `${shape.nq}`, file);
  const subtracts = biasesOf(config).decoder === 'subtracted';
  if (subtracts && shape.np !== shape.nr)
    throw new TrainProblem(
      'wrong-size',
      'W_dec',
      `${neurons} x ${shape.np}, as b_dec is subtracted`,
      `${neurons} x ${shape.nr}`,
      file,
    );
  const wanted: WeightName[] = ['we', 'wd', 'be', 'bd'];
  for (const name of wanted) tensorOf(tensors, nameIn(name, method.kind === 'gated'), file);
  const weights = numbersOf(tensors, method.kind, shape, file);
  return { shape, weights: subtracts ? { ...weights, subtracts } : weights };
}

/** The same as a run has it. */
export function runWeights(backend: Backend, { config, tensors }: Saved, shape: Shape, file: string): Weights {
  const weights = weightsOf(backend, shape, config.method.kind);
  for (const [name, array] of arraysOf(weights)) {
    load(name, array, weights, tensorOf(tensors, nameIn(name, config.method.kind === 'gated'), file), file);
  }
  return weights;
}

/** The inverse of `saved`. */
export function load(
  name: WeightName,
  array: Float32Array,
  weights: Weights,
  { shape, values }: Tensor,
  file: string,
): void {
  const table: Table | undefined = name === 'we' || name === 'wd' ? weights[name] : undefined;
  const [rows, columns] = table
    ? [table.rows, table.columns]
    : [name === 'bd' ? weights.wd.columns : weights.we.rows, 1];
  const wanted = table ? (name === 'we' ? [columns, rows] : [rows, columns]) : [rows];
  if (shape.join(' x ') !== wanted.join(' x ')) {
    throw new TrainProblem('wrong-size', nameIn(name, false), wanted.join(' x '), shape.join(' x '), file);
  }
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) {
      array[i * (table?.stride ?? 1) + k] = values[name === 'we' ? k * rows + i : i * columns + k] as number;
    }
  }
}
