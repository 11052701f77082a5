/** Partition patterns: every partition of n features into at most n_q sets, or a sample of them; sets in order of their least features. */
import type { Instance, Pattern } from '../../kernel/model/instance.ts';
import { room } from '../../kernel/numbers/work.ts';

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

/** Up to here every partition is gone through: 115,975 of ten features. */
const MOST_FEATURES = 10;
/** How many are drawn where nothing else is said. */
const DEFAULT_SAMPLE = 200;

/** What a survey goes through. */
export interface Surveyed {
  readonly patterns: readonly Pattern[];
  /** Of a sample: how many, by which seed. */
  readonly drawn?: { readonly sample: number; readonly seed: number };
}

/** All partition patterns of up to ten features, or a sample: of `sample` patterns where that is given. */
export function patternsToSurvey(m: Instance, sample: number | undefined, seed: number): Surveyed {
  const n = m.features.length;
  const all = sample === undefined && n <= MOST_FEATURES;
  const count = sample ?? DEFAULT_SAMPLE;
  // A set for each neuron of each pattern, six words where it is empty.
  if (m.neurons > n) room(6 * m.neurons * (all ? bell(n) : count));
  if (all) return { patterns: [...partitionPatterns(n, m.neurons)] };
  const patterns = samplePatterns(n, m.neurons, count, seed);
  return { patterns, drawn: { sample: patterns.length, seed } };
}

/** How many partitions n things have (Bell's triangle). */
function bell(n: number): number {
  let row = [1];
  for (let k = 0; k < n; k++) {
    const next = [row.at(-1) as number];
    for (const x of row) next.push((next.at(-1) as number) + x);
    row = next;
  }
  return row[0] as number;
}
