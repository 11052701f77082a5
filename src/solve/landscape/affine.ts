/** Motzkin's alternative for rows x + lambda y with rational x and y, at a root lambda: over the rationals, or over Q(lambda). */
import type { Element, Root } from '../../kernel/algebraic.ts';
import { Rational } from '../../kernel/rational.ts';
import { Vector } from '../../kernel/vector.ts';
import { motzkin } from '../motzkin.ts';
import { fieldMotzkin } from './fieldMotzkin.ts';
import type { Algebraic, NumberField } from './numberField.ts';

/** Coefficients of 1 and, where there is one, of lambda. */
export type AffineRow = readonly Vector[];

export interface AffineSystem {
  readonly dimension: number;
  readonly strict: readonly AffineRow[];
  readonly weak: readonly AffineRow[];
  readonly equal: readonly AffineRow[];
}

export type AffineAlternative =
  | { readonly solvable: true; readonly x: Element }
  /** Multipliers of all rows in one element: strict, weak, equal. */
  | { readonly solvable: false; readonly multipliers: Element };

export const isRationalRoot = ({ from, to }: Root): boolean => from.equals(to);

export function solveAffine(field: NumberField, system: AffineSystem): AffineAlternative {
  const { root } = field;
  if (isRationalRoot(root)) {
    const at = (row: AffineRow): Vector =>
      row[1] ? (row[0] as Vector).plus(row[1].times(root.from)) : (row[0] as Vector);
    const { dimension, strict, weak, equal } = system;
    const answer = motzkin({ dimension, strict: strict.map(at), weak: weak.map(at), equal: equal.map(at) });
    return answer.solvable
      ? { solvable: true, x: [answer.x] }
      : {
          solvable: false,
          multipliers: [Vector.of([...answer.strict, ...answer.weak, ...answer.equal].map((x) => Rational.of(x)))],
        };
  }
  const row = (r: AffineRow): Algebraic[] =>
    (r[0] as Vector).entries().map((x, k) => (r[1] ? field.affine(x, r[1].at(k)) : field.of(x)));
  const answer = fieldMotzkin(field, {
    dimension: system.dimension,
    strict: system.strict.map(row),
    weak: system.weak.map(row),
    equal: system.equal.map(row),
  });
  return answer.solvable
    ? { solvable: true, x: field.element(answer.x) }
    : { solvable: false, multipliers: field.element([...answer.strict, ...answer.weak, ...answer.equal]) };
}

/** A solution on which as many weak rows as possible are positive; undefined if there is none. */
export function affineInterior(field: NumberField, system: AffineSystem): Element | undefined {
  const all = solveAffine(field, { ...system, strict: [...system.strict, ...system.weak], weak: [] });
  if (all.solvable) return all.x;
  const base = solveAffine(field, system);
  if (!base.solvable) return undefined;
  let x = base.x;
  for (const row of system.weak) {
    const more = solveAffine(field, { ...system, strict: [...system.strict, row] });
    if (more.solvable) x = sumOf(x, more.x);
  }
  return x;
}

export const sumOf = (x: Element, y: Element): Element =>
  Array.from({ length: Math.max(x.length, y.length) }, (_, k) => {
    const [a, b] = [x[k], y[k]];
    return a && b ? a.plus(b) : ((a ?? b) as Vector);
  });
