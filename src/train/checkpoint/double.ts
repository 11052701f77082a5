/** The double next to a rational, also where numerator and denominator are beyond 2^1024; infinite only where the quotient is. */
import type { Rational } from '../../kernel/numbers/rational.ts';

/** More bits than a double has. */
const BITS = 80;

const bitLength = (x: bigint): number => (x < 0n ? -x : x).toString(16).length * 4;

export function double({ num, den }: Rational): number {
  const [above, below] = [Number(num), Number(den)];
  if (Number.isFinite(above) && Number.isFinite(below)) return above / below;
  const shift = bitLength(den) - bitLength(num) + BITS;
  const quotient = Number(shift >= 0 ? (num << BigInt(shift)) / den : num / (den << BigInt(-shift)));
  // In two steps, as 2^-shift itself may be no double.
  const half = Math.trunc(-shift / 2);
  return quotient * 2 ** half * 2 ** (-shift - half);
}
