/**
 * `.safetensors` (https://github.com/huggingface/safetensors): 8 bytes with the header's length, a JSON header with type, shape and
 * place of each tensor, then the data without gaps or overlaps. Read strictly; written with 32-bit floats and integers.
 */
import { TrainProblem } from '../backend/problem.ts';
import { half } from './half.ts';
import type { Tensor } from './npy.ts';

export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** The format's own limit. */
const MOST_HEADER = 100_000_000;
const SIZES: ReadonlyMap<string, number> = new Map([
  ['F64', 8],
  ['F32', 4],
  ['I32', 4],
  ['I64', 8],
  ['F16', 2],
  ['BF16', 2],
]);

export function readSafetensors(bytes: Uint8Array, file: string): TensorFile {
  const refuse = (where: string, expected: string, found: string): never => {
    throw new TrainProblem('wrong-type', where, expected, found, file);
  };
  if (bytes.length < 8) refuse('header', 'a .safetensors file', `${bytes.length} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > MOST_HEADER || 8 + length > bytes.length)
    refuse('header', 'a .safetensors file', 'other or cut off bytes');
  const data = bytes.subarray(8 + length);
  const header = headerOf(bytes.subarray(8, 8 + length), refuse);
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isTexts(metadata)) return refuse('__metadata__', 'an object of strings', 'something else');
  const tensors = new Map<string, Tensor>();
  let end = 0;
  const placed = Object.entries(entries).map(([name, entry]) => ({ name, ...entryOf(entry, name, refuse) }));
  for (const { name, kind, shape, from, to } of placed.sort((a, b) => a.from - b.from)) {
    const size = SIZES.get(kind) ?? refuse(name, `one of ${[...SIZES.keys()].join(', ')}`, kind);
    const count = shape.reduce((a, b) => a * b, 1);
    if (from !== end || to - from !== count * size || to > data.length) {
      refuse(name, `${count * size} bytes from ${end}`, `bytes ${from} to ${to} of ${data.length}`);
    }
    end = to;
    const values = valuesOf(kind, Uint8Array.from(data.subarray(from, to)).buffer as ArrayBuffer);
    if (kind === 'I64' && !values.every(Number.isSafeInteger)) refuse(name, 'integers below 2^53', 'a longer one');
    tensors.set(name, { shape, values });
  }
  if (end !== data.length) refuse('data', `${end} bytes`, `${data.length}`);
  return { metadata, tensors };
}

const isTexts = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');

type Refuse = (where: string, expected: string, found: string) => never;

function headerOf(bytes: Uint8Array, refuse: Refuse): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Below.
  }
  return refuse('header', 'a JSON object', 'something else');
}

const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function entryOf(
  entry: unknown,
  name: string,
  refuse: Refuse,
): { kind: string; shape: number[]; from: number; to: number } {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  if (typeof dtype !== 'string' || !Array.isArray(shape) || !shape.every(isIndex)) {
    return refuse(name, 'dtype, shape and data_offsets', 'something else');
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isIndex)) {
    return refuse(name, 'two data_offsets', JSON.stringify(offsets) ?? 'none');
  }
  return { kind: dtype, shape: shape as number[], from: offsets[0] as number, to: offsets[1] as number };
}

/** Of a type of the format; the bytes become the numbers where they can. */
export function valuesOf(kind: string, bytes: ArrayBuffer): Tensor['values'] {
  switch (kind) {
    case 'F64':
      return new Float64Array(bytes);
    case 'I32':
      return new Int32Array(bytes);
    case 'I64':
      return integersOf(new BigInt64Array(bytes));
    case 'F16':
      return Float32Array.from(new Uint16Array(bytes), half);
    case 'BF16': {
      // A bfloat16 is the upper half of a 32-bit float.
      const wide = Uint32Array.from(new Uint16Array(bytes), (value) => value << 16);
      return new Float32Array(wide.buffer);
    }
    default:
      return new Float32Array(bytes);
  }
}

/** Integers as such where 32 bits hold them. */
function integersOf(wide: BigInt64Array): Tensor['values'] {
  const short = wide.every((value) => value === BigInt.asIntN(32, value));
  return short ? Int32Array.from(wide, Number) : Float64Array.from(wide, Number);
}

export function writeSafetensors({ metadata, tensors }: TensorFile): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, values }] of tensors) {
    const dtype = values instanceof Int32Array ? 'I32' : values instanceof Float64Array ? 'F64' : 'F32';
    header[name] = { dtype, shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const text = JSON.stringify(header);
  const encoded = new TextEncoder().encode(text);
  // The data begins at a multiple of 8; the format asks for spaces.
  const length = Math.ceil(encoded.length / 8) * 8;
  const bytes = new Uint8Array(8 + length + end).fill(0x20, 8, 8 + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(encoded, 8);
  let at = 8 + length;
  for (const { values } of tensors.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}
