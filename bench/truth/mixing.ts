/**
 * Does a latent mix parent and child? Of each parent that has a latent, the nearest with |cosine| >= 0.7, the decoder row is written in the
 * directions of the parent and of one child, u = a w_p + b w_c + rest, and b / a is how much of the child it has. For a latent that reads
 * the parent alone the least loss has b / a = Pr(child | parent), as a child is scaled by its parent (docs/claims/hedging.md: the slope of
 * the regression of x_c on x_p), and 0 where another latent takes the child. Children of another parent are what is to be compared with.
 */
import { type Rows, rowOf } from '../../src/train/backend/backend.ts';
import type { Truth } from '../../src/train/data/source.ts';

/** Nearest enough to be the latent of a feature. */
export const OWN = 0.7;

export interface Mixing {
  /** Parents that have a latent. */
  readonly parents: number;
  /** Children of these that have none. */
  readonly alone: Share;
  /** Children that have one of their own. */
  readonly own: Share;
  /** Children of the next parent in order. */
  readonly strangers: Share;
}

/** Means over children; null where there are none. */
interface Share {
  readonly children: number;
  /** b / a */
  readonly mixed: number | null;
  /** Pr(child | parent) */
  readonly expected: number | null;
}

/** `fires`: how often each feature does. */
export function mixing(wd: Rows, { wr, hierarchy = [] }: Truth, fires: readonly number[]): Mixing {
  const units = Array.from({ length: wd.rows }, (_, i) => unit(rowOf(wd, i)));
  const found = hierarchy.flatMap((family, at) => {
    const [latent, cosine] = nearest(units, wr[family.parent] as Float64Array);
    return Math.abs(cosine) < OWN ? [] : [{ ...family, at, latent, sign: Math.sign(cosine) }];
  });
  const lists = { alone: [] as Entry[], own: [] as Entry[], strangers: [] as Entry[] };
  for (const { parent, children, at, latent, sign } of found) {
    const u = (units[latent] as Float64Array).map((x) => sign * x);
    const entry = (child: number): Entry => ({
      mixed: ratio(u, wr[parent] as Float64Array, wr[child] as Float64Array),
      expected: (fires[child] as number) / (fires[parent] as number),
    });
    for (const child of children) {
      const [, cosine] = nearest(units, wr[child] as Float64Array, latent);
      lists[Math.abs(cosine) < OWN ? 'alone' : 'own'].push(entry(child));
    }
    const other = hierarchy[(at + 1) % hierarchy.length];
    for (const child of other?.children ?? []) {
      if (child !== parent) lists.strangers.push(entry(child));
    }
  }
  const { alone, own, strangers } = lists;
  return { parents: found.length, alone: shareOf(alone), own: shareOf(own), strangers: shareOf(strangers) };
}

interface Entry {
  readonly mixed: number;
  readonly expected: number;
}

function shareOf(entries: readonly Entry[]): Share {
  const mean = (key: keyof Entry): number | null =>
    entries.length === 0 ? null : entries.reduce((sum, entry) => sum + entry[key], 0) / entries.length;
  return { children: entries.length, mixed: mean('mixed'), expected: mean('expected') };
}

/** b / a of u = a p + b c + what is orthogonal to both, for unit p and c. */
function ratio(u: Float64Array, p: Float64Array, c: Float64Array): number {
  const [up, uc, pc] = [dot(u, p), dot(u, c), dot(p, c)];
  return (uc - up * pc) / (up - uc * pc);
}

/** The row of largest |cosine|, but `except`, and its cosine. */
function nearest(units: readonly Float64Array[], w: Float64Array, except = -1): [number, number] {
  let [latent, most] = [-1, 0];
  units.forEach((u, i) => {
    const cosine = i === except ? 0 : dot(u, w);
    if (Math.abs(cosine) > Math.abs(most)) [latent, most] = [i, cosine];
  });
  return [latent, most];
}

function unit(row: ArrayLike<number>): Float64Array {
  const u = Float64Array.from(row);
  const size = Math.sqrt(dot(u, u));
  return size === 0 ? u : u.map((x) => x / size);
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, k) => sum + x * (b[k] as number), 0);
