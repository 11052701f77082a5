/** Repeated irrational eigenvalues and ties: the exact LP over Q(lambda), by itself and through the kernel's rules. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Checked, check } from '../../../src/kernel/certificate.ts';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { judge, not } from '../../../src/kernel/proof/goal.ts';
import { Landscape } from '../../../src/solve/landscape/decidePattern.ts';
import { fieldMotzkin } from '../../../src/solve/landscape/fieldMotzkin.ts';
import { type Algebraic, NumberField } from '../../../src/solve/landscape/numberField.ts';
import { Surveyor } from '../../../src/solve/landscape/survey.ts';
import { sha256 } from '../../../src/terminal/digest.ts';
import { CLAIMS } from '../../../theorems/statements.ts';
import { array, integer } from '../../kernel/arbitraries.ts';
import { instance, q, refused } from '../../kernel/read.ts';
import { accept, mutations } from '../../kernel/rules/proofs.ts';

/** sqrt 2 as a root of (x^2 - 2)(x^2 - 3), which is reducible: the field has to find that out. Ends are dyadic, as the solver's are. */
const sqrt2 = (): NumberField => new NumberField({ f: [6n, 0n, -5n, 0n, 1n], from: q('11/8'), to: q('3/2') });
type Pair = [number, number];
const inFloats = ([a, b]: Pair): number => a + b * Math.SQRT2;
const pairs = fc.tuple(integer(3), integer(3)) as fc.Arbitrary<Pair>;
const number = (field: NumberField, [a, b]: Pair): Algebraic =>
  field.affine(Rational.of(BigInt(a)), Rational.of(BigInt(b)));

test('arithmetic in Q(sqrt 2) by a reducible polynomial', () => {
  fc.assert(
    fc.property(pairs, pairs, (a, b) => {
      const field = sqrt2();
      const [x, y] = [number(field, a), number(field, b)];
      expect(field.sign(field.minus(x, y))).toBe(Math.sign(inFloats(a) - inFloats(b)) + 0);
      expect(field.sign(field.minus(field.times(x, y), number(field, product(a, b))))).toBe(0);
      fc.pre(b[0] !== 0 || b[1] !== 0);
      expect(field.sign(field.minus(field.times(y, field.inverse(y)), field.of(q(1))))).toBe(0);
    }),
  );
  // x^2 - 2 is 0 at lambda and x^2 - 3 is not, and both divide f.
  const field = sqrt2();
  const lambda = field.affine(q(0), q(1));
  const less = (k: number): Algebraic => field.minus(field.times(lambda, lambda), field.of(q(k)));
  expect([field.sign(less(2)), field.sign(less(3))]).toEqual([0, -1]);
  expect(field.root.f).toEqual([-2n, 0n, 1n]);
  const other = sqrt2();
  const three = other.minus(other.times(other.affine(q(0), q(1)), other.affine(q(0), q(1))), other.of(q(3)));
  expect(other.sign(other.minus(other.times(three, other.inverse(three)), other.of(q(1))))).toBe(0);
});

const product = ([a, b]: Pair, [c, d]: Pair): Pair => [a * c + 2 * b * d, a * d + b * c];

test('Motzkin over Q(sqrt 2): a point with the signs asked for, or multipliers', () => {
  const count = { solvable: 0, not: 0 };
  const rows = (most: number): fc.Arbitrary<Pair[][]> => fc.array(array(pairs, 3), { maxLength: most });
  fc.assert(
    fc.property(rows(3), rows(4), rows(1), (strict, weak, equal) => {
      const field = sqrt2();
      const read = (list: Pair[][]): Algebraic[][] => list.map((row) => row.map((x) => number(field, x)));
      const system = { dimension: 3, strict: read(strict), weak: read(weak), equal: read(equal) };
      const answer = fieldMotzkin(field, system);
      const zero = field.of(q(0));
      const plus = (a: Algebraic, b: Algebraic): Algebraic => field.minus(a, field.minus(zero, b));
      if (answer.solvable) {
        count.solvable++;
        const value = (row: Algebraic[]): number =>
          field.sign(row.reduce((sum, c, k) => plus(sum, field.times(c, answer.x[k]!)), zero));
        expect(system.strict.every((row) => value(row) > 0)).toBe(true);
        expect(system.weak.every((row) => value(row) >= 0)).toBe(true);
        expect(system.equal.every((row) => value(row) === 0)).toBe(true);
        return;
      }
      count.not++;
      const all = [...answer.strict, ...answer.weak, ...answer.equal];
      const vectors = [...system.strict, ...system.weak, ...system.equal];
      for (let k = 0; k < 3; k++) {
        const total = vectors.reduce((sum, row, j) => plus(sum, field.times(row[k]!, all[j]!)), zero);
        expect(field.sign(total)).toBe(0);
      }
      expect([...answer.strict, ...answer.weak].every((x) => field.sign(x) >= 0)).toBe(true);
      expect(answer.strict.some((x) => field.sign(x) > 0)).toBe(true);
    }),
    { numRuns: 60, seed: 6 },
  );
  expect(Math.min(count.solvable, count.not)).toBeGreaterThan(5);
});

/** Two copies of targets with the Gram matrix (2 1; 1 1): the eigenvalues (3 +- sqrt 5) / 2, twice each. */
const twice = {
  wr: [
    [1, 1, 0, 0],
    [1, 0, 0, 0],
    [0, 0, 1, 1],
    [0, 0, 1, 0],
  ],
};
const unit = (k: number): number[] => [0, 1, 2, 3, 4].map((j) => (j === k ? 1 : 0));

/** n_p = 5, so that the set {1,2,3,4} leaves a null space of dimension 1; the other features are in no set. */
const doubled = (others: number[][]) =>
  instance({
    wp: [0, 1, 2, 3].map(unit).concat(others),
    wr: [...twice.wr, ...others.map(() => [0, 0, 0, 0])],
    neurons: 2,
  });
const pattern = [[0, 1, 2, 3], []];

// biome-ignore format: a table, one case a line
test.each([
  ['the cone holds the whole eigenspace', [[0, 0, 0, 0, 1]], 'local-minimum'],
  ['the off feature picks a part of it', [[-3, 0, 1, 0, 0]], 'local-minimum'],
  ['only the null space keeps the off features down', [[-1, 0, 1, 0, 1], [1, 0, -1, 0, 1]], 'local-minimum'],
  ['off features that no mixture satisfies', [[1, 0, -2, 0, 1], [-1, 0, 3, 0, -1]], null],
  // The eigenvector is (phi, 1) twice: <e, w_5> = a (phi x + y) + b (..), pinched from both sides to a irrational ratio.
  ['pinched to one ray of the eigenspace, at kinks', [[1, 0, 0, -1, 0], [-1, 0, 0, 1, 0]], 'local-minimum'],
] as const)('%s', (_, others, expected) => {
  const m = doubled(others.map((w) => [...w]));
  const { entry, certificate } = new Surveyor(m, { claims: CLAIMS, sha256 }).survey(pattern);
  expect(entry.why).toBeUndefined();
  expect(entry.class).toBe(expected);
  expect(check(certificate ?? '', CLAIMS, sha256)).toBeInstanceOf(Checked);
});

test('random off features: always decided, replayed, and no mutant that says less is accepted', {
  timeout: 120_000,
}, () => {
  const count = { critical: 0, none: 0, mutants: 0, survived: 0 };
  fc.assert(
    fc.property(fc.array(array(integer(2), 5), { minLength: 1, maxLength: 3 }), (others) => {
      fc.pre(others.every((w) => w.some((x) => x !== 0)));
      const m = doubled(others);
      const answer = new Landscape(m).decide(pattern);
      expect(answer.is).not.toBe('undecided');
      if (answer.is === 'undecided') return;
      count[answer.is]++;
      const goal = judge({ predicate: 'critical', pattern, as: 'any' });
      const asked = answer.is === 'none' ? not(goal) : goal;
      expect(refused(() => accept(asked, answer.proof, m))).toBe(false);
      // The other sign is never provable by the same data, and few changes leave a proof.
      expect(refused(() => accept(not(asked), answer.proof, m))).toBe(true);
      for (const [, mutant] of mutations(answer.proof).slice(0, 20)) {
        count.mutants++;
        if (!refused(() => accept(asked, mutant, m))) count.survived++;
      }
    }),
    { numRuns: 80, seed: 6 },
  );
  console.log('doubled blocks:', JSON.stringify(count));
  expect(Math.min(count.critical, count.none)).toBeGreaterThan(2);
  expect(count.survived).toBeLessThan(count.mutants / 4);
});
