import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { type Matrix, multiply, transpose, Vector } from '../../../src/kernel/numbers/vector.ts';
import { reduceRows } from '../../../src/solve/linear/bareiss.ts';
import {
  determinant,
  inverse,
  nullSpace,
  primitive,
  rank,
  solve,
  solveSquare,
} from '../../../src/solve/linear/linear.ts';
import { Factored, pivots, primes, residues } from '../../../src/solve/linear/modular.ts';
import { reconstruct } from '../../../src/solve/linear/reconstruct.ts';
import { invert, reduce, residue } from '../../../src/solve/linear/residues.ts';
import { generator, ints, vector, vectors } from '../support.ts';

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
    expect(reduced.rows).toHaveLength(n);
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
      Factored.of(
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

/** Pivots by the schoolbook: columns from left to right, the first row with an entry other than 0. */
function schoolbook(matrix: readonly (readonly bigint[])[], p: bigint): { rows: number[]; columns: number[] } {
  const rows = matrix.map((row) => row.map((x) => ((x % p) + p) % p));
  const open = rows.map((_, i) => i);
  const found = { rows: [] as number[], columns: [] as number[] };
  for (let c = 0; c < (rows[0]?.length ?? 0); c++) {
    const at = open.findIndex((i) => rows[i]![c] !== 0n);
    if (at < 0) continue;
    const [pivot] = open.splice(at, 1) as [number];
    const inverse = BigInt(invert(Number(rows[pivot]![c]), Number(p)));
    for (const i of open) {
      const factor = (rows[i]![c]! * inverse) % p;
      rows[i] = rows[i]!.map((x, j) => (((x - factor * rows[pivot]![j]!) % p) + p) % p);
    }
    found.rows.push(pivot);
    found.columns.push(c);
  }
  return found;
}

describe('modulo a prime', () => {
  const p = primes().next().value;

  test('symmetric residues, up to the ends of the doubles', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (x) => {
        const r = reduce(x, p, 1 / p);
        expect((BigInt(x) - BigInt(r)) % BigInt(p)).toBe(0n);
        expect(Math.abs(r)).toBeLessThan(2 ** 21 + 4);
        expect(reduce(x - (x % p), p, 1 / p)).toBe(0);
        if (x % p !== 0) expect(reduce(invert(x < 0 ? (x % p) + p : x % p, p) * r, p, 1 / p)).toBe(1);
      }),
    );
    expect(residue(-1n, p)).toBe(-1);
    expect(residue(BigInt(p) ** 5n * 7n - 2n, p)).toBe(-2);
  });

  test.each([
    [60, 60, 60],
    [110, 70, 70],
    [70, 130, 70],
    [101, 103, 49],
    [100, 100, 3],
  ])('%i x %i of rank %i: the pivots of the schoolbook', (height, width, r) => {
    // A few repeated columns and rows of zeros make columns without a pivot inside a panel.
    const left = randomRows(height, height, r, 9n).map((row, i) => (i % 7 === 3 ? row.map(() => 0n) : row));
    const right = randomRows(width, r, width, 9n).map((row) =>
      row.map((x, j) => (j % 5 === 4 ? (row[j - 1] as bigint) : x)),
    );
    const matrix = left.map((row) => right[0]!.map((_, j) => row.reduce((t, x, k) => t + x * right[k]![j]!, 0n)));
    expect(pivots(residues(matrix, p), p)).toEqual(schoolbook(matrix, BigInt(p)));
  });

  test('no rows, no columns, and nothing but zeros', () => {
    expect(pivots([], p)).toEqual({ rows: [], columns: [] });
    expect(pivots([new Float64Array(0)], p)).toEqual({ rows: [], columns: [] });
    expect(pivots([new Float64Array(3), new Float64Array(3)], p)).toEqual({ rows: [], columns: [] });
  });

  test('factors solve, also with more terms than add up exactly', () => {
    for (const m of [1, 3, 50, 97, 2100]) {
      // Far from the diagonal only in the last rows and columns, so that 2100 unknowns stay cheap to check; entries as large as can be.
      const near = (i: number, j: number): boolean => Math.abs(i - j) < 3 || i > m - 3 || j > m - 3;
      const random = generator(m);
      const rows = Array.from({ length: m }, (_, i) =>
        Float64Array.from({ length: m }, (_, j) => (near(i, j) ? (p - 1) / 2 - Math.floor(9 * random()) : 0)),
      );
      const b = Float64Array.from({ length: m }, (_, i) => (i % 2 ? 1 : -1) * ((p - 1) / 2));
      const x = Factored.of(rows, p)?.solve(b) as Float64Array;
      rows.forEach((row, i) => {
        const total = row.reduce((t, entry, j) => (entry ? t + BigInt(entry) * BigInt(x[j] as number) : t), 0n);
        expect(residue(total - BigInt(b[i] as number), p) + 0).toBe(0);
      });
    }
  });
});

describe('rational reconstruction', () => {
  const p = primes().next().value;
  /** The digits of a_i / d_i modulo p^count, symmetric. */
  const digitsOf = (fractions: readonly (readonly [bigint, bigint])[], count: number): Float64Array[] => {
    const digits = Array.from({ length: count }, () => new Float64Array(fractions.length));
    fractions.forEach(([a, d], i) => {
      let rest = a;
      for (const digit of digits) {
        const x = residue(BigInt(residue(rest, p)) * BigInt(invert(residue(d, p), p)), p);
        digit[i] = x;
        rest = (rest - BigInt(x) * d) / BigInt(p);
      }
    });
    return digits;
  };

  test('finds fractions of different denominators from enough digits, and never from too few', () => {
    let [asked, refusedFew] = [0, 0];
    const part = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    const den = fc.bigInt({ min: 1n, max: 10n ** 8n }).filter((d) => d % BigInt(p) !== 0n);
    fc.assert(
      fc.property(fc.array(fc.tuple(part, den), { minLength: 1, maxLength: 4 }), (fractions) => {
        // The system diag(d) x = a, d below 2^27 and a below 2^100.
        const bits = { row: 27, right: 104 };
        const found = reconstruct(digitsOf(fractions, 60), p, fractions.length, bits);
        expect(found).toBeDefined();
        fractions.forEach(([a, d], i) => {
          expect(found!.num[i]! * d).toBe(a * found!.den);
        });
        asked++;
        const few = reconstruct(digitsOf(fractions, 6), p, fractions.length, bits);
        if (!few) refusedFew++;
        fractions.forEach(([a, d], i) => {
          if (few) expect(few.num[i]! * d).toBe(a * few.den);
        });
      }),
    );
    expect(refusedFew).toBeGreaterThan(asked / 2);
  });

  test('right sides far longer than the matrix, and the other way round', () => {
    for (const [size, right] of [
      [3n, 10n ** 90n],
      [10n ** 60n, 1n],
    ] as const) {
      const matrix = randomRows(5, 14, 14, size);
      const [b = []] = randomRows(6, 1, 14, right);
      const x = solveSquare(matrix, b);
      matrix.forEach((row, i) => {
        expect(row.reduce((t, a, j) => t + a * x!.num[j]!, 0n)).toBe(b[i]! * x!.den);
      });
    }
  });
});
