import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Latents, rowOf, tableOf } from '../../../src/train/backend/backend.ts';
import { plainBackend } from '../../../src/train/backend/plain.ts';
import { selectLargest, selectLargestOfBatch } from '../../../src/train/backend/select.ts';
import { wasmBackend, wasmKernels } from '../../../src/train/backend/wasm.ts';
import type { FileModel } from '../../../src/train/checkpoint/foreign.ts';
import { featureSource, hierarchySource } from '../../../src/train/data/bench.ts';
import type { Source, Truth } from '../../../src/train/data/source.ts';
import { objectiveOf } from '../../../src/train/methods/method.ts';
import { absorptionWatch } from '../../../src/train/metrics/absorption.ts';
import { matching } from '../../../src/train/metrics/hungarian.ts';
import { measureModel } from '../../../src/train/metrics/metrics.ts';
import { type Recovery, recoveries } from '../../../src/train/metrics/similarity.ts';
import { measureUsage } from '../../../src/train/metrics/usage.ts';
import { type Weights, weightsOf } from '../../../src/train/model/weights.ts';
import { workOf } from '../../../src/train/model/work.ts';
import { hierarchyOf } from '../runs.ts';

const permutations = (items: number[], length: number): number[][] =>
  length === 0
    ? [[]]
    : items.flatMap((item) =>
        permutations(
          items.filter((other) => other !== item),
          length - 1,
        ).map((rest) => [item, ...rest]),
      );

test('one-to-one matching is the best of all, by trying them', () => {
  const entries = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 15, maxLength: 15 });
  fc.assert(
    fc.property(entries, (values) => {
      const matrix = Float64Array.from(values);
      const total = (columns: ArrayLike<number>): number =>
        [0, 1, 2].reduce((sum, d) => sum + values[d * 5 + columns[d]!]!, 0);
      const found = matching(matrix, 3, 5) ?? [];
      expect(new Set(found).size).toBe(3);
      expect(total(found)).toBe(Math.max(...permutations([0, 1, 2, 3, 4], 3).map(total)));
    }),
    { numRuns: 200 },
  );
});

test('a matching that would take too long is left out, and so is its recovery', () => {
  expect(matching(new Float64Array(15), 3, 5, 30)).toHaveLength(3);
  expect(matching(new Float64Array(15), 3, 5, 29)).toBeUndefined();
  const [n, nq] = [7100, 7100];
  const weights = weightsOf(plainBackend(), { np: 1, nq, nr: 1 }, 'relu');
  const truth: Truth = { wp: Array(n).fill(Float64Array.of(1)), wr: Array(n).fill(Float64Array.of(1)) };
  const found = recoveries({ ...weights, we: tableOf(plainBackend(), nq, 1) }, truth, 0);
  expect(new Set(found.map(({ match }) => match))).toEqual(new Set(['best']));
});

test('the largest, per input and of the batch, as sorting finds them; equal ones by their place', () => {
  const numbers = fc.array(fc.integer({ min: -3, max: 6 }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 3 }), (values, k) => {
      const backend = plainBackend();
      const z = tableOf(backend, 3, 4);
      for (let b = 0; b < 3; b++) z.data.set(values.slice(4 * b, 4 * b + 4), b * z.stride);
      const lists = (): Latents => ({
        inputs: 3,
        neurons: 4,
        start: new Int32Array(4),
        index: new Int32Array(40),
        value: new Float32Array(40),
      });
      const rows = lists();
      selectLargest(z, k, rows);
      for (let b = 0; b < 3; b++) {
        const wanted = values
          .slice(4 * b, 4 * b + 4)
          .filter((x) => x > 0)
          .sort((x, y) => y - x)
          .slice(0, k);
        expect([...rows.value.slice(rows.start[b], rows.start[b + 1])]).toEqual(wanted);
      }
      const groups = [lists(), lists()];
      selectLargestOfBatch(z, k, [2, 4], groups, new Float32Array(12));
      const kept = groups.flatMap((group) => [...group.value.slice(0, group.start[3])]).sort((x, y) => y - x);
      expect(kept).toEqual(
        values
          .filter((x) => x > 0)
          .sort((x, y) => y - x)
          .slice(0, 3 * k),
      );
      expect([...groups[0]!.index.slice(0, groups[0]!.start[3])].every((i) => i < 2)).toBe(true);
      expect([...groups[1]!.index.slice(0, groups[1]!.start[3])].every((i) => i >= 2)).toBe(true);
    }),
  );
});

const AXES: Truth = {
  wp: [
    [1, 0],
    [0, 1],
  ].map((w) => Float64Array.from(w)),
  wr: [
    [1, 0],
    [0, 1],
  ].map((w) => Float64Array.from(w)),
};

const backend = wasmBackend();

function model(we: number[][], wd: number[][]): Weights {
  const weights = weightsOf(backend, { np: 2, nr: 2, nq: we.length }, 'relu');
  we.forEach((row, i) => {
    rowOf(weights.we, i).set(row);
  });
  wd.forEach((row, i) => {
    rowOf(weights.wd, i).set(row);
  });
  return weights;
}

const pick = (all: readonly Recovery[], by: string, similarity: string, match = 'best', anchors = 'in'): Recovery =>
  all.find((r) => r.by === by && r.similarity === similarity && r.match === match && r.anchors === anchors)!;

describe('recovery', () => {
  // Nothing is recovered: both neurons lie between the features, 45 degrees from each.
  const mixed = model(
    [
      [0.5, 0.5],
      [0.5, -0.5],
    ],
    [
      [0.5, 0.5],
      [0.5, -0.5],
    ],
  );

  test('raw similarity is gamed by scaling: the same function, recovery from 0% to 100%', () => {
    const scaled = model(
      [
        [2, 2],
        [2, -2],
      ],
      [
        [0.125, 0.125],
        [0.125, -0.125],
      ],
    );
    const [before, after] = [mixed, scaled].map((weights) => recoveries(weights, AXES, 0));
    expect(pick(before!, 'encoder', 'raw').recovered).toEqual([0, 0]);
    expect(pick(after!, 'encoder', 'raw').recovered).toEqual([1, 1]);
    expect(pick(after!, 'encoder', 'cosine')).toEqual(pick(before!, 'encoder', 'cosine'));
    expect(pick(after!, 'encoder', 'cosine').mean).toBeCloseTo(Math.SQRT1_2);
    // The same outputs for every input: the products of the scales are equal.
    const outputs = [mixed, scaled].map((weights) => {
      const work = workOf(
        backend,
        { np: 2, nr: 2, nq: 2 },
        4,
        weights,
        weightsOf(backend, { np: 2, nr: 2, nq: 2 }, 'relu'),
      );
      const objective = objectiveOf(work, { kind: 'relu', l1: 0 });
      featureSource(AXES, [1, 1]).fill(0, work.x, work.r);
      objective.forward();
      return [...objective.residual.data];
    });
    expect(outputs[1]).toEqual(outputs[0]);
  });

  test('one neuron for two features counts twice by best match, once one-to-one', () => {
    const all = recoveries(
      model(
        [
          [1, 0.99],
          [0, 0],
        ],
        [
          [1, 0.99],
          [0, 0],
        ],
      ),
      AXES,
      0,
    );
    expect(pick(all, 'decoder', 'cosine').mean).toBeCloseTo(Math.SQRT1_2, 2);
    expect(pick(all, 'decoder', 'cosine', 'one-to-one').mean).toBeCloseTo(0.355, 2);
  });

  test('anchored features in and out', () => {
    const all = recoveries(
      model(
        [
          [1, 0],
          [0.6, 0.8],
        ],
        [
          [1, 0],
          [0.6, 0.8],
        ],
      ),
      AXES,
      1,
    );
    expect(pick(all, 'encoder', 'cosine').recovered).toEqual([0.5, 0.5]);
    expect(pick(all, 'encoder', 'cosine', 'best', 'out').recovered).toEqual([0, 0]);
  });

  test('fewer neurons than features', () => {
    const all = recoveries(model([[1, 0]], [[1, 0]]), AXES, 0);
    expect(pick(all, 'encoder', 'cosine', 'one-to-one').recovered).toEqual([0.5, 0.5]);
  });
});

describe('fraction of variance unexplained', () => {
  const shape = { np: 2, nr: 2, nq: 1 };
  /** A model that answers b_dec = the first row, and these rows. */
  const sourceOf = (rows: readonly (readonly [number, number])[]): Source => ({
    np: 2,
    nr: 2,
    samples: rows.length,
    fill(first, x, r) {
      for (let b = 0; b < x.rows; b++) {
        x.data.set(rows[(first + b) % rows.length]!, b * x.stride);
        r.data.set(rows[(first + b) % rows.length]!, b * r.stride);
      }
    },
  });
  const silent = (bd: ArrayLike<number>): FileModel => ({
    shape,
    method: { kind: 'relu', l1: 0 },
    weights: {
      we: { rows: 1, columns: 2, stride: 2, data: new Float64Array(2) },
      wd: { rows: 1, columns: 2, stride: 2, data: new Float64Array(2) },
      be: new Float64Array(1),
      bd: Float64Array.from(bd),
    },
  });
  const config = { batch: 4, steps: 7 };
  /** sum |r - r_1|^2 over sum |r - mean|^2, in integers. */
  const wanted = (rows: readonly (readonly [number, number])[]): number | null => {
    const n = BigInt(rows.length);
    const [first] = rows;
    let [errors, spread] = [0n, 0n];
    for (const c of [0, 1] as const) {
      const total = rows.reduce((sum, row) => sum + BigInt(row[c]), 0n);
      for (const row of rows) {
        errors += (BigInt(row[c]) - BigInt(first![c])) ** 2n;
        spread += (n * BigInt(row[c]) - total) ** 2n;
      }
    }
    return spread === 0n ? null : Number(errors * n * n) / Number(spread);
  };

  const whole = fc.tuple(
    fc.constantFrom(0, 1_000_000, -1e9),
    fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 })), {
      minLength: 1,
      maxLength: 30,
    }),
  );

  test('is right whatever the mean is, on each row once; not defined where all rows are equal', () => {
    fc.assert(
      fc.property(whole, ([mean, drawn]) => {
        const rows = drawn.map(([a, b]) => [mean + a, 2 * mean + b] as const);
        const { usage } = measureModel(config, silent(rows[0]!), sourceOf(rows));
        expect(usage.inputs).toBe(rows.length);
        const fvu = wanted(rows);
        if (fvu === null) expect(usage.fvu).toBe(null);
        else expect(Math.abs(usage.fvu! - fvu)).toBeLessThanOrEqual(1e-12 * fvu);
      }),
    );
  });

  test('constant rows that no sum represents: still not defined, and the error stands', () => {
    const rows = Array.from({ length: 10 }, () => [0.1, -1 / 3] as const);
    const { usage } = measureModel(config, silent([0, 0]), sourceOf(rows));
    expect(usage.fvu).toBe(null);
    expect(usage.error).toBeCloseTo(0.01 + 1 / 9, 12);
  });

  test('in 32 bits, by the kernels of training: the same sums, and a last batch that is not whole', async () => {
    const rows = Array.from({ length: 11 }, (_, s) => [1_000_000 + (s % 3), (s * s) % 5] as const);
    const weights = weightsOf(backend, shape, 'relu');
    weights.bd.set(rows[0]!);
    const work = workOf(backend, shape, 4, weights, weightsOf(backend, shape, 'relu'));
    const range = { first: 0, inputs: rows.length };
    const usage = await measureUsage(work, objectiveOf(work, { kind: 'relu', l1: 0 }), sourceOf(rows), range);
    expect(usage.inputs).toBe(11);
    expect(usage.fvu).toBeCloseTo(wanted(rows)!, 9);
  });

  test('an explicit number of inputs is kept', () => {
    const rows = [
      [1, 2],
      [3, 5],
      [4, 4],
    ] as const;
    const source = sourceOf(rows);
    expect(measureModel({ ...config, evaluation: 5 }, silent([0, 0]), source).usage.inputs).toBe(5);
    expect(measureModel(config, silent([0, 0]), source).usage.inputs).toBe(3);
  });
});

test('use of the neurons: one dead, one dense, L0 and FVU', async () => {
  const weights = model(
    [
      [1, 0],
      [-1, -1],
    ],
    [
      [1, 0],
      [0, 1],
    ],
  );
  const shape = { np: 2, nr: 2, nq: 2 };
  const work = workOf(backend, shape, 4, weights, weightsOf(backend, shape, 'relu'));
  const usage = await measureUsage(work, objectiveOf(work, { kind: 'relu', l1: 0 }), featureSource(AXES, [1, 1]), {
    first: 0,
    inputs: 4,
  });
  // Feature 2 is lost: |r|^2 = 1 on half the inputs; the variance is 1 - 1/2.
  expect(usage).toEqual({ inputs: 4, dead: 0.5, dense: 0.5, l0: 0.5, error: 0.5, fvu: 1 });
});

test('absorption: a parent silent on one child is counted there and nowhere else', () => {
  const data = hierarchyOf({ parents: 1, shares: [0.5, 0.5], np: 3, interference: { max: 0.2 } });
  const source = hierarchySource(wasmKernels(), data, 1);
  const truth = source.truth!;
  const weights = weightsOf(backend, { np: 3, nr: 3, nq: 3 }, 'topk');
  truth.wr.forEach((r, d) => {
    rowOf(weights.wd, d).set(r);
  });
  const watch = absorptionWatch(weights, truth, source);
  const inputs = 400;
  // Neuron d fires with feature d, but the parent's is silent when child 2 is active.
  const active = Array.from({ length: inputs }, (_, s) => {
    const on = source.active!(s);
    return on.filter((d) => !(d === 0 && on.includes(2)));
  });
  const start = new Int32Array(inputs + 1);
  active.forEach((on, s) => {
    start[s + 1] = start[s]! + on.length;
  });
  watch.see(0, [
    { inputs, neurons: 3, start, index: Int32Array.from(active.flat()), value: new Float32Array(active.flat().length) },
  ]);
  const { rates, rate } = watch.result();
  expect(rates.map((r) => r.rate)).toEqual([0, 1]);
  expect(rate).toBeGreaterThan(0.35);
  expect(rate).toBeLessThan(0.65);
});
