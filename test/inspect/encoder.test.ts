import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputOf } from '../../src/inspect/block.ts';
import { encoderOf, latentsOn, lengthAbove, productsOf, settle, tallyOf } from '../../src/inspect/encoder.ts';
import { exactDot, exactRow } from '../../src/inspect/exactRow.ts';
import { type Rational, ZERO } from '../../src/kernel/numbers/rational.ts';
import { TrainProblem } from '../../src/train/backend/problem.ts';
import { exactly } from '../../src/train/checkpoint/exactModel.ts';
import { modelOf, type Told } from './support.ts';

/** Margin by margin in rationals, by other code: no rows of integers, no floats. */
function slowMargins(we: number[][], x: number[], { be = [], bd = [], theta = [], subtracts }: Told): Rational[] {
  return we.map((row, i) => {
    const at = (values: readonly number[], k: number): Rational => exactly(values[k] ?? 0);
    const inner = row.reduce((sum, e, k) => {
      const input = subtracts ? exactly(x[k] as number).minus(at(bd, k)) : exactly(x[k] as number);
      return sum.plus(exactly(e).times(input));
    }, ZERO);
    const limit = at(theta, i);
    return inner.plus(at(be, i)).minus(limit.sign() > 0 ? limit : ZERO);
  });
}

function decided(
  we: number[][],
  x: number[],
  told: Told,
  wd = we,
): { margins: number[]; on: readonly number[]; tied?: readonly number[]; exact: number } {
  const e = encoderOf(modelOf(we, wd, told));
  const input = inputOf(Float64Array.from(x));
  const margins = new Float64Array(we.length);
  productsOf(e, input.values, margins);
  const tally = tallyOf();
  settle(e, margins, input, tally);
  const { on, tied } = latentsOn(e, margins, input, tally);
  return { margins: [...margins], on, ...(tied && { tied }), exact: tally.exact };
}

/** Few different numbers, so that sums cancel, of any size a float has. */
const entry = fc.oneof(
  fc.constantFrom(
    0,
    1,
    -1,
    0.1,
    -0.1,
    0.3,
    1 / 3,
    -1 / 3,
    2 ** -53,
    1 + 2 ** -52,
    1e16,
    -1e16,
    1e-200,
    -1e-200,
    5e-324,
    1e200,
  ),
  fc.double({ noNaN: true, min: -4, max: 4 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }),
  fc.float({ noNaN: true, noDefaultInfinity: true, min: -2, max: 2 }),
);

const question = fc.integer({ min: 1, max: 6 }).chain((d) =>
  fc.record({
    we: fc.array(fc.array(entry, { minLength: d, maxLength: d }), { minLength: 1, maxLength: 4 }),
    x: fc.array(entry, { minLength: d, maxLength: d }),
    be: fc.array(entry, { minLength: 4, maxLength: 4 }),
    bd: fc.array(entry, { minLength: d, maxLength: d }),
    theta: fc.array(entry, { minLength: 4, maxLength: 4 }),
    subtracts: fc.boolean(),
  }),
);

describe('margins', () => {
  test('have the sign of exact arithmetic', () => {
    fc.assert(
      fc.property(question, ({ we, x, ...told }) => {
        const { margins } = decided(we, x, told);
        expect(margins.map(Math.sign).map((s) => s + 0)).toEqual(slowMargins(we, x, told).map((s) => s.sign() + 0));
      }),
      { numRuns: 500 },
    );
  });

  test('also where the exact value is 0 but for the last bit', () => {
    // The bias is the negated product, a float near it, or the next one.
    const near = fc.record({
      e: fc.array(fc.double({ noNaN: true, min: -1, max: 1 }), { minLength: 20, maxLength: 20 }),
      x: fc.array(fc.double({ noNaN: true, min: -1, max: 1 }), { minLength: 20, maxLength: 20 }),
      shift: fc.integer({ min: -3, max: 3 }),
    });
    let exact = 0;
    fc.assert(
      fc.property(near, ({ e, x, shift }) => {
        const product = e.reduce((sum, value, k) => sum + value * (x[k] as number), 0);
        const be = [-product + shift * 2 ** -53 * Math.abs(product)];
        const found = decided([e], x, { be });
        exact += found.exact;
        expect(Math.sign(found.margins[0] as number) + 0).toBe((slowMargins([e], x, { be })[0]?.sign() ?? 0) + 0);
      }),
      { numRuns: 150 },
    );
    expect(exact).toBeGreaterThan(130);
  });

  test('products that underflow or overflow are decided in integers', () => {
    // 1e-200 * 1e-200 is 0 as a float; 1e200 * 1e200 is infinite, and the sum of both signs NaN.
    expect(decided([[1e-200]], [1e-200], {})).toMatchObject({ on: [0], exact: 1 });
    expect(decided([[1e200, 1e200]], [1e200, -1e200], { be: [-5e-324] })).toMatchObject({ on: [], exact: 1 });
    expect(decided([[1e200, 1e200]], [1e200, -1e200], { be: [5e-324] })).toMatchObject({ on: [0], exact: 1 });
  });

  test('a margin of exactly 0 is off', () => {
    expect(decided([[1, -1]], [0.1, 0.1], {})).toMatchObject({ margins: [0], on: [], exact: 1 });
    // In floats 0.1 + 0.2 - 0.3 > 0; so are the dyadic numbers that these are.
    expect(decided([[1, 1, -1]], [0.1, 0.2, 0.3], {}).on).toEqual(
      exactly(0.1).plus(exactly(0.2)).compare(exactly(0.3)) > 0 ? [0] : [],
    );
  });

  test('clear margins need no integers', () => {
    expect(
      decided(
        [
          [1, 2],
          [-3, 1],
        ],
        [1, 1],
        { be: [0.5, 0.5] },
      ),
    ).toMatchObject({ on: [0], exact: 0 });
  });

  test('thresholds at or below 0 are those of ReLU', () => {
    expect(decided([[1], [1], [1]], [0.5], { theta: [-1, 0, 0.5] }).on).toEqual([0, 1]);
  });
});

describe('Top-k', () => {
  /** By sorting exact values; of a tie the first. */
  const slowTop = (we: number[][], x: number[], told: Told & { k: number }, wd: number[][]): number[] => {
    const values = slowMargins(we, x, told).map((s, i) => {
      const u = exactRow(Float64Array.from(wd[i] ?? []));
      return { i, s, v: told.ranksByNorm && s.sign() > 0 ? s.times(s).times(exactDot(u, u)) : s };
    });
    const positive = values.filter(({ s }) => s.sign() > 0).sort((a, b) => b.v.compare(a.v) || a.i - b.i);
    return positive
      .slice(0, told.k)
      .map(({ i }) => i)
      .sort((a, b) => a - b);
  };
  const small = fc.constantFrom(0, 1, -1, 2, 0.1, 0.2, 0.3, 1 + 2 ** -52, 3);
  const asked = fc.record({
    we: fc.array(fc.array(small, { minLength: 3, maxLength: 3 }), { minLength: 5, maxLength: 5 }),
    wd: fc.array(fc.array(small, { minLength: 2, maxLength: 2 }), { minLength: 5, maxLength: 5 }),
    x: fc.array(small, { minLength: 3, maxLength: 3 }),
    k: fc.integer({ min: 1, max: 4 }),
    ranksByNorm: fc.boolean(),
  });

  test('takes the largest, exactly', () => {
    fc.assert(
      fc.property(asked, ({ we, wd, x, k, ranksByNorm }) => {
        const told = { k, ranksByNorm };
        expect(decided(we, x, told, wd).on).toEqual(slowTop(we, x, told, wd));
      }),
      { numRuns: 500 },
    );
  });

  test('a tie for the last place is said', () => {
    expect(decided([[1], [1], [2]], [1], { k: 2 })).toMatchObject({ on: [0, 2], tied: [0, 1] });
    expect(decided([[1], [1], [2]], [1], { k: 3 }).tied).toBeUndefined();
    // Not where the tie is for places that both have, or that none has.
    expect(decided([[2], [2], [1]], [1], { k: 2 }).tied).toBeUndefined();
  });

  test('by norm: 3 |(1, 1)| against 2 |(2, 1)|, by squares', () => {
    expect(
      decided([[3], [2]], [1], { k: 1, ranksByNorm: true }, [
        [1, 1],
        [2, 1],
      ]).on,
    ).toEqual([1]);
    expect(
      decided([[3], [2]], [1], { k: 1 }, [
        [1, 1],
        [2, 1],
      ]).on,
    ).toEqual([0]);
    // sqrt(8) 1 and sqrt(2) 2 are equal, which no float of either is.
    expect(
      decided([[1], [2]], [1], { k: 1, ranksByNorm: true }, [
        [2, 2],
        [1, 1],
      ]),
    ).toMatchObject({ on: [0], tied: [0, 1] });
  });
});

test('lengths are never too small', () => {
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 8 }), (row) => {
      const v = exactRow(Float64Array.from(row));
      const above = exactly(Math.min(lengthAbove(Float64Array.from(row)), Number.MAX_VALUE));
      expect(above.times(above).compare(exactDot(v, v))).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 500 },
  );
});

test.each(['gated', 'batchtopk', 'matryoshka'] as const)('%s is refused by name', (kind) => {
  const model = { ...modelOf([[1]], [[1]]), method: { kind, k: 1, l1: 0, prefixes: [1] } };
  expect(() => encoderOf(model)).toThrow(TrainProblem);
  expect(() => encoderOf(model)).toThrow(kind);
});
