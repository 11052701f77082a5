/**
 * Motzkin's alternative over Q(lambda), decided exactly: the same question as ../motzkin.ts, for rows with algebraic entries. A simplex in
 * dictionary form maximizes t subject to a.x >= t on the strict rows and t <= 1, with Bland's rule, so that it ends; it starts at x = 0
 * and needs no first phase. If t stays 0, its coefficients in the last dictionary are the multipliers.
 */
import { Rational } from '../../kernel/numbers/rational.ts';
import type { Algebraic, NumberField } from './numberField.ts';

type Row = readonly Algebraic[];

export interface FieldSystem {
  readonly dimension: number;
  readonly strict: readonly Row[];
  readonly weak: readonly Row[];
  readonly equal: readonly Row[];
}

export type FieldAlternative =
  | { readonly solvable: true; readonly x: Row }
  | { readonly solvable: false; readonly strict: Row; readonly weak: Row; readonly equal: Row };

/** A variable: a coordinate of x, which is free; the value of a row, by its number; t; or 1 - t. */
interface Variable {
  readonly kind: 'free' | 'zero' | 'sign';
  readonly index: number;
}

/** basic[i] = constants[i] + sum_j entries[i][j] outside[j] */
interface Dictionary {
  readonly basic: Variable[];
  readonly outside: Variable[];
  readonly constants: Algebraic[];
  readonly entries: Algebraic[][];
}

export function fieldMotzkin(field: NumberField, { dimension, strict, weak, equal }: FieldSystem): FieldAlternative {
  const [zero, one] = [field.of(Rational.of(0n)), field.of(Rational.of(1n))];
  const minusOne = field.of(Rational.of(-1n));
  const rows = [...strict, ...weak, ...equal];
  const [t, cap] = [rows.length, rows.length + 1];
  const isEqual = (j: number): boolean => j >= strict.length + weak.length;
  // Row 0 is the objective t, under the name of a free variable so that it never leaves.
  const dictionary: Dictionary = {
    basic: [
      { kind: 'free', index: -1 },
      { kind: 'sign', index: cap },
      ...rows.map((_, index): Variable => ({ kind: isEqual(index) ? 'zero' : 'sign', index })),
    ],
    outside: [
      ...Array.from({ length: dimension }, (_, index): Variable => ({ kind: 'free', index })),
      { kind: 'sign', index: t },
    ],
    constants: [zero, one, ...rows.map(() => zero)],
    entries: [
      [...new Array<Algebraic>(dimension).fill(zero), one],
      [...new Array<Algebraic>(dimension).fill(zero), minusOne],
      ...rows.map((row, j) => [...row, j < strict.length ? minusOne : zero]),
    ],
  };
  settle(field, dictionary, 'zero');
  settle(field, dictionary, 'sign');
  climb(field, dictionary);
  const best = dictionary.constants[0] as Algebraic;
  if (field.sign(best) > 0) {
    const x = new Array<Algebraic>(dimension).fill(zero);
    dictionary.basic.forEach(({ kind, index }, i) => {
      if (kind === 'free' && index >= 0) x[index] = dictionary.constants[i] as Algebraic;
    });
    return { solvable: true, x };
  }
  const weights = new Array<Algebraic>(rows.length).fill(zero);
  dictionary.outside.forEach(({ kind, index }, j) => {
    const weight = (dictionary.entries[0] as Algebraic[])[j] as Algebraic;
    if (kind !== 'free' && index < rows.length) weights[index] = field.minus(zero, weight);
  });
  const from = strict.length + weak.length;
  return {
    solvable: false,
    strict: weights.slice(0, strict.length),
    weak: weights.slice(strict.length, from),
    equal: weights.slice(from),
  };
}

/** Makes free variables basic in rows of the given kind, as far as these rows depend on them. */
function settle(field: NumberField, at: Dictionary, kind: 'zero' | 'sign'): void {
  at.basic.forEach((variable, i) => {
    if (variable.kind !== kind) return;
    const j = at.outside.findIndex(
      (other, k) => other.kind === 'free' && field.sign(at.entries[i]?.[k] as Algebraic) !== 0,
    );
    if (j >= 0) pivot(field, at, i, j);
  });
}

function climb(field: NumberField, at: Dictionary): void {
  for (;;) {
    const entering = least(at.outside, (j) => field.sign(at.entries[0]?.[j] as Algebraic) > 0);
    if (entering === undefined) return;
    let leaving: { i: number; ratio: Algebraic } | undefined;
    at.basic.forEach(({ kind, index }, i) => {
      const slope = at.entries[i]?.[entering] as Algebraic;
      if (kind !== 'sign' || field.sign(slope) >= 0) return;
      const ratio = field.times(at.constants[i] as Algebraic, field.inverse(slope.negated()));
      const order = leaving ? field.sign(field.minus(ratio, leaving.ratio)) : -1;
      if (order < 0 || (order === 0 && index < (at.basic[leaving?.i ?? i]?.index ?? 0))) leaving = { i, ratio };
    });
    if (!leaving) throw new Error('t <= 1 is no bound');
    pivot(field, at, leaving.i, entering);
  }
}

/** Where the variable >= 0 of least index stands that passes the test. */
function least(variables: readonly Variable[], test: (j: number) => boolean): number | undefined {
  const order = variables.map((_, j) => j).filter((j) => variables[j]?.kind === 'sign');
  order.sort((a, b) => (variables[a]?.index ?? 0) - (variables[b]?.index ?? 0));
  return order.find(test);
}

/** Exchanges basic variable i and outside variable j. */
function pivot(field: NumberField, at: Dictionary, i: number, j: number): void {
  const row = at.entries[i] as Algebraic[];
  const inverse = field.inverse(row[j] as Algebraic);
  const [inside, outside] = [at.basic[i] as Variable, at.outside[j] as Variable];
  // outside_j = (basic_i - constant - sum of the others) / entry
  const constant = field.times((at.constants[i] as Algebraic).negated(), inverse);
  const solved = row.map((x, k) => (k === j ? inverse : field.times(x.negated(), inverse)));
  at.entries.forEach((other, r) => {
    if (r === i) return;
    const factor = other[j] as Algebraic;
    if (field.sign(factor) === 0) {
      other[j] = field.of(Rational.of(0n));
      return;
    }
    const minus = factor.negated();
    at.constants[r] = field.minus(at.constants[r] as Algebraic, field.times(minus, constant));
    solved.forEach((x, k) => {
      const change = field.times(minus, x);
      other[k] = k === j ? change.negated() : field.minus(other[k] as Algebraic, change);
    });
  });
  at.entries[i] = solved;
  at.constants[i] = constant;
  at.basic[i] = outside;
  at.outside[j] = inside;
}
