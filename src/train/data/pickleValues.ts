/** What a pickle of tensors may hold, and the few names and calls of Python by which it is written: they are read, nothing is called. */

export type Pickled = null | boolean | number | string | Made;

export type Made = Tuple | List | Dictionary | Name | Storage | StoredTensor;

interface Tuple {
  readonly kind: 'tuple';
  readonly items: readonly Pickled[];
}

interface List {
  readonly kind: 'list';
  readonly items: Pickled[];
}

export interface Dictionary {
  readonly kind: 'dictionary';
  readonly entries: Map<string | number, Pickled>;
}

/** Of something in Python, as `torch.FloatStorage`. */
interface Name {
  readonly kind: 'name';
  readonly name: string;
}

/** Numbers in a file of their own in the archive. */
export interface Storage {
  readonly kind: 'storage';
  /** As `FloatStorage`. */
  readonly type: string;
  readonly key: string;
  /** Of its numbers. */
  readonly count: number;
}

export interface StoredTensor {
  readonly kind: 'tensor';
  readonly storage: Storage;
  /** Of the first entry, in entries. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

const MOST_AXES = 8;
/** Characters: a key is part of each name under it. */
export const MOST_KEY = 200;
const ORDERED = 'collections.OrderedDict';
const TENSOR = 'torch._utils._rebuild_tensor_v2';
const PARAMETER = 'torch._utils._rebuild_parameter';
const STORAGE = /^torch\.([A-Z][A-Za-z0-9]*Storage)$/;

export type Refuse = (expected: string, found: string) => never;

export const is = <K extends Made['kind']>(kind: K, value: Pickled | undefined): value is Extract<Made, { kind: K }> =>
  typeof value === 'object' && value !== null && value.kind === kind;

export const described = (value: Pickled | undefined): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (typeof value === 'object') return value.kind === 'name' ? value.name : `a ${value.kind}`;
  return JSON.stringify(value).slice(0, 60);
};

export function known(name: string, refuse: Refuse): Name {
  if (name === ORDERED || name === TENSOR || name === PARAMETER || STORAGE.test(name)) return { kind: 'name', name };
  return refuse(`tensors: ${ORDERED}, ${TENSOR}, ${PARAMETER} or a storage of torch`, name.slice(0, 100));
}

export function integer(bytes: Uint8Array, refuse: Refuse): number {
  let value = 0n;
  for (const [k, byte] of bytes.entries()) value |= BigInt(byte) << BigInt(8 * k);
  const signed = Number(BigInt.asIntN(8 * bytes.length, value));
  return Number.isSafeInteger(signed) ? signed : refuse('an integer below 2^53', `${signed}`);
}

/** `('storage', type, key, device, count)`. */
export function storage(value: Pickled, refuse: Refuse): Storage {
  const expected = "('storage', a storage type of torch, a key, a device, a count)";
  if (!is('tuple', value) || value.items.length !== 5) return refuse(expected, described(value));
  const [word, type, key, device, count] = value.items;
  const kind = is('name', type) ? STORAGE.exec(type.name)?.[1] : undefined;
  if (word !== 'storage' || kind === undefined || typeof key !== 'string' || typeof device !== 'string') {
    return refuse(expected, `(${value.items.map(described).join(', ')})`);
  }
  if (!isCount(count)) return refuse('a count of numbers', described(count));
  if (key.length > MOST_KEY) refuse(`a key of at most ${MOST_KEY} characters`, `${key.length}`);
  return { kind: 'storage', type: kind, key, count };
}

/** What a call would give: of three functions it is known, none is called. */
export function made(name: Pickled, args: Pickled, refuse: Refuse): Made {
  if (!is('name', name)) return refuse('a function known here', described(name));
  const items = is('tuple', args) ? args.items : refuse('a tuple of arguments', described(args));
  if (name.name === ORDERED) {
    return items.length === 0 ? { kind: 'dictionary', entries: new Map() } : refuse('no arguments', `${items.length}`);
  }
  if (name.name === PARAMETER) {
    const [tensor] = items;
    return items.length === 3 && is('tensor', tensor) ? tensor : refuse('a parameter of a tensor', described(tensor));
  }
  if (name.name !== TENSOR) return refuse(`${ORDERED}, ${TENSOR} or ${PARAMETER} to be called`, name.name);
  const [held, offset, size, stride] = items;
  if (items.length < 6 || items.length > 7 || !is('storage', held)) {
    return refuse('a storage, an offset, sizes, strides and two arguments more', `${items.length} arguments`);
  }
  if (!isCount(offset)) return refuse('an offset', described(offset));
  const [shape, strides] = [counts(size, refuse), counts(stride, refuse)];
  if (shape.length !== strides.length) return refuse('a stride for each axis', `${strides.length} of ${shape.length}`);
  return { kind: 'tensor', storage: held, offset, shape, strides };
}

const isCount = (value: Pickled | undefined): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function counts(value: Pickled | undefined, refuse: Refuse): readonly number[] {
  if (!is('tuple', value)) return refuse('a tuple of sizes', described(value));
  if (value.items.length > MOST_AXES) return refuse(`at most ${MOST_AXES} axes`, `${value.items.length}`);
  return value.items.map((item) => (isCount(item) ? item : refuse('a size from 0', described(item))));
}
