/**
 * The model of docs/certificate-format.md, section 3, written a second time: per entry, by counting instead of sorting, on
 * rows of rationals. Shares nothing with the kernel but `Rational`, which has tests of its own.
 */
import type { Rational } from '../../src/kernel/numbers/rational.ts';
import { type Plain, type PlainConfiguration, q, type Rows } from './read.ts';

export type Row = readonly Rational[];
export const ZERO: Rational = q(0);

export const rows = (of: Rows): Row[] => of.map((row) => row.map(q));
export const inner = (a: Row, b: Row): Rational =>
  a.reduce((total, x, k) => total.plus(x.times(b[k] as Rational)), ZERO);
export const add = (a: Row, b: Row, factor: Rational = q(1)): Row =>
  a.map((x, k) => x.plus(factor.times(b[k] as Rational)));

/** The Model with every quantity a rational. */
export interface Exact {
  readonly wp: readonly Row[];
  readonly wr: readonly Row[];
  readonly weights: Row;
  readonly kind: string;
  readonly k: number;
  readonly theta: Rational;
}

export function exact({ wp, wr, weights, activation = { kind: 'relu' } }: Plain): Exact {
  return {
    wp: rows(wp),
    wr: rows(wr ?? wp),
    weights: (weights ?? wp.map(() => 1)).map(q),
    kind: `${activation.kind}`,
    k: Number(activation.k ?? 0),
    theta: q(`${activation.theta ?? 0}`),
  };
}

export interface Point {
  readonly e: readonly Row[];
  readonly u: readonly Row[];
  readonly gate?: readonly Row[];
  readonly bias?: Row;
}

export const point = ({ e, u, gate, bias }: PlainConfiguration): Point => ({
  e: rows(e),
  u: rows(u),
  ...(gate && { gate: rows(gate) }),
  ...(bias && { bias: bias.map(q) }),
});

export const preActivations = (m: Exact, e: readonly Row[]): Row[] => e.map((row) => m.wp.map((w) => inner(row, w)));

/** active[i][d], or the word for a tie between the last one let through and the first one left out. */
export function activeBy(m: Exact, z: readonly Row[], gate?: readonly Row[]): boolean[][] | 'tie' {
  const at = (i: number, d: number): Rational => z[i]?.[d] as Rational;
  const above = (i: number, d: number, bound: Rational): boolean => at(i, d).compare(bound) > 0;
  const cells = z.flatMap((row, i) => row.map((_, d) => [i, d] as const));
  let tie = false;
  /** Does (i, d) pass among its `rivals`: by how many are larger, and by how many are at least as large. */
  const among = (i: number, d: number, rivals: typeof cells, room: number): boolean => {
    const larger = rivals.filter(([j, c]) => at(j, c).compare(at(i, d)) > 0).length;
    const atLeast = rivals.filter(([j, c]) => at(j, c).compare(at(i, d)) >= 0).length;
    if (larger < room && atLeast > room) tie = true;
    return larger < room;
  };
  const positive = cells.filter(([i, d]) => above(i, d, ZERO));
  const passes = (i: number, d: number): boolean => {
    switch (m.kind) {
      case 'relu':
        return above(i, d, ZERO);
      case 'jumprelu':
        return above(i, d, m.theta);
      case 'identity':
        return true;
      case 'gated':
        return above(i, d, ZERO) && (gate?.[i]?.[d] ?? ZERO).sign() > 0;
      case 'topk':
        return (
          above(i, d, ZERO) &&
          among(
            i,
            d,
            positive.filter(([, c]) => c === d),
            m.k,
          )
        );
      case 'topk-pure':
        return among(
          i,
          d,
          cells.filter(([, c]) => c === d),
          m.k,
        );
      case 'batchtopk':
        return above(i, d, ZERO) && among(i, d, positive, m.k * m.wp.length);
    }
    throw new Error(m.kind);
  };
  const active = z.map((row, i) => row.map((_, d) => passes(i, d)));
  return tie ? 'tie' : active;
}

export function gates(m: Exact, { gate, bias }: Point): Row[] | undefined {
  return gate?.map((row, i) => m.wp.map((w) => inner(row, w).plus(bias?.[i] ?? ZERO)));
}

export const activeAt = (m: Exact, at: Point): boolean[][] | 'tie' =>
  activeBy(m, preActivations(m, at.e), gates(m, at));

/** L~ with the active sets given, so that a difference quotient can stay in one region. */
export function lossWithin(m: Exact, { e, u }: Point, active: readonly (readonly boolean[])[]): Rational {
  const z = preActivations(m, e);
  return m.wp.reduce((loss, _, d) => {
    const residual = u.reduce<Row>(
      (left, column, i) => (active[i]?.[d] ? add(left, column, (z[i]?.[d] ?? ZERO).negated()) : left),
      m.wr[d] as Row,
    );
    return loss.plus((m.weights[d] as Rational).times(inner(residual, residual)));
  }, ZERO);
}

/** L~, or the word for a tie. */
export function lossAt(m: Exact, at: Point): Rational | 'tie' {
  const active = activeAt(m, at);
  return active === 'tie' ? active : lossWithin(m, at, active);
}

/** The point moved by factor times another. */
export const moved = (at: Point, by: Point, factor: Rational): Point => ({
  ...at,
  e: at.e.map((row, i) => add(row, by.e[i] as Row, factor)),
  u: at.u.map((row, i) => add(row, by.u[i] as Row, factor)),
});

/** Rows as the format writes them. */
export const plainRows = (of: readonly Row[]): string[][] => of.map((row) => row.map(String));
