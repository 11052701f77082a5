/** What the host does with active latents, residuals and sums: loops around the kernels' products. */
import type { Latents, Products } from './backend.ts';
import type { HostKernels } from './hostKernels.ts';

export const countOf = ({ start, inputs }: Latents): number => start[inputs] as number;

export function hostProducts(kernels: HostKernels): Products {
  let scaled = new Float32Array(0);
  /** factor times the coefficients, where the kernels can reach them. */
  const times = (l: Latents, factor: number, coefficient: Float32Array): Float32Array => {
    if (factor === 1) return coefficient;
    const count = countOf(l);
    if (scaled.length < count) scaled = kernels.floats(coefficient.length) as Float32Array<ArrayBuffer>;
    for (let t = 0; t < count; t++) scaled[t] = factor * (coefficient[t] as number);
    return scaled;
  };
  return {
    decode: (l, factor, rows, out) => kernels.decode(l, times(l, factor, l.value), rows, out),
    pull(l, g, rows, factor, plus, out) {
      kernels.pull(l, g, rows, out);
      const count = countOf(l);
      for (let t = 0; t < count; t++) out[t] = factor * (out[t] as number);
      if (plus !== 0) for (let t = 0; t < count; t++) out[t] = (out[t] as number) + plus;
    },
    scatter: (l, factor, coefficient, v, into) => kernels.scatter(l, times(l, factor, coefficient), v, into),
    tally(l, coefficient, { scale, plus, divisor }, into) {
      const count = countOf(l);
      for (let t = 0; t < count; t++) {
        const i = l.index[t] as number;
        const one = (scale ? (scale[i] as number) : 1) * (coefficient[t] as number) + plus;
        into[i] = (into[i] as number) + one / divisor;
      }
    },
    throughGates(l, { magnitude, magnitudeBias }, pulled, into) {
      const count = countOf(l);
      const factor = magnitude.map(Math.exp);
      for (let t = 0; t < count; t++) {
        const i = l.index[t] as number;
        const slope = pulled[t] as number;
        const linear = (l.value[t] as number) - (magnitudeBias[i] as number);
        into.magnitudeBias[i] = (into.magnitudeBias[i] as number) + slope;
        into.magnitude[i] = (into.magnitude[i] as number) + slope * linear;
        pulled[t] = slope * (factor[i] as number);
      }
    },
    columns({ rows, columns, stride, data }, factor, into, weight) {
      for (let b = 0; b < rows; b++) {
        const by = factor * (weight ? (weight[b] as number) : 1);
        for (let k = 0; k < columns; k++) into[k] = (into[k] as number) + by * (data[b * stride + k] as number);
      }
    },
    shift(from, bias, out) {
      for (let b = 0; b < from.rows; b++) {
        const row = b * from.stride;
        for (let k = 0; k < from.columns; k++) {
          out.data[row + k] = (from.data[row + k] as number) - (bias[k] as number);
        }
      }
    },
    copy: (from, to) => to.data.set(from.data),
    add(from, into) {
      for (let k = 0; k < into.data.length; k++) {
        into.data[k] = (into.data[k] as number) + (from.data[k] as number);
      }
    },
    squares({ rows, stride, data }, { sums, at }) {
      let sum = 0;
      for (let k = 0; k < rows * stride; k++) sum += (data[k] as number) ** 2;
      sums[at] = sum;
    },
    total(l, { sums, at }) {
      let sum = 0;
      const count = countOf(l);
      for (let t = 0; t < count; t++) sum += l.value[t] as number;
      sums[at] = sum;
    },
    count(l, { sums, at }) {
      sums[at] = countOf(l);
    },
  };
}
