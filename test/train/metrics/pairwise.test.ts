import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rows } from '../../../src/train/backend/backend.ts';
import { agreement, pairwise } from '../../../src/train/metrics/pairwise.ts';

const rowsOf = (...rows: readonly (readonly number[])[]): Rows => ({
  rows: rows.length,
  columns: rows[0]!.length,
  stride: rows[0]!.length,
  data: Float64Array.from(rows.flat()),
});

describe('by hand', () => {
  test('a rotation by an angle of 3, 4, 5: rows are matched crosswise', () => {
    // |cosines| 3/5 4/5 and 4/5 3/5.
    const { mcc, signed, matched, above } = agreement(rowsOf([1, 0], [0, 1]), rowsOf([3, 4], [8, -6]));
    expect(mcc).toBeCloseTo(4 / 5, 12);
    expect(signed).toBeCloseTo(4 / 5, 12);
    expect({ matched, above }).toEqual({ matched: 2, above: [0, 0] });
  });

  test('the matching of largest sum, not each row its best: 3/5 and 3/5 instead of 4/5 and 0', () => {
    const found = agreement(rowsOf([1, 0, 0], [0, 1, 0]), rowsOf([4, 3, 0], [3, 0, 4]));
    expect(found.mcc).toBeCloseTo(3 / 5, 12);
  });

  test('a turned sign counts only with signs, and not each matching serves both', () => {
    expect(agreement(rowsOf([1, 0], [0, 1]), rowsOf([-2, 0], [0, 5]))).toEqual({
      matched: 2,
      mcc: 1,
      // -1 and 1, or 0 and 0.
      signed: 0,
      above: [1, 1],
    });
    // |cosines| 1 0 and 3/5 4/5 give 9/10; with signs -1 0 and -3/5 4/5 the other way round is better: 0 and -3/5 are less than -1 and 4/5.
    const { mcc, signed } = agreement(rowsOf([1, 0], [3, 4]), rowsOf([-1, 0], [0, 1]));
    expect(mcc).toBeCloseTo(9 / 10, 12);
    expect(signed).toBeCloseTo(-1 / 10, 12);
  });

  test('as many rows as the smaller dictionary has; it does not matter which comes first', () => {
    const [one, three] = [rowsOf([0, 2]), rowsOf([1, 0], [3, 4], [4, 3])];
    for (const found of [agreement(one, three), agreement(three, one)]) {
      expect(found.matched).toBe(1);
      expect(found.mcc).toBeCloseTo(4 / 5, 12);
    }
  });

  test('a row of length 0 counts as 0', () => {
    expect(agreement(rowsOf([1, 0], [0, 0]), rowsOf([1, 0], [0, 1])).mcc).toBeCloseTo(1 / 2, 12);
  });

  test('PW-MCC is the mean over all pairs, with the least and the most', () => {
    const found = pairwise([rowsOf([1, 0]), rowsOf([0, 1]), rowsOf([-3, -4])]);
    expect(found.pairs.map(({ a, b }) => [a, b])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
    for (const [k, mcc] of [0, 3 / 5, 4 / 5].entries()) expect(found.pairs[k]!.mcc).toBeCloseTo(mcc, 12);
    expect(found.mcc!.mean).toBeCloseTo(7 / 15, 12);
    expect([found.mcc!.least, found.mcc!.most]).toEqual([0, expect.closeTo(4 / 5, 12)]);
    expect(found.signed!.mean).toBeCloseTo(-7 / 15, 12);
  });

  test('where a matching would take too long it is left out, and so is what it is part of', () => {
    const many: Rows = { rows: 7100, columns: 1, stride: 1, data: new Float64Array(7100).fill(1) };
    const found = pairwise([many, many, rowsOf([1])]);
    expect(found.pairs[0]).toEqual({ a: 0, b: 1, matched: 7100, mcc: null, signed: null, above: null });
    expect(found.pairs[1]).toMatchObject({ matched: 1, mcc: 1 });
    expect(found).toMatchObject({ mcc: null, signed: null });
  });
});

/** All ways to give each of n rows one of m >= n of its own. */
const ways = (n: number, free: readonly number[]): number[][] =>
  n === 0
    ? [[]]
    : free.flatMap((j) =>
        ways(
          n - 1,
          free.filter((other) => other !== j),
        ).map((rest) => [j, ...rest]),
      );

test('as trying every matching finds it', () => {
  const row = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 3, maxLength: 3 });
  const dictionary = (size: number): fc.Arbitrary<number[][]> => fc.array(row, { minLength: size, maxLength: size });
  fc.assert(
    fc.property(dictionary(3), dictionary(4), (u, v) => {
      const cosine = (x: number[], y: number[]): number => {
        const dot = x.reduce((sum, value, k) => sum + value * y[k]!, 0);
        return dot === 0 ? 0 : dot / (Math.hypot(...x) * Math.hypot(...y));
      };
      const best = (of: (x: number) => number): number =>
        Math.max(...ways(3, [0, 1, 2, 3]).map((p) => p.reduce((sum, j, i) => sum + of(cosine(u[i]!, v[j]!)), 0) / 3));
      const found = agreement(rowsOf(...u), rowsOf(...v));
      expect(found.mcc).toBeCloseTo(best(Math.abs), 9);
      expect(found.signed).toBeCloseTo(
        best((x) => x),
        9,
      );
    }),
    { numRuns: 200 },
  );
});
