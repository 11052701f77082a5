/** Instances whose landscape is known from theory (docs/claims.md, T6), and random ones from a fixed seed. */
import type { Instance } from '../../../src/kernel/model/instance.ts';
import { randomNumbers } from '../../../src/solve/landscape/partitionPatterns.ts';
import { instance } from '../../kernel/read.ts';

type Numbers = readonly (readonly (number | string)[])[];

export interface Known {
  readonly name: string;
  readonly wp: Numbers;
  readonly wr?: Numbers;
  readonly weights?: readonly number[];
  /** From 1. */
  readonly pattern: readonly (readonly number[])[];
  readonly class: 'local-minimum' | 'face-minimum' | 'saddle' | null;
  readonly loss: string | null;
}

const plane: Numbers = [
  [1, 0],
  [0, 1],
];
const kinks: Numbers = [
  ['4/5', '3/5'],
  ['-4/5', '3/5'],
  [1, 0],
  [-1, 0],
  ['12/13', '-5/13'],
  ['-12/13', '-5/13'],
];

// biome-ignore format: a table, one case a line
export const KNOWN: readonly Known[] = [
  { name: 'E5', wp: plane, pattern: [[1, 2], []], class: 'local-minimum', loss: '1' },
  { name: 'M = (1, 2) refutes T6', wp: plane, weights: [1, 2], pattern: [[1, 2], []], class: null, loss: null },
  { name: 'the acute pair', wp: [[1, 0], ['3/5', '4/5']], pattern: [[1, 2], []], class: 'local-minimum', loss: '2/5' },
  { name: 'trapped by kinks, not at the largest eigenvalue', wp: kinks, wr: [...kinks.slice(0, 4), ['3/5', '4/5'], ['-3/5', '4/5']], weights: [1, 1, 1, 1, 6, 6], pattern: [[1, 2], [3, 5], [4, 6]], class: 'local-minimum', loss: '62/25' },
  { name: 'a minimum on a face', wp: [['4/5', '3/5'], ['-4/5', '3/5'], [-1, 0]], wr: [[1, 0], [0, 1], [0, -1]], weights: [1, 2, 1], pattern: [[1, 2]], class: 'face-minimum', loss: '7/3' },
  { name: 'an eigenvalue of multiplicity three', wp: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], pattern: [[1, 2, 3], [], []], class: 'local-minimum', loss: '2' },
  { name: 'zero signs: an eigenvector on the boundary of the cone', wp: plane, wr: [[1, 0], [0, 1]], weights: [2, 1], pattern: [[1, 2], []], class: null, loss: null },
  { name: 'a kink without residual', wp: [[1, 0], [0, 1], [-1, 0]], pattern: [[1, 2], [3], []], class: 'local-minimum', loss: '1' },
  { name: 'antipodal targets, lambda = 0', wp: plane, wr: [[1], [-1]], pattern: [[1, 2], []], class: 'saddle', loss: '2' },
  { name: 'targets 0, lambda = 0 is the largest', wp: plane, wr: [[0], [0]], pattern: [[1, 2], []], class: 'local-minimum', loss: '0' },
  { name: 'parallel targets, loss 0', wp: plane, wr: [[1], [1]], pattern: [[1, 2], []], class: 'local-minimum', loss: '0' },
  { name: 'obtuse targets, the smaller eigenvalue', wp: plane, wr: [[1, 0], ['-3/5', '4/5']], pattern: [[1, 2], []], class: 'saddle', loss: '8/5' },
  { name: 'n > n_p, directions that span positively', wp: [[1, 0], [0, 1], ['-3/5', '-4/5']], pattern: [[1, 2], [3], []], class: 'saddle', loss: '1' },
  { name: 'n > n_p, half a plane', wp: [[1, 0], ['4/5', '3/5'], ['-3/5', '4/5']], pattern: [[1, 2], [3], []], class: 'local-minimum', loss: '1/5' },
  { name: 'n > n_p, no room in the cone', wp: [[1, 0], ['3/5', '4/5'], ['4/5', '3/5']], pattern: [[1, 2], [3], []], class: null, loss: null },
];

export const known = ({ wp, wr, weights, pattern }: Known): Instance =>
  instance({ wp, ...(wr && { wr }), ...(weights && { weights }), neurons: pattern.length });

export interface Drawn {
  readonly wp: number[][];
  readonly wr: number[][];
  readonly weights: number[];
  readonly set: number[];
}

/** Random small integers: n from 2 to 6, n_p from 2 to n, targets equal to the directions or not, a set of two features or more. */
export function* drawn(count: number, seed: number): Generator<Drawn> {
  const random = randomNumbers(seed);
  const upTo = (k: number): number => Math.floor(random() * k);
  for (let made = 0; made < count; ) {
    const n = 2 + upTo(5);
    const np = 2 + upTo(n - 1);
    const vectors = (length: number): number[][] =>
      Array.from({ length: n }, () => Array.from({ length }, () => upTo(13) - 6));
    const wp = vectors(np);
    const wr = random() < 0.5 ? wp : vectors(3);
    const size = 2 + upTo(Math.min(3, n - 1));
    const set = Array.from({ length: n }, (_, d) => d)
      .map((d) => ({ d, key: random() }))
      .sort((a, b) => a.key - b.key)
      .slice(0, size)
      .map(({ d }) => d)
      .sort((a, b) => a - b);
    if (wp.some((w) => w.every((x) => x === 0))) continue;
    made++;
    yield { wp, wr, weights: Array.from({ length: n }, () => 1 + upTo(4)), set };
  }
}
