/** Arrangements with known numbers of chambers, and enumeration in one go. */
import type { Activation, Instance } from '../../../src/kernel/model/instance.ts';
import { arrangementOf } from '../../../src/solve/patterns/arrangement.ts';
import type { Region, Signs } from '../../../src/solve/patterns/region.ts';
import { walk } from '../../../src/solve/patterns/walk.ts';
import { generator, instanceOf, ints } from '../support.ts';

const binary = (n: number): number[][] =>
  Array.from({ length: 2 ** n }, (_, x) => Array.from({ length: n }, (_, k) => (x >> k) & 1));

/** All non-zero 0/1 vectors. */
export const resonance = (n: number): number[][] => binary(n).slice(1);
/** (1, x) for x in {0,1}^n. */
export const threshold = (n: number): number[][] => binary(n).map((x) => [1, ...x]);

const unit = (n: number, ...entries: [number, number][]): number[] => {
  const v = new Array<number>(n).fill(0);
  for (const [k, x] of entries) v[k] = x;
  return v;
};
const pairs = (n: number): [number, number][] =>
  Array.from({ length: n }, (_, i) => i).flatMap((i) =>
    Array.from({ length: n - i - 1 }, (_, k): [number, number] => [i, i + 1 + k]),
  );
/** e_i - e_j. */
export const braid = (n: number): number[][] => pairs(n).map(([i, j]) => unit(n, [i, 1], [j, -1]));
/** e_i, e_i - e_j, e_i + e_j. */
export const typeB = (n: number): number[][] => [
  ...braid(n),
  ...pairs(n).map(([i, j]) => unit(n, [i, 1], [j, 1])),
  ...Array.from({ length: n }, (_, i) => unit(n, [i, 1])),
];

/** Odd entries, in general position all but certainly. */
export function generic(n: number, p: number, seed: number): number[][] {
  const random = generator(seed);
  return Array.from({ length: n }, () => Array.from({ length: p }, () => 2 * Math.floor(random() * 199) - 199));
}

/** Small entries, so that repeated, opposite and dependent directions are common; none is zero. */
export function degenerate(n: number, p: number, seed: number): number[][] {
  const random = generator(seed);
  const rows: number[][] = [];
  while (rows.length < n) {
    const row = Array.from({ length: p }, () => Math.floor(random() * 3) - 1);
    if (row.some((x) => x !== 0)) rows.push(row);
  }
  return rows;
}

export const instance = (rows: readonly number[][], activation?: Activation): Instance =>
  instanceOf(rows.map(ints), activation);

export interface Found {
  /** `1,3`, in the order of the walk. */
  readonly sets: string[];
  readonly chambers: number;
}

/** Walks everything in parts of `steps` nodes. */
export function enumerate(
  m: Instance,
  signs: Signs,
  steps = 1000,
  maxSize: number = Infinity,
  containing: readonly number[] = [],
): Found {
  const a = arrangementOf(m, containing);
  const sets: string[] = [];
  let chambers = 0;
  const leaf = (sides: string, _size: number, region: Region): void => {
    const set = a.features.flatMap((d, k) => (d !== undefined && sides[k] === '+' ? [d + 1] : []));
    sets.push(set.sort((x, y) => x - y).join());
    if (region.open()) chambers++;
  };
  for (let open = ['']; open.length > 0; ) {
    const [from = '', ...others] = open;
    open = [...walk(a, { signs, maxSize }, from, steps, { leaf }), ...others];
  }
  return { sets, chambers };
}
