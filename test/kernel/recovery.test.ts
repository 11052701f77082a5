/** Room beside directions of the plane: the computed answer against all directions of a fine circle. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Vector } from '../../src/kernel/numbers/vector.ts';
import { factors, roomFor } from '../../src/kernel/proof/recovery.ts';
import { instance } from './read.ts';

const plane = (wp: number[][]): Vector[] => wp.map((w) => Vector.ints(w.map(BigInt)));
const holds = (wp: number[][], length = 2): unknown => {
  const goal = roomFor('rows', plane(wp), length);
  return goal.kind === 'computed' ? goal.holds : goal.kind;
};

/** The angle between the widest pair of neighbouring lines, less that of two caps; in degrees. */
function scanned(wp: number[][]): number {
  let best = -Infinity;
  for (let k = 0; k < 3600; k++) {
    const angle = (Math.PI * k) / 3600;
    const cosines = wp.map(([x, y]) =>
      Math.abs(
        ((x as number) * Math.cos(angle) + (y as number) * Math.sin(angle)) / Math.hypot(x as number, y as number),
      ),
    );
    best = Math.max(best, 0.9 - Math.max(...cosines));
  }
  return best;
}

test('as a scan over angles finds it', () => {
  const seen = new Set<unknown>();
  const entry = fc.integer({ min: -9, max: 9 });
  const direction = fc.array(entry, { minLength: 2, maxLength: 2 }).filter((w) => w.some((x) => x !== 0));
  fc.assert(
    fc.property(fc.array(direction, { minLength: 1, maxLength: 9 }), (wp) => {
      const margin = scanned(wp);
      // Nearer than the scan's step it may miss.
      if (Math.abs(margin) < 1e-3) return;
      const found = holds(wp);
      seen.add(found);
      expect(found).toBe(margin > 0);
    }),
    { numRuns: 400, seed: 1 },
  );
  expect(seen.size).toBe(2);
});

test('on a line there is none, and in space a row shows it', () => {
  expect(holds([[1]], 1)).toBe(false);
  expect(holds([], 1)).toBe(true);
  expect(holds([[0, 0]])).toBe(true);
  expect(holds([[1, 0, 0]], 3)).toBe('judgement');
});

test('two lines, just as far apart as two caps are wide', () => {
  // cos = 31/50 needs a square root; a little more and a little less: 3/5 and 16/25 of (1,0), (3,4) and (16,19.2...).
  expect(
    holds([
      [1, 0],
      [3, 4],
      [-3, 4],
    ]),
  ).toBe(true);
  expect(
    holds([
      [4, 3],
      [4, -3],
      [1, 0],
      [0, 1],
      [3, 4],
      [-3, 4],
    ]),
  ).toBe(false);
});

test('a target that is no function of the input', () => {
  const of = (wr: number[][]): unknown => {
    const goal = factors.goal(
      instance({
        wp: [
          [1, 0],
          [0, 1],
          ['3/5', '4/5'],
        ],
        wr,
      }),
    );
    return goal.kind === 'computed' && goal.holds;
  };
  expect(of([[1], [1], [2]])).toBe(false);
  expect(of([[5], [5], [7]])).toBe(true);
});
