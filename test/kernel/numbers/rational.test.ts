import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gcd, MAX_DIGITS, ONE, Rational, sum, ZERO } from '../../../src/kernel/numbers/rational.ts';
import { anyRational, smallRational } from '../arbitraries.ts';
import { q } from '../read.ts';

const either = fc.oneof(anyRational, smallRational);

/** Lowest terms, positive denominator. */
function expectCanonical(x: Rational): void {
  expect(x.den > 0n).toBe(true);
  expect(gcd(x.num, x.den)).toBe(1n);
}

describe('field laws', () => {
  test('sums and products commute, associate and distribute; results are canonical', () => {
    fc.assert(
      fc.property(either, either, either, (a, b, c) => {
        for (const x of [a.plus(b), a.times(b), a.minus(b), a.negated()]) expectCanonical(x);
        expect(a.plus(b)).toEqual(b.plus(a));
        expect(a.times(b)).toEqual(b.times(a));
        expect(a.plus(b).plus(c)).toEqual(a.plus(b.plus(c)));
        expect(a.times(b).times(c)).toEqual(a.times(b.times(c)));
        expect(a.times(b.plus(c))).toEqual(a.times(b).plus(a.times(c)));
        expect(a.minus(b)).toEqual(a.plus(b.negated()));
        expect(a.plus(ZERO)).toEqual(a);
        expect(a.times(ONE)).toEqual(a);
        expect(sum([a, b, c])).toEqual(c.plus(b).plus(a));
      }),
    );
  });

  test('division inverts multiplication, and a negative divisor keeps the form', () => {
    fc.assert(
      fc.property(either, either, (a, b) => {
        fc.pre(b.num !== 0n);
        expectCanonical(a.over(b));
        expect(a.over(b).times(b)).toEqual(a);
      }),
    );
    expect(ONE.over(q('-2/3'))).toEqual(q('-3/2'));
  });

  test('order and equality agree with cross-multiplication', () => {
    fc.assert(
      fc.property(either, either, (a, b) => {
        const [left, right] = [a.num * b.den, b.num * a.den];
        expect(a.compare(b)).toBe(left < right ? -1 : left > right ? 1 : 0);
        expect(a.equals(b)).toBe(left === right);
        expect(a.minus(b).sign()).toBe(a.compare(b));
      }),
    );
  });

  test.each([
    ['a zero denominator', () => Rational.of(1n, 0n)],
    ['division by zero', () => ONE.over(ZERO)],
  ])('%s is a bug of the caller, not a value', (_, run) => {
    expect(run).toThrow(RangeError);
  });

  test('equal values have equal parts', () => {
    expect(Rational.of(-6n, -4n)).toEqual(Rational.of(3n, 2n));
    expect(Rational.of(0n, -7n)).toEqual(ZERO);
    expect(Rational.of(6n, -4n).toString()).toBe('-3/2');
  });
});

describe('parse', () => {
  test('a fraction means what cross-multiplication says', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.bigInt({ min: 1n, max: 10n ** 30n }),
        (a, b) => {
          const read = q(`${a}/${b}`);
          expectCanonical(read);
          expect(read.num * b).toBe(a * read.den);
          expect(q(read.toString())).toEqual(read);
        },
      ),
    );
  });

  test('a decimal means its digits over a power of ten', () => {
    const digits = fc.stringMatching(/^[0-9]{1,12}$/);
    fc.assert(
      fc.property(digits, digits, fc.integer({ min: -40, max: 40 }), fc.boolean(), (whole, part, power, negative) => {
        const read = q(`${negative ? '-' : ''}${whole}.${part}e${power}`);
        expectCanonical(read);
        const value = BigInt(whole + part) * (negative ? -1n : 1n);
        const shift = part.length - power;
        const [up, down] = shift >= 0 ? [1n, 10n ** BigInt(shift)] : [10n ** BigInt(-shift), 1n];
        expect(read.num * down).toBe(value * up * read.den);
      }),
    );
  });

  test.each([
    ['-0', '0'],
    ['-0/5', '0'],
    ['-0.000e-7', '0'],
    ['007', '7'],
    ['2/4', '1/2'],
    ['0.25', '1/4'],
    ['1.5e-3', '3/2000'],
    ['1E+2', '100'],
    ['1e-20', `1/1${'0'.repeat(20)}`],
  ])('%s is %s', (text, value) => {
    expect(q(text).toString()).toBe(value);
  });

  test.each([
    '',
    ' ',
    '+1',
    '1 ',
    ' 1',
    '1\n',
    '-',
    '--1',
    '.5',
    '5.',
    '1.',
    '1e',
    '1e+',
    '1e1.5',
    '1e5/3',
    '1/2/3',
    '1/-2',
    '1/+2',
    '-1/-2',
    '1/0',
    '0/0',
    '1/00',
    '0x10',
    '0b1',
    '1_000',
    '1,000',
    '1n',
    'NaN',
    'Infinity',
    '-Infinity',
    '１',
    '١',
    '−1',
    '1\u0000',
    '\ufeff1',
    '1e1001',
    '1e-1001',
    '1e999999999',
    '1e-999999999',
    '__proto__',
    'constructor',
    '1'.repeat(MAX_DIGITS + 1),
    `1/${'3'.repeat(MAX_DIGITS)}`,
  ])('%j is no quantity', (text) => {
    expect(Rational.parse(text)).toBeUndefined();
  });

  test('the limits themselves are read, and a long text that is no number is refused', () => {
    expect(Rational.parse('9'.repeat(MAX_DIGITS))?.num).toBe(10n ** BigInt(MAX_DIGITS) - 1n);
    expect(Rational.parse('1e-1000')?.den).toBe(10n ** 1000n);
    for (const tail of ['x', '/', '/x', '.', 'e', '.5e', '/0']) {
      expect(Rational.parse('1'.repeat(MAX_DIGITS - 4) + tail)).toBeUndefined();
    }
  });
});
