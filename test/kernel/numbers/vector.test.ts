import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gcd, type Rational } from '../../../src/kernel/numbers/rational.ts';
import { combine, equalMatrices, multiply, outerSum, transpose, Vector } from '../../../src/kernel/numbers/vector.ts';
import { anyRational, array, grid, smallRational } from '../arbitraries.ts';
import { add, inner, type Row, ZERO } from '../naive.ts';
import { q, vector } from '../read.ts';

const scalar = fc.oneof(smallRational, anyRational);
const size = fc.integer({ min: 0, max: 4 });
const entries = (v: Vector): Rational[] => v.entries();
const canonical = (v: Vector): boolean => v.den > 0n && v.num.reduce(gcd, v.den) === 1n;

describe('vectors agree with sums over their entries', () => {
  test('dot, plus, minus, times, negated', () => {
    const pair = size.chain((n) => fc.tuple(array(scalar, n), array(scalar, n), scalar));
    fc.assert(
      fc.property(pair, ([a, b, c]) => {
        const [v, w] = [Vector.of(a), Vector.of(b)];
        expect(v.dot(w)).toEqual(inner(a, b));
        expect(entries(v.plus(w))).toEqual(add(a, b));
        expect(entries(v.minus(w))).toEqual(add(a, b, q(-1)));
        expect(entries(v.times(c))).toEqual(a.map((x) => x.times(c)));
        expect(entries(v.negated())).toEqual(a.map((x) => x.negated()));
        for (const x of [v, v.plus(w), v.minus(w), v.times(c), v.negated()]) expect(canonical(x)).toBe(true);
        expect(v.equals(w)).toBe(a.every((x, k) => x.equals(b[k] as Rational)));
        expect(v.minus(v).isZero()).toBe(true);
      }),
    );
  });

  test('combine, multiply, transpose and outerSum', () => {
    const shapes = fc
      .tuple(size, size, fc.integer({ min: 1, max: 3 }))
      .chain(([m, k, n]) =>
        fc.tuple(grid(smallRational, m, k), grid(smallRational, k, n), array(scalar, k), fc.constant(n)),
      );
    fc.assert(
      fc.property(shapes, ([a, b, weights, n]) => {
        const [left, right] = [a.map(Vector.of), b.map(Vector.of)];
        const sumOf = (by: Row): Row =>
          by.reduce((total: Row, x, k) => add(total, b[k] as Row, x), new Array(n).fill(ZERO));
        expect(entries(combine(weights, right, n))).toEqual(sumOf(weights));
        expect(multiply(left, right, n).map(entries)).toEqual(a.map(sumOf));
        expect(transpose(right, n).map(entries)).toEqual(Array.from({ length: n }, (_, j) => b.map((row) => row[j])));
        const square = outerSum(weights, right, right, [n, n]);
        square.forEach((row, i) => {
          entries(row).forEach((x, j) => {
            const naive = b.map((r, d) => (weights[d] as Rational).times(r[i] as Rational).times(r[j] as Rational));
            expect(x).toEqual(naive.reduce((s, y) => s.plus(y), ZERO));
          });
        });
        expect([...multiply(left, right, n), ...square].every(canonical)).toBe(true);
      }),
    );
  });
});

describe('shapes', () => {
  test('an empty sum has the length it is given', () => {
    expect(combine([], [], 3)).toEqual(Vector.zero(3));
    expect(outerSum([], [], [], [2, 1])).toEqual([Vector.zero(1), Vector.zero(1)]);
    expect(Vector.of([]).length).toBe(0);
    expect(Vector.of([]).isZero()).toBe(true);
  });

  test.each([
    ['dot', () => vector(1).dot(vector(1, 2))],
    ['plus', () => vector(1, 2).plus(vector(1))],
    ['combine, of vectors', () => combine([q(1)], [vector(1, 2)], 3)],
    ['combine, of weights', () => combine([q(1)], [], 3)],
    ['at', () => vector(1).at(1)],
  ])('%s refuses other lengths', (_, run) => {
    expect(run).toThrow(RangeError);
  });

  test('equality looks at lengths, denominators and entries', () => {
    expect(vector(1).equals(vector(1, 0))).toBe(false);
    expect(vector(1, 0).equals(vector(1))).toBe(false);
    expect(vector('1/2').equals(vector('1/3'))).toBe(false);
    expect(Vector.ints([2n, 4n], 6n)).toEqual(vector('1/3', '2/3'));
    expect(equalMatrices([], [vector(1)])).toBe(false);
    expect(equalMatrices([vector(1)], [])).toBe(false);
    expect(equalMatrices([vector(1)], [vector(2)])).toBe(false);
    expect(equalMatrices([vector('2/4')], [vector('1/2')])).toBe(true);
  });
});
