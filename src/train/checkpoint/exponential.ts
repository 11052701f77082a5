/** exp of a rational between rationals: an irrational factor (r_mag of a gated model) in exact decisions. */
import { ONE, Rational } from '../../kernel/numbers/rational.ts';

/** exp(r) is in (low, high]; for r = 0 both are 1. */
export interface Enclosure {
  readonly low: Rational;
  readonly high: Rational;
}

/** |r| above it would make integers of thousands of digits. */
export const MOST_EXPONENT = 1000;

/** With about `bits` correct bits. */
export function exponential(r: Rational, bits: number): Enclosure {
  if (r.sign() === 0) return { low: ONE, high: ONE };
  if (r.sign() < 0) {
    const { low, high } = exponential(r.negated(), bits);
    return { low: ONE.over(high), high: ONE.over(low) };
  }
  // exp(r) = exp(r / 2^k)^(2^k) with r / 2^k < 1/2; each squaring costs a bit.
  const k = BigInt(Math.max(0, (r.num / r.den).toString(2).length + 1));
  const places = BigInt(bits) + 2n * k + 16n;
  const one = 1n << places;
  const scaled = r.den << k;
  const floor = (r.num << places) / scaled;
  let [low, high] = [series(floor, places), series(floor + 1n, places) + 1n];
  // The terms left out are together less than the last one kept, which is 0 in this many places; each was rounded down by less than 1.
  high += places;
  for (let j = 0n; j < k; j++) {
    low = (low * low) >> places;
    high = ((high * high) >> places) + 1n;
  }
  return { low: Rational.of(low, one), high: Rational.of(high, one) };
}

/** 1 + t + t^2/2 + ..., rounded down term by term, until a term is 0; t = at / 2^places < 1/2 + 2^-places. */
function series(at: bigint, places: bigint): bigint {
  let [sum, term] = [0n, 1n << places];
  for (let n = 1n; term > 0n; n++) {
    sum += term;
    term = (term * at) / (n << places);
  }
  return sum;
}

/**
 * The sign of exp(r) a + b. For rational r != 0 exp(r) is transcendental, so that the sum is 0 only where a = b = 0 and some
 * enclosure decides.
 */
export function signOfScaled(r: Rational, a: Rational, b: Rational): -1 | 0 | 1 {
  if (r.sign() === 0) return a.plus(b).sign();
  if (a.sign() * b.sign() >= 0) return a.sign() === 0 ? b.sign() : a.sign();
  for (let bits = 64; ; bits *= 2) {
    const { low, high } = exponential(r, bits);
    const [from, to] = [low.times(a).plus(b).sign(), high.times(a).plus(b).sign()];
    if (from === to && from !== 0) return from;
  }
}

/** A double next to exp(r): relative error below 2^-52, whatever this machine's exp is. */
export function factorNear(r: Rational): Rational {
  if (r.sign() === 0) return ONE;
  const { low } = exponential(r, 80);
  const surplus = low.num.toString(2).length - low.den.toString(2).length;
  const shift = 53 - surplus;
  const scaled = shift >= 0 ? (low.num << BigInt(shift)) / low.den : low.num / (low.den << BigInt(-shift));
  return shift >= 0 ? Rational.of(scaled, 1n << BigInt(shift)) : Rational.of(scaled << BigInt(-shift));
}
