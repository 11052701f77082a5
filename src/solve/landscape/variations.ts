/** Families of instances around a given one, for the plots of `dictum landscape`: interference, number of features, weights. */
import type { Instance } from '../../kernel/model/instance.ts';
import { ONE, Rational } from '../../kernel/numbers/rational.ts';
import { Vector } from '../../kernel/numbers/vector.ts';

export interface Variation {
  /** Where it stands on the x axis. */
  readonly at: number;
  readonly m: Instance;
}

/** Partitions of more features than this are too many for a plot. */
export const MOST_VARIED = 6;

const first = (m: Instance, count: number): Instance => {
  const { configuration: _, pattern: __, ...shape } = m;
  return {
    ...shape,
    features: m.features.slice(0, count),
    neurons: Math.max(1, Math.min(m.neurons, count)),
    hierarchy: [],
  };
};

/** Directions moved towards their mean: w_d + t (mean - w_d), t from 0 to 3/4. Targets equal to the direction follow it. */
export function byInterference(whole: Instance): Variation[] {
  const m = first(whole, MOST_VARIED);
  const n = BigInt(m.features.length);
  const mean = m.features.reduce((sum, f) => sum.plus(f.wp), Vector.zero(m.np)).times(Rational.of(1n, n));
  return Array.from({ length: 7 }, (_, k) => {
    const t = Rational.of(BigInt(k), 8n);
    const features = m.features.map((f) => {
      const wp = f.wp.plus(mean.minus(f.wp).times(t));
      return { ...f, wp, wr: f.wr.equals(f.wp) ? wp : f.wr };
    });
    const kept = features.some((f) => f.wp.isZero()) ? [] : features;
    return { at: k / 8, m: { ...m, features: kept } };
  }).filter((variation) => variation.m.features.length > 0);
}

/** The first 2, 3, .. features: n / n_p grows. */
export function bySuperposition(whole: Instance): Variation[] {
  const most = Math.min(MOST_VARIED, whole.features.length);
  return Array.from({ length: most - 1 }, (_, k) => ({ at: (k + 2) / whole.np, m: first(whole, k + 2) }));
}

/** The weight of feature 1 multiplied by 2^-3 .. 2^3. */
export function byWeight(whole: Instance): Variation[] {
  const m = first(whole, MOST_VARIED);
  return Array.from({ length: 7 }, (_, k) => {
    const factor = k < 3 ? Rational.of(1n, 1n << BigInt(3 - k)) : ONE.times(Rational.of(1n << BigInt(k - 3)));
    const features = m.features.map((f, d) => (d === 0 ? { ...f, weight: f.weight.times(factor) } : f));
    return { at: k - 3, m: { ...m, features } };
  });
}
