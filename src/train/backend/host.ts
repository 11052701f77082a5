/**
 * A backend on the host: the heavy products come from `HostKernels` (./wasm.ts, ./plain.ts), the rest are loops over typed arrays.
 * Operations are carried out at once, so `push` and `fetch` have nothing to do.
 */

import type { Backend, Latents, Memory, Selection } from './backend.ts';
import type { HostKernels } from './hostKernels.ts';
import { hostProducts } from './hostProducts.ts';
import { hostUpdates } from './hostUpdates.ts';
import { selectAbove, selectBand, selectLargest, selectLargestOfBatch } from './select.ts';

export function hostBackend(kernels: HostKernels): Backend {
  return {
    name: kernels.name,
    device: 'host',
    close: () => undefined,
    ...memoryOf(kernels),
    ...selectionOf(kernels),
    ...hostProducts(kernels),
    ...hostUpdates(kernels),
  };
}

/** Latents there is room for; kernels work on 8 at a time. */
const roomOf = (l: Latents): number => l.index.length;

function memoryOf(kernels: HostKernels): Memory {
  return {
    floats: (length) => kernels.floats(length),
    integers: (length) => kernels.integers(length),
    sums: (length) => new Float64Array(length),
    latents(inputs, neurons, most = inputs * neurons) {
      const room = Math.max(8, most);
      return {
        inputs,
        neurons,
        start: kernels.integers(inputs + 1),
        index: kernels.integers(room),
        value: kernels.floats(room),
      };
    },
    coefficients: (l) => kernels.floats(roomOf(l)),
    push: () => undefined,
    fetch: () => Promise.resolve(),
  };
}

function selectionOf(kernels: HostKernels): Selection {
  let room = new Float32Array(0);
  return {
    encode: (x, we, bias, z) => kernels.encode(z.rows, x, we, bias, z),
    encodeAbove({ x, we, bias, z }, threshold, into, near) {
      kernels.encode(z.rows, x, we, bias, z);
      selectAbove(z, threshold, into);
      if (near) selectBand(z, threshold, near.width, near.into);
    },
    largest: selectLargest,
    largestOfBatch(z, k, bounds, into) {
      if (room.length < z.rows * z.columns) room = new Float32Array(z.rows * z.columns);
      selectLargestOfBatch(z, k, bounds, into, room);
    },
    open(from, { magnitude, magnitudeBias, bias }, into) {
      let end = 0;
      const factor = magnitude.map(Math.exp);
      for (let b = 0; b < from.inputs; b++) {
        into.start[b] = end;
        for (let t = from.start[b] as number; t < (from.start[b + 1] as number); t++) {
          const i = from.index[t] as number;
          const linear = (from.value[t] as number) - (bias[i] as number);
          const value = (factor[i] as number) * linear + (magnitudeBias[i] as number);
          if (!(value > 0)) continue;
          into.index[end] = i;
          into.value[end++] = value;
        }
      }
      into.start[from.inputs] = end;
    },
  };
}
