/** Latents that come on together, by the rows they are on in. */
import { connectedComponents } from '../solve/linear/connectedComponents.ts';
import type { Activity } from './activity.ts';
import { type Bits, countBoth, has, members } from './bits.ts';

/** Two latents, and how often they come on together. */
export interface Together {
  readonly latents: readonly [number, number];
  /** Jaccard: rows with both over rows with either. */
  readonly share: number;
}

/** Latents by the rows they share. */
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
/** Latents on in all rows together, that may be listed. */
const MOST_ENTRIES = 5e7;

export function groupsOf(activity: Activity): Groups {
  const alive = Array.from({ length: activity.latents }, (_, i) => i).filter((i) => (activity.counts[i] as number) > 0);
  const links: Together[] = [];
  let floor = 0.05;
  const take = (a: number, b: number, sizes: readonly number[], common: number): void => {
    const share = common / ((sizes[a] as number) + (sizes[b] as number) - common);
    if (share >= floor) links.push({ latents: [a, b], share });
  };
  /** So many links make one lump: the next threshold is the least that can be. */
  const tidy = (): void => {
    if (links.length <= MOST_LINKS || floor >= LAST) return;
    floor = THRESHOLDS.find((level) => level > floor) ?? LAST;
    const kept = links.filter(({ share }) => share >= floor);
    links.length = 0;
    for (const link of kept) links.push(link);
  };
  const every = compare(activity, alive, take, tidy, () => floor);
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

type Take = (a: number, b: number, sizes: readonly number[], common: number) => void;

/** Hands on how many rows two latents share: row by row where few latents are on, else by their bits. Says which rows it took. */
function compare(
  activity: Activity,
  alive: readonly number[],
  take: Take,
  tidy: () => void,
  floor: () => number,
): number {
  const total = alive.reduce((sum, i) => sum + (activity.counts[i] as number), 0);
  if (total <= MOST_ENTRIES && total ** 2 / Math.max(1, activity.rows) <= MOST_WORDS / 4) {
    compareRows(activity, alive, total, take, tidy);
    return 1;
  }
  const every = Math.max(1, Math.ceil((alive.length ** 2 * activity.rows) / 64 / MOST_WORDS));
  const bits = alive.map((i) =>
    every === 1 ? (activity.on[i] as Bits) : thinned(activity.on[i] as Bits, activity.rows, every),
  );
  const sizes = new Array<number>(activity.latents).fill(0);
  for (const [k, i] of alive.entries()) sizes[i] = countBoth(bits[k] as Bits, bits[k] as Bits);
  for (const [p, a] of alive.entries()) {
    for (let q = p + 1; q < alive.length; q++) {
      const b = alive[q] as number;
      const [small, large] = [
        Math.min(sizes[a] as number, sizes[b] as number),
        Math.max(sizes[a] as number, sizes[b] as number),
      ];
      // Of sets so unlike in size the share is too small whatever they have in common.
      if (small === 0 || small < floor() * large) continue;
      take(a, b, sizes, countBoth(bits[p] as Bits, bits[q] as Bits));
    }
    tidy();
  }
  return every;
}

function compareRows(
  { rows, latents, on, counts }: Activity,
  alive: readonly number[],
  total: number,
  take: Take,
  tidy: () => void,
): void {
  const starts = new Uint32Array(rows + 1);
  const of = alive.map((i) => members(on[i] as Bits));
  for (const own of of) for (const r of own) starts[r + 1] = (starts[r + 1] as number) + 1;
  for (let r = 0; r < rows; r++) starts[r + 1] = (starts[r + 1] as number) + (starts[r] as number);
  const lists = new Uint32Array(total);
  const next = starts.slice();
  for (const [k, own] of of.entries()) {
    for (const r of own) {
      lists[next[r] as number] = alive[k] as number;
      next[r] = (next[r] as number) + 1;
    }
  }
  const common = new Uint32Array(latents);
  for (const [k, a] of alive.entries()) {
    const met: number[] = [];
    for (const r of of[k] ?? []) {
      // Latents stand in increasing order: those after a.
      for (let at = (starts[r + 1] as number) - 1; at >= (starts[r] as number) && (lists[at] as number) > a; at--) {
        const b = lists[at] as number;
        if (common[b] === 0) met.push(b);
        common[b] = (common[b] as number) + 1;
      }
    }
    for (const b of met.sort((p, q) => p - q)) {
      take(a, b, counts, common[b] as number);
      common[b] = 0;
    }
    tidy();
  }
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
