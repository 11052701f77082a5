/** One part of an enumeration: what a stretch of the walk found, as plain data that can be sent, written down and added up. */
import type { Arrangement } from './arrangement.ts';
import type { Prefix } from './lpRegion.ts';
import { type Wish, walk } from './walk.ts';

/** What to enumerate, and whether each set is wanted, as a value or as a line of text. */
export interface Task extends Wish {
  readonly arrangement: Arrangement;
  /** Only the sets with the first vector on its positive side are walked; the others are their opposites. */
  readonly mirrored: boolean;
  readonly sets?: true;
  readonly list?: {
    /** A text per feature, zero-based; they are sorted by the feature's number and joined by commas. */
    readonly names: readonly string[];
    readonly before: string;
    readonly after: string;
  };
}

export interface Part {
  readonly from: Prefix;
  /** How many sets of each size. */
  readonly bySize: readonly number[];
  /** How many of them some point on no hyperplane shows. */
  readonly chambers: number;
  /** Features counted from 1, in increasing order. */
  readonly sets?: readonly (readonly number[])[];
  readonly lines: readonly string[];
  /** The nodes left to later parts, in order. */
  readonly rest: readonly Prefix[];
}

/** Nodes in a part: some tens of milliseconds with cones, so that parts are many and an interruption loses little. */
export const STEPS = 4000;

/** Walks with an LP for every other node take longer, and the longer the larger it is. */
const lpSteps = ({ vectors, dimension }: Arrangement): number =>
  Math.max(1, Math.min(100, Math.floor(1e7 / (vectors.length * dimension ** 2))));

/** A task in which a chamber's opposite need not be walked. */
export function taskOf(arrangement: Arrangement, wish: Wish, wanted: Pick<Task, 'sets' | 'list'> = {}): Task {
  const free = arrangement.forced === 0 && wish.maxSize >= arrangement.vectors.length;
  return { arrangement, ...wish, mirrored: wish.signs === 'chambers' && free, ...wanted };
}

export const firstNode = (task: Task): Prefix => (task.mirrored ? '+' : '');

export function runPart(task: Task, from: Prefix): Part {
  const { arrangement: a, mirrored, list } = task;
  const sets: (readonly number[])[] = [];
  const n = a.features.filter((d) => d !== undefined).length;
  const bySize = new Array<number>(n + 1).fill(0);
  let chambers = 0;
  const lines: string[] = [];
  const found = (sides: Prefix, size: number, positive: string): void => {
    bySize[size] = (bySize[size] as number) + 1;
    if (!list && !task.sets) return;
    const set = setOf(a, sides, positive);
    if (task.sets) sets.push(set.map((d) => d + 1));
    if (list) lines.push(`${list.before}${set.map((d) => list.names[d] ?? '').join(',')}${list.after}`);
  };
  const steps = a.dimension > 12 ? lpSteps(a) : STEPS;
  const rest = walk(a, task, from, steps, {
    leaf: (sides, size, region) => {
      found(sides, size, '+');
      if (mirrored) found(sides, n - size, '-');
      if (task.signs === 'chambers' || region.open()) chambers += mirrored ? 2 : 1;
    },
  });
  return { from, bySize, chambers, ...(task.sets && { sets }), lines, rest };
}

function setOf(a: Arrangement, sides: Prefix, positive: string): number[] {
  const set: number[] = [];
  a.features.forEach((d, k) => {
    if (d !== undefined && sides[k] === positive) set.push(d);
  });
  return set.sort((x, y) => x - y);
}
