/**
 * The default backend: the kernels of ./kernels.ts on one WebAssembly memory. The encoder's product works on panels of 8 neurons,
 * transposed before each product (1/1000 of its time at a batch of 256). After selection only active latents are touched.
 */
import { type Arena, sharedArena } from './arena.ts';
import type { Backend, Latents, Table } from './backend.ts';
import { hostBackend } from './host.ts';
import type { HostKernels } from './hostKernels.ts';
import { adamModule, encodeModule, sparseModule } from './kernels.ts';

/** Bytes of a table that a processor surely keeps near. */
const CACHED = 131_072;

export const wasmBackend = (): Backend => hostBackend(wasmKernels());

export function wasmKernels({ floats, integers, shared, compiled }: Arena = sharedArena()): HostKernels {
  const encode = compiled(encodeModule(shared));
  const adam = compiled(adamModule(shared));
  const sparse = (kind: 'decode' | 'pull' | 'scatter') => {
    const call = compiled(sparseModule(kind, shared));
    return (l: Latents, coefficient: Float32Array, inputs: Table, rows: Table): void => {
      const each = (b: number, from: number, to: number): void => {
        if (to === from) return;
        const input = inputs.data.byteOffset + 4 * b * inputs.stride;
        const [index, factors] = [l.index.byteOffset + 4 * from, coefficient.byteOffset + 4 * from];
        call(input, to - from, index, factors, rows.data.byteOffset, 4 * rows.stride, rows.stride / 8);
      };
      const block = Math.max(8, Math.floor(CACHED / (4 * rows.stride)));
      // Many latents: neurons block by block, for each block all inputs, so that its rows are read from memory once.
      if ((l.start[l.inputs] as number) > 4 * l.inputs * Math.ceil(rows.rows / block)) inBlocks(l, block, each);
      else for (let b = 0; b < l.inputs; b++) each(b, l.start[b] as number, l.start[b + 1] as number);
    };
  };
  const [decode, pull, scatter] = [sparse('decode'), sparse('pull'), sparse('scatter')];
  let panels = new Float32Array(0);
  return {
    name: 'wasm',
    floats,
    integers,
    encode(inputs, x, we, bias, z) {
      const count = Math.ceil(we.rows / 8);
      const k = x.columns;
      if (panels.length < 8 * count * k) panels = floats(8 * count * k) as Float32Array<ArrayBuffer>;
      intoPanels(we, panels);
      const [from, to] = [x.data.byteOffset, z.data.byteOffset];
      encode(from, 4 * x.stride, panels.byteOffset, bias.byteOffset, to, 4 * z.stride, k, Math.ceil(inputs / 4), count);
    },
    decode: (l, coefficient, rows, out) => decode(l, coefficient, out, rows),
    pull: (l, g, rows, out) => pull(l, out, g, rows),
    scatter: (l, coefficient, v, into) => scatter(l, coefficient, v, into),
    adam({ at, gradient, m, v }, { rate, beta1, beta2, epsilon, decay, step }) {
      const addresses = [at, gradient, m, v].map((array) => array.byteOffset);
      const scale = 1 / (1 - beta2 ** step);
      const bare = rate / (1 - beta1 ** step);
      adam(...addresses, at.length / 4, beta1, 1 - beta1, beta2, 1 - beta2, scale, bare, epsilon, 1 - rate * decay);
    },
  };
}

/** Calls `each` with stretches of every input's list, those of the neurons below `block` first, then below 2 `block`, and so on. */
function inBlocks(l: Latents, block: number, each: (b: number, from: number, to: number) => void): void {
  const at = l.start.slice();
  for (let bound = block; bound < l.neurons + block; bound += block) {
    for (let b = 0; b < l.inputs; b++) {
      const [from, end] = [at[b] as number, l.start[b + 1] as number];
      let to = from;
      while (to < end && (l.index[to] as number) < bound) to++;
      each(b, from, to);
      at[b] = to;
    }
  }
}

/** Neurons 8p .. 8p + 7 as the k x 8 panel p. */
function intoPanels(we: Table, panels: Float32Array): void {
  const k = we.columns;
  for (let i = 0; i < Math.ceil(we.rows / 8) * 8; i++) {
    const [from, to] = [i * we.stride, (i >> 3) * 8 * k + (i & 7)];
    for (let j = 0; j < k; j++) panels[to + 8 * j] = we.data[from + j] as number;
  }
}
