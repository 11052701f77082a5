/** Rows of real activations as a source: shuffled anew in each pass, with class means as anchors and proxies of the truth. */
import type { Rows as Batch, Floats } from '../backend/backend.ts';
import { normalize } from '../backend/normalize.ts';
import { TrainProblem } from '../backend/problem.ts';
import { bits } from '../backend/random.ts';
import type { ActivationData } from '../config/config.ts';
import { readNpy, type Tensor } from './npy.ts';
import { memberOf } from './npz.ts';
import { readSafetensors } from './safetensors.ts';
import type { Source, Truth } from './source.ts';

/** The file's only tensor, or the one named; `.npz` is known by its first bytes, `.safetensors` by its name. */
export function readTensor(bytes: Uint8Array, file: string, name?: string): Tensor {
  if (isZip(bytes)) return readNpy(memberOf(bytes, file, name), file);
  if (!file.endsWith('.safetensors')) return readNpy(bytes, file);
  const { tensors } = readSafetensors(bytes, file);
  const found = name === undefined && tensors.size === 1 ? [...tensors.values()][0] : tensors.get(name ?? '');
  if (found) return found;
  throw new TrainProblem(
    'missing-key',
    '$.data.tensor',
    `one of ${[...tensors.keys()].join(', ')}`,
    name ?? 'none',
    file,
  );
}

const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

export interface Files {
  readonly inputs: Tensor;
  readonly targets?: Tensor;
  readonly labels?: Tensor;
}

/** `wide` keeps 64-bit numbers as they are; training rounds them to 32 bits. */
export function activationSource(files: Files, data: ActivationData, seed: number, wide = false): Source {
  const inputs = matrixOf(files.inputs, data.inputs, data.normalize, wide);
  const targets = files.targets ? matrixOf(files.targets, data.targets ?? '', data.normalize, wide) : inputs;
  const { rows } = inputs;
  if (targets.rows !== rows) wrongSize(data.targets, `${rows} rows, one for each input`, `${targets.rows}`);
  const truth = files.labels && classMeans(files.labels, data, inputs, targets);
  let order: { epoch: number; rows: Uint32Array } = { epoch: -1, rows: new Uint32Array(rows) };
  return {
    np: inputs.columns,
    nr: targets.columns,
    samples: rows,
    ...(inputs.factor !== undefined && { factors: { inputs: inputs.factor, targets: targets.factor ?? 1 } }),
    ...(truth && { truth }),
    fill(first, x: Batch, r: Batch) {
      for (let b = 0; b < x.rows; b++) {
        const s = first + b;
        const epoch = Math.floor(s / rows);
        if (order.epoch !== epoch) order = { epoch, rows: permutation(rows, seed, epoch) };
        const row = order.rows[s % rows] as number;
        x.data.set(inputs.at(row), b * x.stride);
        r.data.set(targets.at(row), b * r.stride);
      }
    },
  };
}

interface Rows {
  readonly rows: number;
  readonly columns: number;
  /** What the numbers of the file were multiplied by. */
  readonly factor?: number;
  at(row: number): Floats;
}

function wrongSize(file: string | undefined, expected: string, found: string, next?: string): never {
  throw new TrainProblem('wrong-size', 'shape', expected, found, file, next ?? 'Row i of each file is about input i.');
}

function matrixOf({ shape, values }: Tensor, file: string, scaled: boolean, wide: boolean): Rows {
  const [rows = 0, columns = 0] = shape;
  if (shape.length !== 2 || rows === 0 || columns === 0) {
    const next = 'Save a table, one input a row: a.reshape(-1, a.shape[-1]).';
    wrongSize(file, 'rows x n_p', shape.length === 0 ? 'a number' : `${shape.join(' x ')}`, next);
  }
  const floats = wide ? Float64Array.from(values) : Float32Array.from(values);
  const bad = floats.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const at = `row ${Math.floor(bad / columns)}, column ${bad % columns}`;
    const [value, large] = [values[bad] as number, 'Divide the data, or the rows of it, by a constant.'];
    if (Number.isFinite(value)) throw new TrainProblem('out-of-range', at, 'a 32-bit float', `${value}`, file, large);
    throw new TrainProblem('not-a-number', at, 'a finite number', `${value}`, file, 'Leave such rows out.');
  }
  const at = (row: number): Floats => floats.subarray(row * columns, (row + 1) * columns);
  if (!scaled) return { rows, columns, at };
  let lengths = 0;
  for (let i = 0; i < rows; i++) lengths += lengthOf(at(i));
  if (lengths === 0) {
    const next = 'Look at the file, or write "normalize": false.';
    const expected = 'some that are not zero, to divide by their length';
    throw new TrainProblem('out-of-range', 'rows', expected, 'none', file, next);
  }
  const factor = (Math.sqrt(columns) * rows) / lengths;
  for (let k = 0; k < floats.length; k++) floats[k] = (floats[k] as number) * factor;
  return { rows, columns, factor, at };
}

/** Squares of 32-bit floats fit 64-bit ones; a row may be longer than a call may have arguments. */
const lengthOf = (row: Floats): number =>
  Math.sqrt((row as Float64Array).reduce((sum, value) => sum + value * value, 0));

/** Fisher and Yates. */
function permutation(rows: number, seed: number, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length: rows }, (_, i) => i);
  for (let i = rows - 1; i > 0; i--) {
    const j = bits(seed, epoch, i) % (i + 1);
    const held = order[i] as number;
    order[i] = order[j] as number;
    order[j] = held;
  }
  return order;
}

/** The mean input and mean target of each class, in the order of the labels, of length 1. */
function classMeans(labels: Tensor, data: ActivationData, inputs: Rows, targets: Rows): Truth {
  if (labels.shape.length !== 1 || labels.shape[0] !== inputs.rows) {
    wrongSize(data.labels, `${inputs.rows} labels, one for each input`, labels.shape.join(' x '));
  }
  const classes = [...new Set(labels.values)].sort((a, b) => a - b);
  const means = (of: Rows): Float64Array[] => {
    const sums = new Map(classes.map((label) => [label, new Float64Array(of.columns)]));
    for (let i = 0; i < of.rows; i++) {
      const sum = sums.get(labels.values[i] as number) as Float64Array;
      of.at(i).forEach((value, k) => {
        sum[k] = (sum[k] as number) + value;
      });
    }
    const rows = [...sums.values()];
    for (const row of rows) normalize(row);
    return rows;
  };
  const wp = means(inputs);
  return { wp, wr: targets === inputs ? wp : means(targets) };
}
