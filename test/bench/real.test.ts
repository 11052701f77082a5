/** What the study on real networks computes by itself, on numbers worked by hand. */
import { expect, test } from 'vitest';
import { curveOf, given, innerOf, ofRows, partOf, spreadOf, together } from '../../bench/real/recovery.ts';
import { STUDIES, variantsOf } from '../../bench/real/studies.ts';
import { checkConfig } from '../../src/train/config/config.ts';
import { complete } from '../../src/train/config/defaults.ts';
import { activationSource } from '../../src/train/data/activations.ts';

/** Means of length 1: (1,0), (3/5,4/5), (0,1). */
const rows = [2, 0, 3, 4, 0, 1, 4, 0, 3, 4, 0, 5];
const source = activationSource(
  {
    inputs: { shape: [6, 2], values: Float64Array.from(rows) },
    labels: { shape: [6], values: Int32Array.of(0, 1, 2, 0, 1, 2) },
  },
  { kind: 'activations', inputs: 'rows.npy', labels: 'classes.npy', normalize: false },
  1,
);
const means = source.truth?.wr ?? [];

test('anchors are worth to a class what its mean has in common with theirs, and to their own class nothing', () => {
  const one = given(means, 1);
  expect(one[0]).toBe(0);
  expect(one[1]).toBeCloseTo(3 / 5, 12);
  expect(one[2]).toBe(0);
  const two = given(means, 2);
  expect(two[0]).toBeCloseTo(3 / 5, 12);
  expect(two[1]).toBeCloseTo(3 / 5, 12);
  expect(two[2]).toBeCloseTo(4 / 5, 12);
});

test('a dictionary of rows has the nearest row it holds, evenly taken', () => {
  const data = { rows: 6, columns: 2, stride: 2, data: Float64Array.from(rows) };
  // Rows 0, 2, 4: (2,0), (0,1), (3,4).
  const three = ofRows(data, 3, means);
  [1, 1, 1].forEach((match, d) => {
    expect(three[d]).toBeCloseTo(match, 12);
  });
  // Rows 0 and 3: (2,0) and (4,0).
  const two = ofRows(data, 2, means);
  [1, 3 / 5, 0].forEach((match, d) => {
    expect(two[d]).toBeCloseTo(match, 12);
  });
});

test('a dictionary beside the anchors has the better match of both', () => {
  expect(together([0.7, 0.2, 0.5], [0, 0.6, 0.5])).toEqual([0.7, 0.6, 0.5]);
});

test('a part is its mean and what is above each tau, not at it', () => {
  const { classes, mean, above } = partOf([0.9, 0.92, 0.96, 0.5]);
  expect(classes).toBe(4);
  expect(mean).toBeCloseTo(0.82, 12);
  expect(above).toEqual([0.5, 0.25]);
  expect(curveOf([0.2, 0.5, 0.9, 1], [0, 0.5, 0.9])).toEqual([
    { x: 0, y: 1 },
    { x: 0.5, y: 0.5 },
    { x: 0.9, y: 0.25 },
  ]);
});

test('the spread of seeds is their mean, the least and the most', () => {
  expect(spreadOf([2, 7, 3])).toEqual({ mean: 4, least: 2, most: 7 });
});

test('a class that another one names as its parent is an inner one', () => {
  expect([
    ...innerOf('dog,animal\ncat,animal\nanimal,thing\nodd,unknown\n', ['cat', 'animal', 'dog', 'thing']),
  ]).toEqual([1, 3]);
});

test.each(['part', 'full'] as const)('every configuration of size %s is one that can be run', (size) => {
  const all = STUDIES.flatMap((study) => variantsOf(study, size, '/data'));
  expect(all.length).toBe(10);
  expect(new Set(all.map(({ name }) => name)).size).toBe(10);
  for (const { name, config } of all) {
    const whole = complete(config);
    checkConfig(whole);
    expect(whole.steps % whole.logEvery, name).toBe(0);
    expect(name.endsWith('anchored'), name).toBe(whole.anchoring !== undefined);
    expect(name.endsWith('resampled'), name).toBe(whole.resampling !== undefined);
    if (whole.resampling) expect(whole.resampling).toMatchObject({ every: Math.floor(whole.steps / 6), scale: 0.2 });
  }
});
