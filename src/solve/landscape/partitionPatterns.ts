/** Partition patterns: every partition of n features into at most n_q sets, or a sample of them; sets in order of their least features. */
import type { Pattern } from '../../kernel/model/instance.ts';

/** All of them, by restricted growth strings in lexicographic order. */
export function* partitionPatterns(n: number, neurons: number): Generator<Pattern> {
  const blocks: number[][] = [];
  function* place(d: number): Generator<Pattern> {
    if (d === n) {
      yield Array.from({ length: neurons }, (_, i) => [...(blocks[i] ?? [])]);
      return;
    }
    for (let k = 0; k <= blocks.length && k < neurons; k++) {
      const fresh = k === blocks.length;
      if (fresh) blocks.push([]);
      blocks[k]?.push(d);
      yield* place(d + 1);
      blocks[k]?.pop();
      if (fresh) blocks.pop();
    }
  }
  yield* place(0);
}

/** xorshift32: a sequence that a seed fixes on every machine. */
export function randomNumbers(seed: number): () => number {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * `count` different patterns, or all there are if they are found to be fewer. Feature by feature each goes to one of the sets so far or to
 * a new one, all with the same probability; so this is not uniform over partitions.
 */
export function samplePatterns(n: number, neurons: number, count: number, seed: number): Pattern[] {
  const random = randomNumbers(seed);
  const found = new Map<string, Pattern>();
  for (let attempt = 0; attempt < 50 * count && found.size < count; attempt++) {
    const blocks: number[][] = [];
    for (let d = 0; d < n; d++) {
      const k = Math.floor(random() * Math.min(blocks.length + 1, neurons));
      if (k === blocks.length) blocks.push([]);
      blocks[k]?.push(d);
    }
    const pattern = Array.from({ length: neurons }, (_, i) => blocks[i] ?? []);
    found.set(JSON.stringify(pattern), pattern);
  }
  return [...found.values()];
}
