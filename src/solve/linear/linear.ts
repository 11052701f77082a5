/**
 * Exact linear algebra over the rationals, on kernel matrices (lists of rows). Small systems go through fraction-free
 * elimination; larger ones are cut down to a regular square system modulo a prime and solved by p-adic lifting. A rank
 * modulo p can only be too small, which the exact verification of the result shows; then another prime is taken.
 */
import { gcd, Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { type Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { room, spend, words } from '../../kernel/numbers/work.ts';
import { reduceRows } from './bareiss.ts';
import { pivots, primes, residues } from './modular.ts';
import { PadicSolver } from './padic.ts';
import type { Fraction } from './reconstruct.ts';

type Integers = readonly bigint[];

/** Up to this many unknowns fraction-free elimination is the faster way (measured on random systems). */
const SMALL = 10;

/** The x with matrix x = b for a square integer matrix; undefined if the matrix is singular. */
export function solveSquare(matrix: readonly Integers[], b: Integers): Fraction | undefined {
  return squareSolver(matrix)?.(b);
}

/**
 * The solver for one matrix and several right sides; undefined if the matrix is singular. `prime`: one modulo which it is
 * known to be regular.
 */
export function squareSolver(matrix: readonly Integers[], prime?: number): ((b: Integers) => Fraction) | undefined {
  const m = matrix.length;
  if (m > SMALL) {
    const padic = PadicSolver.of(matrix, prime);
    if (padic) return (b) => padic.solve(b);
    if (structure(matrix, m).columns.length < m) return undefined;
  }
  // [matrix | I] becomes [scale I | scale inverse].
  const { rows, pivots, scale } = reduceRows(
    matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1n : 0n))]),
    m,
  );
  if (pivots.length < m) return undefined;
  const inverse = rows.map((row) => row.slice(m));
  return (b) => ({ num: inverse.map((row) => integerDot(row, b)), den: scale });
}

export function integerDot(a: Integers, b: Integers): bigint {
  let total = 0n;
  let units = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as bigint, b[i] as bigint];
    units += 80 + words(x) * words(y);
    total += x * y;
  }
  spend(units);
  return total;
}

/** The vector num / den, whatever the sign of den. */
export function vectorOf({ num, den }: Fraction): Vector {
  return den < 0n
    ? Vector.ints(
        num.map((x) => -x),
        -den,
      )
    : Vector.ints(num, den);
}

/** The pivot columns, as many as the rank, and a basis of the null space as integer rows. */
interface Structure {
  readonly columns: readonly number[];
  readonly nullSpace: readonly Integers[];
}

function structure(matrix: readonly Integers[], width: number): Structure {
  if (Math.min(matrix.length, width) <= SMALL) {
    const { rows, pivots: columns, scale } = reduceRows(matrix, width);
    const chosen = new Set(columns);
    const others = range(width).filter((c) => !chosen.has(c));
    room(4 * others.length * width);
    const nullSpace = others.map((c) => {
      const pivotEntries = columns.map((_, k) => -(rows[k]?.[c] as bigint));
      return scattered(width, [...columns, c], [...pivotEntries, scale]);
    });
    return { columns, nullSpace };
  }
  for (const p of primes()) {
    const { rows, columns } = pivots(residues(matrix, p), p);
    const chosen = new Set(columns);
    const others = range(width).filter((c) => !chosen.has(c));
    if (others.length === 0) return { columns, nullSpace: [] };
    const square = rows.map((i) => columns.map((c) => matrix[i]?.[c] as bigint));
    const solver = squareSolver(square, p);
    if (!solver) throw new Error('a matrix is singular that is regular modulo a prime');
    room(4 * others.length * width);
    const nullSpace = others.map((c) => {
      const { num, den } = solver(rows.map((i) => -(matrix[i]?.[c] as bigint)));
      return scattered(width, [...columns, c], [...num, den]);
    });
    if (nullSpace.every((x) => matrix.every((row) => integerDot(row, x) === 0n))) return { columns, nullSpace };
  }
  throw new Error('unreachable: the primes do not end');
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const integers = (matrix: Matrix): Integers[] => matrix.map((row) => row.num);

/** A basis of {x : matrix x = 0} as rows with coprime integer entries; `width` is the number of unknowns. */
export function nullSpace(matrix: Matrix, width: number): Matrix {
  return structure(integers(matrix), width).nullSpace.map(primitive);
}

/** The positive multiple with coprime integer entries. */
export function primitive(x: Integers): Vector {
  let g = 0n;
  for (const entry of x) {
    if (g === 1n) break;
    g = gcd(g, entry);
  }
  return Vector.ints(g > 1n ? x.map((entry) => entry / g) : x);
}

export function rank(matrix: Matrix, width: number): number {
  return structure(integers(matrix), width).columns.length;
}

/** Some x with matrix x = b, of `width` entries; undefined if there is none. Unknowns off the pivot columns are 0. */
export function solve(matrix: Matrix, b: Vector, width: number): Vector | undefined {
  // Row i of the matrix is num_i / den_i, so num_i x = den_i b_i; and b_i = b.num_i / b.den.
  const rows = integers(matrix);
  const right = matrix.map((row, i) => row.den * (b.num[i] as bigint));
  const small = Math.min(rows.length, width) <= SMALL;
  const x = small ? solveSmall(rows, right, width) : solveLarge(rows, right, width);
  return x && vectorOf({ num: x.num, den: x.den * b.den });
}

/** A vector of `width` entries that is 0 but for the given ones. */
function scattered(width: number, columns: readonly number[], entries: Integers): bigint[] {
  const x = new Array<bigint>(width).fill(0n);
  columns.forEach((c, k) => {
    x[c] = entries[k] as bigint;
  });
  return x;
}

function solveSmall(rows: readonly Integers[], right: Integers, width: number): Fraction | undefined {
  const augmented = rows.map((row, i) => [...row, right[i] as bigint]);
  const { rows: reduced, pivots: columns, scale } = reduceRows(augmented, width);
  const last = reduced.map((row) => row[width] as bigint);
  if (last.some((x, i) => i >= columns.length && x !== 0n)) return undefined;
  return { num: scattered(width, columns, last), den: scale };
}

function solveLarge(rows: readonly Integers[], right: Integers, width: number): Fraction | undefined {
  for (const p of primes()) {
    const part = pivots(residues(rows, p), p);
    const square = part.rows.map((i) => part.columns.map((c) => rows[i]?.[c] as bigint));
    const solver = squareSolver(square, p);
    if (!solver) throw new Error('a matrix is singular that is regular modulo a prime');
    const { num, den } = solver(part.rows.map((i) => right[i] as bigint));
    const x = scattered(width, part.columns, num);
    const violated = rows.findIndex((row, i) => integerDot(row, x) !== (right[i] as bigint) * den);
    if (violated < 0) return { num: x, den };
    // No solution if the violated row is a combination of the rows that x satisfies; else the rank modulo p is too small.
    const row = rows[violated] as Integers;
    const y = squareSolver(
      part.columns.map((_, k) => square.map((other) => other[k] as bigint)),
      p,
    )?.(part.columns.map((c) => row[c] as bigint));
    const combination = (c: number): bigint =>
      part.rows.reduce((t, i, k) => t + (y?.num[k] ?? 0n) * (rows[i]?.[c] ?? 0n), 0n);
    if (y && row.every((entry, c) => combination(c) === entry * y.den)) return undefined;
  }
  throw new Error('unreachable: the primes do not end');
}

/** The inverse of a square matrix; undefined if it is singular. */
export function inverse(matrix: Matrix): Matrix | undefined {
  const solver = squareSolver(integers(matrix));
  if (!solver) return undefined;
  // With D = diag(den_i): (D^-1 N)^-1 = N^-1 D. Columns are solved for, so the result is transposed.
  const columns = matrix.map((row, k) => solver(matrix.map((_, i) => (i === k ? row.den : 0n))));
  return matrix.map((_, i) => Vector.of(columns.map(({ num, den }) => Rational.of(num[i] as bigint, den))));
}

export function determinant(matrix: Matrix): Rational {
  const m = matrix.length;
  const { pivots: found, scale, parity } = reduceRows(integers(matrix), m);
  if (found.length < m) return ZERO;
  return Rational.of(
    parity * scale,
    matrix.reduce((product, row) => product * row.den, 1n),
  );
}
