import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Germ, minus, plus, scaled, sign, text, times } from '../../../src/kernel/numbers/germ.ts';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { smallRational } from '../arbitraries.ts';
import { q, vector } from '../read.ts';

const germ = fc.array(smallRational, { maxLength: 5 });
const valueAt = (g: Germ, t: Rational): Rational => g.reduceRight((value, c) => value.times(t).plus(c), q(0));
const magnitude = (x: Rational): Rational => (x.sign() < 0 ? x.negated() : x);
/** Equal as polynomials: trailing zeros do not count. */
const zero = (g: Germ): boolean => g.every((c) => c.sign() === 0);
const same = (a: Germ, b: Germ): boolean => zero(minus(a, b));

test("the sign is that of the values at all t below Cauchy's bound", () => {
  fc.assert(
    fc.property(germ, germ, fc.integer({ min: 2, max: 50 }), (a, b, shrink) => {
      const difference = minus(a, b);
      const lowest = difference.find((c) => c.sign() !== 0);
      // |c_k| t^k > sum_{j > k} |c_j| t^j wherever t < |c_k| / (|c_k| + max |c_j|) (Cauchy).
      const largest = difference.reduce((most, c) => (magnitude(c).compare(most) > 0 ? magnitude(c) : most), q(0));
      const bound = lowest ? magnitude(lowest).over(magnitude(lowest).plus(largest)) : q(1);
      const t = bound.times(Rational.of(1n, BigInt(shrink)));
      expect(sign(difference)).toBe(valueAt(a, t).compare(valueAt(b, t)));
    }),
  );
});

test('germs are a ring, and evaluation is a homomorphism', () => {
  fc.assert(
    fc.property(germ, germ, germ, smallRational, (a, b, c, t) => {
      expect(same(plus(a, b), plus(b, a))).toBe(true);
      expect(same(times(a, b), times(b, a))).toBe(true);
      expect(same(times(times(a, b), c), times(a, times(b, c)))).toBe(true);
      expect(same(times(a, plus(b, c)), plus(times(a, b), times(a, c)))).toBe(true);
      expect(valueAt(plus(a, b), t)).toEqual(valueAt(a, t).plus(valueAt(b, t)));
      expect(valueAt(times(a, b), t)).toEqual(valueAt(a, t).times(valueAt(b, t)));
      expect(valueAt(scaled(a, t), t)).toEqual(valueAt(a, t).times(t));
      expect(sign(minus(a, a))).toBe(0);
      expect(sign(times(a, b))).toBe((sign(a) * sign(b) + 0) as 0);
    }),
  );
});

describe('edges', () => {
  test('the empty germ is zero, and a high power is infinitesimal', () => {
    expect(sign([])).toBe(0);
    expect(times([], [q(1)])).toEqual([]);
    const infinitesimal = vector(0, 0, 0, '1/1000000').entries();
    expect(sign(infinitesimal)).toBe(1);
    expect(sign(minus(infinitesimal, [q('1e-1000')]))).toBe(-1);
  });

  test('text', () => {
    expect(text(vector(1, 0, -2, 0, 2).entries())).toBe('1 - 2 t^2 + 2 t^4');
    expect(text(vector(0, 0).entries())).toBe('0');
    expect(text(vector(0, '-1/2').entries())).toBe('-1/2 t');
  });
});
