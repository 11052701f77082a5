/** Counts that nobody here made: the literature's, and brute force over all subsets through another decider. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Activation, Instance } from '../../../src/kernel/model/instance.ts';
import { coversNumber } from '../../../src/kernel/numbers/chambers.ts';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { arrangementOf } from '../../../src/solve/patterns/arrangement.ts';
import { countChambers } from '../../../src/solve/patterns/countProof.ts';
import { regionOf } from '../../../src/solve/patterns/lpRegion.ts';
import { realizeSet } from '../../../src/solve/realize/realize.ts';
import { braid, degenerate, enumerate, generic, instance, resonance, threshold, typeB } from './arrangements.ts';

// theory.md, section 4; threshold: OEIS A000609; resonance: Kamiya, Takemura and Terao 2011.
const known: [string, number[][], number][] = [
  ['resonance 2', resonance(2), 6],
  ['resonance 3', resonance(3), 32],
  ['resonance 4', resonance(4), 370],
  ['resonance 5', resonance(5), 11292],
  ['threshold 2', threshold(2), 14],
  ['threshold 3', threshold(3), 104],
  ['threshold 4', threshold(4), 1882],
  ['braid 3', braid(3), 6],
  ['braid 4', braid(4), 24],
  ['braid 5', braid(5), 120],
  ['type B 2', typeB(2), 8],
  ['type B 3', typeB(3), 48],
  ['type B 4', typeB(4), 384],
];

describe('known numbers of chambers', () => {
  test.each(known)('%s', (_, rows, chambers) => {
    const m = instance(rows);
    expect(countChambers(arrangementOf(m))).toBe(BigInt(chambers));
    const found = enumerate(m, 'chambers');
    expect(found.sets.length).toBe(chambers);
    expect(new Set(found.sets).size).toBe(chambers);
  });

  test.each([
    ['threshold 5', threshold(5), 94572n],
    ['resonance 6', resonance(6), 1066044n],
    ['braid 7', braid(7), 5040n],
    ['type B 5', typeB(5), 3840n],
  ])('%s, by deletion and restriction', (_, rows, chambers) => {
    expect(countChambers(arrangementOf(instance(rows)))).toBe(chambers);
  });

  test.each([
    [5, 3],
    [8, 3],
    [9, 4],
    [10, 2],
    [4, 6],
    [12, 1],
  ])('Cover: %i directions in general position in dimension %i', (n, p) => {
    const m = instance(generic(n, p, 10 * n + p));
    const cover = coversNumber(n, p);
    expect(countChambers(arrangementOf(m))).toBe(cover);
    expect(BigInt(enumerate(m, 'chambers').sets.length)).toBe(cover);
  });
});

/** Every set that `realizeSet` finds realizable. */
function bruteForce(m: Instance): string[] {
  const n = m.features.length;
  const sets = Array.from({ length: 2 ** n }, (_, mask) =>
    Array.from({ length: n }, (_, d) => d).filter((d) => (mask >> d) & 1),
  );
  return sets.filter((set) => realizeSet(m, set).realizable).map((set) => set.map((d) => d + 1).join());
}

const activations: Activation[] = [
  { kind: 'relu' },
  { kind: 'identity' },
  { kind: 'gated' },
  { kind: 'jumprelu', theta: Rational.of(1n, 2n) },
  { kind: 'jumprelu', theta: Rational.of(0n) },
];

describe('realizable sets equal brute force over all subsets', () => {
  test.each([
    ['an opposite pair', [[1], [-1]], 3],
    [
      'two opposite pairs',
      [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ],
      9,
    ],
    [
      'one direction four times',
      [
        [1, 2],
        [2, 4],
        [1, 2],
        [-3, -6],
      ],
      3,
    ],
    [
      'a face where two of three must be 0',
      [
        [1, 0, 0],
        [-1, 0, 0],
        [0, 1, 0],
        [0, -1, 1],
        [0, 0, -1],
      ],
      21,
    ],
  ])('%s', (_, rows, count) => {
    const m = instance(rows);
    const found = enumerate(m, 'sets');
    expect([...found.sets].sort()).toEqual(bruteForce(m).sort());
    expect(found.sets.length).toBe(count);
  });

  test.each(activations)('degenerate and generic directions: $kind', (activation) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(10_000),
        fc.boolean(),
        (n, p, seed, flat) => {
          const m = instance(flat ? degenerate(n, p, seed) : generic(n, p, seed), activation);
          const found = enumerate(m, 'sets', 3);
          expect([...found.sets].sort()).toEqual(bruteForce(m).sort());
          expect(BigInt(found.chambers)).toBe(countChambers(arrangementOf(m)));
          expect(enumerate(m, 'chambers').sets.length).toBe(found.chambers);
        },
      ),
      { numRuns: 40, seed: 5 },
    );
  });

  test('with coordinates too long for doubles, and with rational ones', () => {
    const rows = degenerate(7, 3, 4).map((row) => row.map((x, k) => x * 10 ** 14 + k));
    const m = instance(rows);
    const found = enumerate(m, 'sets');
    expect([...found.sets].sort()).toEqual(bruteForce(m).sort());
  });

  test('limits and required features leave out the others', () => {
    const m = instance(degenerate(8, 3, 77));
    const all = enumerate(m, 'sets').sets;
    const numbers = (text: string): number[] => (text === '' ? [] : text.split(',').map(Number));
    const small = all.filter((set) => numbers(set).length <= 2);
    expect(enumerate(m, 'sets', 5, 2).sets.sort()).toEqual(small.sort());
    const with3 = all.filter((set) => numbers(set).includes(3));
    expect(enumerate(m, 'sets', 5, Infinity, [2]).sets.sort()).toEqual(with3.sort());
  });
});

test('regions by points find what cones find', () => {
  for (const seed of [1, 2, 3, 4]) {
    const m = instance(degenerate(6, 3, seed));
    const a = arrangementOf(m);
    for (const signs of ['sets', 'chambers'] as const) {
      const byPoints: string[] = [];
      const descend = (prefix: string): void => {
        const region = regionOf(a, signs, prefix);
        if (region && prefix.length === a.vectors.length) byPoints.push(prefix);
        else if (region) for (const side of ['+', '-']) descend(prefix + side);
      };
      descend('');
      expect(enumerate(m, signs).sets.length).toBe(byPoints.length);
    }
  }
});

test('a dimension in which cones would have too many rays', () => {
  const m = instance(generic(14, 13, 3));
  const found = enumerate(m, 'sets', 50, 1);
  const expected = Array.from({ length: 14 }, (_, d) => d).filter((d) => realizeSet(m, [d]).realizable);
  expect(found.sets.sort()).toEqual(['', ...expected.map((d) => `${d + 1}`)].sort());
});
