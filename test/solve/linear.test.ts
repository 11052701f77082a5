import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rational } from '../../src/kernel/rational.ts';
import { type Matrix, multiply, transpose, Vector } from '../../src/kernel/vector.ts';
import { reduceRows } from '../../src/solve/bareiss.ts';
import { determinant, inverse, nullSpace, primitive, rank, solve, solveSquare } from '../../src/solve/linear.ts';
import { inverseModulo, primes, residues } from '../../src/solve/modular.ts';
import { generator, ints, vector, vectors } from './support.ts';

const hilbert = (n: number): Matrix =>
  Array.from({ length: n }, (_, i) =>
    Vector.of(Array.from({ length: n }, (_, j) => Rational.of(1n, BigInt(i + j + 1)))),
  );

const identity = (n: number): Matrix =>
  Array.from({ length: n }, (_, i) => ints(Array.from({ length: n }, (_, j) => +(i === j))));

function randomRows(seed: number, rows: number, columns: number, size: bigint): bigint[][] {
  const random = generator(seed);
  const entry = (): bigint => (BigInt(Math.floor(random() * 2 ** 32)) * (2n * size + 1n)) / 2n ** 32n - size;
  return Array.from({ length: rows }, () => Array.from({ length: columns }, entry));
}

const product = (matrix: Matrix, x: Vector): Vector => Vector.of(matrix.map((row) => row.dot(x)));

const matrixArbitrary = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .chain(([m, n]) =>
    fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: n, maxLength: n }), { minLength: m, maxLength: m }),
  );

describe('small systems', () => {
  test('the inverse of the Hilbert matrix has the known integer entries', () => {
    const inverted = inverse(hilbert(5)) as Matrix;
    // (-1)^(i+j) (i+j-1) C(n+i-1,n-j) C(n+j-1,n-i) C(i+j-2,i-1)^2; OEIS A189765.
    expect(inverted[0]?.equals(vector('25 -300 1050 -1400 630'))).toBe(true);
    expect(`${determinant(hilbert(5))}`).toBe('1/266716800000'); // OEIS A005249
  });

  test('Vandermonde determinants, and the sign of a permutation', () => {
    expect(`${determinant(vectors('1 2 4', '1 3 9', '1 5 25'))}`).toBe('6'); // (3-2)(5-2)(5-3)
    expect(`${determinant(vectors('0 1 0', '1 0 0', '0 0 1'))}`).toBe('-1');
    expect(`${determinant(vectors('0 1 0', '0 0 1', '1 0 0'))}`).toBe('1');
    expect(`${determinant(vectors('1 2', '2 4'))}`).toBe('0');
  });

  test('a singular matrix has no inverse, an inconsistent system no solution', () => {
    expect(inverse(vectors('1 2', '2 4'))).toBeUndefined();
    expect(solve(vectors('1 2', '2 4'), vector('1 3'), 2)).toBeUndefined();
    expect(`${solve(vectors('1 2', '2 4'), vector('1 2'), 2)}`).toBe('(1, 0)');
    expect(solve([], Vector.zero(0), 2)?.equals(Vector.zero(2))).toBe(true);
  });

  test('rational rows and right sides', () => {
    expect(`${solve(vectors('1/2 1/3', '1/5 -1/7'), vector('1/6 2/35'), 2)}`).toBe('(9/29, 1/29)');
  });

  test('null space, rank and solutions agree on random matrices', () => {
    fc.assert(
      fc.property(
        matrixArbitrary,
        fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 5, maxLength: 5 }),
        (rows, c) => {
          const matrix = rows.map(ints);
          const width = rows[0]?.length ?? 0;
          const basis = nullSpace(matrix, width);
          expect(rank(matrix, width) + basis.length).toBe(width);
          expect(rank(basis, width)).toBe(basis.length);
          expect(rank(transpose(matrix, width), matrix.length)).toBe(rank(matrix, width));
          for (const x of basis) expect(product(matrix, x).isZero()).toBe(true);
          const b = product(matrix, ints(c.slice(0, width)));
          expect(product(matrix, solve(matrix, b, width) as Vector).equals(b)).toBe(true);
          // Off the column space: a left null vector tells.
          const any = ints(Array.from({ length: rows.length }, (_, i) => c[i] as number));
          const consistent = nullSpace(transpose(matrix, width), rows.length).every((y) => y.dot(any).sign() === 0);
          expect(solve(matrix, any, width) !== undefined).toBe(consistent);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('primitive', () => {
    expect(`${primitive([6n, -9n, 0n])}`).toBe('(2, -3, 0)');
    expect(`${primitive([0n, 0n])}`).toBe('(0, 0)');
  });
});

describe('p-adic lifting', () => {
  test.each([
    [17, 9n],
    [40, 10n ** 6n],
    [25, 10n ** 40n],
  ])('%i unknowns, entries up to %s: as by fraction-free elimination', (n, size) => {
    const matrix = randomRows(n, n, n, size);
    const [b = []] = randomRows(n + 1, 1, n, size);
    const x = solveSquare(matrix, b);
    const reduced = reduceRows(
      matrix.map((row, i) => [...row, b[i] as bigint]),
      n,
    );
    reduced.rows.forEach((row, i) => {
      expect((row[n] as bigint) * (x?.den ?? 0n)).toBe((x?.num[i] as bigint) * reduced.scale);
    });
  });

  test('a small solution of a large system, and more unknowns than a double adds up products', () => {
    const n = 530;
    // The second difference matrix: b = e_1 gives x_i = 1 - i / (n + 1).
    const matrix = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => (i === j ? 2n : Math.abs(i - j) === 1 ? -1n : 0n)),
    );
    const x = solveSquare(
      matrix,
      matrix.map((_, i) => (i === 0 ? 1n : 0n)),
    );
    for (const i of [0, 1, n - 1]) {
      expect(`${Rational.of(x?.num[i] as bigint, x?.den)}`).toBe(`${Rational.of(BigInt(n - i), BigInt(n + 1))}`);
    }
  });

  test('large singular systems: rank, null space, consistent and inconsistent right sides', () => {
    const [n, r] = [40, 33];
    const matrix = multiply(
      randomRows(1, n, r, 50n).map((row) => Vector.ints(row)),
      randomRows(2, r, n, 50n).map((row) => Vector.ints(row)),
      n,
    );
    expect(rank(matrix, n)).toBe(r);
    const basis = nullSpace(matrix, n);
    expect(basis).toHaveLength(n - r);
    for (const x of basis) expect(product(matrix, x).isZero()).toBe(true);
    expect(
      solveSquare(
        matrix.map((row) => row.num),
        new Array<bigint>(n).fill(1n),
      ),
    ).toBeUndefined();
    const b = product(matrix, ints(Array.from({ length: n }, (_, i) => i % 3)));
    expect(product(matrix, solve(matrix, b, n) as Vector).equals(b)).toBe(true);
    expect(solve(matrix, b.plus(ints(Array.from({ length: n }, (_, i) => +(i === 7)))), n)).toBeUndefined();
  });

  test('a prime that divides the determinant is passed over', () => {
    const [p = 0] = primes();
    const n = 20;
    const matrix = identity(n).map((row, i) => (i === 3 ? row.times(Rational.of(BigInt(p))) : row));
    expect(
      inverseModulo(
        residues(
          matrix.map((row) => row.num),
          p,
        ),
        p,
      ),
    ).toBeUndefined();
    const inverted = inverse(matrix) as Matrix;
    expect(`${inverted[3]?.at(3)}`).toBe(`1/${p}`);
    expect(rank(matrix, n)).toBe(n);
    const b = Vector.ints(new Array<bigint>(n).fill(1n));
    expect(`${solve(matrix, b, n)?.at(3)}`).toBe(`1/${p}`);
  });

  test('the inverse of a larger Hilbert matrix', () => {
    const matrix = hilbert(20);
    const inverted = inverse(matrix) as Matrix;
    expect(`${inverted[0]?.at(0)}`).toBe('400'); // n^2
    multiply(matrix, inverted, 20).forEach((row, i) => {
      expect(row.equals(identity(20)[i] as Vector)).toBe(true);
    });
  });
});
