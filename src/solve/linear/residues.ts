/**
 * Residues modulo a prime p below 2^22 in doubles. They are symmetric, at most p / 2 in size, so that 2047 products of two of
 * them add up exactly below 2^53 and are reduced once.
 */
import { dot } from './dot.ts';

/** How many products of two residues a double adds up without rounding. */
export const SAFE_TERMS = 2047;

/**
 * The symmetric residue of an integer |x| < 2^53. The quotient is off by less than 2^-20 before it is rounded, so a result may
 * exceed p / 2 by four, but multiples of p give 0, and p times the quotient is exact.
 */
export function reduce(x: number, p: number, reciprocal: number): number {
  return x - Math.floor(x * reciprocal + 0.5) * p;
}

export function residue(x: bigint, p: number): number {
  const small = x >= -0x1fffffffffffffn && x <= 0x1fffffffffffffn;
  const r = small ? Number(x) % p : Number(x % BigInt(p));
  return r > p / 2 ? r - p : r < -p / 2 ? r + p : r;
}

/** The symmetric inverse of x modulo the prime p, by the extended Euclidean algorithm. */
export function invert(x: number, p: number): number {
  let [a, b, s, t] = [x < 0 ? x + p : x, p, 1, 0];
  while (b !== 0) {
    const q = Math.floor(a / b);
    [a, b, s, t] = [b, a - q * b, t, s - q * t];
  }
  return s > p / 2 ? s - p : s < -p / 2 ? s + p : s;
}

/**
 * sums[r] = sum over start <= j < end of matrix[offset + r stride + j] * v[j] for four rows r at once, so that v is read once;
 * two accumulators a row.
 */
export function fourDots(
  matrix: Float64Array,
  offset: number,
  stride: number,
  v: Float64Array,
  start: number,
  end: number,
  sums: Float64Array,
): void {
  const [second, third, last] = [offset + stride, offset + 2 * stride, offset + 3 * stride];
  let [a, b, c, d] = [0, 0, 0, 0];
  let [e, f, g, h] = [0, 0, 0, 0];
  let j = start;
  for (; j + 1 < end; j += 2) {
    const x = v[j] as number;
    const y = v[j + 1] as number;
    a += (matrix[offset + j] as number) * x;
    b += (matrix[second + j] as number) * x;
    c += (matrix[third + j] as number) * x;
    d += (matrix[last + j] as number) * x;
    e += (matrix[offset + j + 1] as number) * y;
    f += (matrix[second + j + 1] as number) * y;
    g += (matrix[third + j + 1] as number) * y;
    h += (matrix[last + j + 1] as number) * y;
  }
  if (j < end) {
    const x = v[j] as number;
    a += (matrix[offset + j] as number) * x;
    b += (matrix[second + j] as number) * x;
    c += (matrix[third + j] as number) * x;
    d += (matrix[last + j] as number) * x;
  }
  sums[0] = a + e;
  sums[1] = b + f;
  sums[2] = c + g;
  sums[3] = d + h;
}

/** matrix v for a square matrix, row by row; exact if the sums are. */
export function matrixTimes(matrix: Float64Array, v: Float64Array): Float64Array {
  const m = v.length;
  const product = new Float64Array(m);
  let i = 0;
  for (; i + 3 < m; i += 4) fourDots(matrix, i * m, m, v, 0, m, product.subarray(i));
  for (; i < m; i++) product[i] = dot(matrix, i * m, v, 0, m);
  return product;
}
