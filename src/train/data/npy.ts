/** `.npy` (NumPy's format, versions 1.0 to 3.0): little-endian numbers in C order, read strictly. */
import { TrainProblem } from '../problem.ts';

export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | Int32Array;
}

const KINDS: ReadonlyMap<string, (bytes: ArrayBuffer) => Tensor['values']> = new Map<
  string,
  (bytes: ArrayBuffer) => Tensor['values']
>([
  ['<f4', (bytes: ArrayBuffer) => new Float32Array(bytes)],
  ['<f8', (bytes: ArrayBuffer) => new Float64Array(bytes)],
  ['<i4', (bytes: ArrayBuffer) => new Int32Array(bytes)],
  ['<i8', (bytes: ArrayBuffer) => Int32Array.from(new BigInt64Array(bytes), smallInteger)],
]);
const SIZES: ReadonlyMap<string, number> = new Map([
  ['<f4', 4],
  ['<f8', 8],
  ['<i4', 4],
  ['<i8', 8],
]);

function smallInteger(value: bigint): number {
  if (value !== BigInt.asIntN(32, value)) throw new TrainProblem('out-of-range', 'data', '32-bit integers', `${value}`);
  return Number(value);
}

export function readNpy(bytes: Uint8Array, file: string): Tensor {
  const refuse = (where: string, expected: string, found: string): never => {
    throw new TrainProblem('wrong-type', where, expected, found, file);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || view.getUint32(0) !== 0x934e554d || view.getUint16(4) !== 0x5059) {
    refuse('header', 'a .npy file', 'other bytes');
  }
  const major = view.getUint8(6);
  if (major < 1 || major > 3) refuse('header', 'version 1, 2 or 3', `${major}`);
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length) refuse('header', `${length} bytes`, `${bytes.length - start}`);
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, start + length));
  const field = (name: string, pattern: string): string =>
    new RegExp(`'${name}':\\s*(${pattern})`).exec(header)?.[1] ??
    refuse('header', `the key '${name}'`, header.trim().slice(0, 80));
  const kind = field('descr', "'[^']*'").slice(1, -1);
  const [make, size] = [KINDS.get(kind), SIZES.get(kind) ?? 0];
  if (!make) return refuse("header 'descr'", `one of ${[...KINDS.keys()].join(', ')}`, kind);
  if (field('fortran_order', 'True|False') === 'True')
    refuse("header 'fortran_order'", 'False', 'True: save it in C order');
  const shape = [...field('shape', '\\([0-9, ]*\\)').matchAll(/[0-9]+/g)].map(([digits]) => Number(digits));
  const count = shape.reduce((a, b) => a * b, 1);
  const data = bytes.subarray(start + length);
  if (data.length !== count * size)
    refuse('data', `${count * size} bytes of shape ${shape.join(' x ')}`, `${data.length}`);
  // A copy: the data need not begin at a multiple of the entry's size.
  return { shape, values: make(Uint8Array.from(data).buffer as ArrayBuffer) };
}
