/** Latents that come on together, by the rows they are on in. */
import { connectedComponents } from '../solve/linear/connectedComponents.ts';
import type { Activity } from './activity.ts';
import { type Bits, countBoth, has } from './bits.ts';

export interface Together {
  readonly latents: readonly [number, number];
  /** Jaccard: rows with both over rows with either. */
  readonly share: number;
}

export interface Groups {
  /** The lowest of THRESHOLDS at which no group is too large; without one all latents hang together. */
  readonly threshold?: number;
  /** At least two latents each, the largest first. */
  readonly groups: readonly (readonly number[])[];
  /** Pairs above the threshold, or above the highest one. */
  readonly links: readonly Together[];
  /** Latents that are on in exactly the same rows, at least one. */
  readonly duplicates: readonly (readonly number[])[];
  /** Nearly the same rows. */
  readonly near: readonly Together[];
  /** Every so many rows were compared, where all take too long. */
  readonly every: number;
}

const THRESHOLDS = [0.05, 0.1, 0.2, 0.3];
const LAST = 0.3;
const MOST_LINKS = 1_000_000;
/** A group of more than this part of the latents says nothing. */
const LUMP = 1 / 8;
const NEAR = 0.8;
/** Words of bits that are compared at most: a few seconds. */
const MOST_WORDS = 4e9;

export function groupsOf(activity: Activity): Groups {
  const alive = Array.from({ length: activity.latents }, (_, i) => i).filter((i) => (activity.counts[i] as number) > 0);
  const every = Math.max(1, Math.ceil((alive.length ** 2 * activity.rows) / 64 / MOST_WORDS));
  const bits = alive.map((i) =>
    every === 1 ? (activity.on[i] as Bits) : thinned(activity.on[i] as Bits, activity.rows, every),
  );
  const sizes = bits.map((own) => countBoth(own, own));
  let links: Together[] = [];
  let floor = 0.05;
  for (let a = 0; a < alive.length; a++) {
    for (let b = a + 1; b < alive.length; b++) {
      // Of sets so unlike in size the share is below the lowest threshold whatever they have in common.
      const [small, large] = [
        Math.min(sizes[a] as number, sizes[b] as number),
        Math.max(sizes[a] as number, sizes[b] as number),
      ];
      if (small < floor * large || small === 0) continue;
      const common = countBoth(bits[a] as Bits, bits[b] as Bits);
      const share = common / (small + large - common);
      if (share >= floor) links.push({ latents: [alive[a] as number, alive[b] as number], share });
    }
    // So many links make one lump: the next threshold is the least that can be.
    if (links.length > MOST_LINKS && floor < LAST) {
      floor = THRESHOLDS.find((level) => level > floor) ?? LAST;
      links = links.filter(({ share }) => share >= floor);
    }
  }
  const most = Math.max(2, LUMP * activity.latents);
  const at = (threshold: number): number[][] =>
    connectedComponents(
      activity.latents,
      links.filter(({ share }) => share >= threshold).map(({ latents }) => latents),
    ).filter((group) => group.length > 1);
  const threshold = THRESHOLDS.find((level) => level >= floor && at(level).every((group) => group.length <= most));
  const groups =
    threshold === undefined
      ? []
      : at(threshold).sort((a, b) => b.length - a.length || (a[0] as number) - (b[0] as number));
  return {
    ...(threshold !== undefined && { threshold }),
    groups,
    links: links.filter(({ share }) => share >= (threshold ?? LAST)),
    duplicates: sameColumns(activity, alive),
    near: links.filter(({ share }) => share > NEAR).sort((a, b) => b.share - a.share),
    every,
  };
}

function thinned(bits: Bits, rows: number, every: number): Bits {
  const some = new Uint32Array(Math.ceil(rows / every / 32));
  for (let r = 0, to = 0; r < rows; r += every, to++) {
    if (has(bits, r)) some[to >>> 5] = (some[to >>> 5] as number) | (1 << (to & 31));
  }
  return some;
}

function sameColumns({ on }: Activity, alive: readonly number[]): number[][] {
  const byHash = new Map<number, number[][]>();
  for (const i of alive) {
    const own = on[i] as Bits;
    const hash = own.reduce((h, word) => (Math.imul(h, 31) + word) | 0, 0);
    const classes = byHash.get(hash) ?? [];
    byHash.set(hash, classes);
    const same = classes.find(([first]) => (on[first as number] as Bits).every((word, k) => word === own[k]));
    if (same) same.push(i);
    else classes.push([i]);
  }
  return [...byHash.values()].flat().filter((group) => group.length > 1);
}
