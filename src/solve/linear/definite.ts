/**
 * Exact L D L^T factoring of a symmetric rational matrix, or a direction against it. Fraction-free: after step k the
 * entries are minors of the integer matrix (Sylvester), so they stay short and every division is exact.
 */
import { gcd, Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { type Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { spend, words } from '../../kernel/numbers/work.ts';
import { primitive } from './linear.ts';

export type Definite =
  /** matrix = l diag(d) l^T: l with unit diagonal and zeros above it, d >= 0. The column of l under a zero of d is 0. */
  | { readonly l: Matrix; readonly d: Vector }
  /** x^T matrix x < 0, with coprime integer entries. */
  | { readonly x: Vector };

/** Decides whether the symmetric matrix is positive semidefinite. */
export function definite(matrix: Matrix): Definite {
  const n = matrix.length;
  const den = matrix.reduce((common, row) => (common / gcd(common, row.den)) * row.den, 1n);
  /** Schur complement times `scale`. */
  const rest = matrix.map((row) => row.num.map((x) => x * (den / row.den)));
  let scale = 1n;
  const l: Rational[][] = matrix.map((_, i) => matrix.map((_, j) => (i === j ? Rational.of(1n) : ZERO)));
  const d: Rational[] = [];
  for (let k = 0; k < n; k++) {
    const column = rest.map((row) => row[k] as bigint);
    const pivot = column[k] as bigint;
    if (pivot < 0n) return { x: pulledBack(l, unit(n, k)) };
    if (pivot === 0n) {
      const j = column.findIndex((x, i) => i > k && x !== 0n);
      if (j >= 0) {
        // (e_j + t e_k) gives c + 2 t b, which is -b^2 <= -1 for t = -(c + b^2) / (2 b).
        const [b, c] = [column[j] as bigint, rest[j]?.[j] as bigint];
        const y = unit(n, j);
        y[k] = Rational.of(-(c + b * b), 2n * b);
        return { x: pulledBack(l, y) };
      }
      d.push(ZERO);
      continue;
    }
    d.push(Rational.of(pivot, scale * den));
    spend((n - k) * (n - k) * (150 + 3 * words(pivot) ** 2));
    for (let i = k + 1; i < n; i++) {
      const lead = column[i] as bigint;
      (l[i] as Rational[])[k] = Rational.of(lead, pivot);
      const row = rest[i] as bigint[];
      for (let j = k + 1; j < n; j++) row[j] = (pivot * (row[j] as bigint) - lead * (column[j] as bigint)) / scale;
    }
    scale = pivot;
  }
  return { l: l.map((row) => Vector.of(row)), d: Vector.of(d) };
}

const unit = (n: number, k: number): Rational[] =>
  Array.from({ length: n }, (_, i) => (i === k ? Rational.of(1n) : ZERO));

/** x with l^T x = y, so that x^T matrix x is what y gives on the Schur complement. */
function pulledBack(l: readonly (readonly Rational[])[], y: Rational[]): Vector {
  const x = [...y];
  for (let k = x.length - 1; k >= 0; k--) {
    for (let i = k + 1; i < x.length; i++) {
      const factor = l[i]?.[k] as Rational;
      if (factor.sign() !== 0) x[k] = (x[k] as Rational).minus(factor.times(x[i] as Rational));
    }
  }
  return primitive(Vector.of(x).num);
}
