import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { combine, type Matrix, Vector } from '../../../src/kernel/numbers/vector.ts';
import { type Alternative, type HomogeneousSystem, motzkin } from '../../../src/solve/inequalities/motzkin.ts';
import { decideExactly, sumsToZero } from '../../../src/solve/inequalities/simplex.ts';
import { amount } from '../../thorough.ts';
import { ints, vectors } from '../support.ts';

/** Decides and verifies by multiplication alone; returns the answer. */
function verified(system: HomogeneousSystem): Alternative {
  const answer = motzkin(system);
  const { strict, weak, equal = [] } = system;
  if (answer.solvable) {
    expect(strict.every((a) => a.dot(answer.x).sign() > 0)).toBe(true);
    expect(weak.every((a) => a.dot(answer.x).sign() >= 0)).toBe(true);
    expect(equal.every((a) => a.dot(answer.x).sign() === 0)).toBe(true);
    return answer;
  }
  const multipliers = [...answer.strict, ...answer.weak, ...answer.equal];
  const total = combine(
    multipliers.map((x) => Rational.of(x)),
    [...strict, ...weak, ...equal],
    system.dimension,
  );
  expect(total.isZero()).toBe(true);
  expect([...answer.strict, ...answer.weak].every((x) => x >= 0n)).toBe(true);
  expect(answer.strict.some((x) => x > 0n)).toBe(true);
  return answer;
}

const rowsArbitrary = (dimension: number, most: number): fc.Arbitrary<Matrix> => {
  const row = fc
    .tuple(
      fc.array(fc.integer({ min: -3, max: 3 }), { minLength: dimension, maxLength: dimension }),
      fc.integer({ min: 1, max: 3 }),
    )
    .map(([entries, den]) => Vector.ints(entries.map(BigInt), BigInt(den)));
  return fc.array(row, { maxLength: most });
};

/** Small entries: repeated, opposite, collinear and zero rows are common. */
const systems = fc.integer({ min: 1, max: 5 }).chain((dimension) =>
  fc.record({
    dimension: fc.constant(dimension),
    strict: rowsArbitrary(dimension, 4),
    weak: rowsArbitrary(dimension, 8),
    equal: rowsArbitrary(dimension, 2),
  }),
);

describe('motzkin', () => {
  test('always decides, and the answer multiplies out', () => {
    const count = { yes: 0, no: 0 };
    fc.assert(
      fc.property(systems, (system) => {
        count[verified(system).solvable ? 'yes' : 'no']++;
      }),
      { numRuns: amount(500, 1500) },
    );
    expect(Math.min(count.yes, count.no)).toBeGreaterThan(amount(60, 200));
  });

  test("agrees with the exact simplex under Bland's rule from the first step, which uses no floats", () => {
    fc.assert(
      fc.property(systems, ({ dimension, strict, weak }) => {
        fc.pre(strict.length > 0);
        const rows = [...strict, ...weak].map((a) => a.num);
        const isStrict = rows.map((_, j) => j < strict.length);
        const outcome = decideExactly(rows, isStrict, [], 0);
        expect('x' in outcome).toBe(verified({ dimension, strict, weak }).solvable);
        if ('x' in outcome) {
          const x = Vector.ints(outcome.x);
          expect(strict.every((a) => a.dot(x).sign() > 0) && weak.every((a) => a.dot(x).sign() >= 0)).toBe(true);
        } else {
          expect(sumsToZero(rows, outcome.weights)).toBe(true);
          expect([...outcome.weights].every(([, w]) => w > 0n)).toBe(true);
          expect([...outcome.weights.keys()].some((j) => isStrict[j])).toBe(true);
        }
      }),
      { numRuns: amount(200, 600) },
    );
  });

  test('no rows, no strict rows, zero rows', () => {
    expect(verified({ dimension: 2, strict: [], weak: [] }).solvable).toBe(true);
    expect(verified({ dimension: 2, strict: [], weak: vectors('1 0', '-1 0', '0 0') }).solvable).toBe(true);
    expect(verified({ dimension: 2, strict: vectors('0 0'), weak: [] }).solvable).toBe(false);
    expect(verified({ dimension: 2, strict: vectors('1 0'), weak: vectors('0 0') }).solvable).toBe(true);
  });

  test('a point with slack is rounded to small integers', () => {
    const answer = verified({
      dimension: 3,
      strict: vectors('0.8 0.6 0', '0.6 -0.8 0'),
      weak: vectors('0 0.123457 -1'),
    });
    expect(answer.solvable && answer.x.num.every((x) => -4n <= x && x <= 4n)).toBe(true);
  });

  test('multipliers are those of the rational rows given, coprime integers', () => {
    const answer = verified({ dimension: 2, strict: vectors('1/2 1/3'), weak: vectors('-1 0', '0 -2/5') });
    expect(answer).toEqual({ solvable: false, strict: [6n], weak: [3n, 5n], equal: [] });
  });

  test('equations: free multipliers of either sign', () => {
    const equal = vectors('1 1 0', '0 1 -1');
    expect(verified({ dimension: 3, strict: vectors('1 0 0', '0 0 1'), weak: [], equal }).solvable).toBe(false);
    expect(verified({ dimension: 3, strict: vectors('1 0 0', '0 0 -1'), weak: [], equal }).solvable).toBe(true);
    expect(verified({ dimension: 3, strict: vectors('1 2 -1'), weak: [], equal }).solvable).toBe(false);
  });

  test('weak rows that force each other to 0: opposite pairs, and a positive dependency of three', () => {
    const pair = vectors('1 2 3', '-2 -4 -6');
    const three = vectors('1 0 -1', '-1 1 0', '0 -1 1');
    expect(verified({ dimension: 3, strict: vectors('-3 0 1'), weak: pair }).solvable).toBe(true);
    expect(verified({ dimension: 3, strict: vectors('1 2 3'), weak: pair }).solvable).toBe(false);
    expect(verified({ dimension: 3, strict: vectors('1 1 1'), weak: three }).solvable).toBe(true);
    expect(verified({ dimension: 3, strict: vectors('2 -1 -1'), weak: three }).solvable).toBe(false);
    expect(verified({ dimension: 3, strict: vectors('1 1 1'), weak: [...pair, ...three] }).solvable).toBe(false);
  });

  test('a chain of faces, each seen only on the one before', () => {
    // x1 = 0 from the pair; then x2 >= 0, -x2 + N x1 >= 0 give x2 = 0; and so on.
    const dimension = 12;
    const weak: Vector[] = [];
    for (let k = 0; k < dimension - 1; k++) {
      const row = new Array<number>(dimension).fill(0);
      row[k] = 1;
      weak.push(ints(row));
      row[k] = -1;
      if (k > 0) row[k - 1] = 1000;
      weak.push(ints(row));
    }
    const last = Array.from({ length: dimension }, (_, k) => (k === dimension - 1 ? 1 : 5));
    const answer = verified({ dimension, strict: [ints(last)], weak });
    expect(answer.solvable && answer.x.equals(ints(last.map((x) => (x === 1 ? 1 : 0))))).toBe(true);
    expect(verified({ dimension, strict: [ints(last.map((x) => (x === 1 ? 0 : 1)))], weak }).solvable).toBe(false);
  });

  test.each([3, 5, 8, 12, 15, 40])('N = 1e%i: solvable by a hair, where floats err', (exponent) => {
    const N = 10n ** BigInt(exponent);
    const strict = [Vector.ints([N, N - 1n]), Vector.ints([-N - 1n, -N])];
    expect(verified({ dimension: 2, strict, weak: [] }).solvable).toBe(true);
    const flat = [Vector.ints([N, N - 1n]), Vector.ints([-N, -(N - 1n)])];
    expect(verified({ dimension: 2, strict: flat, weak: [] }).solvable).toBe(false);
    const huge = [Vector.ints([N ** 30n, 1n]), Vector.ints([-(N ** 30n), 1n])];
    expect(verified({ dimension: 2, strict: huge, weak: [] }).solvable).toBe(true);
  });
});
