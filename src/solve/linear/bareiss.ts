/** Fraction-free elimination on integers (Bareiss 1968): every division is exact and entries stay minors of the matrix. */
import { spend, words } from '../../kernel/numbers/work.ts';

export interface Reduced {
  /** The reduced row echelon form times `scale`; rows below the rank are zero. */
  readonly rows: bigint[][];
  /** Columns of the pivots; row k has the entry `scale` in column pivots[k] and every other row 0 there. */
  readonly pivots: number[];
  /** The minor on the pivots up to the sign `parity`; 1 for the rank 0. */
  readonly scale: bigint;
  /** Sign of the row permutation. */
  readonly parity: 1n | -1n;
}

/** Only the first `columns` columns may hold pivots; the rest (a right side, an identity) is carried along. */
export function reduceRows(matrix: readonly (readonly bigint[])[], columns: number): Reduced {
  const rows = matrix.map((row) => [...row]);
  const pivots: number[] = [];
  let scale = 1n;
  let parity: 1n | -1n = 1n;
  for (let c = 0; c < columns && pivots.length < rows.length; c++) {
    const k = pivots.length;
    const at = rows.findIndex((row, i) => i >= k && row[c] !== 0n);
    if (at < 0) continue;
    if (at !== k) {
      [rows[k], rows[at]] = [rows[at] as bigint[], rows[k] as bigint[]];
      parity = parity === 1n ? -1n : 1n;
    }
    const pivotRow = rows[k] as bigint[];
    const pivot = pivotRow[c] as bigint;
    spend(rows.length * pivotRow.length * (150 + 3 * words(pivot) ** 2));
    rows.forEach((row, i) => {
      if (i === k) return;
      const lead = row[c] as bigint;
      for (let j = 0; j < row.length; j++) {
        row[j] = (pivot * (row[j] as bigint) - lead * (pivotRow[j] as bigint)) / scale;
      }
    });
    pivots.push(c);
    scale = pivot;
  }
  return { rows, pivots, scale, parity };
}
