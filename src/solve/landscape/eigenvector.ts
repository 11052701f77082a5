/** Eigenvectors of a symmetric pencil at a simple root: in floats to see what to expect, and exactly, over Q(lambda). */
import { type Element, type Root, reduced } from '../../kernel/numbers/algebraic.ts';
import { Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { combine, type Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { largestOf } from '../linear/extremes.ts';
import { determinant, solve } from '../linear/linear.ts';

/** A rational of at most `bits` bits behind the point within the interval, or its middle. */
export function nearby({ from, to }: Root, bits = 30n): Rational {
  if (from.equals(to)) return from;
  const middle = from.plus(to).times(Rational.of(1n, 2n));
  return Rational.of((middle.num << bits) / middle.den, 1n << bits);
}

export function toFloat(x: Rational): number {
  const [num, den] = [x.num < 0n ? -x.num : x.num, x.den];
  const shift = BigInt(Math.max(0, den.toString(2).length - num.toString(2).length + 64));
  const value = Number((num << shift) / den);
  return (x.num < 0n ? -value : value) / 2 ** Number(shift);
}

/** The eigenvector in doubles, by one step of inverse iteration; entries of size about 1. */
export function floatEigenvector(a: Matrix, b: Matrix, lambda: Rational): number[] {
  const size = a.length;
  const k = a.map((row, i) =>
    row
      .minus((b[i] as Vector).times(lambda))
      .entries()
      .map(toFloat),
  );
  let x = Array.from({ length: size }, (_, i) => 1 + ((i * 7919) % 13) / 17);
  for (let step = 0; step < 2; step++) {
    x = gauss(k, x);
    const largest = largestOf(x.map(Math.abs));
    x = x.map((entry) => entry / largest);
  }
  return x;
}

function gauss(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] as number]);
  const size = rows.length;
  for (let c = 0; c < size; c++) {
    let at = c;
    for (let i = c; i < size; i++) {
      if (Math.abs(rows[i]?.[c] ?? 0) > Math.abs(rows[at]?.[c] ?? 0)) at = i;
    }
    [rows[c], rows[at]] = [rows[at] as number[], rows[c] as number[]];
    const top = rows[c] as number[];
    if (top[c] === 0) top[c] = 1e-300;
    for (const row of rows.slice(c + 1)) {
      const factor = (row[c] as number) / (top[c] as number);
      for (let j = c; j <= size; j++) row[j] = (row[j] as number) - factor * (top[j] as number);
    }
  }
  const x = new Array<number>(size).fill(0);
  for (let c = size - 1; c >= 0; c--) {
    const row = rows[c] as number[];
    let value = row[size] as number;
    for (let j = c + 1; j < size; j++) value -= (row[j] as number) * (x[j] as number);
    x[c] = value / (row[c] as number);
  }
  return x;
}

/**
 * adj(A - t B) h as a polynomial in t: at a simple root a multiple of the eigenvector, for almost every h not 0. By its values
 * det(A - t B) (A - t B)^-1 h at as many points as it has coefficients, where the matrix is regular.
 */
function adjugate(a: Matrix, b: Matrix, h: Vector): Element {
  const size = a.length;
  const values: { t: Rational; value: Vector }[] = [];
  for (let t = 0n; values.length < size; t++) {
    const at = Rational.of(t);
    const matrix = a.map((row, i) => row.minus((b[i] as Vector).times(at)));
    const det = determinant(matrix);
    const x = det.sign() === 0 ? undefined : solve(matrix, h, size);
    if (x) values.push({ t: at, value: x.times(det) });
  }
  return interpolated(values, size);
}

/** The polynomial of least degree with these values (Newton). */
function interpolated(values: readonly { t: Rational; value: Vector }[], length: number): Element {
  const differences = values.map(({ value }) => value);
  const t = (k: number): Rational => values[k]?.t ?? ZERO;
  for (let k = 1; k < values.length; k++) {
    for (let i = values.length - 1; i >= k; i--) {
      const gap = t(i).minus(t(i - k));
      differences[i] = (differences[i] as Vector)
        .minus(differences[i - 1] as Vector)
        .times(Rational.of(gap.den, gap.num));
    }
  }
  let p: Vector[] = [];
  for (let k = values.length - 1; k >= 0; k--) {
    const shifted = [Vector.zero(length), ...p];
    p = shifted.map((c, j) => c.minus((p[j] ?? Vector.zero(length)).times(t(k))));
    p[0] = (p[0] as Vector).plus(differences[k] as Vector);
  }
  return p;
}

/** A vector e over Q(lambda) spanning the eigenspace at a simple root, in the coordinates of `basis`; n_p entries. */
export function exactEigenvector(a: Matrix, b: Matrix, basis: Matrix, root: Root, np: number): Element {
  for (let attempt = 1n; ; attempt++) {
    const h = Vector.ints(a.map((_, i) => (attempt === 1n ? (i === 0 ? 1n : 0n) : attempt ** BigInt(i))));
    const x = reduced(adjugate(a, b, h), root);
    if (x.some((c) => !c.isZero())) return content(x.map((c) => combine(c.entries(), basis, np)));
  }
}

/** The element over the common content of its coefficients. */
export function content(x: Element): Element {
  const den = x.reduce((product, c) => (product / gcd(product, c.den)) * c.den, 1n);
  const num = x.reduce((common, c) => c.num.reduce((g, entry) => gcd(g, entry * (den / c.den)), common), 0n);
  return num === 0n ? x : x.map((c) => c.times(Rational.of(den, num)));
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
