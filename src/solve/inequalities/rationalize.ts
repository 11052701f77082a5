/** Turns what floats propose into exact candidates, checked exactly: a point with small integers, or rational multipliers. */
import { solveSquare } from '../linear/linear.ts';
import { pivots, primes, residues } from '../linear/modular.ts';
import { RowSigns } from './rowSigns.ts';
import { sumsToZero } from './simplex.ts';

type Integers = readonly bigint[];

/** Small integers along -residual that satisfy the system exactly, at doubling scales. */
export function roundedPoint(
  rows: readonly Integers[],
  strict: readonly boolean[],
  used: readonly number[],
  tight: readonly number[],
  residual: Float64Array,
): bigint[] | undefined {
  const direction = residual.slice(0, -1).map((r) => -r);
  const longest = direction.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  // Below this the direction is noise and no scale will do.
  if (longest < 1e-13) return undefined;
  const signs = new RowSigns(rows);
  const satisfied = (j: number, x: Float64Array, scale: number): boolean => {
    const sign = signs.sign(j, x, scale);
    return strict[j] ? sign > 0 : sign >= 0;
  };
  for (let scale = 1; scale <= 2 ** 50; scale *= 2) {
    const x = direction.map((entry) => Math.round((entry / longest) * scale));
    if (tight.every((j) => satisfied(j, x, scale)) && used.every((j) => satisfied(j, x, scale))) {
      return Array.from(x, BigInt);
    }
  }
  return undefined;
}

/** Exact multipliers >= 0, not all 0, on linearly independent columns (a_j; 1) with sum_j u_j a_j = 0, if there are such. */
export function exactWeights(rows: readonly Integers[], support: readonly number[]): Map<number, bigint> | undefined {
  if (support.length === 0) return undefined;
  const columns = support.map((j) => [...(rows[j] as Integers), 1n]);
  const [p] = primes();
  // The columns as rows: pivot columns are then the equations to keep.
  const { rows: unknowns, columns: equations } = pivots(residues(columns, p as number), p as number);
  const last = columns[0]?.length ?? 0;
  const u = solveSquare(
    equations.map((i) => unknowns.map((k) => columns[k]?.[i] as bigint)),
    equations.map((i) => (i === last - 1 ? 1n : 0n)),
  );
  if (!u) return undefined;
  const sign = u.den < 0n ? -1n : 1n;
  const weights = new Map<number, bigint>();
  for (const [position, k] of unknowns.entries()) {
    const weight = sign * (u.num[position] as bigint);
    if (weight < 0n) return undefined;
    if (weight > 0n) weights.set(support[k] as number, weight);
  }
  return weights.size > 0 && sumsToZero(rows, weights) ? weights : undefined;
}
