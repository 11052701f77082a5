/**
 * `.npy` (NumPy's format, versions 1.0 to 3.0): floats of 2, 4 or 8 bytes and integers, of either byte order, in C or Fortran order.
 * Read strictly and exactly. Refused, each by its name: objects (pickles, which are never run), text, structures, complex numbers,
 * long doubles, dates.
 */
import { TrainProblem } from '../backend/problem.ts';
import { half } from './half.ts';

export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | Int32Array;
}

/** As stored: integers of 8 bytes may be no floats. */
export interface ExactTensor {
  readonly shape: readonly number[];
  readonly values: Tensor['values'] | BigInt64Array | BigUint64Array;
}

type Values = ExactTensor['values'];

interface Kind {
  readonly size: number;
  readonly make: (bytes: ArrayBuffer) => Values;
}

const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['f2', { size: 2, make: (bytes) => Float32Array.from(new Uint16Array(bytes), half) }],
  ['f4', { size: 4, make: (bytes) => new Float32Array(bytes) }],
  ['f8', { size: 8, make: (bytes) => new Float64Array(bytes) }],
  ['i1', { size: 1, make: (bytes) => Int32Array.from(new Int8Array(bytes)) }],
  ['i2', { size: 2, make: (bytes) => Int32Array.from(new Int16Array(bytes)) }],
  ['i4', { size: 4, make: (bytes) => new Int32Array(bytes) }],
  ['i8', { size: 8, make: (bytes) => new BigInt64Array(bytes) }],
  ['u1', { size: 1, make: (bytes) => Int32Array.from(new Uint8Array(bytes)) }],
  ['u2', { size: 2, make: (bytes) => Int32Array.from(new Uint16Array(bytes)) }],
  ['u4', { size: 4, make: (bytes) => Float64Array.from(new Uint32Array(bytes)) }],
  ['u8', { size: 8, make: (bytes) => new BigUint64Array(bytes) }],
]);

/** What else NumPy stores, by the letter of its type, and what makes numbers of it. */
const OTHERS: ReadonlyMap<string, readonly [name: string, next: string]> = new Map([
  ['O', ['Python objects', 'Rows of different lengths make these: pad them, then np.save(FILE, a.astype("float32")).']],
  ['U', ['text', 'Save the numbers alone; labels go into a text file, one a line.']],
  ['S', ['bytes', 'Save the numbers alone; labels go into a text file, one a line.']],
  ['V', ['raw bytes', 'Save plain numbers: np.save(FILE, a.astype("float32")).']],
  ['c', ['complex numbers', 'Save a.real, or real and imaginary parts side by side.']],
  ['f', ['floats of another size', 'Save a.astype("float64").']],
  ['b', ['truth values', 'Save a.astype("float32").']],
  ['M', ['dates', 'Save numbers: np.save(FILE, a.astype("float64")).']],
  ['m', ['time differences', 'Save numbers: np.save(FILE, a.astype("float64")).']],
]);

/** Of `readNpyExactly`, with integers as training wants them: of 32 bits. */
export function readNpy(bytes: Uint8Array, file: string): Tensor {
  const { shape, values } = readNpyExactly(bytes, file);
  if (!(values instanceof BigInt64Array || values instanceof BigUint64Array)) return { shape, values };
  const big = values.findIndex((value: bigint) => value !== BigInt.asIntN(32, value));
  if (big >= 0) {
    throw new TrainProblem(
      'out-of-range',
      'data',
      '32-bit integers',
      `${values[big]}`,
      file,
      'Save the numbers as floats: np.save(FILE, a.astype("float64")).',
    );
  }
  return { shape, values: Int32Array.from(values as ArrayLike<bigint>, Number) };
}

export function readNpyExactly(bytes: Uint8Array, file: string): ExactTensor {
  const refuse = (where: string, expected: string, found: string, next?: string): never => {
    throw new TrainProblem('wrong-type', where, expected, found, file, next ?? 'Write it again with np.save(FILE, a).');
  };
  const { header, data } = parts(bytes, refuse);
  const field = (name: string, pattern: string): string =>
    new RegExp(`['"]${name}['"]\\s*:\\s*(${pattern})`).exec(header)?.[1] ??
    refuse('header', `the key '${name}'`, header.trim().slice(0, 80) || 'none');
  const { big, size, make } = kindOf(field('descr', '\'[^\']*\'|"[^"]*"|[[(]'), header, refuse);
  const fortran = field('fortran_order', 'True|False') === 'True';
  // Python 2 wrote long integers as 3L.
  const shape = [...field('shape', '\\([0-9L, ]*\\)').matchAll(/[0-9]+/g)].map(([digits]) => Number(digits));
  const count = shape.reduce((a, b) => a * b, 1);
  if (data.length !== count * size) {
    const next =
      data.length < count * size
        ? 'The file is cut off: copy it again.'
        : 'Several arrays in one file? Save each in a file of its own, or all with np.savez.';
    refuse('data', `${count * size} bytes of shape ${shape.join(' x ')}`, `${data.length}`, next);
  }
  // A copy: the data need not begin at a multiple of the entry's size.
  const copy = Uint8Array.from(data);
  if (big) for (let k = 0; k < copy.length; k += size) copy.subarray(k, k + size).reverse();
  const values = make(copy.buffer as ArrayBuffer);
  return { shape, values: fortran ? rowMajor(values, shape) : values };
}

type Refuse = (where: string, expected: string, found: string, next?: string) => never;

function parts(bytes: Uint8Array, refuse: Refuse): { header: string; data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || view.getUint32(0) !== 0x934e554d || view.getUint16(4) !== 0x5059) {
    refuse('header', 'a .npy file', bytes.length === 0 ? 'an empty file' : 'other bytes');
  }
  const major = view.getUint8(6);
  if (major < 1 || major > 3) refuse('header', 'version 1, 2 or 3', `${major}`);
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length) {
    refuse('header', `${length} bytes`, `${bytes.length - start}`, 'The file is cut off: copy it again.');
  }
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, start + length));
  return { header, data: bytes.subarray(start + length) };
}

/** `descr` in quotes as `<f4`, or the bracket with which a structured type begins. */
function kindOf(descr: string, header: string, refuse: Refuse): Kind & { readonly big: boolean } {
  const wanted = `floats of 2, 4 or 8 bytes, or integers (${[...KINDS.keys()].join(', ')})`;
  if (descr === '[' || descr === '(') {
    const found = `fields, ${/[[(].*?[\])]/.exec(header)?.[0].slice(0, 60)}`;
    return refuse("header 'descr'", wanted, found, 'Save one field: np.save(FILE, a["name"]).');
  }
  const text = descr.slice(1, -1);
  const [, order = '', letter = '', digits = ''] = /^([<>|=]?)([a-zA-Z])([0-9]*)/.exec(text) ?? [];
  const kind = KINDS.get(letter + digits);
  // An order has to be said wherever it makes a difference.
  if (kind && text.length === `${order}${letter}${digits}`.length && (kind.size === 1 || /[<>]/.test(order))) {
    return { ...kind, big: order === '>' && kind.size > 1 };
  }
  const [name, next] = OTHERS.get(letter) ?? [];
  return refuse("header 'descr'", wanted, name === undefined ? text || 'none' : `${name}, ${text}`, next);
}

/** The entries of an array in Fortran order (first index fastest) in C order (last index fastest). */
function rowMajor(values: Values, shape: readonly number[]): Values {
  if (shape.filter((length) => length !== 1).length < 2) return values;
  const ordered = values.slice();
  const index = shape.map(() => 0);
  let from = 0;
  const strides = shape.map((_, k) => shape.slice(0, k).reduce((a, b) => a * b, 1));
  for (let to = 0; to < ordered.length; to++) {
    ordered[to] = values[from] as never;
    for (let k = shape.length - 1; k >= 0; k--) {
      index[k] = (index[k] as number) + 1;
      from += strides[k] as number;
      if ((index[k] as number) < (shape[k] as number)) break;
      from -= (strides[k] as number) * (shape[k] as number);
      index[k] = 0;
    }
  }
  return ordered;
}
