import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ONE, Rational } from '../../../src/kernel/numbers/rational.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { integerRoot, LARGEST_ANGLE, unitDirection } from '../../../src/solve/realize/unitDirection.ts';

const vector = (...entries: readonly string[]): Vector => Vector.of(entries.map((x) => Rational.parse(x)!));

/**
 * That the angle of u (|u| = 1) and v is at most a, exactly: sin^2 <= a^2 (1 - a^2 / 3) <= sin^2 a, and a positive product.
 */
function within(u: Vector, v: Vector, a: Rational): boolean {
  const [square, product] = [v.dot(v), u.dot(v)];
  const bound = a.times(a).times(ONE.minus(a.times(a).over(Rational.of(3n))));
  return product.sign() > 0 && square.minus(product.times(product)).compare(square.times(bound)) <= 0;
}

const direction = fc
  .array(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), { minLength: 1, maxLength: 12 })
  .filter((entries) => entries.some((x) => x !== 0n))
  .map((entries) => Vector.ints(entries, 1_000_000n));
const angle = fc
  .tuple(fc.bigInt({ min: 1n, max: 1000n }), fc.bigInt({ min: 10_000n, max: 10n ** 9n }))
  .map(([num, den]) => Rational.of(num, den));

describe('unitDirection', () => {
  test('is exactly unit, and within the angle', () => {
    fc.assert(
      fc.property(direction, angle, (v, a) => {
        const u = unitDirection(v, a);
        expect(u.dot(u).equals(ONE)).toBe(true);
        expect(within(u, v, a)).toBe(true);
      }),
    );
  });

  test('the denominator is about 2 D^2 at most, whatever the digits of v', () => {
    const a = Rational.parse('1/1000')!;
    fc.assert(
      fc.property(direction, (v) => {
        fc.pre(integerRoot(square(v)) ** 2n !== square(v));
        const D = (integerRoot(BigInt(v.length - 1)) + 2n) * 1000n;
        expect(unitDirection(v, a).den <= 2n * D * D + 4n * D * BigInt(v.length)).toBe(true);
      }),
    );
  });

  test('points to where v points: scaling and signs of coordinates', () => {
    fc.assert(
      fc.property(direction, angle, (v, a) => {
        const u = unitDirection(v, a);
        expect(unitDirection(v.times(Rational.of(7n, 3n)), a).equals(u)).toBe(true);
        expect(unitDirection(v.negated(), a).equals(u.negated())).toBe(true);
      }),
    );
  });

  test('a direction of rational length is only divided by it', () => {
    expect(`${unitDirection(vector('0.3', '0.4'), LARGEST_ANGLE)}`).toBe('(3/5, 4/5)');
    expect(`${unitDirection(vector('-12/13', '5/13'), LARGEST_ANGLE)}`).toBe('(-12/13, 5/13)');
    expect(`${unitDirection(vector('-7'), LARGEST_ANGLE)}`).toBe('(-1)');
    expect(`${unitDirection(vector('0', '0', '-2'), LARGEST_ANGLE)}`).toBe('(0, 0, -1)');
  });

  test('(1, 1) has irrational length: D = 30, y = 12/30, so (20, 21)/29', () => {
    const u = unitDirection(vector('1', '1'), LARGEST_ANGLE);
    expect(`${u}`).toBe('(21/29, 20/29)');
  });

  test('no direction and no sane angle are refused', () => {
    expect(() => unitDirection(vector('0', '0'), LARGEST_ANGLE)).toThrow(RangeError);
    expect(() => unitDirection(vector('1', '1'), Rational.parse('0')!)).toThrow(RangeError);
    expect(() => unitDirection(vector('1', '1'), Rational.parse('1')!)).toThrow(RangeError);
  });
});

test('integerRoot', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 60n }), (n) => {
      const root = integerRoot(n);
      expect(root * root <= n && n < (root + 1n) * (root + 1n)).toBe(true);
    }),
  );
});

const square = (v: Vector): bigint => v.num.reduce((total, x) => total + x * x, 0n);
