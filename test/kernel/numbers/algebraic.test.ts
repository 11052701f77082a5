import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRoot } from '../../../src/kernel/document/algebraic.ts';
import {
  checkAllRoots,
  distinctRoots,
  enclosures,
  isZeroAt,
  multiplied,
  type Polynomial,
  primitive,
  type Root,
  remainder,
  signs,
} from '../../../src/kernel/numbers/algebraic.ts';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { array, integer, smallRational } from '../arbitraries.ts';
import { expectRejection, node, q } from '../read.ts';

const product = (a: Polynomial, b: Polynomial): Polynomial =>
  a.length === 0 || b.length === 0
    ? []
    : Array.from({ length: a.length + b.length - 1 }, (_, k) => a.reduce((s, x, i) => s + x * (b[k - i] ?? 0n), 0n));
const linear = (root: Rational): Polynomial => [-root.num, root.den];
const withRoots = (roots: readonly Rational[]): Polynomial => roots.map(linear).reduce(product, [1n]);
const sqrt2 = { f: ['-2', '0', '1'], in: ['1', '2'] };
const polynomial = fc
  .array(integer(4), { minLength: 1, maxLength: 4 })
  .map((p) => primitive(p.map(BigInt)))
  .filter((p) => p.length > 0);

test('distinct roots are counted once, whatever their multiplicity', () => {
  fc.assert(
    fc.property(fc.array(smallRational, { maxLength: 5 }), (roots) => {
      expect(distinctRoots(primitive(withRoots(roots)))).toBe(new Set(roots.map(String)).size);
    }),
  );
  // x^2 + 1, and (x^2 + 1)^2: complex ones count.
  expect(distinctRoots([1n, 0n, 1n])).toBe(2);
  expect(distinctRoots([1n, 0n, 2n, 0n, 1n])).toBe(2);
});

test('a remainder is 0 just for multiples', () => {
  fc.assert(
    fc.property(polynomial, polynomial, integer(3), (p, d, c) => {
      expect(remainder(primitive(product(p, d)), d)).toEqual([]);
      fc.pre(d.length > 1 && c !== 0);
      expect(remainder(primitive(product(p, d).map((x, k) => (k === 0 ? x + BigInt(c) : x))), d)).not.toEqual([]);
    }),
  );
});

test('products of intervals enclose the products', () => {
  const interval = fc.tuple(smallRational, smallRational, smallRational).map((of) => of.sort((a, b) => a.compare(b)));
  fc.assert(
    fc.property(interval, interval, (a, b) => {
      const [least, most] = multiplied([a[0]!, a[2]!], [b[0]!, b[2]!]);
      const inside = a[1]!.times(b[1]!);
      expect(least.compare(inside) <= 0 && inside.compare(most) <= 0).toBe(true);
    }),
  );
});

test('zero and signs at lambda are those at every root of f in the interval', () => {
  let settled = 0;
  // f has the root in the interval and perhaps others there; entries are tried at each of them.
  const cases = fc.record({
    roots: array(smallRational, 3),
    at: smallRational,
    width: fc.constantFrom('1/8', '1', '3'),
    drawn: array(array(smallRational, 2), 4),
    vanishing: fc.boolean(),
  });
  fc.assert(
    fc.property(cases, ({ roots, at, width, drawn, vanishing }) => {
      const f = primitive(withRoots([at, ...roots]));
      const root: Root = { f, from: at.minus(q(width)), to: at.plus(q(width)) };
      const inside = [at, ...roots].filter((x) => x.compare(root.from) >= 0 && x.compare(root.to) <= 0);
      // Half of them are multiples of f, which a random one never is.
      const coefficients = vanishing ? f.map((c) => [Rational.of(c), Rational.of(2n * c)]) : drawn;
      const element = coefficients.map(Vector.of);
      const valueAt = (x: Rational, i: number): Rational =>
        coefficients.reduceRight((v, c) => v.times(x).plus(c[i]!), q(0));
      for (const x of inside) {
        enclosures(element, root, 2).forEach(([least, most], i) => {
          expect(least.compare(valueAt(x, i)) <= 0 && valueAt(x, i).compare(most) <= 0).toBe(true);
        });
        if (vanishing) expect(isZeroAt(element, root)).toBe(true);
        if (isZeroAt(element, root)) expect([0, 1].map((i) => valueAt(x, i).sign())).toEqual([0, 0]);
      }
      let found: readonly number[];
      try {
        found = signs(element, root, 2, node(0));
      } catch (thrown) {
        expect((thrown as { code: string }).code).toBe('too-wide');
        return;
      }
      settled++;
      for (const x of inside) expect([0, 1].map((i) => valueAt(x, i).sign())).toEqual(found);
    }),
    { numRuns: 400 },
  );
  expect(settled).toBeGreaterThan(20);
});

test('a multiple of f is zero at its root', () => {
  const root = readRoot(node(sqrt2));
  // t^3 - 2 t
  const multiple = [0, -2, 0, 1].map((c) => Vector.of([q(c)]));
  expect(isZeroAt(multiple, root)).toBe(true);
  expect(signs(multiple, root, 1, node(0))).toEqual([0]);
  expect(isZeroAt(multiple.slice(0, 3), root)).toBe(false);
  // t - 1 and 2 - t are at least 0 on [1, 2]: neither 0 nor settled. t is.
  const [one, zero] = [Vector.of([q(1)]), Vector.of([q(0)])];
  expectRejection(() => signs([one.negated(), one], root, 1, node(0)), 'too-wide', '$');
  expectRejection(() => signs([one.plus(one), one.negated()], root, 1, node(0)), 'too-wide', '$');
  expectRejection(() => signs([one.negated().minus(one), one], root, 1, node(0)), 'too-wide', '$');
  expect(signs([zero, one], root, 1, node(0))).toEqual([1]);
  expect(signs([zero, one.negated()], root, 1, node(0))).toEqual([-1]);
});

describe('a root is read', () => {
  test('as a rational, or by a sign change', () => {
    expect(readRoot(node('-3/2'))).toEqual({ f: [3n, 2n], from: q('-3/2'), to: q('-3/2') });
    expect(readRoot(node(sqrt2)).f).toEqual([-2n, 0n, 1n]);
  });

  test.each([
    ['no sign change', { f: ['2', '0', '1'], in: ['1', '2'] }, 'no-sign-change'],
    // The trap of theory.md, section 6: x - (3 + 1e-14 i) has no real root near 3; its norm (x - 3)^2 + 1e-28 has none.
    [
      'a conjugate pair close to 3',
      { f: ['9.0000000000000000000000000001', '-6', '1'], in: ['2.9', '3.1'] },
      'no-sign-change',
    ],
    ['a double root', { f: ['1', '-2', '1'], in: ['0', '2'] }, 'no-sign-change'],
    ['a root on the end', { f: ['-1', '1'], in: ['1', '2'] }, 'no-sign-change'],
    ['an interval turned round', { f: ['-2', '0', '1'], in: ['2', '1'] }, 'no-sign-change'],
    ['a point', { f: ['-1', '1'], in: ['1', '1'] }, 'no-sign-change'],
    ['the zero polynomial', { f: ['0', '0'], in: ['0', '1'] }, 'no-sign-change'],
    ['no polynomial', { f: [], in: ['0', '1'] }, 'no-sign-change'],
    ['a constant', { f: ['1'], in: ['0', '1'] }, 'no-sign-change'],
  ])('but not with %s', (_, root, code) => {
    expectRejection(() => readRoot(node(root)), code, '$');
  });

  test('all the roots of a polynomial, and no others', () => {
    // (x - 1)^2 (x^2 - 2)
    const p = primitive(product(withRoots([q(1), q(1)]), [-2n, 0n, 1n]));
    const [one, up] = [readRoot(node('1')), readRoot(node({ ...sqrt2, in: ['5/4', '2'] }))];
    const down = readRoot(node({ ...sqrt2, in: ['-2', '-1'] }));
    const run = (roots: readonly Root[]) => () => checkAllRoots(p, roots, node(0));
    expect(run([down, one, up])).not.toThrow();
    expectRejection(run([one, up]), 'missing-root', '$');
    expectRejection(run([down, one, up, up]), 'missing-root', '$');
    expectRejection(run([down, up, up]), 'not-increasing', '$');
    expectRejection(run([one, down, up]), 'not-increasing', '$');
    expectRejection(run([down, one, readRoot(node('3/2'))]), 'not-a-root', '$');
    // Apart means apart: intervals that only touch are refused.
    expectRejection(run([readRoot(node({ ...sqrt2, in: ['-2', '1'] })), one, up]), 'not-increasing', '$');
    expectRejection(() => checkAllRoots([1n, 0n, 1n], [], node(0)), 'missing-root', '$');
  });
});
