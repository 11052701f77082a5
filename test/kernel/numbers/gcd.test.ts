import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gcd } from '../../../src/kernel/numbers/gcd.ts';

/** Euclid's, step by step. */
function euclid(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

const long = fc.oneof(
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.bigInt({ min: -(2n ** 700n), max: 2n ** 700n }),
  fc.tuple(fc.nat(600), fc.integer({ min: -2, max: 2 })).map(([k, d]) => 2n ** BigInt(k) + BigInt(d)),
);

test('is that of Euclid for numbers of any length', () => {
  fc.assert(
    fc.property(long, long, long, (a, b, c) => {
      for (const [x, y] of [
        [a, b],
        [a * c, b * c],
        [a, a * c + b],
      ] as const)
        expect(gcd(x, y)).toBe(euclid(x, y));
    }),
    { numRuns: 2000 },
  );
});

test('of neighbours in the sequence of Fibonacci, which take the most steps', () => {
  let [a, b] = [1n, 1n];
  for (let k = 0; k < 1000; k++) {
    [a, b] = [b, a + b];
    expect(gcd(a, b)).toBe(1n);
    expect(gcd(a * 1_000_003n, b * -1_000_003n)).toBe(1_000_003n);
  }
});

test('of zero and at the lengths where the way changes', () => {
  expect([gcd(0n, 0n), gcd(0n, -7n), gcd(12n, 0n)]).toEqual([0n, 7n, 12n]);
  for (let bits = 48n; bits < 140n; bits++)
    for (const d of [-1n, 0n, 1n]) expect(gcd(2n ** bits + d, 3n ** 40n)).toBe(euclid(2n ** bits + d, 3n ** 40n));
});
