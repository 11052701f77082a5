/**
 * Unit directions with bounded interference (paper, appendix C): normal columns, normalized; then projected gradient descent on
 * sum_{i != j} max(0, g_ij - (M - eps))^2 + lambda sum_{i != j} max(0, g_ij)^2, g = W^T W, until max g_ij <= M.
 */
import { rowOf, type Table, tableOf } from '../backend/backend.ts';
import type { HostKernels } from '../backend/hostKernels.ts';
import { normalize } from '../backend/normalize.ts';
import { TrainProblem } from '../backend/problem.ts';
import { normal } from '../backend/random.ts';
import type { Interference } from '../config/config.ts';

export function directions(
  backend: HostKernels,
  n: number,
  dimension: number,
  by: Interference,
  seed: number,
): Float64Array[] {
  const w = tableOf(backend, n, dimension);
  const columns = tableOf(backend, dimension, n);
  const gram = tableOf(backend, n, n);
  const descent = tableOf(backend, n, dimension);
  const zero = backend.floats(Math.max(gram.stride, descent.stride));
  for (let d = 0; d < n; d++) {
    for (let k = 0; k < dimension; k++) w.data[d * w.stride + k] = normal(seed, d, k);
    normalize(rowOf(w, d));
  }
  for (let step = 0; ; step++) {
    backend.encode(n, w, w, zero, gram);
    const most = largest(gram);
    if (most <= by.max) break;
    if (step >= by.steps) {
      const found = `${most.toFixed(4)} after ${step} steps`;
      throw new TrainProblem(
        'out-of-range',
        '$.data.interference',
        `directions with max <w_i, w_j> <= ${by.max}`,
        found,
      );
    }
    // h_ij = max(0, g_ij - (M - eps)) + lambda max(0, g_ij); the gradient for w_i is 4 sum_j h_ij w_j.
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const g = gram.data[i * gram.stride + j] as number;
        gram.data[i * gram.stride + j] =
          i === j ? 0 : Math.max(0, g - (by.max - by.margin)) + by.weight * Math.max(0, g);
      }
    }
    transpose(w, columns);
    backend.encode(n, gram, columns, zero, descent);
    for (let i = 0; i < n; i++) {
      const [row, down] = [rowOf(w, i), rowOf(descent, i)];
      for (let k = 0; k < dimension; k++) row[k] = (row[k] as number) - 4 * by.rate * (down[k] as number);
      normalize(row);
    }
  }
  return Array.from({ length: n }, (_, d) => Float64Array.from(rowOf(w, d)));
}

/** max over i != j of g_ij. */
function largest(gram: Table): number {
  let most = -Infinity;
  for (let i = 0; i < gram.rows; i++) {
    for (let j = 0; j < gram.rows; j++) {
      if (i !== j) most = Math.max(most, gram.data[i * gram.stride + j] as number);
    }
  }
  return most;
}

function transpose(from: Table, to: Table): void {
  for (let i = 0; i < from.rows; i++) {
    for (let k = 0; k < from.columns; k++) {
      to.data[k * to.stride + i] = from.data[i * from.stride + k] as number;
    }
  }
}
