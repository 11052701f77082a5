/**
 * What the rules `newton` and `lossless` share: a point c, directions S (the slice), a radius r, and the interval Newton test
 * (Krawczyk 1969) for a zero of a function on the cube |y| <= r of c + S y.
 */

import type { Node } from '../../kernel/document/node.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import { ONE, Rational } from '../../kernel/numbers/rational.ts';
import { invalid, malformed } from '../../kernel/numbers/rejection.ts';
import { type Matrix, Vector } from '../../kernel/numbers/vector.ts';
import type { Sets } from './frame.ts';
import {
  type Box,
  columnsOf,
  dot,
  enclose,
  encloseRows,
  type Interval,
  larger,
  magnitude,
  minus,
  product,
  quantity,
  times,
  total,
} from './interval.ts';

/** More than a slice needs of any group that can be checked in the bound on work: the number of a coordinate becomes a vector. */
const MOST_ENTRIES = 1 << 22;

/**
 * The slice, a direction being a vector or the number of a coordinate, and how far each coordinate of the group can be from the
 * given point, in units of 2^-128: r times its row sum of |S|.
 */
export function reach(node: Node, length: number): { radius: Rational; slice: Matrix; coordinates: bigint[] } {
  const members = node.members();
  const [sliceNode, radiusNode] = [members.get('slice') ?? node, members.get('radius') ?? node];
  const radius = radiusNode.rational();
  if (radius.sign() <= 0) invalid('not-positive', radiusNode.path, 'a radius > 0', `${radius}`);
  const directions = sliceNode.items();
  if (directions.length > length || directions.length * length > MOST_ENTRIES) {
    const most = `at most ${length} directions, of ${MOST_ENTRIES} entries together`;
    malformed('too-large', sliceNode.path, most, `${directions.length} of ${length} entries`);
  }
  const slice = directions.map((item) => {
    if (Array.isArray(item.json)) return item.vector(length);
    const at = item.index(1, length) - 1;
    return Vector.ints(Array.from({ length }, (_, k) => (k === at ? 1n : 0n)));
  });
  const size = enclose(radius);
  const spread = (row: readonly Interval[]): bigint => magnitude(times(size, { least: 0n, most: total(row) }));
  return { radius, slice, coordinates: columnsOf(encloseRows(slice), length).map(spread) };
}

/** A matrix of integers, in units of 2^-32. */
export function readInverse(node: Node, rows: number, columns: number): Interval[][] {
  return node.items(rows).map((row) =>
    row.items(columns).map((item) => {
      const { num, den } = item.rational();
      if (den !== 1n) malformed('not-a-number', item.path, 'an integer, in units of 2^-32', `${num}/${den}`);
      return { least: num << 96n, most: num << 96n };
    }),
  );
}

/** |Y g| + |I - Y J| r <= r and |I - Y J| < 1: then y - Y g(y) maps the cube |y| <= r into itself. */
export function staysInside(inverse: Box, slopes: Box, g: readonly Interval[], radius: Rational, node: Node): void {
  const step = largest(inverse.map((row) => magnitude(dot(row, g))));
  const defect = largest(fromIdentity(product(inverse, columnsOf(slopes, g.length))).map(total));
  const room = quantity(defect).times(radius).plus(quantity(step));
  if (quantity(defect).compare(ONE) >= 0 || room.compare(radius) > 0) {
    invalid('too-wide', node.path, `a step that stays within ${radius}`, `a defect of 2^-128 * ${defect}`);
  }
}

/** The slice moves no pre-activation of the neurons that is at a kink: what is 0 at the given point stays 0. */
export function staysOnKinks(m: Instance, neurons: readonly number[], slice: Matrix, sets: Sets, node: Node): void {
  const size = m.np + m.nr;
  neurons.forEach((i, a) => {
    for (const d of sets.kinks[i] ?? []) {
      for (const s of slice) {
        const de = Vector.of(s.entries().slice(a * size, a * size + m.np));
        const change = de.dot(m.features[d]?.wp ?? de);
        if (change.sign() !== 0) invalid('at-a-kink', node.path, `z_${i + 1},${d + 1} = 0 on the slice`, `${change}`);
      }
    }
  });
}

export const largest = (list: readonly bigint[]): bigint => list.reduce(larger, 0n);

const UNIT = enclose(Rational.of(1n));
export const fromIdentity = (rows: Box): Interval[][] =>
  rows.map((row, i) => row.map((x, j) => (i === j ? minus(x, UNIT) : x)));
