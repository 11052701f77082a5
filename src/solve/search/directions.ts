/** Directions of exactly unit length with small denominators (rational points of the sphere), and short ones of any length. */
import { Vector } from '../../kernel/numbers/vector.ts';
import { chance, type Draw, pick } from './draw.ts';

/** All vectors that arise from (x_1, .., x_k) by reordering and changing signs. */
function images(entries: readonly bigint[], den: bigint): Vector[] {
  const orders = entries.reduce<bigint[][]>(
    (lists, x) => lists.flatMap((list) => Array.from({ length: list.length + 1 }, (_, k) => list.toSpliced(k, 0, x))),
    [[]],
  );
  const signed = orders.flatMap((order) =>
    order.reduce<bigint[][]>(
      (lists, x) =>
        lists.flatMap((l) =>
          x === 0n
            ? [[...l, x]]
            : [
                [...l, x],
                [...l, -x],
              ],
        ),
      [[]],
    ),
  );
  const unique = new Map(signed.map((entry) => [entry.join(), entry]));
  return [...unique.values()].map((entry) => Vector.ints(entry, den));
}

/** Positive representatives by dimension: numerators, then the denominator. */
const SHAPES: ReadonlyMap<number, readonly (readonly [readonly bigint[], bigint])[]> = new Map([
  [1, [[[1n], 1n]]],
  [
    2,
    [
      [[1n, 0n], 1n],
      [[3n, 4n], 5n],
      [[5n, 12n], 13n],
      [[8n, 15n], 17n],
      [[7n, 24n], 25n],
    ],
  ],
  [
    3,
    [
      [[1n, 0n, 0n], 1n],
      [[1n, 2n, 2n], 3n],
      [[3n, 4n, 0n], 5n],
      [[2n, 3n, 6n], 7n],
    ],
  ],
  [
    4,
    [
      [[1n, 0n, 0n, 0n], 1n],
      [[1n, 1n, 1n, 1n], 2n],
      [[1n, 2n, 2n, 0n], 3n],
    ],
  ],
]);

const pools = new Map<number, readonly Vector[]>();

/** Unit directions of a dimension from 1 to 4, those of short numbers first; in higher dimensions the axes. */
export function unitDirections(dimension: number): readonly Vector[] {
  const known = pools.get(dimension);
  if (known) return known;
  const axis = Array.from({ length: dimension }, (_, k) => (k === 0 ? 1n : 0n));
  const pool = SHAPES.get(dimension)?.flatMap(([entries, den]) => images(entries, den));
  const axes = axis.flatMap((_, k) => [1n, -1n].map((s) => Vector.ints(axis.map((_, i) => (i === k ? s : 0n)))));
  const made = pool ?? axes;
  pools.set(dimension, made);
  return made;
}

export function drawUnit(draw: Draw, dimension: number): Vector {
  const pool = unitDirections(dimension);
  const axes = pool.slice(0, 2 * dimension);
  return pick(draw, chance(draw, 45) ? axes : pool);
}

/** Small integers, halves at times; not zero. */
export function drawShort(draw: Draw, dimension: number): Vector {
  const den = chance(draw, 25) ? 2n : 1n;
  const v = Vector.ints(
    Array.from({ length: dimension }, () => BigInt(draw.int(-2, 2))),
    den,
  );
  return v.isZero() ? drawUnit(draw, dimension) : v;
}
