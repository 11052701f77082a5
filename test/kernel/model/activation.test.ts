import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { activeUnits, capacity, kinks } from '../../../src/kernel/model/activation.ts';
import type { Activation } from '../../../src/kernel/model/instance.ts';
import type { Germ } from '../../../src/kernel/numbers/germ.ts';
import type { Rational } from '../../../src/kernel/numbers/rational.ts';
import { activation, grid, integer } from '../arbitraries.ts';
import { activeBy, exact } from '../naive.ts';
import { expectRejection, instance, q, refused } from '../read.ts';

type Integers = readonly (readonly number[])[];
const constant = (z: Integers): Germ[][] => z.map((row) => row.map((x) => [q(x)]));
const named = (kind: Record<string, unknown>): Activation => instance({ wp: [[1]], activation: kind }).activation;
/** n features, so that the batch has its size. */
const second = (kind: Record<string, unknown>, n: number) =>
  exact({ wp: Array.from({ length: n }, () => [1]), activation: kind });
const rationals = (z: Integers): Rational[][] => z.map((row) => row.map(q));

const size = fc.integer({ min: 1, max: 4 });
const grids = fc
  .tuple(size, size, activation)
  .chain(([q_, n, kind]) =>
    fc.tuple(grid(integer(3), q_, n), grid(integer(3), q_, n), grid(integer(1), q_, n), fc.constant(kind)),
  );

test('every kind agrees with counting, on random small integers; a tie is refused by both', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(grids, ([z, , gate, kind]) => {
      const expected = activeBy(second(kind, z[0]!.length), rationals(z), rationals(gate));
      const run = (): unknown => activeUnits(named(kind), constant(z), constant(gate));
      const name = `${kind.kind} ${expected === 'tie' ? 'tie' : 'decided'}`;
      seen.set(name, (seen.get(name) ?? 0) + 1);
      if (expected === 'tie') expectRejection(run, 'tie', '$');
      else expect(run()).toEqual(expected);
    }),
    { numRuns: 1500 },
  );
  for (const kind of ['relu', 'jumprelu', 'identity', 'gated', 'topk', 'topk-pure', 'batchtopk']) {
    expect(seen.get(`${kind} decided`), kind).toBeGreaterThan(2);
  }
  for (const kind of ['topk', 'topk-pure', 'batchtopk']) expect(seen.get(`${kind} tie`), kind).toBeGreaterThan(2);
});

test('on a line z + t v the active sets are those of a small t > 0', () => {
  const count = { ties: 0, decided: 0 };
  fc.assert(
    fc.property(grids, ([z, v, gate, kind]) => {
      const line = z.map((row, i) => row.map((x, d) => [q(x), q(v[i]![d]!)]));
      // Values and thresholds are multiples of 1/2 and slopes differ by at most 6: no order changes below t = 1/12.
      const t = q('1/100');
      const moved = z.map((row, i) => row.map((x, d) => q(x).plus(t.times(q(v[i]![d]!)))));
      const expected = activeBy(second(kind, z[0]!.length), moved, rationals(gate));
      const run = (): unknown => activeUnits(named(kind), line, constant(gate));
      count[expected === 'tie' ? 'ties' : 'decided']++;
      if (expected === 'tie') expect(refused(run)).toBe(true);
      else expect(run()).toEqual(expected);
    }),
    { numRuns: 1500 },
  );
  expect(count.ties).toBeGreaterThan(0);
  expect(count.decided).toBeGreaterThan(1000);
});

test('where no cell is at a kink, no small change of z or of the gate changes an active set', () => {
  let without = 0;
  fc.assert(
    fc.property(grids, grids, ([z, v, gate, kind], [, w]) => {
      const m = second(kind, z[0]!.length);
      const active = activeBy(m, rationals(z), rationals(gate));
      fc.pre(active !== 'tie');
      fc.pre(kinks(named(kind), constant(z), active, constant(gate)).length === 0);
      without++;
      for (const t of [q('1/100'), q('-1/100')]) {
        const moved = (from: Integers, by: Integers): Rational[][] =>
          from.map((row, i) => row.map((x, d) => q(x).plus(t.times(q(by[i]?.[d] ?? 1)))));
        expect(activeBy(m, moved(z, v), moved(gate, w))).toEqual(active);
      }
    }),
    { numRuns: 500 },
  );
  expect(without).toBeGreaterThan(50);
});

describe('kinks', () => {
  // biome-ignore format: a table, one case a line
  const cases: readonly (readonly [what: string, kind: Record<string, unknown>, z: Integers, cells: Integers])[] = [
    ['relu at 0', { kind: 'relu' }, [[0, 1], [-1, 0]], [[0, 0], [1, 1]]],
    ['jumprelu at theta, not at 0', { kind: 'jumprelu', theta: '1' }, [[0, 1], [2, -1]], [[0, 1]]],
    ['jumprelu with theta = 0', { kind: 'jumprelu', theta: '0' }, [[0, 1]], [[0, 0]]],
    ['topk where there is room', { kind: 'topk', k: 2 }, [[0, 0], [2, 2], [-1, 1]], [[0, 0]]],
    ['topk, full by larger ones', { kind: 'topk', k: 1 }, [[0], [1]], []],
    ['topk, all zero', { kind: 'topk', k: 1 }, [[0], [0]], [[0, 0], [1, 0]]],
    ['batchtopk with room', { kind: 'batchtopk', k: 1 }, [[0, 3]], [[0, 0]]],
    ['batchtopk, full', { kind: 'batchtopk', k: 1 }, [[0, 3], [2, -1]], []],
    ['topk-pure', { kind: 'topk-pure', k: 1 }, [[0], [-1]], []],
    ['identity', { kind: 'identity' }, [[0]], []],
  ];
  test.each(cases)('%s', (_, kind, z, cells) => {
    const active = activeBy(second(kind, z[0]!.length), rationals(z));
    if (active === 'tie') throw new Error('a tie');
    expect(kinks(named(kind), constant(z), active)).toEqual(cells);
  });

  test('gated: at z = 0 and where the gate is 0', () => {
    const cells = kinks({ kind: 'gated' }, constant([[0, 1, 1]]), [[false, false, true]], constant([[1, 0, 1]]));
    expect(cells).toEqual([
      [0, 0],
      [0, 1],
    ]);
  });
});

describe('ties and capacities', () => {
  test.each([
    ['two equal rivals for one place', { kind: 'topk', k: 1 }, [[1], [1]], true],
    ['two equal ones with room for both', { kind: 'topk', k: 2 }, [[1], [1]], false],
    ['equal zeros do not compete after ReLU', { kind: 'topk', k: 1 }, [[0], [0]], false],
    ['equal zeros do compete without', { kind: 'topk-pure', k: 1 }, [[0], [0]], true],
    ['equal negative ones without', { kind: 'topk-pure', k: 1 }, [[-1], [-1]], true],
    [
      'equal across the batch',
      { kind: 'batchtopk', k: 1 },
      [
        [2, 1],
        [0, 1],
      ],
      true,
    ],
    ['equal above the last one let through', { kind: 'topk', k: 2 }, [[2], [2], [1]], false],
  ] as const)('%s', (_, kind, z, tie) => {
    expect(refused(() => activeUnits(named(kind), constant(z)))).toBe(tie);
  });

  test('an identical curve is a tie, one that parts later is none', () => {
    const topk = named({ kind: 'topk', k: 1 });
    const [one, t2] = [[q(1)], [q(1), q(0), q(1)]];
    expectRejection(() => activeUnits(topk, [[one], [[q(1), q(0)]]]), 'tie', '$');
    expect(activeUnits(topk, [[one], [t2]])).toEqual([[false], [true]]);
  });

  test('k is for each feature, and for batchtopk times their number', () => {
    expect(capacity({ kind: 'topk', k: 3 }, 5)).toBe(3);
    expect(capacity({ kind: 'batchtopk', k: 1_000_000 }, 1_000_000)).toBe(10 ** 12);
  });
});
