/**
 * Intervals with ends that are multiples of 2^-128, rounded outwards: enclosures of products of many factors without the
 * growth of exact fractions. Nothing here decides equality.
 */
import { Rational } from '../../kernel/numbers/rational.ts';
import type { Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { spend } from '../../kernel/numbers/work.ts';

const BITS = 128n;

/** least * 2^-128 <= x <= most * 2^-128 */
export interface Interval {
  readonly least: bigint;
  readonly most: bigint;
}

const up = (x: bigint): bigint => -(-x >> BITS);

export function enclose({ num, den }: Rational): Interval {
  const scaled = num << BITS;
  const quotient = scaled / den;
  const rest = scaled - quotient * den;
  return { least: rest < 0n ? quotient - 1n : quotient, most: rest > 0n ? quotient + 1n : quotient };
}

export const NOTHING: Interval = { least: 0n, most: 0n };

export const plus = (a: Interval, b: Interval): Interval => ({ least: a.least + b.least, most: a.most + b.most });
export const negated = (a: Interval): Interval => ({ least: -a.most, most: -a.least });
export const minus = (a: Interval, b: Interval): Interval => plus(a, negated(b));

export function times(a: Interval, b: Interval): Interval {
  if (a.least === a.most && b.least === b.most) {
    const x = a.least * b.least;
    return { least: x >> BITS, most: up(x) };
  }
  const ends = [a.least * b.least, a.least * b.most, a.most * b.least, a.most * b.most];
  let [least, most] = [ends[0] as bigint, ends[0] as bigint];
  for (const x of ends) {
    if (x < least) least = x;
    if (x > most) most = x;
  }
  return { least: least >> BITS, most: up(most) };
}

const isNothing = (a: Interval): boolean => a.least === 0n && a.most === 0n;

export function dot(a: readonly Interval[], b: readonly Interval[]): Interval {
  // Four products of three words or so each.
  spend(32 * a.length);
  let total = NOTHING;
  a.forEach((x, k) => {
    const y = b[k] as Interval;
    if (!isNothing(x) && !isNothing(y)) total = plus(total, times(x, y));
  });
  return total;
}

/** Written out: Math.max takes no bigint. */
export function larger(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}

/** An upper bound of |x|. */
export const magnitude = (a: Interval): bigint => larger(-a.least, a.most);
/** The sum of upper bounds, as a number without sign. */
export const total = (row: readonly Interval[]): bigint => row.reduce((sum, x) => sum + magnitude(x), 0n);

export const isPositive = (a: Interval): boolean => a.least > 0n;
export const isNegative = (a: Interval): boolean => a.most < 0n;

/** The bound x * 2^-128 of a magnitude, as a quantity. */
export const quantity = (x: bigint): Rational => Rational.of(x, 1n << BITS);

export type Box = readonly (readonly Interval[])[];

export const encloseVector = (v: Vector): Interval[] => v.entries().map((x) => enclose(x));
export const encloseRows = (rows: Matrix): Interval[][] => rows.map(encloseVector);
export const columnsOf = (rows: Box, columns: number): Interval[][] =>
  Array.from({ length: columns }, (_, j) => rows.map((row) => row[j] as Interval));

/** A (m x k) times B, given by its columns. */
export const product = (a: Box, columns: Box): Interval[][] => a.map((row) => columns.map((c) => dot(row, c)));
