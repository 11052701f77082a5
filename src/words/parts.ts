/** An equation between sums of directions has no scale of its own. */
import { Rational } from '../kernel/numbers/rational.ts';

/** Of a weight, as text. */
const LONGEST = 24;

export interface Weighted {
  readonly feature: number;
  readonly weight: Rational;
}

export interface Sides {
  readonly on: readonly Weighted[];
  readonly off: readonly Weighted[];
  /** Whether it was divided. */
  readonly inParts: boolean;
}

/** As it is; or, where a weight is too long to be read, in parts of the largest on the left, the largest first. */
export function sidesOf(on: readonly Weighted[], off: readonly Weighted[]): Sides {
  const [largest] = byWeight(on);
  if (!largest || [...on, ...off].every(({ weight }) => `${weight}`.length <= LONGEST))
    return { on, off, inParts: false };
  const over = (terms: readonly Weighted[]): readonly Weighted[] =>
    byWeight(terms).map(({ feature, weight }) => ({ feature, weight: weight.over(largest.weight) }));
  return { on: over(on), off: over(off), inParts: true };
}

const byWeight = (terms: readonly Weighted[]): readonly Weighted[] =>
  [...terms].sort((a, b) => b.weight.compare(a.weight));

/** As they are written in facts and answers. */
export const parsed = (terms: readonly { readonly feature: number; readonly weight: string }[]): Weighted[] =>
  terms.map(({ feature, weight }) => {
    const value = Rational.parse(weight);
    if (!value) throw new Error(`not a rational: ${weight}`);
    return { feature, weight: value };
  });
