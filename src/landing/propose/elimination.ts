/** Elimination in floats on small dense matrices, for proposals: steps, inverses, and directions that are independent enough. */

import { largestOf } from '../../solve/linear/extremes.ts';
import { takeAway } from '../../solve/linear/takeAway.ts';
import type { Rows } from './floats.ts';

/** Solves matrix X = right for a square matrix, all columns of `right` at once; undefined where a pivot is 0. Partial pivoting. */
function eliminate(matrix: Rows, right: Rows): Float64Array[] | undefined {
  const n = matrix.length;
  const rows: Float64Array[] = matrix.map((row, i) => Float64Array.from([...row, ...(right[i] as readonly number[])]));
  const width = rows[0]?.length ?? 0;
  for (let c = 0; c < n; c++) {
    let best = c;
    for (let i = c + 1; i < n; i++)
      if (Math.abs(rows[i]?.[c] as number) > Math.abs(rows[best]?.[c] as number)) best = i;
    [rows[c], rows[best]] = [rows[best] as Float64Array, rows[c] as Float64Array];
    const pivot = rows[c] as Float64Array;
    if (!(Math.abs(pivot[c] as number) > 0)) return undefined;
    for (let i = 0; i < n; i++) {
      const row = rows[i] as Float64Array;
      const factor = i === c ? 0 : (row[c] as number) / (pivot[c] as number);
      if (factor === 0) continue;
      for (let k = c; k < width; k++) row[k] = (row[k] as number) - factor * (pivot[k] as number);
    }
  }
  return rows.map((row, i) => row.subarray(n).map((x) => x / (row[i] as number)));
}

/** x with matrix x = b; undefined for a singular matrix. */
export function solved(matrix: Rows, b: readonly number[]): number[] | undefined {
  return eliminate(
    matrix,
    b.map((x) => [x]),
  )?.map(([x]) => x as number);
}

/** Undefined for a singular matrix. */
export function inverted(matrix: Rows): number[][] | undefined {
  const unit = matrix.map((_, i) => matrix.map((_, j) => (i === j ? 1 : 0)));
  return eliminate(matrix, unit)?.map((row) => [...row]);
}

/**
 * Vectors in an order that keeps them far from dependent (Gram and Schmidt with pivoting): first those of `before`, in their own
 * order of size, then those of `after`. What is left of a vector counts as 0 below `cut` times its length.
 */
export function independentOf(
  before: Rows,
  after: Rows,
  cut = 1e-6,
  sized = false,
): { before: number[]; after: number[] } {
  const orthonormal: Float64Array[] = [];
  const pick = (list: Rows): number[] => {
    const rests = list.map((v) => Float64Array.from(v));
    const own = list.map((v) => Math.hypot(...v) || 1);
    const longest = largestOf(own, 0);
    const lengths = sized ? own.map(() => longest) : own;
    for (const q of orthonormal) for (const rest of rests) takeAway(rest, q);
    const picked: number[] = [];
    for (;;) {
      let [best, most] = [-1, cut];
      rests.forEach((rest, i) => {
        const share = Math.hypot(...rest) / (lengths[i] as number);
        if (!picked.includes(i) && share > most) [best, most] = [i, share];
      });
      if (best < 0) return picked;
      picked.push(best);
      const q = rests[best] as Float64Array;
      const length = Math.hypot(...q);
      const unit = q.map((x) => x / length);
      orthonormal.push(unit);
      for (const rest of rests) takeAway(rest, unit);
    }
  };
  const first = pick(before);
  return { before: first, after: pick(after) };
}
