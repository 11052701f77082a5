/** Confidence intervals of rates. */

/** Wilson's score interval (Wilson 1927) for `count` of `of`, at 95% unless `z` says otherwise. */
export function wilson(count: number, of: number, z = 1.959963984540054): { lower: number; upper: number } {
  if (of === 0) return { lower: 0, upper: 1 };
  const rate = count / of;
  const square = (z * z) / of;
  const center = rate + square / 2;
  const spread = z * Math.sqrt((rate * (1 - rate)) / of + square / (4 * of));
  const clamp = (x: number): number => Math.min(1, Math.max(0, x));
  return { lower: clamp((center - spread) / (1 + square)), upper: clamp((center + spread) / (1 + square)) };
}
