import { expect, test } from 'vitest';
import { mixing } from '../../bench/truth/mixing.ts';
import { spreadOf } from '../../bench/truth/summary.ts';
import type { Rows } from '../../src/train/backend/backend.ts';
import type { Truth } from '../../src/train/data/source.ts';

const rowsOf = (...rows: readonly (readonly number[])[]): Rows => ({
  rows: rows.length,
  columns: rows[0]!.length,
  stride: rows[0]!.length,
  data: Float64Array.from(rows.flat()),
});

/** Two parents, 0 and 1, with the children 2, 3 and 4, 5. The children 2 and 0 are at an angle of 3, 4, 5. */
const truth: Truth = {
  wp: [],
  wr: [
    [1, 0, 0, 0, 0, 0],
    [0, 1, 0, 0, 0, 0],
    [0.6, 0, 0.8, 0, 0, 0],
    [0, 0, 0, 1, 0, 0],
    [0, 0, 0, 0, 1, 0],
    [0, 0, 0, 0, 0, 1],
  ].map((row) => Float64Array.from(row)),
  hierarchy: [
    { parent: 0, children: [2, 3] },
    { parent: 1, children: [4, 5] },
  ],
};
const fires = [0.4, 0.2, 0.1, 0.04, 0.05, 0.02];

test('what was mixed in is found, whatever the angle between parent and child, the length and the sign of the row', () => {
  // -3 (w_0 + 1/4 w_2 + 1/10 w_3), and the second parent has no latent.
  const row = [1 + 0.15, 0, 0.2, 0.1, 0, 0].map((x) => -3 * x);
  const { parents, alone, own, strangers } = mixing(rowsOf(row), truth, fires);
  expect(parents).toBe(1);
  expect(alone.children).toBe(2);
  // In the directions of w_0 and w_3 alone the row is 1.15 w_0 + 1/10 w_3.
  expect(alone.mixed).toBeCloseTo((1 / 4 + 1 / 10 / 1.15) / 2, 12);
  expect(alone.expected).toBeCloseTo((0.25 + 0.1) / 2, 12);
  expect(own).toEqual({ children: 0, mixed: null, expected: null });
  expect(strangers).toMatchObject({ children: 2, mixed: 0 });
});

test('a child with a latent of its own is counted apart', () => {
  const { parents, alone, own } = mixing(rowsOf([0, 1, 0, 0, 0.3, 0], [0, 0, 0, 0, 0, 2]), truth, fires);
  expect(parents).toBe(1);
  expect(alone).toMatchObject({ children: 1, expected: 0.25 });
  expect(alone.mixed).toBeCloseTo(0.3, 12);
  expect(own).toMatchObject({ children: 1, mixed: 0 });
});

test('no parent that is found, nothing to say', () => {
  const nothing = { children: 0, mixed: null, expected: null };
  expect(mixing(rowsOf([0, 0, 0, 1, 1, 1]), truth, fires)).toEqual({
    parents: 0,
    alone: nothing,
    own: nothing,
    strangers: nothing,
  });
});

test('a spread is of what is known', () => {
  expect(spreadOf([1, null, 4, undefined, 4])).toEqual({ mean: 3, least: 1, most: 4, values: [1, 4, 4] });
  expect(spreadOf([null, undefined])).toBeUndefined();
});
