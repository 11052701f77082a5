/** What the host does to whole parameters between batches. */
import { rowOf, type Updates } from './backend.ts';
import type { HostKernels } from './hostKernels.ts';
import { countOf } from './hostProducts.ts';
import { normalize } from './normalize.ts';

export function hostUpdates(kernels: HostKernels): Updates {
  return {
    clear: (array) => {
      array.fill(0);
    },
    adam: (p, by) => kernels.adam(p, by),
    descend({ at, gradient, m }, rate, momentum) {
      for (let k = 0; k < at.length; k++) {
        m[k] = momentum * (m[k] as number) + (gradient[k] as number);
        at[k] = (at[k] as number) - rate * (m[k] as number);
      }
    },
    clamp(at) {
      for (let i = 0; i < at.length; i++) at[i] = Math.max(0, at[i] as number);
    },
    normalize(rows) {
      for (let i = 0; i < rows.rows; i++) normalize(rowOf(rows, i));
    },
    mark(l, step, last) {
      const count = countOf(l);
      for (let t = 0; t < count; t++) last[l.index[t] as number] = step;
    },
    idle(last, until, out) {
      for (let i = 0; i < last.length; i++) out[i] = (last[i] as number) <= until ? 1 : 0;
    },
    attract(weight, wanted, at, gradient, { sums, at: slot }) {
      let loss = 0;
      for (let i = 0; i < wanted.rows; i++) {
        const [row, down, aim] = [rowOf(at, i), rowOf(gradient, i), rowOf(wanted, i)];
        for (let k = 0; k < row.length; k++) {
          const difference = (row[k] as number) - (aim[k] as number);
          loss += weight * difference * difference;
          down[k] = (down[k] as number) + 2 * weight * difference;
        }
      }
      sums[slot] = loss;
    },
    place(wanted, at) {
      for (let i = 0; i < wanted.rows; i++) rowOf(at, i).set(rowOf(wanted, i));
    },
  };
}
