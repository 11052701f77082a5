/**
 * Germs at t = 0+: polynomials c0 + c1 t + c2 t^2 + ... with rational coefficients, ordered by their values for all
 * small enough t > 0. A constant is a germ, so one definition of activations and loss serves points and curves.
 */
import { Rational, ZERO } from './rational.ts';

/** Coefficients from t^0 upwards; trailing zeros are allowed. */
export type Germ = readonly Rational[];

const at = (g: Germ, k: number): Rational => g[k] ?? ZERO;

export function plus(a: Germ, b: Germ): Germ {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, k) => at(a, k).plus(at(b, k)));
}

export function scaled(a: Germ, factor: Rational): Germ {
  return a.map((c) => c.times(factor));
}

export function minus(a: Germ, b: Germ): Germ {
  return plus(a, scaled(b, Rational.of(-1n)));
}

export function times(a: Germ, b: Germ): Germ {
  if (a.length === 0 || b.length === 0) return [];
  const product = new Array<Rational>(a.length + b.length - 1).fill(ZERO);
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      product[i + j] = at(product, i + j).plus(x.times(y));
    });
  });
  return product;
}

/** The sign for all small t > 0: that of the lowest coefficient that is not zero. */
export function sign(g: Germ): -1 | 0 | 1 {
  for (const c of g) if (c.sign() !== 0) return c.sign();
  return 0;
}

/** `1 - 2 t^2 + 2 t^4` */
export function text(g: Germ): string {
  const terms = g.flatMap((c, k) => (c.sign() === 0 ? [] : [k === 0 ? `${c}` : `${c} t${k === 1 ? '' : `^${k}`}`]));
  return terms.length === 0 ? '0' : terms.join(' + ').replaceAll('+ -', '- ');
}
