/**
 * What `torch.save` writes (torch 1.6 and later): a .zip archive, stored, with the pickle of a dictionary (pickle.ts) and a file of numbers for
 * each storage, little-endian. Strides are followed. Tensors may share a storage; all of them together are at most four times as long as the file,
 * which is charged before any is made.
 */
import { TrainProblem } from '../backend/problem.ts';
import type { Tensor } from './npy.ts';
import { readPickle } from './pickle.ts';
import type { Dictionary, Pickled, Storage, StoredTensor } from './pickleValues.ts';
import { valuesOf } from './safetensors.ts';
import type { Scalar } from './scalar.ts';
import { directory, type Member, type Refuse, unpacked } from './zip.ts';

export interface TorchFile {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** What else the dictionary has: numbers and texts. Those of a dictionary in it are NAME.KEY. */
  readonly values: ReadonlyMap<string, Scalar>;
}

/** By the type of the storage: the name in .safetensors, bytes per number. */
const TYPES: ReadonlyMap<string, readonly [kind: string, size: number]> = new Map([
  ['DoubleStorage', ['F64', 8]],
  ['FloatStorage', ['F32', 4]],
  ['HalfStorage', ['F16', 2]],
  ['BFloat16Storage', ['BF16', 2]],
  ['IntStorage', ['I32', 4]],
  ['LongStorage', ['I64', 8]],
]);
const AGAIN = 'Save it again with torch.save(model.state_dict(), FILE).';
const MOST_PICKLE = 2 ** 22;
const MOST_SHARED = 4;

export function readTorch(bytes: Uint8Array, file: string): TorchFile {
  const refuse: Refuse = (where, expected, found, next = AGAIN) => {
    throw new TrainProblem('wrong-type', where, expected, found, file, next);
  };
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b)
    refuse('archive', 'a .zip archive, as torch.save writes since 1.6', begins(bytes));
  const members = new Map(directory(bytes, refuse).map((member) => [member.name, member]));
  const [pickle, ...others] = [...members.keys()].filter((name) => /^[^/]*\/data\.pkl$/.test(name));
  if (pickle === undefined || others.length > 0) {
    return refuse('archive', 'one NAME/data.pkl', [...members.keys()].slice(0, 3).join(', ') || 'nothing');
  }
  const root = pickle.slice(0, -'data.pkl'.length);
  if (members.has(`${root}constants.pkl`)) refuse('archive', 'a dictionary of tensors', 'a TorchScript program');
  const order = members.get(`${root}byteorder`);
  if (order) {
    const said = new TextDecoder('latin1').decode(unpacked(bytes, stored(order, refuse), 16, refuse)).trim();
    if (said !== 'little') refuse(order.name, '"little", the order of bytes', JSON.stringify(said));
  }
  const value = readPickle(unpacked(bytes, stored(members.get(pickle) as Member, refuse), MOST_PICKLE, refuse), file);
  const { tensors, values } = flat(value, refuse);
  charge(tensors, bytes.length, refuse);
  const storages = new Map<string, Tensor['values']>();
  const read = (name: string, tensor: StoredTensor): Tensor => {
    const { type, key, count } = tensor.storage;
    const at = `${root}data/${key}`;
    const [kind, size] = typeOf(name, type, refuse);
    const held = storages.get(key) ?? numbers(members.get(at), at, kind, count * size);
    storages.set(key, held);
    return strided(held, tensor);
  };
  const numbers = (member: Member | undefined, at: string, kind: string, length: number): Tensor['values'] => {
    if (!member) return refuse(at, `${length} bytes of ${kind}`, 'no such file in the archive');
    if (member.size !== length) return refuse(at, `${length} bytes of ${kind}`, `${member.size}`);
    const data = Uint8Array.from(unpacked(bytes, stored(member, refuse), length, refuse));
    const made = valuesOf(kind, data.buffer as ArrayBuffer);
    if (kind === 'I64' && !made.every(Number.isSafeInteger)) refuse(at, 'integers below 2^53', 'a longer one');
    return made;
  };
  return { tensors: new Map([...tensors].map(([name, tensor]) => [name, read(name, tensor)])), values };
}

/** So that no few bytes stand for many. */
function stored(member: Member, refuse: Refuse): Member {
  if (member.method !== 0 || member.packed !== member.size) {
    refuse(member.name, 'stored bytes, as torch.save writes them', `compression method ${member.method}`);
  }
  return member;
}

const begins = (bytes: Uint8Array): string => {
  if (bytes.length === 0) return 'an empty file';
  return bytes[0] === 0x80 ? 'a bare pickle, as torch.save wrote before 1.6' : 'other bytes';
};

const typeOf = (name: string, type: string, refuse: Refuse): readonly [string, number] =>
  TYPES.get(type) ?? refuse(name, `one of ${[...TYPES.keys()].join(', ')}`, type);

interface Flat {
  readonly tensors: Map<string, StoredTensor>;
  readonly values: Map<string, Scalar>;
}

/** One dictionary may stand in another, no deeper. */
function flat(value: Pickled, refuse: Refuse): Flat {
  const all: Flat = { tensors: new Map(), values: new Map() };
  const expected = 'a dictionary of tensors, numbers and texts';
  const enter = (dictionary: Dictionary, before: string, deeper: boolean): void => {
    for (const [key, entry] of dictionary.entries) {
      const name = `${before}${key}`;
      if (all.tensors.has(name) || all.values.has(name)) refuse(name, 'each name once', 'it twice');
      if (typeof entry !== 'object' || entry === null) all.values.set(name, entry);
      else if (entry.kind === 'tensor') all.tensors.set(name, entry);
      else if (entry.kind === 'dictionary' && deeper) enter(entry, `${name}.`, false);
      else refuse(name, expected, entry.kind === 'dictionary' ? 'a dictionary two deep' : `a ${entry.kind}`);
    }
  };
  if (typeof value !== 'object' || value?.kind !== 'dictionary') {
    return refuse(
      'data.pkl',
      expected,
      typeof value === 'object' && value ? `a ${value.kind}` : JSON.stringify(value).slice(0, 40),
    );
  }
  enter(value, '', true);
  return all;
}

/**
 * Every tensor lies in its storage, no entry of it twice on an axis, and all are short enough together. So are the storages: members of an
 * archive may share their bytes, and would be copied one by one.
 */
function charge(tensors: ReadonlyMap<string, StoredTensor>, length: number, refuse: Refuse): void {
  const most = MOST_SHARED * length;
  const storages = new Map<string, Storage>();
  let [total, held] = [0, 0];
  for (const [name, { storage, offset, shape, strides }] of tensors) {
    const [, size] = typeOf(name, storage.type, refuse);
    const before = storages.get(storage.key);
    if (before && (before.type !== storage.type || before.count !== storage.count)) {
      const said = ({ type, count }: Storage): string => `${type} of ${count}`;
      refuse(name, `${said(before)}, as another tensor has this storage`, said(storage));
    }
    storages.set(storage.key, storage);
    held += before ? 0 : storage.count * size;
    if (held > length) refuse(name, `storages of at most ${length} bytes in all, as the file is long`, `${held}`);
    const entries = shape.reduce((a, b) => a * b, 1);
    const last = shape.reduce((at, n, k) => at + (n - 1) * (strides[k] as number), offset);
    if (entries > storage.count || (entries > 0 && last >= storage.count)) {
      refuse(
        name,
        `entries among the ${storage.count} of its storage`,
        `${shape.join(' x ') || 'one'} up to entry ${last}`,
      );
    }
    if (shape.some((n, k) => n > 1 && strides[k] === 0))
      refuse(name, 'a tensor of its own', 'one that repeats its entries');
    total += entries * size;
    if (total > most)
      refuse(name, `tensors of at most ${most} bytes in all, as the file is ${length} long`, `${total}`);
  }
}

function strided(held: Tensor['values'], { shape, strides, offset }: StoredTensor): Tensor {
  const entries = shape.reduce((a, b) => a * b, 1);
  const whole = shape.every((n, k) => n === 1 || strides[k] === shape.slice(k + 1).reduce((a, b) => a * b, 1));
  if (whole && entries === held.length) return { shape, values: held };
  if (whole) return { shape, values: held.slice(offset, offset + entries) };
  const values = held.slice(0, entries);
  const index = shape.map(() => 0);
  for (let to = 0, from = offset; to < entries; to++) {
    values[to] = held[from] as number;
    for (let k = shape.length - 1; k >= 0; k--) {
      index[k] = (index[k] as number) + 1;
      from += strides[k] as number;
      if ((index[k] as number) < (shape[k] as number)) break;
      from -= (strides[k] as number) * (shape[k] as number);
      index[k] = 0;
    }
  }
  return { shape, values };
}
