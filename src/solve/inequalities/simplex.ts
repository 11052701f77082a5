/**
 * The exact simplex that decides when floats do not: a dual simplex method with objective 0 for
 *
 *     sum_j u_j (a_j; h_j) = (0; 1),  u >= 0.
 *
 * It needs no feasible start, so any proposed support will do, and with Bland's least-index rule it ends (Bland 1977).
 * It ends with such u, or with a row y of the inverse basis: y (a_j; h_j) >= 0 for all j and y_last < 0, so that its
 * front x has a_j.x >= |y_last| h_j. No tableau is kept: each step solves two exact systems in the current basis.
 */
import { spend, words } from '../../kernel/numbers/work.ts';
import { integerDot, solveSquare } from '../linear/linear.ts';
import { pivots, primes, residues } from '../linear/modular.ts';

type Integers = readonly bigint[];

/** A point x with a_j.x > 0 where h_j = 1 and a_j.x >= 0 elsewhere; or multipliers u >= 0, some h_j u_j not 0. */
export type Outcome = { readonly x: readonly bigint[] } | { readonly weights: ReadonlyMap<number, bigint> };

/** Steps by largest violation, usually the fewest, before Bland's rule takes over and guarantees the end. */
const GREEDY_STEPS = 60;

/** `rows[j]` is a_j; `strict[j]` says h_j = 1, for at least one j; `start` lists columns to begin with. */
export function decideExactly(
  rows: readonly Integers[],
  strict: readonly boolean[],
  start: readonly number[],
  greedySteps: number = GREEDY_STEPS,
): Outcome {
  const first = new Set(start);
  const order = [...first, ...rows.keys()].filter((j, k) => k < first.size || !first.has(j));
  const dimension = rows[0]?.length ?? 0;
  for (const p of primes()) {
    // Coordinates that carry the rank, and columns that are a basis on them, those of `start` before others.
    const modulo = residues(
      Array.from({ length: dimension }, (_, i) => order.map((j) => rows[j]?.[i] as bigint)),
      p,
    );
    const part = pivots(modulo, p);
    const outcome = fromBasis(
      rows,
      strict,
      part.rows,
      part.columns.map((k) => order[k] as number),
      greedySteps,
    );
    if (outcome) return outcome;
  }
  throw new Error('unreachable: the primes do not end');
}

/** Undefined if the coordinates do not carry the rank after all (an unlucky prime). */
function fromBasis(
  rows: readonly Integers[],
  strict: readonly boolean[],
  coordinates: readonly number[],
  independent: readonly number[],
  greedySteps: number,
): Outcome | undefined {
  const columns = rows.map((row, j) => [...coordinates.map((i) => row[i] as bigint), strict[j] ? 1n : 0n]);
  const size = coordinates.length + 1;
  const full = (y: Integers): bigint[] => {
    const x = new Array<bigint>(rows[0]?.length ?? 0).fill(0n);
    coordinates.forEach((i, k) => {
      x[i] = y[k] as bigint;
    });
    return x;
  };

  // Is h itself a combination of coordinates? Then x with a_j.x = h_j for all j is the point sought.
  const level = solveSquare(
    independent.map((j) => (columns[j] as Integers).slice(0, -1)),
    independent.map((j) => (strict[j] ? 1n : 0n)),
  );
  if (!level) return undefined;
  const exact = [...level.num, -level.den];
  const missed = columns.findIndex((column) => integerDot(column, exact) !== 0n);
  if (missed < 0) return { x: full(level.den < 0n ? level.num.map((x) => -x) : level.num) };

  const basis = [...independent, missed];
  for (let step = 0; ; step++) {
    const matrix = Array.from({ length: size }, (_, i) => basis.map((j) => columns[j]?.[i] as bigint));
    const u = solveSquare(
      matrix,
      matrix.map((_, i) => (i === size - 1 ? 1n : 0n)),
    );
    if (!u) throw new Error('a simplex basis turned out singular');
    const signed = u.den < 0n ? u.num.map((x) => -x) : u.num;
    const leaving = choose(signed, (k) => basis[k] as number, step < greedySteps);
    if (leaving === undefined) {
      const weights = new Map(basis.map((j, k) => [j, signed[k] as bigint] as const).filter(([, w]) => w > 0n));
      return sumsToZero(rows, weights) ? { weights } : undefined;
    }
    // Row `leaving` of the inverse basis.
    const row = solveSquare(
      basis.map((j) => columns[j] as Integers),
      basis.map((_, k) => (k === leaving ? 1n : 0n)),
    );
    if (!row) throw new Error('a simplex basis turned out singular');
    const y = row.den < 0n ? row.num.map((x) => -x) : row.num;
    const entering = choose(
      columns.map((column) => integerDot(column, y)),
      (j) => j,
      step < greedySteps,
    );
    if (entering === undefined) return { x: full(y) };
    basis[leaving] = entering;
  }
}

/** The position of a negative value: the most negative one at first, later the one of least index; undefined if none. */
function choose(values: Integers, index: (k: number) => number, greedy: boolean): number | undefined {
  let best: number | undefined;
  values.forEach((value, k) => {
    if (value >= 0n) return;
    const better = best === undefined || (greedy ? value < (values[best] as bigint) : index(k) < index(best));
    if (better) best = k;
  });
  return best;
}

export function sumsToZero(rows: readonly Integers[], weights: ReadonlyMap<number, bigint>): boolean {
  const total = new Array<bigint>(rows[0]?.length ?? 0).fill(0n);
  for (const [j, weight] of weights) {
    spend(rows[j]?.reduce((units, x) => units + 200 + words(x) * words(weight), 0) ?? 0);
    rows[j]?.forEach((x, i) => {
      total[i] = (total[i] as bigint) + weight * x;
    });
  }
  return total.every((x) => x === 0n);
}
