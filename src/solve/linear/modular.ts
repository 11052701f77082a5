/** Linear algebra modulo a prime: pivots, and regular systems. */

import { spend, words } from '../../kernel/numbers/work.ts';
import { dot } from './dot.ts';
import { eliminate } from './eliminateModulo.ts';
import { fourDots, invert, reduce, residue, SAFE_TERMS } from './residues.ts';

/** Primes below a power of 2, largest first. A handful is ever used; which one is irrelevant, since every result is verified. */
export function* primes(below: number = 2 ** 22): Generator<number, never> {
  for (let candidate = below - 1; candidate > below / 2; candidate -= 2) {
    let prime = true;
    for (let d = 3; prime && d * d <= candidate; d += 2) prime = candidate % d !== 0;
    if (prime) yield candidate;
  }
  throw new Error('no prime left: more than 100,000 were unlucky');
}

export function residues(rows: readonly (readonly bigint[])[], p: number): Float64Array[] {
  return rows.map((row) => {
    spend(row.reduce((total, x) => total + 100 + 2 * words(x), 0));
    return Float64Array.from(row, (x) => residue(x, p));
  });
}

/**
 * Pivot rows and columns of a matrix modulo p, as many as its rank modulo p, which never exceeds the rank over the
 * rationals; the submatrix they select is therefore regular over the rationals too. Earlier columns, then earlier rows,
 * are preferred.
 */
export function pivots(rows: readonly Float64Array[], p: number): { rows: number[]; columns: number[] } {
  const { order, columns } = eliminate(flat(rows, p), rows.length, p);
  return { rows: [...order.subarray(0, columns.length)], columns: [...columns] };
}

/** The rows one after the other, as symmetric residues. */
function flat(rows: readonly Float64Array[], p: number): Float64Array {
  const width = rows[0]?.length ?? 0;
  const data = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    for (let j = 0; j < width; j++) data[i * width + j] = reduce(row[j] as number, p, 1 / p);
  });
  return data;
}

/** A square matrix, regular modulo p, factored for several right sides. */
export class Factored {
  readonly #p: number;
  readonly #size: number;
  readonly #order: Int32Array;
  /** L below the diagonal, its own is 1, and U on and above it. */
  readonly #factors: Float64Array;
  /** Of the pivots. */
  readonly #inverses: Float64Array;

  private constructor(p: number, order: Int32Array, factors: Float64Array) {
    const m = order.length;
    [this.#p, this.#size, this.#order, this.#factors] = [p, m, order, factors];
    this.#inverses = Float64Array.from(order, (_, k) => invert(factors[k * m + k] as number, p));
  }

  /** Undefined if the matrix is singular modulo p. */
  static of(rows: readonly Float64Array[], p: number): Factored | undefined {
    const factors = flat(rows, p);
    const { order, columns } = eliminate(factors, rows.length, p);
    return columns.length === rows.length ? new Factored(p, order, factors) : undefined;
  }

  /** The x, symmetric residues, with matrix x = b modulo p; b of symmetric residues. */
  solve(b: Float64Array): Float64Array {
    const [m, p, factors] = [this.#size, this.#p, this.#factors];
    const reciprocal = 1 / p;
    const x = Float64Array.from(this.#order, (i) => b[i] as number);
    // Rows four at a time: what the unknowns known before them contribute, then a small triangle.
    for (let top = 0; top < m; top += 4) {
      const bottom = Math.min(top + 4, m);
      this.#subtract(x, top, bottom, 0, top);
      for (let i = top; i < bottom; i++)
        x[i] = reduce((x[i] as number) - dot(factors, i * m, x, top, i), p, reciprocal);
    }
    for (let bottom = m; bottom > 0; bottom -= 4) {
      const top = Math.max(bottom - 4, 0);
      this.#subtract(x, top, bottom, bottom, m);
      for (let i = bottom - 1; i >= top; i--) {
        const rest = reduce((x[i] as number) - dot(factors, i * m, x, i + 1, bottom), p, reciprocal);
        x[i] = reduce(rest * (this.#inverses[i] as number), p, reciprocal);
      }
    }
    return x;
  }

  /** x[i] -= sum over start <= j < end of factor[i][j] x[j] modulo p for top <= i < bottom, at most four rows. */
  #subtract(x: Float64Array, top: number, bottom: number, start: number, end: number): void {
    const [m, p, factors] = [this.#size, this.#p, this.#factors];
    // Portions that are exact, with x[i] and the sum of a triangle besides.
    const portion = SAFE_TERMS - 5;
    for (let from = start; from < end; from += portion) {
      const to = Math.min(end, from + portion);
      if (bottom - top === 4) fourDots(factors, top * m, m, x, from, to, SUMS);
      else for (let i = top; i < bottom; i++) SUMS[i - top] = dot(factors, i * m, x, from, to);
      for (let i = top; i < bottom; i++) x[i] = reduce((x[i] as number) - (SUMS[i - top] as number), p, 1 / p);
    }
  }
}

const SUMS = new Float64Array(4);
