/** The small models of ./small.ts with exact losses and gradients, for every method and variant. */
import type { Rational } from '../../src/kernel/numbers/rational.ts';
import type { Method } from '../../src/train/methods/method.ts';
import { exactLoss, type Numbers } from './exactLoss.ts';
import { METHODS, type Small, VARIANTS, type Variant } from './small.ts';

/** Issue 7: within 1e-5 relative of the exact engine. */
export const LIMIT = 1e-5;
export const number = ({ num, den }: Rational): number => Number(num) / Number(den);

/** Largest difference, relative to the largest entry of the same matrix. */
export function difference(a: Numbers, b: Numbers): number {
  let worst = 0;
  for (const [name, rows] of Object.entries(b)) {
    const size = Math.max(1e-3, ...rows.flat().map(Math.abs));
    rows.forEach((row, i) => {
      row.forEach((value, k) => {
        worst = Math.max(worst, Math.abs(a[name]![i]![k]! - value) / size);
      });
    });
  }
  return worst;
}

export function exact(s: Small): { loss: number; gradient: Numbers } {
  const at = (along?: { name: string; row: number; column: number }) =>
    exactLoss(s.method, { weights: s.weights, ...(along && { along }) }, s.x, s.r, s.dead, s.subtracts);
  const gradient = Object.fromEntries(
    Object.entries(s.weights).map(([name, rows]) => [
      name,
      rows.map((row, i) => row.map((_, column) => number(at({ name, row: i, column }).d))),
    ]),
  );
  return { loss: number(at().v), gradient };
}

const nameOf = (method: Method): string => `${method.kind}${'auxiliary' in method ? ' with auxiliary loss' : ''}`;

export const cases: readonly { name: string; method: Method; variant: Variant; seed: number }[] = METHODS.flatMap(
  (method, m) => VARIANTS.map((variant, v) => ({ name: nameOf(method), method, variant, seed: 10 * m + v + 1 })),
);
