import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { double } from '../../../src/train/checkpoint/double.ts';
import { matching } from '../../../src/train/metrics/hungarian.ts';

test('the quotient of numbers that are longer than doubles', () => {
  const long = 10n ** 400n;
  fc.assert(
    fc.property(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 1000 }), (a, b) => {
      const near = double(Rational.of(BigInt(a) * (long + 1n), BigInt(b) * long));
      expect(Math.abs(near - a / b)).toBeLessThanOrEqual(Math.abs(a / b) * 2 ** -50);
    }),
  );
  expect([double(Rational.of(long)), double(Rational.of(-long)), double(Rational.of(1n, long))]).toEqual([
    Infinity,
    -Infinity,
    0,
  ]);
  expect(double(Rational.of(long, 10n ** 100n + 1n))).toBeCloseTo(1e300, -290);
  expect(double(Rational.of(3n, 10n ** 320n))).toBe(3e-320);
});

test('a matching of what is no number is refused, and does not go on for ever', () => {
  expect(() => matching(new Float64Array([Number.NaN]), 1, 1)).toThrow(RangeError);
  expect(() => matching(new Float64Array([1, 0, Number.NaN, Number.NaN]), 2, 2)).toThrow(RangeError);
  expect([...(matching(new Float64Array([1, 0, 0, 1]), 2, 2) ?? [])]).toEqual([0, 1]);
});
