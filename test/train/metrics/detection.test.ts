import { expect, test } from 'vitest';
import { plainBackend } from '../../../src/train/backend/plain.ts';
import type { Source, Truth } from '../../../src/train/data/source.ts';
import { detectionWatch } from '../../../src/train/metrics/detection.ts';
import { weightsOf } from '../../../src/train/model/weights.ts';

/** Three features along axes; latents 1 and 2 point along feature 1, latent 3 nearly along feature 3. */
function planted() {
  const axis = (k: number): Float64Array => Float64Array.from([0, 1, 2], (at) => (at === k ? 1 : 0));
  const truth: Truth = { wp: [0, 1, 2].map(axis), wr: [0, 1, 2].map(axis) };
  const weights = weightsOf(plainBackend(), { np: 3, nr: 3, nq: 3 }, 'relu');
  [
    [2, 0, 0],
    [-1, 0, 0],
    [0, 3, 4],
  ].forEach((row, i) => {
    weights.wd.data.set(row, i * weights.wd.stride);
  });
  // What is active on each of four inputs.
  const sets = [[0], [0, 2], [1], []];
  const source = { np: 3, nr: 3, truth, active: (s: number) => sets[s]! } as unknown as Source;
  return { truth, weights, watch: detectionWatch(weights, truth, source) };
}

test('by counting: precision, recall, F1, MCC, uniqueness, shrinkage', () => {
  const { watch } = planted();
  // Latent 1 on inputs 1, 3; latent 3 on input 2; latent 2 never.
  const active = {
    inputs: 4,
    neurons: 3,
    start: Int32Array.of(0, 1, 2, 3, 3),
    index: Int32Array.of(0, 2, 0),
    value: Float32Array.of(0.5, 1, 0.25),
  };
  const targets = {
    rows: 4,
    columns: 3,
    stride: 3,
    data: Float64Array.of(2, 0, 0, 6, 0, 8, 0, 1, 0, 0, 0, 0),
  };
  watch.see(0, [active], targets);
  const found = watch.result();
  // Latent 1: of 2 inputs 1 has feature 1, which 2 inputs have. Latent 2: nothing. Latent 3: its one input has feature 3, which is all.
  expect(found.precision).toBeCloseTo((1 / 2 + 0 + 1) / 3, 12);
  expect(found.recall).toBeCloseTo((1 / 2 + 0 + 1) / 3, 12);
  expect(found.f1).toBeCloseTo((1 / 2 + 0 + 1) / 3, 12);
  // Latents 1 and 2 share feature 1: one of them is left with a feature of cosine 0. Latent 3 has 4/5 with feature 3, 3/5 with feature 2.
  expect(found.mcc).toBeCloseTo((1 + 0 + 4 / 5) / 3, 12);
  expect(found.uniqueness).toBeCloseTo(2 / 3, 12);
  // |r^| / |r|: 1 / 2, 5 / 10, 0.5 / 1; the last input is 0.
  expect(found.shrinkage).toBeCloseTo((1 / 2 + 1 / 2 + 1 / 2) / 3, 12);
  expect(found.trueL0).toBe(1);
});
