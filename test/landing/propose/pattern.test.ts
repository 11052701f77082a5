/** The pattern that an end point is taken for. */
import { expect, test } from 'vitest';
import { stateOf } from '../../../src/landing/propose/pattern.ts';
import { instance } from '../../kernel/read.ts';
import { problemOf } from '../../train/support.ts';

const axes = problemOf(
  instance({
    wp: [
      [1, 0],
      [0, 1],
    ],
    neurons: 1,
  }),
);

test('a row near its kinks is moved off them by as much as the width, and not at all where it is off by more than half of it', () => {
  const moved = stateOf(axes, [-1e-7, -0.75e-6, 1, 1], { width: 1e-6, near: 'off' });
  expect(moved.on).toEqual([[]]);
  expect(moved.x[0]).toBeCloseTo(-1e-6, 12);
  expect(moved.x.slice(1)).toEqual([-0.75e-6, 1, 1]);
  expect(stateOf(axes, [-0.75e-6, -0.75e-6, 1, 1], { width: 1e-6, near: 'off' }).x).toEqual([-0.75e-6, -0.75e-6, 1, 1]);
});

test('the weights of the run are left as they are', () => {
  const weights = Float32Array.of(1e-7, 1, 1, 1);
  const before = [...weights];
  expect(stateOf(axes, weights, { width: 1e-6, near: 'on' }).x).not.toEqual(before);
  expect([...weights]).toEqual(before);
});
