/**
 * Vectors from `.npy`, `.npz` and `.safetensors`: the rows of a matrix, each float the exact number it is. Of a checkpoint's tensors
 * those that hold one direction a column are turned: W_enc (SAELens: d_in x d_sae) and decoder.weight (PyTorch's Linear: out x in).
 */
import { Rational } from '../kernel/rational.ts';
import { type ExactTensor, readNpyExactly } from '../train/data/npy.ts';
import { memberOf } from '../train/data/npz.ts';
import { readSafetensors, type TensorFile } from '../train/data/safetensors.ts';
import { dyadic } from '../train/landing/dyadic.ts';
import { MAX_BYTES } from './files.ts';
import { fail } from './problem.ts';
import type { Row, Rows } from './wordVectors.ts';

export function readNpyRows(bytes: Uint8Array, file: string): Rows {
  return { rows: rowsOf(readNpyExactly(bytes, file), file, false) };
}

export function readNpzRows(bytes: Uint8Array, file: string, name: string | undefined): Rows {
  return readNpyRows(memberOf(bytes, file, name, MAX_BYTES), name === undefined ? file : `${file}#${name}`);
}

/** Tensors of checkpoints by the name of what lies across from them: encoder and decoder have each other's shape, turned. */
const ACROSS: ReadonlyMap<string, readonly [other: string, columns: boolean]> = new Map([
  ['W_enc', ['W_dec', true]],
  ['W_dec', ['W_enc', false]],
  ['encoder.weight', ['decoder.weight', false]],
  ['decoder.weight', ['encoder.weight', true]],
]);

export function readSafetensorsRows(bytes: Uint8Array, file: string, wanted: string | undefined): Rows {
  const { tensors } = readSafetensors(bytes, file);
  const name = wanted ?? (tensors.size === 1 ? [...tensors.keys()][0] : undefined);
  const tensor = name === undefined ? undefined : tensors.get(name);
  if (name === undefined || !tensor) {
    const names = [...tensors.keys()].slice(0, 12);
    const first = names.find((known) => ACROSS.has(known)) ?? names[0];
    const next = `Name one: ${file}#${first}`;
    return fail('missing-key', { file, next }, `one of ${names.join(', ') || 'no tensors'}`, name ?? 'none');
  }
  const where = `${file}#${name}`;
  const [other, columns = false] = ACROSS.get(name) ?? [];
  if (other !== undefined) compareShapes(name, other, tensors, where);
  const rows = rowsOf(tensor, where, columns);
  return { rows, ...(columns && { note: `the columns of ${name} are the vectors` }) };
}

function compareShapes(name: string, other: string, tensors: TensorFile['tensors'], file: string): void {
  const [own, across] = [tensors.get(name)?.shape ?? [], tensors.get(other)?.shape];
  if (!across || own.join() === [...across].reverse().join()) return;
  const expected = `${[...across].reverse().join(' x ')}, as ${other} is ${across.join(' x ')}`;
  const next = `${name} and ${other} are not those of one model: look at how the file was written.`;
  fail('wrong-size', { file, path: 'shape', next }, expected, own.join(' x '));
}

function rowsOf({ shape, values }: ExactTensor, file: string, columns: boolean): readonly Row[] {
  const [height = 0, width = 0] = shape;
  if (shape.length !== 2 || height === 0 || width === 0) {
    const found =
      shape.length === 0 ? 'a single number' : shape.length === 1 ? `a list of ${height}` : shape.join(' x ');
    const next =
      shape.length === 1
        ? 'One vector is a.reshape(1, -1); one number a vector is a.reshape(-1, 1).'
        : 'Each row is a vector: save a.reshape(-1, a.shape[-1]), or fewer axes.';
    fail('wrong-size', { file, path: 'shape', next }, 'vectors x coordinates, at least one of each', found);
  }
  const [count, length] = columns ? [width, height] : [height, width];
  return Array.from({ length: count }, (_, i) => {
    const entries = (): Rational[] =>
      Array.from({ length }, (_, k) => {
        const [row, column] = columns ? [k, i] : [i, k];
        return exact(values[row * width + column] as number | bigint, file, `[${row}, ${column}]`);
      });
    return { path: columns ? `[:, ${i}]` : `[${i}]`, entries };
  });
}

function exact(value: number | bigint, file: string, path: string): Rational {
  if (typeof value === 'bigint') return Rational.of(value);
  if (Number.isFinite(value)) return dyadic(value);
  return fail('not-a-number', { file, path, next: 'Leave such rows out.' }, 'a finite number', `${value}`);
}
