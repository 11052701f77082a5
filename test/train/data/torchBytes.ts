/** What `torch.save` writes, made by hand, so that each part of it can be wrong. */
import { crc32, deflateRawSync } from 'node:zlib';

const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];
const u16 = (value: number): number[] => [value & 255, (value >> 8) & 255];
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];

interface Wrong {
  readonly deflate?: boolean;
  /** Further names for the bytes of a member. */
  readonly also?: readonly (readonly [name: string, of: string])[];
}

/** Members of an archive, stored. */
export function zip(
  members: Readonly<Record<string, Uint8Array>>,
  { deflate = false, also = [] }: Wrong = {},
): Uint8Array {
  const parts: number[][] = [];
  const entries: number[][] = [];
  let at = 0;
  for (const [name, data] of Object.entries(members)) {
    const bytes = deflate ? deflateRawSync(data) : data;
    const common = [...u16(20), ...u16(0), ...u16(deflate ? 8 : 0), ...u32(0), ...u32(crc32(data))];
    const sizes = [...u32(bytes.length), ...u32(data.length), ...u16(name.length)];
    const local = [...u32(0x04034b50), ...common, ...sizes, ...u16(0), ...ascii(name), ...bytes];
    const rest = [...u16(0), ...u16(0), ...u16(0), ...u16(0), ...u32(0), ...u32(at)];
    for (const called of [name, ...also.flatMap(([other, of]) => (of === name ? [other] : []))]) {
      const named = [...sizes.slice(0, 8), ...u16(called.length)];
      entries.push([...u32(0x02014b50), ...u16(20), ...common, ...named, ...rest, ...ascii(called)]);
    }
    parts.push(local);
    at += local.length;
  }
  const directory = entries.flat();
  const count = u16(entries.length);
  const end = [...u32(0x06054b50), 0, 0, 0, 0, ...count, ...count, ...u32(directory.length), ...u32(at), 0, 0];
  return Uint8Array.from([...parts.flat(), ...directory, ...end]);
}

/** Opcodes, in words. */
interface Opcodes {
  readonly proto: (version?: number) => number[];
  readonly text: (value: string) => number[];
  readonly int: (value: number) => number[];
  readonly long: (bytes: readonly number[]) => number[];
  readonly name: (module: string, what: string) => number[];
  readonly put: (index: number) => number[];
  readonly get: (index: number) => number[];
}

type Single =
  | 'mark'
  | 'tuple'
  | 'empty'
  | 'dict'
  | 'list'
  | 'item'
  | 'items'
  | 'append'
  | 'build'
  | 'reduce'
  | 'persist'
  | 'no'
  | 'none'
  | 'stop';

export const op: Opcodes & Readonly<Record<Single, readonly number[]>> = {
  proto: (version = 2): number[] => [0x80, version],
  text: (value: string): number[] => [0x58, ...u32(ascii(value).length), ...ascii(value)],
  int: (value: number): number[] => [0x4a, ...u32(value)],
  long: (bytes: readonly number[]): number[] => [0x8a, bytes.length, ...bytes],
  name: (module: string, what: string): number[] => [0x63, ...ascii(`${module}\n${what}\n`)],
  put: (index: number): number[] => [0x72, ...u32(index)],
  get: (index: number): number[] => [0x6a, ...u32(index)],
  mark: [0x28],
  tuple: [0x74],
  empty: [0x29],
  dict: [0x7d],
  list: [0x5d],
  item: [0x73],
  items: [0x75],
  append: [0x61],
  build: [0x62],
  reduce: [0x52],
  persist: [0x51],
  no: [0x89],
  none: [0x4e],
  stop: [0x2e],
};

export const tupleOf = (...items: readonly (readonly number[])[]): number[] => [
  ...op.mark,
  ...items.flat(),
  ...op.tuple,
];

export interface StoredSpec {
  readonly shape: readonly number[];
  readonly strides?: readonly number[];
  readonly offset?: number;
  readonly key?: string;
  readonly type?: string;
  /** Of the numbers in the storage. */
  readonly count?: number;
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export function tensorOps({ shape, key = '0', type = 'FloatStorage', ...more }: StoredSpec): number[] {
  const strides = more.strides ?? shape.map((_, k) => product(shape.slice(k + 1)));
  const storage = tupleOf(
    op.text('storage'),
    op.name('torch', type),
    op.text(key),
    op.text('cpu'),
    op.int(more.count ?? product(shape)),
  );
  const hooks = [...op.name('collections', 'OrderedDict'), ...op.empty, ...op.reduce];
  const sizes = [shape, strides].map((numbers) => tupleOf(...numbers.map(op.int)));
  return [
    ...op.name('torch._utils', '_rebuild_tensor_v2'),
    ...tupleOf([...storage, ...op.persist], op.int(more.offset ?? 0), ...sizes, op.no, hooks),
    ...op.reduce,
  ];
}

/** The pickle of a dictionary; values are opcodes. */
export const pickled = (entries: Readonly<Record<string, readonly number[]>>): Uint8Array =>
  Uint8Array.from([
    ...op.proto(),
    ...op.dict,
    ...op.mark,
    ...Object.entries(entries).flatMap(([key, value]) => [...op.text(key), ...value]),
    ...op.items,
    ...op.stop,
  ]);

export const float32 = (...values: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

/** An archive with this pickle and these storages. */
export const archive = (
  pickle: Uint8Array,
  storages: Readonly<Record<string, Uint8Array>> = {},
  more: Readonly<Record<string, Uint8Array>> = {},
): Record<string, Uint8Array> => ({
  'archive/data.pkl': pickle,
  ...Object.fromEntries(Object.entries(storages).map(([key, bytes]) => [`archive/data/${key}`, bytes])),
  ...more,
});
