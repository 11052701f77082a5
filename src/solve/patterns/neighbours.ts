/** The realizable patterns next to a pattern: one feature more or less in a set, two sets merged, a set split in two. */
import type { Instance, Pattern } from '../../kernel/model/instance.ts';
import { realizeSet } from '../realize/realize.ts';

export interface Neighbour {
  readonly step: 'add' | 'remove' | 'merge' | 'split';
  readonly pattern: Pattern;
}

/** Sets up to this size are split in every way, larger ones only into one feature and the rest. */
export const SPLIT_IN_EVERY_WAY = 12;

const sorted = (set: Iterable<number>): number[] => [...set].sort((a, b) => a - b);

/** The two sides of each split of the set; the first feature stays on the first side. */
function* splits(set: readonly number[]): Generator<readonly [number[], number[]]> {
  const [first, ...others] = set;
  if (first === undefined) return;
  if (set.length > SPLIT_IN_EVERY_WAY) {
    for (const d of set) yield [set.filter((c) => c !== d), [d]];
    return;
  }
  for (let mask = 0; mask < 2 ** others.length - 1; mask++) {
    const stays = others.filter((_, k) => (mask >> k) & 1);
    yield [[first, ...stays], others.filter((d) => !stays.includes(d))];
  }
}

/** All patterns one step away. */
function* steps(n: number, pattern: Pattern): Generator<Neighbour> {
  const replaced = (i: number, ...by: readonly (readonly number[])[]): Pattern =>
    pattern.flatMap((set, k) => (k === i ? by : [set]));
  for (const [i, set] of pattern.entries()) {
    for (let d = 0; d < n; d++) {
      const has = set.includes(d);
      const changed = has ? set.filter((c) => c !== d) : sorted([...set, d]);
      yield { step: has ? 'remove' : 'add', pattern: replaced(i, changed) };
    }
  }
  for (const [i, set] of pattern.entries()) {
    for (let j = i + 1; j < pattern.length; j++) {
      const merged = sorted(new Set([...set, ...(pattern[j] ?? [])]));
      yield { step: 'merge', pattern: replaced(i, merged).filter((_, k) => k !== j) };
    }
    for (const sides of splits(set)) yield { step: 'split', pattern: replaced(i, ...sides) };
  }
}

/** The realizable neighbours; for activations whose neurons show their sets independently. */
export function* neighbours(m: Instance, pattern: Pattern): Generator<Neighbour> {
  const known = new Map<string, boolean>();
  const realizable = (set: readonly number[]): boolean => {
    const key = set.join();
    const before = known.get(key);
    if (before !== undefined) return before;
    const answer = realizeSet(m, set).realizable;
    known.set(key, answer);
    return answer;
  };
  for (const neighbour of steps(m.features.length, pattern)) {
    if (neighbour.pattern.every(realizable)) yield neighbour;
  }
}
