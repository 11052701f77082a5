/**
 * Linear inequalities, and the two ways to settle a system of them: a solution, or multiples that add up to 0 > 0, so that there is none (Motzkin's
 * transposition theorem; the lemmas of Farkas, Gordan and Stiemke are cases). Finding either is not done here.
 */

import type { Rational } from './rational.ts';
import { invalid } from './rejection.ts';
import { combine, type Matrix, Vector } from './vector.ts';

/** <normal, x> compared with `bound`; `any` asks nothing. */
export interface Inequality {
  readonly normal: Vector;
  readonly relation: '>' | '=' | '<=' | '<' | 'any';
  readonly bound: Rational;
}
export type System = readonly Inequality[];

/** The ordered field that multipliers are from; an element is sum_k v_k lambda^k, a matrix of its coefficients. */
export interface Field {
  /** Of each of `length` entries. */
  readonly signs: (x: Matrix, length: number) => readonly number[];
  readonly isZero: (x: Matrix) => boolean;
}
/** Of elements without lambda. */
export const RATIONALS: Field = {
  signs: ([x, lambda]) => (x && !lambda ? x.entries().map((entry) => entry.sign()) : []),
  isZero: (x) => x.every((v) => v.isZero()),
};

type Signs = Readonly<Record<Inequality['relation'], readonly number[]>>;
/** The signs of <normal, x> - bound that each relation allows. */
const HOLDS: Signs = { '>': [1], '=': [0], '<=': [-1, 0], '<': [-1], any: [-1, 0, 1] };
/** The signs of a multiplier c with which it gives c <normal, x> >= c bound. */
const KEEPS: Signs = { '>': [0, 1], '=': [-1, 0, 1], '<=': [-1, 0], '<': [-1, 0], any: [0] };

/** The first inequality that x does not satisfy; -1 if it satisfies all. */
export const brokenAt = (system: System, x: Vector): number =>
  system.findIndex(({ normal, relation, bound }) => !HOLDS[relation].includes(normal.dot(x).compare(bound)));

/**
 * Refuses unless multiples c <normal, x> >= c bound and <g, x>, g = `given`, add up to 0 on the left, and the bounds to a number >= 0. So <g, x> <= 0 at
 * every solution, and < 0 if a strict one is among the multiples, which is what `true` says. Without g, or where <g, x> >= 0 is known, there is then none.
 */
export function sumsToZero(
  system: System,
  multipliers: Matrix,
  at: { readonly path: string },
  { signs, isZero }: Field = RATIONALS,
  given: Matrix = [],
): boolean {
  const found = signs(multipliers, system.length);
  const wrong = system.findIndex(({ relation }, k) => !KEEPS[relation].includes(found[k] as number));
  if (wrong >= 0) invalid('wrong-side', at.path, `another sign of multiplier ${wrong + 1}`, `${found[wrong]}`);
  const [normals, bounds] = [system.map(({ normal }) => normal), Vector.of(system.map(({ bound }) => bound))];
  const sum = multipliers.map((c) => combine(c.entries(), normals, normals[0]?.length ?? 0));
  if (!isZero(plus(sum, given))) invalid('farkas-unequal', at.path, 'multiples that add up to 0', `${sum}`);
  const [right] = bounds.isZero()
    ? [0]
    : signs(
        multipliers.map((c) => Vector.of([c.dot(bounds)])),
        1,
      );
  if (right === -1) invalid('farkas-threshold', at.path, 'bounds that add up to 0 or more', 'less');
  return system.some(({ relation }, k) => (relation === '>' || relation === '<') && found[k] !== 0);
}

/** Refuses unless they show that there is no solution. */
export function absurd(...sum: Parameters<typeof sumsToZero>): void {
  if (!sumsToZero(...sum)) invalid('empty-farkas', sum[2].path, 'a strict inequality among them', 'none');
}

/** x + y */
export const plus = (x: Matrix, y: Matrix): Matrix =>
  Array.from({ length: Math.max(x.length, y.length) }, (_, k) =>
    x[k] && y[k] ? x[k].plus(y[k]) : ((x[k] ?? y[k]) as Vector),
  );
