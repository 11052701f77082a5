/** The instances of the benches: real words, cut to n features and p coordinates, with patterns of three kinds. */
import { readFileSync } from 'node:fs';
import type { Instance } from '../src/kernel/model/instance.ts';
import { ONE, Rational } from '../src/kernel/numbers/rational.ts';
import { Vector } from '../src/kernel/numbers/vector.ts';

/** Numbers in [0, 1), the same on every machine (Numerical Recipes' linear congruential generator). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The first n words with their first p coordinates, as the decimals that the file has. */
export function words(path: string, n: number, p: number): Instance {
  const { labels, vectors } = JSON.parse(readFileSync(path, 'utf8')) as { labels: string[]; vectors: number[][] };
  const features = vectors.slice(0, n).map((row, d) => {
    const w = Vector.of(row.slice(0, p).map((x) => Rational.parse(`${x}`) ?? ONE));
    return { label: labels[d] ?? `${d}`, wp: w, wr: w, weight: ONE };
  });
  return {
    format: 'dictum/instance@1',
    name: `${n} words in ${p}`,
    features,
    activation: { kind: 'relu' },
    neurons: 1,
    np: p,
    nr: p,
    hierarchy: [],
  };
}

export const KINDS = ['planted', 'flipped', 'random'] as const;
export type Kind = (typeof KINDS)[number];

/**
 * `planted`: what a random row shows; `flipped`: that with one feature put in or taken out; `random`: each feature with
 * probability one half. Planted ones are realizable, the others mostly not, above n = 2 p.
 */
export function pattern(m: Instance, kind: Kind, random: () => number): number[] {
  if (kind === 'random') return m.features.flatMap((_, d) => (random() < 0.5 ? [d] : []));
  const e = Array.from({ length: m.np }, () => Math.floor(random() * 2001) - 1000);
  const row = Vector.ints(e.map(BigInt));
  const set = m.features.flatMap(({ wp }, d) => (row.dot(wp).sign() > 0 ? [d] : []));
  if (kind === 'planted') return set;
  const d = Math.floor(random() * m.features.length);
  return set.includes(d) ? set.filter((c) => c !== d) : [...set, d].sort((a, b) => a - b);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
