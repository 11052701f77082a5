/**
 * Rational reconstruction of the solution of an integer system from its p-adic digits, with proof: if matrix num = den b modulo
 * q, and both sides are below q / 2 in size, then they are equal (Dixon 1982).
 */

/** The vector num / den. */
export interface Fraction {
  readonly num: readonly bigint[];
  readonly den: bigint;
}

export const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);

/** At least the number of bits, and at most 3 more. */
export function bitLength(x: bigint): number {
  return x === 0n ? 0 : magnitude(x).toString(16).length * 4;
}

export function largest(entries: Iterable<bigint>): bigint {
  let most = 0n;
  for (const x of entries) if (magnitude(x) > most) most = magnitude(x);
  return most;
}

/** Bits of bounds on the sum of the sizes of a row of the matrix, and on an entry of b. */
export interface SystemBits {
  readonly row: number;
  readonly right: number;
}

/** The solution with these symmetric digits in base p, digits[k][i] that of p^k in unknown i; undefined if they are too few. */
export function reconstruct(
  digits: readonly Float64Array[],
  p: number,
  size: number,
  bits: SystemBits,
): Fraction | undefined {
  const count = digits.length;
  // Numerators are half as long as what it takes to find a denominator.
  const few = Math.min(count, Math.ceil(count / 2) + Math.ceil((bits.row + bits.right + TELLING) / 20));
  const unknown = assembler(digits, p);
  const modulus = BigInt(p) ** BigInt(few);
  const numerator = (i: number, den: bigint): bigint => symmetric(unknown(i, few) * den, modulus);
  const most = bitLength(modulus) - bits.row - 5;
  const fits = (x: bigint): boolean => bitLength(x) <= most - TELLING;
  let den = 1n;
  let num: bigint[] = [];
  for (let i = 0; i < size; i++) {
    let value = numerator(i, den);
    if (!fits(value)) {
      const factor = missingFactor(symmetric(unknown(i, count) * den, BigInt(p) ** BigInt(count)), p, count, den);
      if (factor === undefined) return undefined;
      den *= factor;
      num = num.map((x) => x * factor);
      value = numerator(i, den);
      if (!fits(value)) return undefined;
    }
    num.push(value);
  }
  // matrix num = den b modulo p^few by construction, and this bounds both sides by a quarter of it.
  const proved = num.every((x) => bitLength(x) <= most) && bitLength(den) + bits.right + 5 <= bitLength(modulus);
  return proved ? { num, den } : undefined;
}

/** A wrong residue looks like a numerator with probability about 2^-TELLING. */
const TELLING = 40;

/** The denominator of the rational number that is x modulo p^count; undefined if it cannot be told. `den` is already known. */
function missingFactor(x: bigint, p: number, count: number, den: bigint): bigint | undefined {
  const modulus = BigInt(p) ** BigInt(count);
  // Numerator and denominator below sqrt(modulus) / 2^15: a random residue passes with probability about 2^-30.
  const bound = 1n << BigInt(Math.max(1, Math.floor((bitLength(modulus) - 4) / 2) - 15));
  return denominator(x, modulus, bound, bound / den);
}

function symmetric(x: bigint, modulus: bigint): bigint {
  const r = x % modulus;
  if (2n * r > modulus) return r - modulus;
  return -2n * r > modulus ? r + modulus : r;
}

/** The d with 0 < d <= mostDen and |d x| <= most modulo `modulus`, by the extended Euclidean algorithm. */
function denominator(x: bigint, modulus: bigint, most: bigint, mostDen: bigint): bigint | undefined {
  let [a, b, s, t] = [modulus, x < 0n ? x + modulus : x, 0n, 1n];
  while (b > most) {
    const q = a / b;
    [a, b, s, t] = [b, a - q * b, t, s - q * t];
  }
  const d = magnitude(t);
  return d === 0n || d > mostDen ? undefined : d;
}

/** Unknown i modulo p^count: its digits added pairwise, so that few products are long. */
function assembler(digits: readonly Float64Array[], p: number): (i: number, count: number) => bigint {
  const square = BigInt(p) * BigInt(p);
  const powers = [square];
  return (i, count) => {
    let values: bigint[] = [];
    for (let k = 0; k < count; k += 2) {
      // Two digits make less than 2^44.
      const second = k + 1 < count ? (digits[k + 1]?.[i] as number) : 0;
      values.push(BigInt((digits[k]?.[i] as number) + p * second));
    }
    for (let level = 0; values.length > 1; level++) {
      const power = powers[level] as bigint;
      powers[level + 1] ??= power * power;
      const next: bigint[] = [];
      for (let k = 0; k < values.length; k += 2) next.push((values[k] as bigint) + power * (values[k + 1] ?? 0n));
      values = next;
    }
    return values[0] ?? 0n;
  };
}
