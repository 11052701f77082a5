/** Chambers counted modulo a prime: against enumeration, long integers, published counts, and what must not be taken for general position. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chambers, coversNumber } from '../../../src/kernel/numbers/chambers.ts';
import { Rejection } from '../../../src/kernel/numbers/rejection.ts';
import {
  costOfGeneralPosition,
  countModulo,
  generalPosition,
  primeAbove,
} from '../../../src/kernel/numbers/residues.ts';
import { bounded } from '../../../src/kernel/numbers/work.ts';
import {
  braid,
  degenerate,
  enumerate,
  generic,
  instance,
  resonance,
  threshold,
  typeB,
} from '../../solve/patterns/arrangements.ts';
import { thorough } from '../../thorough.ts';

const free = (): void => undefined;
const longs = (rows: readonly (readonly number[])[]): bigint[][] => rows.map((row) => row.map(BigInt));
const count = (rows: readonly (readonly number[])[]): bigint => chambers(longs(rows), '$');
const caught = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (thrown) {
    return thrown instanceof Rejection ? thrown.code : thrown;
  }
};

const unit = (n: number, i: number): number[] => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0));
/** e_i - e_j for each edge. */
const graphical = (n: number, edges: readonly (readonly [number, number])[]): number[][] =>
  edges.map(([i, j]) => unit(n, i).map((x, k) => x - (k === j ? 1 : 0)));
const cube = (n: number): number[][] =>
  graphical(
    2 ** n,
    Array.from({ length: 2 ** n }, (_, x) => x).flatMap((x) =>
      Array.from({ length: n }, (_, k): [number, number] => [x, x ^ (1 << k)]).filter(([a, b]) => a < b),
    ),
  );
const typeD = (n: number): number[][] => typeB(n).filter((row) => row.filter((x) => x !== 0).length === 2);
/** The 120 lines of the roots of E8, doubled where they have halves. */
const e8 = (): number[][] => [
  ...typeD(8).map((row) => row.map((x) => 2 * x)),
  ...Array.from({ length: 128 }, (_, bits) => [
    1,
    ...Array.from({ length: 7 }, (_, k) => ((bits >> k) & 1 ? -1 : 1)),
  ]).filter((row) => row.filter((x) => x < 0).length % 2 === 0),
];
const orthogonalTo = (rows: number[][], ...to: number[][]): number[][] =>
  rows.filter((row) => to.every((other) => row.reduce((sum, x, k) => sum + x * (other[k] as number), 0) === 0));
/** In E8: what is orthogonal to one root, and to a pair of roots with a product of -1. */
const e7 = (): number[][] => orthogonalTo(e8(), [2, 2, 0, 0, 0, 0, 0, 0]);
const e6 = (): number[][] => orthogonalTo(e8(), [2, 2, 0, 0, 0, 0, 0, 0], [0, -2, 2, 0, 0, 0, 0, 0]);
const f4 = (): number[][] => [
  ...typeB(4).map((row) => row.map((x) => 2 * x)),
  ...threshold(3).map((row) => row.map((x) => 2 * x - 1)),
];

describe('published numbers', () => {
  test.each([
    // Resonance arrangements, OEIS A034997; threshold functions, A000609; acyclic orientations of cubes, A334247.
    ...[2, 6, 32, 370, 11_292, 1_066_044].map((r, k): [string, number[][], number] => [
      `resonance ${k + 1}`,
      resonance(k + 1),
      r,
    ]),
    ...[4, 14, 104, 1882, 94_572].map((r, k): [string, number[][], number] => [
      `threshold ${k + 1}`,
      threshold(k + 1),
      r,
    ]),
    ['square', cube(2), 14],
    ['cube', cube(3), 1862],
    ['4-cube', cube(4), 193_270_310],
    // Orders of Weyl groups.
    ['A6', braid(7), 5040],
    ['B6', typeB(6), 46_080],
    ['D4', typeD(4), 192],
    ['D6', typeD(6), 23_040],
    ['F4', f4(), 1152],
    ['E6', e6(), 51_840],
    ['E7', e7(), 2_903_040],
    ['independent directions', Array.from({ length: 20 }, (_, i) => unit(20, i)), 2 ** 20],
  ])('%s', (_, rows, r) => {
    expect(count(rows)).toBe(BigInt(r));
    expect(bounded(() => count(rows))).toBe(BigInt(r));
  });

  test('resonance 7', () => {
    expect(count(resonance(7))).toBe(347_326_352n);
  });

  test.runIf(thorough)('E8', () => {
    expect(count(e8())).toBe(696_729_600n);
  });

  test('more than a number holds exactly: 60 independent directions, 25! orders', () => {
    expect(count(Array.from({ length: 60 }, (_, i) => unit(60, i)))).toBe(2n ** 60n);
    let factorial = 1n;
    for (let k = 2n; k <= 25n; k++) factorial *= k;
    expect(count(braid(25))).toBe(factorial);
  });
});

test('what is counted modulo a prime is what enumeration and long integers count', () => {
  const rows = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 }), fc.nat(100_000));
  fc.assert(
    fc.property(rows, ([n, p, seed]) => {
      const of = degenerate(n, p, seed);
      const found = count(of);
      expect(found).toBe(BigInt(enumerate(instance(of), 'chambers').chambers));
      // The same directions, too long for residues: another basis, and each row another length.
      const far = longs(of).map((row, d) => {
        const sum = row.reduce((total, x) => total + x, 0n);
        return row.map((x, k) => (x * 10n ** 9n + (k === 0 ? sum : 0n)) * BigInt(d + 1));
      });
      if (p > 2) expect(primeAbove(far.filter((row) => row.some((x) => x !== 0n)))).toBeUndefined();
      expect(chambers(far, '$')).toBe(found);
    }),
    { numRuns: 300, seed: 11 },
  );
});

test('the order of directions, their length, sign and repetition, and another basis change nothing', () => {
  const of = fc.tuple(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 3, max: 5 }), fc.nat(100_000));
  fc.assert(
    fc.property(of, fc.infiniteStream(fc.nat(50)), ([n, p, seed], more) => {
      const draw = (below: number): number => (more.next().value as number) % below;
      const rows = degenerate(n, p, seed);
      const changed = rows.map((row) => {
        const by = draw(2) ? 3 : -2;
        return row.map((x) => by * x);
      });
      for (let k = changed.length - 1; k > 0; k--) {
        const j = draw(k + 1);
        [changed[k], changed[j]] = [changed[j] as number[], changed[k] as number[]];
      }
      changed.push(changed[draw(n)] as number[]);
      const sheared = changed.map((row) => row.map((x, k) => (k === 0 ? x + 2 * (row[p - 1] as number) : x)));
      expect(count(sheared)).toBe(count(rows));
    }),
    { numRuns: 200, seed: 12 },
  );
});

describe('the prime', () => {
  const minors = (rows: readonly (readonly number[])[]): number => {
    // Bareiss would be quicker; these are 3 x 3 at most.
    const det = (m: readonly (readonly number[])[]): number =>
      m.length === 1
        ? (m[0]?.[0] as number)
        : (m[0] as number[]).reduce(
            (sum, x, k) => sum + (k % 2 ? -1 : 1) * x * det(m.slice(1).map((row) => row.filter((_, j) => j !== k))),
            0,
          );
    const subsets = (n: number): number[][] =>
      Array.from({ length: 2 ** n }, (_, bits) =>
        Array.from({ length: n }, (_, k) => k).filter((k) => (bits >> k) & 1),
      );
    let most = 0;
    for (const r of subsets(rows.length).filter(({ length }) => length > 0))
      for (const c of subsets(rows[0]?.length ?? 0).filter(({ length }) => length === r.length))
        most = Math.max(most, Math.abs(det(r.map((i) => c.map((j) => rows[i]?.[j] as number)))));
    return most;
  };

  test('is above every minor', () => {
    let compared = 0;
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 3 }), {
          minLength: 1,
          maxLength: 5,
        }),
        (rows) => {
          const of = rows.filter((row) => row.some((x) => x !== 0));
          if (of.length === 0) return;
          compared++;
          const p = primeAbove(longs(of)) as number;
          expect(p).toBeGreaterThan(minors(of));
          for (let k = 2; k * k <= p; k++) expect(p % k).not.toBe(0);
        },
      ),
      { seed: 13 },
    );
    expect(compared).toBeGreaterThan(90);
  });

  test('a smaller one would miscount: 1 and 8 are one direction modulo 7', () => {
    const rows = [
      [1, 0, 0],
      [1, 1, 0],
      [1, 8, 0],
      [0, 0, 1],
    ];
    // The longest three have lengths sqrt 65, sqrt 2 and 1.
    expect(primeAbove(longs(rows))).toBe(13);
    expect(count(rows)).toBe(12n);
    // With residues that are lines twice, or dependent where the rows are not, the count falls.
    expect(countModulo(longs(rows.slice(0, 2)), 2, free)).toBe(4n);
    expect(countModulo(longs(resonance(4)), 2, free)).toBeLessThan(370n);
  });
});

describe('general position', () => {
  const large = (n: number, d: number, seed: number): bigint[][] =>
    longs(generic(n, d, seed)).map((row) => row.map((x, k) => x * 1_000_003n + BigInt(k)));

  test('where any d are independent there are as many chambers as Cover says', () => {
    for (const [n, d] of [
      [9, 4],
      [12, 5],
      [5, 9],
      [16, 8],
    ] as const) {
      const rows = large(n, d, 7 * n + d);
      expect(primeAbove(rows)).toBeUndefined();
      expect(generalPosition(rows, free)).toBe(true);
      expect(chambers(rows, '$')).toBe(coversNumber(n, d));
    }
    expect(coversNumber(24, 12)).toBe(2n ** 23n);
  });

  test('one dependent set, wherever it is, and there are fewer', () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 5 }), fc.integer({ min: 2, max: 5 }), fc.nat(1000), (d, size, seed) => {
        const n = d + 3;
        const rows = large(n, d, seed);
        // The last of a set of `size` <= d becomes the sum of the others.
        const set = Array.from({ length: Math.max(3, Math.min(size, d)) }, (_, k) => (seed + k * (1 + (seed % 2))) % n);
        const members = [...new Set(set)];
        if (members.length < 3) return;
        compared++;
        const [last, ...others] = members as [number, ...number[]];
        rows[last] = (rows[last] as bigint[]).map((_, k) =>
          others.reduce((sum, i) => sum + (rows[i]?.[k] as bigint), 0n),
        );
        expect(generalPosition(rows, free)).toBe(false);
        expect(chambers(rows, '$')).toBeLessThan(coversNumber(n, d));
      }),
      { numRuns: 60, seed: 14 },
    );
    expect(compared).toBeGreaterThan(20);
  });

  test('what it costs is known before: not less than what is charged', () => {
    for (const [n, d] of [
      [1, 4],
      [7, 3],
      [12, 6],
      [6, 9],
      [14, 1],
      [10, 2],
    ] as const) {
      let charged = 0;
      expect(
        generalPosition(large(n, d, n + d), (coordinates) => {
          charged += coordinates;
        }),
      ).toBe(true);
      expect(charged).toBeLessThanOrEqual(costOfGeneralPosition(n, d));
    }
  });
});

describe('too much work', () => {
  test('is refused, with what was found so far', () => {
    const found: bigint[] = [];
    const some = (at: bigint): number => found.push(at);
    expect(caught(() => bounded(() => chambers(longs(resonance(6)), '$', some), 300_000))).toBe('too-much-work');
    expect(found.length).toBeGreaterThan(10);
    expect((found.at(-1) as bigint) > 1000n && (found.at(-1) as bigint) < 1_066_044n).toBe(true);
    const seen: bigint[] = [];
    expect(chambers(longs(resonance(5)), '$', (some) => seen.push(some))).toBe(11_292n);
    expect(seen.at(-1)).toBe(11_292n);
    for (const [k, some] of seen.entries()) expect(some > (seen[k - 1] ?? 0n)).toBe(true);
  });

  test('is charged to the check that runs', () => {
    expect(caught(() => bounded(() => count(resonance(6)), 1000))).toBe('too-much-work');
    expect(
      caught(() =>
        bounded(
          () =>
            chambers(
              longs(generic(9, 4, 3)).map((r) => r.map((x) => x ** 40n)),
              '$',
            ),
          100,
        ),
      ),
    ).toBe('too-much-work');
  });

  test('long integers count for more: a dozen of thousands of digits that are dependent', () => {
    const rows = longs(generic(11, 5, 2)).map((row) => row.map((x) => x * 7n ** 3000n + x * x));
    rows.push((rows[0] as bigint[]).map((x, k) => x + 2n * (rows[1]?.[k] as bigint)));
    rows.push((rows[2] as bigint[]).map((x, k) => x - (rows[3]?.[k] as bigint)));
    expect(caught(() => chambers(rows, '$'))).toBe('too-much-work');
  });
});
