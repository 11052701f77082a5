/**
 * Exactly unit directions. The rational points of the sphere are dense: the inverse stereographic projection
 * y -> (2y, 1 - |y|^2) / (1 + |y|^2) maps rational points of the plane to them. So a direction v is rounded to an exactly
 * unit one by rounding its image y in the plane, with one small denominator.
 *
 * Bound. Project from the pole opposite to v's largest coordinate k: y_i = v_i / (|v| + |v_k|), |y| <= 1. The inverse maps
 * points at distance s to points at distance at most 2s. Rounded to multiples of 1/D in p - 1 coordinates, and |v| known
 * to a relative 2^-11 / D, the chord is below (sqrt(p - 1) + 2^-9) / D. With D >= (floor(sqrt(p - 1)) + 2) / angle this leaves
 * room for the difference of chord and angle, as long as angle <= 1/10 and p < 5 million.
 */
import { Rational } from '../../kernel/numbers/rational.ts';
import { Vector } from '../../kernel/numbers/vector.ts';

export const LARGEST_ANGLE: Rational = Rational.of(1n, 10n);

/** floor(sqrt(n)) by Newton's iteration from above. */
export function integerRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt(Math.ceil(n.toString(2).length / 2));
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/**
 * A rational direction of length exactly 1 within `angle` (radians, 0 < angle <= 1/10) of v, which is not zero. Where v / |v|
 * is rational already it is that. The common denominator is about D^2 to 2 D^2, D as above.
 */
export function unitDirection(v: Vector, angle: Rational): Vector {
  if (v.isZero()) throw new RangeError('the zero vector has no direction');
  if (angle.sign() <= 0 || angle.compare(LARGEST_ANGLE) > 0) throw new RangeError(`an angle of ${angle}`);
  // The common denominator of v does not change its direction.
  const square = v.num.reduce((total, x) => total + x * x, 0n);
  const length = integerRoot(square);
  if (length * length === square) return Vector.ints(v.num, length);

  const grid = ceiling(angle, integerRoot(BigInt(v.length - 1)) + 2n);
  // |v| 2^shift, rounded down, to a relative error of at most 1 / (2^11 D).
  const shift = BigInt(grid.toString(2).length) + 11n;
  const root = integerRoot(square << (2n * shift));
  const k = largest(v.num);
  const pole = v.num[k] as bigint;
  const height = root + (abs(pole) << shift);
  const y = v.num.map((x, i) => (i === k ? 0n : rounded((x * grid) << shift, height)));
  const yy = y.reduce((total, a) => total + a * a, 0n);
  const gg = grid * grid;
  const point = y.map((a, i) => (i === k ? (pole < 0n ? yy - gg : gg - yy) : 2n * a * grid));
  return Vector.ints(point, gg + yy);
}

const abs = (x: bigint): bigint => (x < 0n ? -x : x);

/** The least integer D >= count / angle. */
const ceiling = (angle: Rational, count: bigint): bigint => (count * angle.den + angle.num - 1n) / angle.num;

function largest(entries: readonly bigint[]): number {
  return entries.reduce((best, x, i) => (abs(x) > abs(entries[best] as bigint) ? i : best), 0);
}

/** num / den to the nearest integer, for den > 0. */
function rounded(num: bigint, den: bigint): bigint {
  const twice = 2n * num + den;
  const floor = twice / (2n * den);
  return twice < 0n && floor * 2n * den !== twice ? floor - 1n : floor;
}
