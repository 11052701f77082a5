/** Rows of floats as what they are: integers times one power of two. Dot products of them are exact, with one product of integers a term. */
import { Rational } from '../kernel/numbers/rational.ts';
import type { Vector } from '../kernel/numbers/vector.ts';
import type { Floats } from '../train/backend/backend.ts';

/** num * 2^exp / den */
export interface ExactRow {
  readonly num: readonly bigint[];
  readonly exp: number;
  readonly den: bigint;
}

const BITS = new DataView(new ArrayBuffer(8));

/** The integer and the power of two that a finite double is. */
function parts(x: number): readonly [mantissa: bigint, exp: number] {
  if (Number.isInteger(x) && Math.abs(x) <= Number.MAX_SAFE_INTEGER) return [BigInt(x), 0];
  BITS.setFloat64(0, x);
  const high = BITS.getUint32(0);
  const biased = (high >>> 20) & 0x7ff;
  const fraction = (BigInt(high & 0xfffff) << 32n) | BigInt(BITS.getUint32(4));
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  return [x < 0 ? -mantissa : mantissa, Math.max(biased, 1) - 1075];
}

export function exactRow(values: Floats): ExactRow {
  const all = Array.from(values, parts);
  const exp = all.reduce((least, [m, e]) => (m === 0n ? least : Math.min(least, e)), 0);
  return { num: all.map(([m, e]) => (m === 0n ? 0n : m << BigInt(e - exp))), exp, den: 1n };
}

export const rationalRow = ({ num, den }: Vector): ExactRow => ({ num, exp: 0, den });

/** num * 2^exp / den in lowest terms. */
export const scaled = (num: bigint, exp: number, den = 1n): Rational =>
  exp >= 0 ? Rational.of(num << BigInt(exp), den) : Rational.of(num, den << BigInt(-exp));

export function exactDot(a: ExactRow, b: ExactRow): Rational {
  let total = 0n;
  for (let k = 0; k < a.num.length; k++) total += (a.num[k] as bigint) * (b.num[k] as bigint);
  return scaled(total, a.exp + b.exp, a.den * b.den);
}

/** a s + b t */
export function combined(a: ExactRow, s: Rational, b: ExactRow, t: Rational): ExactRow {
  const exp = Math.min(a.exp, b.exp);
  const left = (s.num * b.den * t.den) << BigInt(a.exp - exp);
  const right = (t.num * a.den * s.den) << BigInt(b.exp - exp);
  return {
    num: a.num.map((x, k) => x * left + (b.num[k] as bigint) * right),
    exp,
    den: a.den * b.den * s.den * t.den,
  };
}

export const stretched = ({ num, exp, den }: ExactRow, t: Rational): ExactRow => ({
  num: num.map((x) => x * t.num),
  exp,
  den: den * t.den,
});
