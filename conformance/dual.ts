/** Dual numbers v + d t, t^2 = 0, in exact rationals: one directional derivative comes along with each value. */
import { ONE, Rational, ZERO } from '../src/kernel/numbers/rational.ts';

export interface Dual {
  readonly v: Rational;
  readonly d: Rational;
}

export const constant = (v: Rational): Dual => ({ v, d: ZERO });
export const none: Dual = constant(ZERO);
export const one: Dual = constant(ONE);
export const whole = (n: number): Dual => constant(Rational.of(BigInt(n)));

/** What counts as a constant on the way back ("detached"). */
export const frozen = ({ v }: Dual): Dual => constant(v);

export const plus = (a: Dual, b: Dual): Dual => ({ v: a.v.plus(b.v), d: a.d.plus(b.d) });
export const minus = (a: Dual, b: Dual): Dual => ({ v: a.v.minus(b.v), d: a.d.minus(b.d) });
export const times = (a: Dual, b: Dual): Dual => ({ v: a.v.times(b.v), d: a.v.times(b.d).plus(a.d.times(b.v)) });
/** (a / b)' = (a' - (a / b) b') / b */
export function over(a: Dual, b: Dual): Dual {
  const v = a.v.over(b.v);
  return { v, d: a.d.minus(v.times(b.d)).over(b.v) };
}

export const total = (terms: readonly Dual[]): Dual => terms.reduce(plus, none);
export const mean = (terms: readonly Dual[]): Dual => over(total(terms), whole(terms.length));
export const dot = (a: readonly Dual[], b: readonly Dual[]): Dual => total(a.map((x, k) => times(x, b[k] ?? none)));
export const squared = (a: readonly Dual[]): Dual => dot(a, a);

/** |a|, of vectors whose length is rational: the models are made so. */
export function length(a: readonly Dual[]): Dual {
  const square = squared(a);
  if (square.v.sign() === 0) return none;
  const v = Rational.of(root(square.v.num), root(square.v.den));
  return { v, d: square.d.over(v.plus(v)) };
}

function root(n: bigint): bigint {
  let at = n;
  for (let next = (at + 1n) / 2n; next < at; next = (at + n / at) / 2n) at = next;
  if (at * at !== n) throw new RangeError(`${n} is no square: a length is irrational`);
  return at;
}
