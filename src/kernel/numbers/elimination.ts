/** Rank and determinant by fraction-free elimination (Bareiss 1968), and the characteristic polynomial of a symmetric pencil. */
import { Rational, ZERO } from './rational.ts';
import { type Matrix, Vector } from './vector.ts';
import { spend, words } from './work.ts';

/** The rank, and the determinant of the integer rows up to its sign and 0 unless the rank is the number of columns. */
function eliminate(rows: bigint[][], columns: number): { rank: number; minor: bigint; parity: bigint } {
  let [rank, minor, parity] = [0, 1n, 1n];
  for (let c = 0; c < columns; c++) {
    const at = rows.findIndex((row, i) => i >= rank && row[c] !== 0n);
    if (at < 0) continue;
    if (at !== rank) parity = -parity;
    [rows[rank], rows[at]] = [rows[at] as bigint[], rows[rank] as bigint[]];
    const top = rows[rank] as bigint[];
    const pivot = top[c] as bigint;
    spend((rows.length - rank) * (columns - c) * (100 + 3 * words(pivot) ** 2));
    for (const row of rows.slice(rank + 1)) {
      const lead = row[c] as bigint;
      for (let j = c; j < columns; j++) row[j] = (pivot * (row[j] as bigint) - lead * (top[j] as bigint)) / minor;
    }
    minor = pivot;
    rank++;
  }
  return { rank, minor, parity };
}

export function rank(rows: Matrix): number {
  return eliminate(
    rows.map((row) => [...row.num]),
    rows[0]?.length ?? 0,
  ).rank;
}

export function determinant(rows: Matrix): Rational {
  const {
    rank: found,
    minor,
    parity,
  } = eliminate(
    rows.map((row) => [...row.num]),
    rows.length,
  );
  const den = rows.reduce((product, row) => product * row.den, 1n);
  return found < rows.length ? ZERO : Rational.of(parity * minor, den);
}

/** det(A - t B) as a polynomial in t, lowest coefficient first, by its values at t = 0 .. size (Newton's interpolation). */
export function characteristic(a: Matrix, b: Matrix): Vector {
  const size = a.length;
  const differences = Array.from({ length: size + 1 }, (_, t) =>
    determinant(a.map((row, i) => row.minus((b[i] as Vector).times(Rational.of(BigInt(t)))))),
  );
  for (let k = 1; k <= size; k++) {
    for (let t = size; t >= k; t--) {
      differences[t] = (differences[t] as Rational).minus(differences[t - 1] as Rational).over(Rational.of(BigInt(k)));
    }
  }
  // Horner on the Newton form: p = d_0 + (t - 0) (d_1 + (t - 1) (d_2 + ...)).
  let p: Rational[] = [differences[size] ?? ZERO];
  for (let k = size - 1; k >= 0; k--) {
    const shift = Rational.of(BigInt(-k));
    p = [ZERO, ...p].map((c, j) => c.plus((p[j] ?? ZERO).times(shift)));
    p[0] = (p[0] as Rational).plus(differences[k] as Rational);
  }
  return Vector.of(p);
}
