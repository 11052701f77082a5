import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitsOf, count, countBoth, members } from '../../src/inspect/bits.ts';
import { dual } from '../../src/inspect/book.ts';
import { exactDot, exactRow, scaled } from '../../src/inspect/exactRow.ts';
import { exactSum } from '../../src/inspect/exactSum.ts';
import { sum } from '../../src/kernel/numbers/rational.ts';
import { exactly } from '../../src/train/checkpoint/exactModel.ts';

const entry = fc.oneof(
  fc.double({ noNaN: true, min: -1e3, max: 1e3 }),
  fc.constantFrom(0, 1e15, -1e15, 2 ** -60, 3e-300, 1e250),
);

test('sums of rows lose nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(entry, entry), { minLength: 1, maxLength: 40 }), (rows) => {
      const { num, exp, den } = exactSum(Float64Array.from(rows.flat()), 2, rows.keys());
      const found = num.map((x) => `${scaled(x, exp, den)}`);
      expect(found).toEqual([0, 1].map((k) => `${sum(rows.map((row) => exactly(row[k] as number)))}`));
    }),
    { numRuns: 300 },
  );
});

test('rows of floats are the numbers that they are', () => {
  for (const x of [0, -0, 1, -0.1, 5e-324, -(2 ** -1022), Number.MAX_VALUE, 2 ** 53, 1 / 3]) {
    const { num, exp } = exactRow(Float64Array.of(x, 0.5));
    expect(scaled(num[0] as bigint, exp).equals(exactly(x))).toBe(true);
  }
});

test('the dual tells two directions apart, and there is none of one line', () => {
  const [p, c] = [exactRow(Float64Array.of(1, 2, 0)), exactRow(Float64Array.of(1, 1, 0.3))];
  const sharp = dual(p, c);
  expect(sharp && [`${exactDot(sharp, p)}`, `${exactDot(sharp, c)}`]).toEqual(['1', '0']);
  expect(dual(p, exactRow(Float64Array.of(-2, -4, 0)))).toBeUndefined();
});

test('sets of rows as bits', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(99)), fc.uniqueArray(fc.nat(99)), (a, b) => {
      const [x, y] = [bitsOf(100, a), bitsOf(100, b)];
      expect(members(x)).toEqual([...a].sort((p, q) => p - q));
      expect([count(x), countBoth(x, y)]).toEqual([a.length, a.filter((r) => b.includes(r)).length]);
    }),
    { numRuns: 200 },
  );
});
