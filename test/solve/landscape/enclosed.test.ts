/** Minima on large sets by enclosures: against the exact decision on small ones, and what is too close to settle. */
import { expect, test } from 'vitest';
import { Checked, check } from '../../../src/kernel/certificate.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { judge } from '../../../src/kernel/proof/goal.ts';
import { deadRow } from '../../../src/solve/landscape/criticalPoints.ts';
import { Landscape } from '../../../src/solve/landscape/decidePattern.ts';
import { enclosedPoint } from '../../../src/solve/landscape/enclosed.ts';
import { randomNumbers } from '../../../src/solve/landscape/partitionPatterns.ts';
import { Surveyor } from '../../../src/solve/landscape/survey.ts';
import { sha256 } from '../../../src/terminal/digest.ts';
import { CLAIMS } from '../../../theorems/statements.ts';
import { instance, type Plain, refused } from '../../kernel/read.ts';
import { accept, mutations } from '../../kernel/rules/proofs.ts';
import { drawn } from './cases.ts';

const goal = (pattern: number[][], as: 'minimum' | 'saddle' | 'any' = 'minimum') =>
  judge({ predicate: 'critical', pattern, as });

/** Features of a set of this size in as many dimensions, one direction apart; nearly equal ones attract each other. */
function large(n: number, seed: number, activation?: Record<string, unknown>): Plain {
  const random = randomNumbers(seed);
  const wp = Array.from({ length: n }, (_, d) =>
    Array.from({ length: n }, (_, k) => Math.round(random() * 9) + (k === d ? 6 : 0)),
  );
  return { wp: [...wp, wp[0]!.map(() => -1)], ...(activation && { activation }), neurons: 2 };
}

test.each([
  [16, 1, undefined],
  [16, 2, { kind: 'jumprelu', theta: '1' }],
  [16, 3, { kind: 'topk', k: 1 }],
  [24, 4, undefined],
] as const)('%d features, seed %d, %o: a certified minimum', { timeout: 60_000 }, (n, seed, activation) => {
  const m = instance(large(n, seed, activation));
  const pattern = [Array.from({ length: n }, (_, d) => d), [n]];
  const { entry, certificate } = new Surveyor(m, { claims: CLAIMS, sha256 }).survey(pattern);
  expect([entry.why, entry.class]).toEqual([undefined, 'local-minimum']);
  expect(check(certificate ?? '', CLAIMS, sha256)).toBeInstanceOf(Checked);
});

test('agrees with the exact decision, and mutants are refused', { timeout: 120_000 }, () => {
  const count = { minimum: 0, none: 0, mutants: 0, survived: 0 };
  for (const { set, ...plain } of drawn(60, 31)) {
    const m = instance({ ...plain, neurons: 1 });
    const found = enclosedPoint(m, [set], deadRow(m).e);
    const exact = new Landscape(m).decide([set]);
    if ('why' in found) {
      count.none++;
      continue;
    }
    count.minimum++;
    const proof = found.proof as { live: object[] };
    expect(refused(() => accept(goal([set]), proof, m))).toBe(false);
    expect(refused(() => accept(goal([set], 'saddle'), proof, m))).toBe(true);
    expect(exact.is === 'critical' && exact.class).toBe('local-minimum');
    if (exact.is === 'critical') {
      expect(exact.loss[0].compare(found.loss[1]) <= 0 && found.loss[0].compare(exact.loss[1]) <= 0).toBe(true);
    }
    for (const [, mutant] of mutations(proof).slice(0, 150)) {
      count.mutants++;
      if (!refused(() => accept(goal([set]), mutant, m))) count.survived++;
    }
  }
  console.log('enclosed:', JSON.stringify(count));
  expect(Math.min(count.minimum, count.none)).toBeGreaterThan(5);
  expect(count.survived).toBeLessThan(count.mutants / 10);
});

/** Orthonormal inputs: A - t B = R^T R - t, R the targets. */
const two = (wr: (string | number)[][]): Plain => ({
  wp: [
    [1, 0],
    [0, 1],
  ],
  wr,
  neurons: 1,
});
const row = (change: object) => ({
  rule: 'enclosed-minimum',
  live: [
    {
      e: ['1', '1'],
      beta: '0',
      sigma: '0',
      y: ['0', '0'],
      definite: {
        l: [
          ['1', '0'],
          ['0', '1'],
        ],
        d: ['0', '0'],
      },
      parts: [
        ['1', '0'],
        ['0', '1'],
      ],
      ...change,
    },
  ],
  dead: [],
});

// The eigenvalues 3 +- 1e-14 i of theory.md, section 6, as a pencil sees them: a double one, or two 1e-14 apart.
test('two eigenvalues that are one, or nearly', () => {
  const double = instance(
    two([
      [1, 0],
      [0, 1],
    ]),
  );
  expect(enclosedPoint(double, [[0, 1]], Vector.zero(2))).toHaveProperty('why');
  const definite = {
    l: [
      ['1', '0'],
      ['0', '1'],
    ],
    d: ['1', '1'],
  };
  for (const beta of ['1', '0.99999999999999', '0.5']) {
    expect(refused(() => accept(goal([[0, 1]]), row({ beta, sigma: '1', definite }), double))).toBe(true);
  }
  const near = instance(
    two([
      ['1.00000000000001', 0],
      [0, 1],
    ]),
  );
  expect(enclosedPoint(near, [[0, 1]], Vector.zero(2))).toHaveProperty('why');
});

// x^2 + 1e-25 y^2 = 0, y = 1: two conjugate roots near 0 are no real ones. Here: an entry of the eigenvector of about 1e-12 or of either sign.
test('a sign that is too close to settle is named, and no proof of it is accepted', () => {
  const close = instance(
    two([
      [1, 0],
      ['1e-13', '1e-3'],
    ]),
  );
  const found = enclosedPoint(close, [[0, 1]], Vector.zero(2));
  // The eigenvector is (1, about 1e-13): positive, which a rounded row does not tell.
  expect(found).toMatchObject({ why: expect.stringContaining('not in the cone') });
  const zero = instance(
    two([
      [1, 0],
      [0, '1e-3'],
    ]),
  );
  const none = enclosedPoint(zero, [[0, 1]], Vector.zero(2));
  expect(none).toHaveProperty('why');
  const off = instance(
    two([
      [1, 0],
      ['-1e-13', '1e-3'],
    ]),
  );
  expect(enclosedPoint(off, [[0, 1]], Vector.zero(2))).toHaveProperty('why');
  // (1, 1e-12) is not the eigenvector (1, 0): its distance is what the residual says, and the sign stays open.
  const y = ['0', '-0.000000000000999999'];
  const guess = row({ e: ['1', '1e-12'], beta: '1/2', sigma: '1', y });
  expect(refused(() => accept(goal([[0, 1]]), guess, zero))).toBe(true);
});
