/** Products of two sides of a cell, which are >= 0 there. */

import { Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { combined, type Floats, type Form, outerOf } from '../inequalities/coneForm.ts';
import type { Algebraic } from '../landscape/numberField.ts';
import { largestOf } from '../linear/extremes.ts';
import type { Side } from './sides.ts';

export interface Product {
  readonly g: Side;
  readonly h: Side;
  readonly exactly: Rational | Algebraic;
  readonly about: number;
}

export const pairsOf = (sides: readonly Side[]): Product[] =>
  sides.flatMap((g, k) => sides.slice(k + 1).map((h) => ({ g, h, exactly: ZERO, about: 0 })));
export const formOf = ({ g, h }: Product): number[][] =>
  combined(
    [
      [1, outerOf(g.floats, h.floats)],
      [1, outerOf(h.floats, g.floats)],
    ],
    g.floats.length,
  );

/** The products with weights of few binary places: the fewest that leave the form about as positive as the floats did. */
export function rounded(
  h: Form,
  pairs: readonly Product[],
  { c, t }: { readonly c: Floats; readonly t: number },
  least: (rest: Form) => number,
): Product[] | undefined {
  const largest = largestOf(c, 1e-300);
  for (const [bits, share] of [
    [4, 0.3],
    [8, 0.3],
    [14, 0.3],
    [24, 0.1],
    [40, 0],
  ] as const) {
    const shift = bits - Math.floor(Math.log2(largest)) - 1;
    const own = pairs.flatMap((p, k) => {
      const scaled = Math.round((c[k] ?? 0) * 2 ** shift);
      if (scaled <= 0) return [];
      const exactly =
        shift >= 0 ? Rational.of(BigInt(scaled), 1n << BigInt(shift)) : Rational.of(BigInt(scaled) << BigInt(-shift));
      return [{ ...p, exactly, about: scaled / 2 ** shift }];
    });
    const rest = combined([[1, h], ...own.map((p) => [-p.about, formOf(p)] as const)], h.length);
    if (least(rest) >= share * t) return own;
  }
  return undefined;
}
