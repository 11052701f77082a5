/**
 * Counter-based random numbers: a number depends on (seed, run, counter) and on nothing else, so a run comes out the same
 * whatever runs beside it. Mixing: lowbias32 (C. Wellons, https://nullprogram.com/blog/2018/07/31/), twice.
 */

export const MIX = { first: 0x7feb352d, second: 0x846ca68b, run: 0x9e3779b1, counter: 0x85ebca77 } as const;

export function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), MIX.first);
  x = Math.imul(x ^ (x >>> 15), MIX.second);
  return x ^ (x >>> 16);
}

/** 32 bits. The training step computes the same in SIMD lanes. */
export function bits(seed: number, run: number, counter: number): number {
  return mix(mix((Math.imul(run, MIX.run) + seed) | 0) ^ Math.imul(counter, MIX.counter)) >>> 0;
}

/** In [0, 1), a multiple of 2^-24: exact as a 32-bit float. */
export const uniform = (seed: number, run: number, counter: number): number =>
  (bits(seed, run, counter) >>> 8) / 2 ** 24;

/** Standard normal, Box and Muller 1958; uses the counters 2c and 2c + 1. */
export function normal(seed: number, run: number, counter: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(seed, run, 2 * counter)));
  return radius * Math.cos(2 * Math.PI * uniform(seed, run, 2 * counter + 1));
}
