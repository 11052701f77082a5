/**
 * Real algebraic numbers: a root of an integer polynomial f in a rational interval with a sign change of f. A vector over Q(lambda)
 * is a polynomial in lambda with rational vectors as coefficients. It is 0 at lambda if f divides it; signs are read off an
 * enclosure on the interval, and an interval too wide for a sign is a rejection, never a guess.
 */
import { gcd, Rational, ZERO } from './rational.ts';
import { invalid } from './rejection.ts';
import type { Vector } from './vector.ts';
import { spend, words } from './work.ts';

/** Integer coefficients, lowest first, the last one not 0; the zero polynomial is empty. */
export type Polynomial = readonly bigint[];

/** All that is known of lambda: f(lambda) = 0 and from <= lambda <= to. A rational lambda has f linear and from = to. */
export interface Root {
  readonly f: Polynomial;
  readonly from: Rational;
  readonly to: Rational;
}

/** sum_k coefficients[k] lambda^k. */
export type Element = readonly Vector[];

/** Where in a document a refusal points. */
interface Place {
  readonly path: string;
}

export type Interval = readonly [least: Rational, most: Rational];

/** The polynomial divided by its content, without leading zeros. */
export function primitive(p: readonly bigint[]): Polynomial {
  const trimmed = p.slice(0, p.findLastIndex((c) => c !== 0n) + 1);
  const content = trimmed.reduce(gcd, 0n);
  return content > 1n ? trimmed.map((c) => c / content) : trimmed;
}

/** The remainder of p by d, up to a factor that is not 0. */
export function remainder(p: Polynomial, d: Polynomial): Polynomial {
  let rest = p;
  const lead = d.at(-1) as bigint;
  while (rest.length >= d.length) {
    spend(rest.length * (200 + 2 * words(lead) * words(rest.at(-1) as bigint)));
    const [top, shift] = [rest.at(-1) as bigint, rest.length - d.length];
    rest = primitive(rest.map((c, k) => c * lead - (d[k - shift] ?? 0n) * top));
  }
  return rest;
}

/** How many distinct complex roots p has: its degree less that of gcd(p, p'). */
export function distinctRoots(p: Polynomial): number {
  let [a, b] = [p, primitive(p.slice(1).map((c, k) => c * BigInt(k + 1)))];
  while (b.length > 0) [a, b] = [b, remainder(a, b)];
  return p.length - a.length;
}

/** The sign of p at t = num / den, of den^degree p: Horner's scheme without fractions, whose gcds would take most of the time. */
export function signAt(p: Polynomial, { num, den }: Rational): number {
  let [value, power] = [0n, 1n];
  const size = words(num) + words(den);
  spend(p.length * p.length * size * size + 200 * p.length);
  for (const c of p.toReversed()) [value, power] = [value * num + c * power, power * den];
  return value > 0n ? 1 : value < 0n ? -1 : 0;
}

/** Refuses unless the roots, in increasing order and apart from each other, are all the complex roots of p. */
export function checkAllRoots(p: Polynomial, roots: readonly Root[], at: Place): void {
  const count = distinctRoots(p);
  if (roots.length !== count) invalid('missing-root', at.path, `${count} roots`, `${roots.length}`);
  roots.forEach((root, k) => {
    if (remainder(p, root.f).length > 0) invalid('not-a-root', at.path, 'f that divides', `another, for root ${k + 1}`);
    const last = roots[k - 1];
    if (last && last.to.compare(root.from) >= 0) invalid('not-increasing', at.path, 'increasing roots', `${root.from}`);
  });
}

/** x + lambda y */
export function plusLambda(x: Element, y: Element): Element {
  return Array.from({ length: Math.max(x.length, y.length && y.length + 1) }, (_, k) => {
    const [here, shifted] = [x[k], y[k - 1]];
    return here && shifted ? here.plus(shifted) : ((here ?? shifted) as Vector);
  });
}

/** The coefficients below the degree of f of what the element is at lambda. */
export function reduced(x: Element, { f }: Root): Element {
  const rest = [...x];
  const degree = f.length - 1;
  while (rest.length > degree) {
    const top = rest.pop() as Vector;
    const shift = rest.length - degree;
    for (let k = 0; k < degree; k++) {
      const factor = Rational.of(f[k] as bigint, f[degree] as bigint);
      rest[shift + k] = (rest[shift + k] as Vector).minus(top.times(factor));
    }
  }
  return rest;
}

export const isZeroAt = (x: Element, root: Root): boolean => reduced(x, root).every((c) => c.isZero());

export const point = (x: Rational): Interval => [x, x];
export const add = (a: Interval, b: Interval): Interval => [a[0].plus(b[0]), a[1].plus(b[1])];
/** Of a point, which most intervals are, just one. */
const ends = ([from, to]: Interval): readonly Rational[] => (from.equals(to) ? [from] : [from, to]);
export function multiplied(a: Interval, b: Interval): Interval {
  const products = ends(a).flatMap((x) => ends(b).map((y) => x.times(y)));
  products.sort((x, y) => x.compare(y));
  return [products[0] ?? ZERO, products.at(-1) ?? ZERO];
}
export const dot = (a: readonly Interval[], b: readonly Interval[]): Interval =>
  a.reduce((total, x, k) => add(total, multiplied(x, b[k] as Interval)), point(ZERO));

/** An enclosure of each entry at lambda. */
export function enclosures(x: Element, root: Root, length: number): Interval[] {
  const lambda: Interval = [root.from, root.to];
  const terms = reduced(x, root);
  return Array.from({ length }, (_, i) =>
    terms.reduceRight<Interval>((value, c) => add(multiplied(value, lambda), point(c.at(i))), point(ZERO)),
  );
}

/** The sign at lambda of each entry. */
export function signs(x: Element, root: Root, length: number, at: Place): (-1 | 0 | 1)[] {
  const terms = reduced(x, root);
  return enclosures(terms, root, length).map(([least, most], i) => {
    if (terms.every((c) => c.num[i] === 0n)) return 0;
    if (least.sign() > 0 || most.sign() < 0) return least.sign();
    return invalid('too-wide', at.path, `an interval that settles the sign of entry ${i + 1}`, `${least} to ${most}`);
  });
}
