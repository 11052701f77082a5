/**
 * The plain backend: loops over typed arrays, sums in 64-bit floats. Slow; it is what the fast one is compared with, and it runs
 * where WebAssembly has no SIMD.
 */
import type { AdamStep, Backend, Latents, Parameter, Table } from './backend.ts';
import { hostBackend } from './host.ts';
import type { HostKernels } from './hostKernels.ts';

/** Calls `at` with each latent t, its input b and its neuron i. */
function each(l: Latents, at: (t: number, b: number, i: number) => void): void {
  for (let b = 0; b < l.inputs; b++) {
    for (let t = l.start[b] as number; t < (l.start[b + 1] as number); t++) at(t, b, l.index[t] as number);
  }
}

function dot(a: Table, i: number, b: Table, j: number): number {
  let sum = 0;
  for (let k = 0; k < a.columns; k++) {
    sum += (a.data[i * a.stride + k] as number) * (b.data[j * b.stride + k] as number);
  }
  return sum;
}

function add(into: Table, i: number, factor: number, from: Table, j: number): void {
  for (let k = 0; k < into.columns; k++) {
    into.data[i * into.stride + k] =
      (into.data[i * into.stride + k] as number) + factor * (from.data[j * from.stride + k] as number);
  }
}

function adam({ at: x, gradient: g, m, v }: Parameter, by: AdamStep): void {
  const rate = by.rate / (1 - by.beta1 ** by.step);
  const scale = 1 / (1 - by.beta2 ** by.step);
  for (let k = 0; k < x.length; k++) {
    const gradient = g[k] as number;
    m[k] = by.beta1 * (m[k] as number) + (1 - by.beta1) * gradient;
    v[k] = by.beta2 * (v[k] as number) + (1 - by.beta2) * gradient * gradient;
    const shrunk = (x[k] as number) * (1 - by.rate * by.decay);
    x[k] = shrunk - (rate * (m[k] as number)) / (Math.sqrt((v[k] as number) * scale) + by.epsilon);
  }
}

export const plainBackend = (): Backend => hostBackend(plainKernels());

export function plainKernels(): HostKernels {
  return {
    name: 'plain',
    floats: (length) => new Float32Array(length),
    integers: (length) => new Int32Array(length),
    encode(inputs, x, we, bias, z) {
      for (let b = 0; b < inputs; b++) {
        for (let i = 0; i < we.rows; i++) z.data[b * z.stride + i] = dot(x, b, we, i) + (bias[i] as number);
      }
    },
    decode: (l, coefficient, rows, out) => each(l, (t, b, i) => add(out, b, coefficient[t] as number, rows, i)),
    pull(l, g, rows, out) {
      each(l, (t, b, i) => {
        out[t] = dot(g, b, rows, i);
      });
    },
    scatter: (l, coefficient, v, into) => each(l, (t, b, i) => add(into, i, coefficient[t] as number, v, b)),
    adam,
  };
}
