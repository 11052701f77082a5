import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Matrix, multiply, transpose, Vector } from '../../../src/kernel/numbers/vector.ts';
import { definite } from '../../../src/solve/linear/definite.ts';
import { ints, vectors } from '../support.ts';

const scaledTranspose = (l: Matrix, d: Vector): Matrix =>
  transpose(l, l.length).map((column, k) => column.times(d.at(k)));

/** Checks the answer by multiplication alone; returns whether the matrix is positive semidefinite. */
function checked(matrix: Matrix): boolean {
  const answer = definite(matrix);
  if ('x' in answer) {
    const value = Vector.of(matrix.map((row) => row.dot(answer.x))).dot(answer.x);
    expect(value.sign()).toBe(-1);
    return false;
  }
  const { l, d } = answer;
  expect(multiply(l, scaledTranspose(l, d), l.length).every((row, i) => row.equals(matrix[i] as Vector))).toBe(true);
  expect(d.entries().every((x) => x.sign() >= 0)).toBe(true);
  l.forEach((row, i) => {
    row.entries().forEach((x, j) => {
      if (j >= i) expect(`${x}`).toBe(i === j ? '1' : '0');
    });
  });
  return true;
}

describe('definite', () => {
  test('known forms', () => {
    expect(checked(vectors('2 -1', '-1 2'))).toBe(true);
    expect(checked(vectors('1/2 1/3', '1/3 1/4'))).toBe(true);
    expect(checked(vectors('0 0', '0 3'))).toBe(true);
    expect(checked(vectors('1 1', '1 1'))).toBe(true);
    expect(checked([])).toBe(true);
  });

  test('a zero pivot with a non-zero column, a negative pivot, a pivot that turns negative', () => {
    expect(checked(vectors('0 1', '1 0'))).toBe(false);
    expect(checked(vectors('0 1/7', '1/7 1000'))).toBe(false);
    expect(checked(vectors('-1'))).toBe(false);
    expect(checked(vectors('1 2', '2 3'))).toBe(false);
    expect(checked(vectors('1 1 0', '1 1 1', '0 1 5'))).toBe(false);
  });

  test('Gram matrices are semidefinite, and not after a diagonal entry is lowered below 0', () => {
    const rows = fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 4, maxLength: 4 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(rows, fc.integer({ min: 0, max: 3 }), (entries, k) => {
        const w = entries.map(ints);
        const gram = multiply(transpose(w, 4), w, 4);
        expect(checked(gram)).toBe(true);
        const spoiled = gram.map((row, i) =>
          i === k ? row.minus(ints([0, 1, 2, 3].map((j) => (j === k ? 99 : 0)))) : row,
        );
        expect(checked(spoiled)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test('random symmetric matrices', () => {
    const upper = fc.array(fc.integer({ min: -2, max: 3 }), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(upper, (u) => {
        const at = (i: number, j: number): number =>
          u[(Math.max(i, j) * (Math.max(i, j) + 1)) / 2 + Math.min(i, j)] ?? 0;
        checked([0, 1, 2, 3].map((i) => ints([0, 1, 2, 3].map((j) => at(i, j)))));
      }),
      { numRuns: 300 },
    );
  });
});
