/**
 * What a finished model computes, in 64 bits: in 32 an activation of a thousandth beside a mean of a million is lost. For measuring
 * alone, so there are no gradients, and nothing is folded that the library which made the model does not fold.
 */
import type { Active, Floats, Rows } from '../backend/backend.ts';
import { selectAbove, selectLargest, selectLargestOfBatch } from '../backend/select.ts';
import type { FileModel } from '../checkpoint/foreign.ts';
import type { ModelWeights } from '../model/weights.ts';

export interface DoubleModel {
  readonly x: Rows;
  readonly r: Rows;
  /** Of the first `inputs` rows of x and r. The activations are those of the last call; error_b = |r_b - r^_b|^2. */
  run(inputs: number): { readonly active: Active; readonly errors: Float64Array };
  /** r - r^ of the last call. */
  readonly residual: Rows;
}

const table = (rows: number, columns: number): Rows => ({
  rows,
  columns,
  stride: columns,
  data: new Float64Array(rows * columns),
});

/** With room for `most` inputs at once. Weights that rank by norm are folded before: `withNorms`. */
export function doubleModel({ shape: { np, nr, nq }, method, weights }: FileModel, most: number): DoubleModel {
  const { be, bd, wd, theta, magnitude, magnitudeBias, subtracts, skip } = weights;
  const [x, r, z, residual] = [table(most, np), table(most, nr), table(most, nq), table(most, nr)];
  const index = new Int32Array(most * nq);
  const value = new Float64Array(most * nq);
  const start = new Int32Array(most + 1);
  const room = method.kind === 'batchtopk' ? new Float64Array(most * nq) : new Float64Array(0);
  const zero = new Float64Array(nq);
  const factors = magnitude && Float64Array.from(magnitude.subarray(0, nq), Math.exp);

  const select = (into: Active, rows: Rows): void => {
    switch (method.kind) {
      case 'relu':
        selectAbove(rows, zero, into);
        return;
      case 'jumprelu':
        selectAbove(rows, theta ?? zero, into);
        return;
      case 'topk':
        selectLargest(rows, method.k, into);
        return;
      case 'batchtopk':
      case 'matryoshka':
        selectLargestOfBatch(rows, method.k, [nq], [into], room);
        return;
      case 'gated':
        selectGated(rows, be, factors ?? zero, magnitudeBias ?? zero, into);
        return;
    }
  };

  return {
    x,
    r,
    residual,
    run(inputs) {
      multiply(
        x,
        inputs,
        weights,
        subtracts === true ? bd : new Float64Array(np),
        method.kind === 'gated' ? zero : be,
        z,
      );
      const active: Active = { inputs, neurons: nq, start, index, value };
      select(active, { ...z, rows: inputs });
      const errors = new Float64Array(inputs);
      for (let b = 0; b < inputs; b++) {
        const row = residual.data.subarray(b * nr, (b + 1) * nr);
        for (let c = 0; c < nr; c++) row[c] = (r.data[b * nr + c] as number) - (bd[c] as number);
        if (skip) subtractSkip(row, skip, x.data.subarray(b * np, (b + 1) * np));
        for (let t = start[b] as number; t < (start[b + 1] as number); t++) {
          const [at, a] = [(index[t] as number) * wd.stride, value[t] as number];
          for (let c = 0; c < nr; c++) row[c] = (row[c] as number) - a * (wd.data[at + c] as number);
        }
        for (let c = 0; c < nr; c++) errors[b] = (errors[b] as number) + (row[c] as number) ** 2;
      }
      return { active, errors };
    },
  };
}

function subtractSkip(from: Floats, skip: Rows, x: Floats): void {
  for (let c = 0; c < skip.rows; c++) {
    let sum = 0;
    for (let k = 0; k < skip.columns; k++) sum += (skip.data[c * skip.stride + k] as number) * (x[k] as number);
    from[c] = (from[c] as number) - sum;
  }
}

/** z = (x - shift) W_E^T + bias, four inputs at a time: the weights are read from memory once for them. */
function multiply(x: Rows, inputs: number, { we }: ModelWeights, shift: Floats, bias: Floats, z: Rows): void {
  const { columns } = x;
  const four = [0, 1, 2, 3].map(() => new Float64Array(columns)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const [x0, x1, x2, x3] = four;
  for (let b = 0; b < inputs; b += 4) {
    const many = Math.min(4, inputs - b);
    for (let j = 0; j < many; j++) {
      const row = four[j] as Float64Array;
      for (let k = 0; k < columns; k++) row[k] = (x.data[(b + j) * x.stride + k] as number) - (shift[k] as number);
    }
    for (let i = 0; i < we.rows; i++) {
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      const at = i * we.stride;
      for (let k = 0; k < columns; k++) {
        const e = we.data[at + k] as number;
        s0 += e * (x0[k] as number);
        s1 += e * (x1[k] as number);
        s2 += e * (x2[k] as number);
        s3 += e * (x3[k] as number);
      }
      const own = bias[i] as number;
      z.data[b * z.stride + i] = s0 + own;
      if (many > 1) z.data[(b + 1) * z.stride + i] = s1 + own;
      if (many > 2) z.data[(b + 2) * z.stride + i] = s2 + own;
      if (many > 3) z.data[(b + 3) * z.stride + i] = s3 + own;
    }
  }
}

/** Where the gate <e_i, x> + b_gate is open: exp(r_mag) <e_i, x> + b_mag, if positive. `z` is <e_i, x>. */
function selectGated(z: Rows, gate: Floats, factors: Floats, bias: Floats, into: Active): void {
  let t = 0;
  for (let b = 0; b < into.inputs; b++) {
    into.start[b] = t;
    for (let i = 0; i < z.columns; i++) {
      const linear = z.data[b * z.stride + i] as number;
      const value = (factors[i] as number) * linear + (bias[i] as number);
      if (!(linear + (gate[i] as number) > 0 && value > 0)) continue;
      into.index[t] = i;
      into.value[t++] = value;
    }
  }
  into.start[into.inputs] = t;
}

/** Where Top-k ranks by z_i |u_i|: rows |u_i| e_i and u_i / |u_i|, the same outputs. */
export function withNorms(weights: ModelWeights): ModelWeights {
  if (weights.ranksByNorm !== true) return weights;
  const { we, wd, be, ranksByNorm: _, ...rest } = weights;
  const norms = Array.from({ length: wd.rows }, (_, i) =>
    Math.hypot(...wd.data.subarray(i * wd.stride, i * wd.stride + wd.columns)),
  );
  const by = (rows: Rows, factor: (norm: number) => number): Rows => {
    const data = Float64Array.from(rows.data);
    for (let i = 0; i < rows.rows; i++) {
      const size = factor(norms[i] as number);
      for (let k = 0; k < rows.stride; k++) data[i * rows.stride + k] = (data[i * rows.stride + k] as number) * size;
    }
    return { ...rows, data };
  };
  return {
    ...rest,
    we: by(we, (norm) => norm),
    wd: by(wd, (norm) => 1 / norm),
    be: Float64Array.from(be.subarray(0, wd.rows), (value, i) => value * (norms[i] as number)),
  };
}
