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

/** A pair by its names, and where it was found. */
export interface NamedPair {
  readonly parent: string;
  readonly child: string;
  readonly path: string;
}

export type Refuse = (code: string, path: string, expected: string, found: string) => never;

/** The pairs by number. Each child has one parent, and nothing is below itself. */
export function pairsAmong(
  names: readonly string[],
  pairs: readonly NamedPair[],
  what: string,
  refuse: Refuse,
): Pair[] {
  const numbers = new Map(names.map((name, k) => [name, k]));
  const numberOf = (name: string, path: string): number =>
    numbers.get(name) ?? refuse('unknown-feature', path, what, JSON.stringify(name));
  const parents = new Map<number, string>();
  const all = pairs.map(({ child, parent, path }) => {
    const pair = { child: numberOf(child, path), parent: numberOf(parent, path) };
    if (pair.child === pair.parent) refuse('cycle', path, 'a parent that is another', JSON.stringify(child));
    const other = parents.get(pair.child);
    if (other !== undefined) refuse('duplicate-label', path, `one parent of ${child}`, `${other} and ${parent}`);
    parents.set(pair.child, parent);
    return pair;
  });
  const up = new Map(all.map(({ child, parent }) => [child, parent]));
  for (const { child } of all) {
    for (let at = up.get(child), steps = 0; at !== undefined; at = up.get(at), steps++) {
      if (steps > all.length) refuse('cycle', 'hierarchy', 'a tree', `${names[child]} below itself`);
    }
  }
  return all;
}

/** Atoms are a parent alone or with one child: two levels. */
export function refuseDeep(names: readonly string[], pairs: readonly Pair[], refuse: Refuse): void {
  const children = childrenOf(pairs);
  const deep = pairs.find(({ child }) => below(children, child).length > 0);
  if (deep) {
    const found = `${names[deep.child]} under ${names[deep.parent]}, with children of its own`;
    refuse('too-deep', 'hierarchy', 'parents and children, for features', found);
  }
}
