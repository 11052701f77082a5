/** Integer rows of a homogeneous system with their shadows in doubles: unit rows to propose with, exact ones to check with. */
import { spend, words } from '../../kernel/numbers/work.ts';

type Integers = readonly bigint[];

/** The doubles nearest to a multiple of the row, of Euclidean length 1; zeros for a zero row. */
function unit(row: Integers): Float64Array {
  // Short rows are many: most of their cost is the four arrays.
  spend(row.reduce((total, x) => total + 100 + words(x), 1200));
  let result = Float64Array.from(row, Number);
  if (!result.every((x) => Math.abs(x) < 1e150)) {
    const longest = row.reduce((most, x) => Math.max(most, x.toString(16).length), 0);
    const shift = BigInt(4 * Math.max(0, longest - 30));
    result = Float64Array.from(row, (x) => Number(x >> shift));
  }
  const length = Math.sqrt(result.reduce((total, x) => total + x * x, 0));
  return length === 0 ? result : result.map((x) => x / length);
}

/** The columns (a_j; h_j) of `nonNegativeLeastSquares`, a_j of length 1: rows `indices`, with h_j = 1 where `margin` says so, else 0. */
export function floatColumns(
  rows: readonly Integers[],
  indices: readonly number[],
  margin: (index: number) => boolean,
): Float64Array {
  const m = (rows[0]?.length ?? 0) + 1;
  const columns = new Float64Array(m * indices.length);
  indices.forEach((index, k) => {
    columns.set(unit(rows[index] as Integers), k * m);
    columns[k * m + m - 1] = margin(index) ? 1 : 0;
  });
  return columns;
}

/** Exact signs of row . x for integer points x with entries below 2^53: in doubles where a bound allows, else in bigints. */
export class RowSigns {
  readonly #rows: readonly Integers[];
  readonly #doubles: readonly (Float64Array | undefined)[];
  readonly #sums: readonly number[];

  constructor(rows: readonly Integers[]) {
    this.#rows = rows;
    this.#doubles = rows.map((row) => {
      const doubles = Float64Array.from(row, Number);
      return doubles.every((x) => Math.abs(x) < 2 ** 53) ? doubles : undefined;
    });
    this.#sums = this.#doubles.map((row) => row?.reduce((total, x) => total + Math.abs(x), 0) ?? Infinity);
  }

  sign(index: number, x: Float64Array, largest: number): number {
    const doubles = this.#doubles[index];
    spend(50 + 2 * x.length);
    // Partial sums are integers of size at most sum |a||x|, exact below 2^53; the factor covers rounding of the bound.
    if (doubles && (this.#sums[index] as number) * largest < 2 ** 52) {
      let total = 0;
      for (let i = 0; i < x.length; i++) total += (doubles[i] as number) * (x[i] as number);
      return total;
    }
    let total = 0n;
    const row = this.#rows[index] as Integers;
    spend(row.reduce((units, entry) => units + 200 + words(entry), 0));
    for (let i = 0; i < x.length; i++) total += (row[i] as bigint) * BigInt(x[i] as number);
    return total > 0n ? 1 : total < 0n ? -1 : 0;
  }
}
