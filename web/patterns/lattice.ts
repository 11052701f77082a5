/** The sets that one neuron can carry, by size, and what leaves each of them. */

export interface SetEntry {
  readonly set: readonly number[];
  readonly key: string;
  /** Features that can leave for a neuron of their own: both {d} and the rest are realizable. None of fewer than two. */
  readonly leaves: readonly number[];
}

export const keyOf = (set: readonly number[]): string => set.join(',');

/** Level k has the sets of k features. */
export function latticeOf(sets: readonly (readonly number[])[]): readonly (readonly SetEntry[])[] {
  const known = new Set(sets.map(keyOf));
  const entries = sets.map((set): SetEntry => {
    const leaves =
      set.length < 2
        ? []
        : set.filter((d) => known.has(`${d}`) && known.has(keyOf(set.filter((other) => other !== d))));
    return { set, key: keyOf(set), leaves };
  });
  const most = entries.reduce((size, { set }) => Math.max(size, set.length), 0);
  const byNumbers = (a: SetEntry, b: SetEntry): number => {
    const k = a.set.findIndex((d, i) => d !== b.set[i]);
    return (a.set[k] ?? 0) - (b.set[k] ?? 0);
  };
  return Array.from({ length: most + 1 }, (_, size) =>
    entries.filter(({ set }) => set.length === size).sort(byNumbers),
  );
}

/** Whether one is the other with one feature more. */
export const isBeside = (a: readonly number[], b: readonly number[]): boolean => {
  const [small, large] = a.length < b.length ? [a, b] : [b, a];
  return large.length === small.length + 1 && small.every((d) => large.includes(d));
};
