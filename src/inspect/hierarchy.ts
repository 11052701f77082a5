/** Which label is under which: given, or found where nearly every row of one has the other. */
import { type Bits, count, countBoth } from './bits.ts';

export interface Pair {
  readonly parent: number;
  readonly child: number;
  /** The share of the child's rows that have the parent, where it was found. */
  readonly share?: number;
}

/** c is under p if so many of its rows have p, and it is rarer than so much of p. */
const INSIDE = 0.8;
const RARER = 0.9;
/** A label on fewer rows would be under many by chance. */
const FEWEST = 5;

/** Each child under the rarest of its parents: the nearest one. */
export function hierarchyIn(labels: readonly Bits[]): Pair[] {
  const sizes = labels.map(count);
  return labels.flatMap((own, child) => {
    const size = sizes[child] as number;
    if (size < FEWEST) return [];
    const over = labels.flatMap((bits, parent) => {
      const large = sizes[parent] as number;
      if (parent === child || size >= RARER * large) return [];
      const share = countBoth(own, bits) / size;
      return share >= INSIDE ? [{ parent, child, share }] : [];
    });
    over.sort((a, b) => (sizes[a.parent] as number) - (sizes[b.parent] as number) || a.parent - b.parent);
    return over.slice(0, 1);
  });
}

/** Children by parent, in their order. */
export function childrenOf(pairs: readonly Pair[]): Map<number, number[]> {
  const all = new Map<number, number[]>();
  for (const { parent, child } of pairs) {
    const own = all.get(parent);
    if (own) own.push(child);
    else all.set(parent, [child]);
  }
  return all;
}

/** All below a label, children of children too. */
export function below(children: ReadonlyMap<number, readonly number[]>, label: number): number[] {
  const own = children.get(label) ?? [];
  return [...own, ...own.flatMap((child) => below(children, child))];
}
