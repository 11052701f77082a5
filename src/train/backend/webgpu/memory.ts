/** What stands for the host's arrays on the device, and how it comes back. */
import { type Fetched, type Latents, type Memory, strideOf } from '../backend.ts';
import type { GpuBuffer } from './api.ts';
import type { Commands } from './device.ts';

/** Latents of every neuron as a matrix: B x n_q activations, 0 where not active. */
interface Dense {
  readonly kind: 'dense';
  readonly value: GpuBuffer;
  readonly stride: number;
}

/** A list; see ./sparse.ts for the order by neuron, which is made when it is first needed. */
export interface Sparse {
  readonly kind: 'sparse';
  readonly most: number;
  readonly start: GpuBuffer;
  readonly index: GpuBuffer;
  readonly value: GpuBuffer;
  readonly owner: GpuBuffer;
  readonly kept: GpuBuffer;
  readonly counts: GpuBuffer;
  readonly first: GpuBuffer;
  readonly thrown: GpuBuffer;
  readonly order: GpuBuffer;
  sorted: boolean;
}

export interface DeviceMemory {
  readonly api: Memory;
  of(array: Float32Array | Int32Array | Float64Array): GpuBuffer;
  latents(l: Latents): Dense | Sparse;
  dense(l: Latents): Dense;
  sparse(l: Latents): Sparse;
}

export function memoryOf(commands: Commands): DeviceMemory {
  const buffers = new WeakMap<object, GpuBuffer>();
  const lists = new WeakMap<Latents, Dense | Sparse>();
  const named = <T extends Float32Array | Int32Array | Float64Array>(array: T): T => {
    buffers.set(array, commands.allocate(array.length));
    return array;
  };
  const of = (array: object): GpuBuffer => {
    const found = buffers.get(array);
    if (!found) throw new Error('an array of another backend');
    return found;
  };
  const latents = (l: Latents): Dense | Sparse => {
    const found = lists.get(l);
    if (!found) throw new Error('latents of another backend');
    return found;
  };
  const dense = (l: Latents): Dense => {
    const found = latents(l);
    if (found.kind !== 'dense') throw new Error('a list where a matrix is wanted');
    return found;
  };
  const sparse = (l: Latents): Sparse => {
    const found = latents(l);
    if (found.kind !== 'sparse') throw new Error('a matrix where a list is wanted');
    return found;
  };
  const api: Memory = {
    floats: (length) => named(new Float32Array(length)),
    integers: (length) => named(new Int32Array(length)),
    sums: (length) => named(new Float64Array(length)),
    latents(inputs, neurons, most) {
      const room = most ?? inputs * neurons;
      const l = {
        inputs,
        neurons,
        start: new Int32Array(inputs + 1),
        index: new Int32Array(room),
        value: new Float32Array(room),
      };
      lists.set(l, most === undefined ? matrix(commands, l) : list(commands, l, most));
      const found = latents(l);
      buffers.set(l.value, found.value);
      if (found.kind === 'sparse') {
        buffers.set(l.start, found.start);
        buffers.set(l.index, found.index);
      }
      return l;
    },
    coefficients(l) {
      const found = latents(l);
      return named(new Float32Array(found.kind === 'dense' ? rowsOf(l) : found.most));
    },
    push(...arrays) {
      for (const array of arrays) commands.write(of(array), array);
    },
    async fetch(...wanted) {
      const parts = wanted.flatMap((one) => partsOf(one, of, lists));
      const bytes = await commands.read(parts);
      for (const one of wanted) {
        const take = (): ArrayBuffer => bytes.shift() ?? new ArrayBuffer(0);
        if (one instanceof Float64Array) one.set(new Float32Array(take()));
        else if (one instanceof Float32Array) one.set(new Float32Array(take()));
        else if (one instanceof Int32Array) one.set(new Int32Array(take()));
        else if (latents(one).kind === 'dense') listed(one, new Float32Array(take()));
        else {
          one.start.set(new Int32Array(take()));
          one.index.set(new Int32Array(take()));
          one.value.set(new Float32Array(take()));
        }
      }
    },
  };
  return { api, of, latents, dense, sparse };
}

/** Entries of the matrix, rows in whole eights. */
const rowsOf = ({ inputs, neurons }: Latents): number => Math.ceil(inputs / 8) * 8 * strideOf(neurons);

const matrix = (commands: Commands, l: Latents): Dense => ({
  kind: 'dense',
  value: commands.allocate(rowsOf(l)),
  stride: strideOf(l.neurons),
});

function list(commands: Commands, { inputs, neurons }: Latents, most: number): Sparse {
  const room = (length: number): GpuBuffer => commands.allocate(length);
  return {
    kind: 'sparse',
    most,
    start: room(inputs + 1),
    index: room(most),
    value: room(most),
    owner: room(most),
    kept: room(inputs),
    counts: room(neurons),
    first: room(neurons + 1),
    thrown: room(most),
    order: room(most),
    sorted: false,
  };
}

function partsOf(
  one: Fetched,
  of: (array: object) => GpuBuffer,
  lists: WeakMap<Latents, Dense | Sparse>,
): { buffer: GpuBuffer; bytes: number }[] {
  if (ArrayBuffer.isView(one)) return [{ buffer: of(one), bytes: 4 * one.length }];
  const found = lists.get(one);
  if (found?.kind !== 'sparse') return found ? [{ buffer: found.value, bytes: 4 * rowsOf(one) }] : [];
  return [
    { buffer: found.start, bytes: 4 * (one.inputs + 1) },
    { buffer: found.index, bytes: 4 * found.most },
    { buffer: found.value, bytes: 4 * found.most },
  ];
}

/** The active latents of a matrix, as the host lists them. */
function listed(l: Latents, values: Float32Array): void {
  const stride = strideOf(l.neurons);
  let end = 0;
  for (let b = 0; b < l.inputs; b++) {
    l.start[b] = end;
    for (let i = 0; i < l.neurons; i++) {
      const value = values[b * stride + i] as number;
      if (value === 0) continue;
      l.index[end] = i;
      l.value[end++] = value;
    }
  }
  l.start[l.inputs] = end;
}
