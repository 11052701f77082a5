/**
 * Exact rationals: numerator and denominator coprime, denominator positive, so equal numbers have equal parts.
 */
import { gcd } from './gcd.ts';
import { spend, words } from './work.ts';

export { gcd };

/** Bounds that keep a short text from becoming a huge number: `1e999999999` is refused, not computed. */
export const MAX_DIGITS = 20_000;
export const MAX_EXPONENT = 1_000;

export class Rational {
  readonly num: bigint;
  readonly den: bigint;
  /** 64-bit words of the longer of the two. */
  readonly words: number;

  private constructor(num: bigint, den: bigint) {
    this.num = num;
    this.den = den;
    const [above, below] = [words(num), words(den)];
    this.words = above > below ? above : below;
  }

  /** num / den in lowest terms; a zero denominator is a bug of the caller. */
  static of(num: bigint, den = 1n): Rational {
    if (den === 0n) throw new RangeError('denominator 0');
    spend(200);
    const g = den === 1n ? 1n : gcd(num, den);
    const sign = den < 0n ? -1n : 1n;
    if (g === 1n) return new Rational(sign * num, sign * den);
    spend(2 * words(g) * (words(num) + words(den)));
    return new Rational((sign * num) / g, (sign * den) / g);
  }

  /** An integer, a fraction `-12/13` or a decimal `0.25`, `1.5e-3`, read exactly; undefined if it is none. */
  static parse(text: string): Rational | undefined {
    if (text.length > MAX_DIGITS) return undefined;
    spend((text.length * text.length) / 100);
    const fraction = /^(-?[0-9]+)\/([0-9]+)$/.exec(text);
    if (fraction) {
      const den = BigInt(fraction[2] ?? '0');
      return den === 0n ? undefined : Rational.of(BigInt(fraction[1] ?? '0'), den);
    }
    const decimal = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,5}))?$/.exec(text);
    if (!decimal) return undefined;
    const [, sign, whole = '', part = '', power = '0'] = decimal;
    if (Math.abs(Number(power)) > MAX_EXPONENT) return undefined;
    const digits = BigInt(whole + part) * (sign === '-' ? -1n : 1n);
    const shift = BigInt(power) - BigInt(part.length);
    return shift >= 0n ? Rational.of(digits * 10n ** shift) : Rational.of(digits, 10n ** -shift);
  }

  plus(b: Rational): Rational {
    spend(3 * this.words * b.words);
    return Rational.of(this.num * b.den + b.num * this.den, this.den * b.den);
  }
  minus(b: Rational): Rational {
    spend(3 * this.words * b.words);
    return Rational.of(this.num * b.den - b.num * this.den, this.den * b.den);
  }
  times(b: Rational): Rational {
    spend(2 * this.words * b.words);
    return Rational.of(this.num * b.num, this.den * b.den);
  }
  over(b: Rational): Rational {
    spend(2 * this.words * b.words);
    return Rational.of(this.num * b.den, this.den * b.num);
  }
  negated(): Rational {
    return new Rational(-this.num, this.den);
  }
  sign(): -1 | 0 | 1 {
    return this.num === 0n ? 0 : this.num < 0n ? -1 : 1;
  }
  compare(b: Rational): -1 | 0 | 1 {
    spend(100 + 2 * this.words * b.words);
    const difference = this.num * b.den - b.num * this.den;
    return difference === 0n ? 0 : difference < 0n ? -1 : 1;
  }
  equals(b: Rational): boolean {
    return this.num === b.num && this.den === b.den;
  }
  /** `-12/13`, or `5` for an integer: the form certificates use. */
  toString(): string {
    spend(100 + 10 * this.words * this.words);
    return this.den === 1n ? `${this.num}` : `${this.num}/${this.den}`;
  }
}

export const ZERO: Rational = Rational.of(0n);
export const ONE: Rational = Rational.of(1n);

export function sum(terms: Iterable<Rational>): Rational {
  let total = ZERO;
  for (const term of terms) total = total.plus(term);
  return total;
}
