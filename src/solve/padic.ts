/**
 * Exact solution of a regular integer system by p-adic lifting (Dixon 1982, "Exact solution of linear equations using
 * p-adic expansions"): x = x_0 + x_1 p + x_2 p^2 + ..., each digit one product with the inverse modulo p, then rational
 * reconstruction, then one exact multiplication that verifies the result.
 */
import { inverseModulo, primes, residue, residues, SAFE_TERMS } from './modular.ts';

/** The vector num / den. */
export interface Fraction {
  readonly num: readonly bigint[];
  readonly den: bigint;
}

type Integers = readonly bigint[];

const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);

export function bitLength(x: bigint): number {
  return x === 0n ? 0 : magnitude(x).toString(16).length * 4;
}

function largest(entries: Iterable<bigint>): bigint {
  let most = 0n;
  for (const x of entries) if (magnitude(x) > most) most = magnitude(x);
  return most;
}

/** A system that is solved for several right sides: the inverse modulo a prime is computed once. */
export class PadicSolver {
  readonly #matrix: readonly Integers[];
  readonly #size: number;
  readonly #p: number;
  readonly #inverse: Float64Array;
  /** matrix = sum of limbs[l] * 2^(limbBits * l), each small enough for exact products in doubles. */
  readonly #limbs: readonly Float64Array[];
  readonly #limbBits: number;

  private constructor(matrix: readonly Integers[], p: number, inverse: Float64Array) {
    this.#matrix = matrix;
    this.#size = matrix.length;
    this.#p = p;
    this.#inverse = inverse;
    // |limb| < 2^bits and a digit < 2^22: m products and a carried residual of the same size stay below 2^53.
    this.#limbBits = 29 - Math.ceil(Math.log2(this.#size + 1));
    this.#limbs = split(matrix, this.#limbBits);
  }

  /** Tries `prime`, or else a few; undefined if the matrix is singular modulo each: then it almost surely is singular. */
  static of(matrix: readonly Integers[], prime?: number): PadicSolver | undefined {
    let tries = 0;
    for (const p of prime === undefined ? primes() : [prime]) {
      const inverse = inverseModulo(residues(matrix, p), p);
      if (inverse) return new PadicSolver(matrix, p, inverse);
      if (++tries === 2) return undefined;
    }
    return undefined;
  }

  /** The one x with matrix x = b. */
  solve(b: Integers): Fraction {
    const bits = this.#solutionBits(b);
    const most = Math.ceil((2 * bits + 64) / Math.log2(this.#p));
    const digits: Float64Array[] = [];
    const lift = this.#lifting(b);
    // Solutions are often far smaller than Hadamard's bound, so try at 8, 16, 32, ... digits.
    for (let target = Math.min(8, most); ; target = Math.min(2 * target, most)) {
      while (digits.length < target) digits.push(lift());
      const found = reconstruct(digits, BigInt(this.#p), this.#size);
      if (found && this.#verifies(found, b)) return found;
      if (target === most) throw new Error('p-adic lifting beyond the Hadamard bound did not give the solution');
    }
  }

  /** A bound on the bits of numerators and denominator: Cramer's rule and Hadamard's inequality. */
  #solutionBits(b: Integers): number {
    const perRow = (row: Integers): number => bitLength(largest(row)) + Math.log2(this.#size) / 2;
    return bitLength(largest(b)) + this.#matrix.reduce((total, row) => total + perRow(row), 0) + 1;
  }

  /** Gives the digits one after the other; the residual is b - matrix (digits so far), divided by p at each step. */
  #lifting(b: Integers): () => Float64Array {
    const [m, p] = [this.#size, this.#p];
    const prime = BigInt(p);
    if (this.#limbs.length === 1 && largest(b) < 2n ** 51n) {
      const residual = Float64Array.from(b, Number);
      const reduced = new Float64Array(m);
      return () => {
        for (let i = 0; i < m; i++) {
          const r = (residual[i] as number) % p;
          reduced[i] = r < 0 ? r + p : r;
        }
        const digit = this.#digit(reduced);
        const product = times(this.#limbs[0] as Float64Array, digit, m);
        for (let i = 0; i < m; i++) residual[i] = ((residual[i] as number) - (product[i] as number)) / p;
        return digit;
      };
    }
    const residual = [...b];
    return () => {
      const digit = this.#digit(Float64Array.from(residual, (r) => residue(r, p)));
      const products = this.#limbs.map((limb) => times(limb, digit, m));
      for (let i = 0; i < m; i++) {
        let product = 0n;
        for (let l = products.length - 1; l >= 0; l--) {
          product = (product << BigInt(this.#limbBits)) + BigInt(products[l]?.[i] as number);
        }
        residual[i] = ((residual[i] as bigint) - product) / prime;
      }
      return digit;
    };
  }

  /** inverse * r modulo p. */
  #digit(r: Float64Array): Float64Array {
    const [m, p] = [this.#size, this.#p];
    const digit = new Float64Array(m);
    for (let start = 0; start < m; start += SAFE_TERMS) {
      const end = Math.min(m, start + SAFE_TERMS);
      for (let i = 0; i < m; i++) digit[i] = ((digit[i] as number) + dot(this.#inverse, i * m, r, start, end)) % p;
    }
    return digit;
  }

  #verifies(x: Fraction, b: Integers): boolean {
    return this.#matrix.every((row, i) => {
      let total = 0n;
      for (let j = 0; j < row.length; j++) total += (row[j] as bigint) * (x.num[j] as bigint);
      return total === (b[i] as bigint) * x.den;
    });
  }
}

function split(matrix: readonly Integers[], bits: number): Float64Array[] {
  const m = matrix.length;
  const count = Math.max(1, Math.ceil(bitLength(largest(matrix.flat())) / bits));
  const limbs = Array.from({ length: count }, () => new Float64Array(m * m));
  const base = 1n << BigInt(bits);
  matrix.forEach((row, i) => {
    row.forEach((entry, j) => {
      let rest = entry;
      for (let l = 0; l < count; l++) {
        // The remainder has the sign of the entry, so |limb| < base.
        (limbs[l] as Float64Array)[i * m + j] = Number(count === 1 ? rest : rest % base);
        rest /= base;
      }
    });
  });
  return limbs;
}

/** sum over start <= j < end of matrix[offset + j] * v[j]; four accumulators keep the processor busy. */
function dot(matrix: Float64Array, offset: number, v: Float64Array, start: number, end: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let j = start;
  for (; j + 3 < end; j += 4) {
    a += (matrix[offset + j] as number) * (v[j] as number);
    b += (matrix[offset + j + 1] as number) * (v[j + 1] as number);
    c += (matrix[offset + j + 2] as number) * (v[j + 2] as number);
    d += (matrix[offset + j + 3] as number) * (v[j + 3] as number);
  }
  for (; j < end; j++) a += (matrix[offset + j] as number) * (v[j] as number);
  return a + b + c + d;
}

function times(matrix: Float64Array, v: Float64Array, m: number): Float64Array {
  const product = new Float64Array(m);
  for (let i = 0; i < m; i++) product[i] = dot(matrix, i * m, v, 0, m);
  return product;
}

/** The rational vector with these p-adic digits and a small common denominator; undefined if the digits are too few. */
function reconstruct(digits: readonly Float64Array[], prime: bigint, size: number): Fraction | undefined {
  const assembled = assembler(digits, prime);
  const modulus = prime ** BigInt(digits.length);
  // Both parts below sqrt(modulus) / 2^15: a random residue passes with probability about 2^-30.
  const bound = 1n << BigInt(Math.max(1, Math.floor((bitLength(modulus) - 4) / 2) - 15));
  const num: bigint[] = [];
  let den = 1n;
  for (let i = 0; i < size; i++) {
    const value = symmetric(assembled(i) * den, modulus);
    if (magnitude(value) <= bound) {
      num.push(value);
      continue;
    }
    const fraction = rationalResidue(value, modulus, bound, bound / den);
    if (!fraction) return undefined;
    for (let k = 0; k < i; k++) num[k] = (num[k] as bigint) * fraction.den;
    num.push(fraction.num);
    den *= fraction.den;
  }
  return { num, den };
}

function symmetric(x: bigint, modulus: bigint): bigint {
  const r = x % modulus;
  if (2n * r > modulus) return r - modulus;
  return -2n * r > modulus ? r + modulus : r;
}

/** num / den = x modulo `modulus` with |num| <= most and 0 < den <= mostDen, by the extended Euclidean algorithm. */
function rationalResidue(
  x: bigint,
  modulus: bigint,
  most: bigint,
  mostDen: bigint,
): { num: bigint; den: bigint } | undefined {
  let [a, b, s, t] = [modulus, x < 0n ? x + modulus : x, 0n, 1n];
  while (b > most) {
    const q = a / b;
    [a, b, s, t] = [b, a - q * b, t, s - q * t];
  }
  if (t === 0n || magnitude(t) > mostDen) return undefined;
  return t < 0n ? { num: -b, den: -t } : { num: b, den: t };
}

/** Unknown i as an integer: its digits in base p, added pairwise so that few products are long. */
function assembler(digits: readonly Float64Array[], prime: bigint): (i: number) => bigint {
  const p = Number(prime);
  const powers = [prime * prime];
  return (i) => {
    let values: bigint[] = [];
    for (let k = 0; k < digits.length; k += 2) {
      // Two digits make less than 2^44.
      values.push(BigInt((digits[k]?.[i] as number) + p * (digits[k + 1]?.[i] ?? 0)));
    }
    for (let level = 0; values.length > 1; level++) {
      const power = powers[level] ?? 1n;
      powers[level + 1] ??= power * power;
      const next: bigint[] = [];
      for (let k = 0; k < values.length; k += 2) next.push((values[k] as bigint) + power * (values[k + 1] ?? 0n));
      values = next;
    }
    return values[0] ?? 0n;
  };
}
