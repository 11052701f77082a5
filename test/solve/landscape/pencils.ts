/** Random pencils of one neuron from a fixed seed: integer entries up to 3, a third with parallel, opposite or repeated directions. */
import { type Instance, readInstance } from '../../../src/kernel/instance.ts';
import { parseJson } from '../../../src/kernel/json.ts';
import { Node } from '../../../src/kernel/node.ts';
import { randomNumbers } from '../../../src/solve/landscape/partitionPatterns.ts';

export interface Pencil {
  readonly wp: number[][];
  readonly wr: number[][];
  readonly weights: number[];
  /** The set of the neuron, from 0: that of a random row, so that it is realizable. */
  readonly set: number[];
}

export function* pencils(dimension: number, count: number, seed: number): Generator<Pencil> {
  const random = randomNumbers(seed * 1000 + dimension);
  const upTo = (k: number): number => Math.floor(random() * k);
  const entries = (length: number): number[] => Array.from({ length }, () => upTo(7) - 3);
  const isZero = (v: readonly number[]): boolean => v.every((x) => x === 0);
  for (let made = 0; made < count; ) {
    const n = 3 + upTo(4);
    const wp = Array.from({ length: n }, () => entries(dimension));
    if (wp.some(isZero)) continue;
    if (made % 3 === 0) {
      // One direction once more, longer, or the other way.
      const [from, to] = [upTo(n), upTo(n)];
      if (from === to) continue;
      const factor = [1, 1, 2, -1, -2][upTo(5)] as number;
      const copy = (wp[from] as number[]).map((x) => x * factor);
      if (copy.some((x) => Math.abs(x) > 3)) continue;
      wp[to] = copy;
    }
    const kind = upTo(3);
    const wr = kind === 0 ? wp : wp.map(() => entries(kind === 1 ? 1 : dimension));
    const row = entries(dimension);
    const set = wp.flatMap((w, d) => (w.reduce((sum, x, k) => sum + x * (row[k] as number), 0) > 0 ? [d] : []));
    if (set.length === 0) continue;
    made++;
    yield { wp, wr, weights: Array.from({ length: n }, () => 1 + upTo(3)), set };
  }
}

export const instanceOf = ({ wp, wr, weights, set }: Pencil): Instance =>
  readInstance(
    new Node(
      parseJson(
        JSON.stringify({
          format: 'dictum/instance@1',
          name: 'a random pencil',
          features: wp.map((w, d) => ({
            label: `${d + 1}`,
            wp: w.map(String),
            wr: wr[d]?.map(String),
            weight: `${weights[d]}`,
          })),
          activation: { kind: 'relu' },
          neurons: 1,
          pattern: [set.map((d) => d + 1)],
        }),
      ),
    ),
  );
