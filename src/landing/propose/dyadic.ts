/** Floats as the exact numbers they are. */
import type { Configuration } from '../../kernel/model/instance.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import type { SdlProblem } from '../runs/problem.ts';

/** The exact value of a finite float. */
export function dyadic(x: number): Rational {
  if (!Number.isFinite(x)) throw new RangeError(`${x} is no number`);
  let [value, exponent] = [x, 0n];
  while (!Number.isInteger(value)) {
    value *= 2;
    exponent++;
  }
  return Rational.of(BigInt(value), 1n << exponent);
}

/** The nearest multiple of 2^-bits, for |x| < 2^(53 - bits): short numbers for proofs. */
export const rounded = (x: number, bits: number): Rational =>
  Rational.of(BigInt(Math.round(x * 2 ** bits)), 1n << BigInt(bits));

/** The least power of two that is at least x. */
export const powerAbove = (x: number): Rational => {
  const k = Math.max(-60, Math.ceil(Math.log2(x)));
  return k >= 0 ? Rational.of(1n << BigInt(k)) : Rational.of(1n, 1n << BigInt(-k));
};

/** One run's weights as a configuration, exactly. */
export function configurationOfRun(p: SdlProblem, x: ArrayLike<number>): Configuration {
  const rows = (from: number, length: number): Vector[] =>
    Array.from({ length: p.nq }, (_, i) =>
      Vector.of(Array.from({ length }, (_, k) => dyadic(x[from + i * length + k] as number))),
    );
  return { we: rows(0, p.np), wd: rows(p.nq * p.np, p.nr) };
}

/** The fraction of least denominator (at most `largest`) within `near` of x: continued fractions. */
export function simplest(x: number, largest = 1e6, near = 1e-9): Rational | undefined {
  let [h0, h1, k0, k1, rest] = [0, 1, 1, 0, x];
  for (let step = 0; step < 30; step++) {
    const whole = Math.floor(rest);
    [h0, h1] = [h1, whole * h1 + h0];
    [k0, k1] = [k1, whole * k1 + k0];
    if (k1 > largest) return undefined;
    if (Math.abs(x - h1 / k1) < near * Math.max(1, Math.abs(x))) return Rational.of(BigInt(h1), BigInt(k1));
    rest = 1 / (rest - whole);
  }
  return undefined;
}

/** Divided by a power of two, so that the largest entry is about 1. */
export function ofSizeOne({ num, den }: Vector): Vector {
  const most = num.reduce((top, x) => (x > top ? x : -x > top ? -x : top), 1n);
  return Vector.ints(num, den << BigInt(most.toString(2).length - 1));
}
