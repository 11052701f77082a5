import fc from 'fast-check';
import { expect, test } from 'vitest';
import { characteristic, determinant, rank } from '../../../src/kernel/numbers/elimination.ts';
import type { Rational } from '../../../src/kernel/numbers/rational.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { grid, smallRational } from '../arbitraries.ts';
import { q, vector } from '../read.ts';

type Rows = readonly (readonly Rational[])[];

/** Leibniz, by expansion along the first row. */
function expansion(rows: Rows): Rational {
  const [first, ...rest] = rows;
  if (!first) return q(1);
  return first.reduce((total, x, j) => {
    const minor = expansion(rest.map((row) => row.filter((_, k) => k !== j)));
    return total.plus(x.times(minor).times(q(j % 2 === 0 ? 1 : -1)));
  }, q(0));
}

function subsets(n: number, size: number): number[][] {
  if (size === 0) return [[]];
  return Array.from({ length: n }, (_, last) => subsets(last, size - 1).map((set) => [...set, last])).flat();
}

/** The largest size of a minor that is not 0. */
const rankByMinors = (rows: Rows, columns: number): number =>
  Math.max(
    ...[0, 1, 2, 3].filter((size) =>
      subsets(rows.length, size).some((is) =>
        subsets(columns, size).some((js) => expansion(is.map((i) => js.map((j) => rows[i]![j]!))).sign() !== 0),
      ),
    ),
  );

const size = fc.integer({ min: 0, max: 3 });

test('determinant agrees with expansion, rank with minors', () => {
  fc.assert(
    fc.property(
      fc
        .tuple(size, fc.integer({ min: 1, max: 3 }))
        .chain(([h, w]) => fc.tuple(grid(smallRational, h, w), grid(smallRational, h, h), fc.constant(w))),
      ([any, square, width]) => {
        expect(determinant(square.map(Vector.of))).toEqual(expansion(square));
        expect(rank(any.map(Vector.of))).toBe(rankByMinors(any, width));
      },
    ),
    { numRuns: 300 },
  );
});

test('the characteristic polynomial takes the values of the determinant', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }).chain((n) => fc.tuple(grid(smallRational, n, n), grid(smallRational, n, n))),
      smallRational,
      ([a, b], t) => {
        const p = characteristic(a.map(Vector.of), b.map(Vector.of)).entries();
        const value = p.reduceRight((v, c) => v.times(t).plus(c), q(0));
        expect(value).toEqual(expansion(a.map((row, i) => row.map((x, j) => x.minus(t.times(b[i]![j]!))))));
      },
    ),
    { numRuns: 200 },
  );
});

test('where B is singular the polynomial may vanish: a caller has to look', () => {
  expect(characteristic([vector(1, 0), vector(0, 0)], [vector(1, 0), vector(0, 0)]).isZero()).toBe(true);
});
