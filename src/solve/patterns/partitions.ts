/** Patterns of several neurons with every feature in just one of them: set partitions into realizable sets. */

/** More features than this and the subsets no longer fit. */
export const MOST_FEATURES = 20;

/**
 * How many partitions of n features have all their sets among `sets` (bit masks), by the number of sets: entry k counts those into
 * k sets. The set with the least feature left is chosen first, so each partition is met once; what is left is counted once.
 */
export function countPartitions(n: number, sets: Iterable<number>): bigint[] {
  if (n > MOST_FEATURES) throw new RangeError(`${n} features`);
  const byLeast = Array.from({ length: n }, (): number[] => []);
  for (const set of sets) if (set !== 0) byLeast[31 - Math.clz32(set & -set)]?.push(set);
  const known = new Map<number, readonly bigint[]>([[0, [1n]]]);
  const count = (left: number): readonly bigint[] => {
    const before = known.get(left);
    if (before) return before;
    const found: bigint[] = [];
    for (const set of byLeast[31 - Math.clz32(left & -left)] ?? []) {
      if ((set & ~left) !== 0) continue;
      count(left & ~set).forEach((many, k) => {
        found[k + 1] = (found[k + 1] ?? 0n) + many;
      });
    }
    const filled = Array.from(found, (many) => many ?? 0n);
    known.set(left, filled);
    return filled;
  };
  const byNeurons = count(2 ** n - 1);
  return Array.from({ length: n + 1 }, (_, k) => byNeurons[k] ?? 0n);
}
