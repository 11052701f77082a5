import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rational } from '../../src/kernel/rational.ts';
import { enclosure, equation, numberText, rootText, sixDigits } from '../../src/words/number.ts';

describe('numbers', () => {
  test.each([
    ['0', '0'],
    ['-12/13', '-12/13'],
    ['123456789012', '123456789012'],
    ['1234567890123', '≈1.23457e+12'],
    ['-9999999999999/10000000000000', '≈-1.00000'],
    ['1/100000000000000', '≈1.00000e-14'],
    ['999999499999999/1000000000', '≈999999'],
    ['999999500000001/1000000000', '≈1.00000e+6'],
    ['12345678901234/100000000000000', '≈0.123457'],
    ['12345678901234/100000000000000000', '≈0.000123457'],
  ])('%s is shown as %s', (exact, shown) => {
    expect(numberText(exact)).toBe(shown);
  });

  test('a short number has =, a long one ≈, an enclosure the digits of both ends', () => {
    expect(equation('L~', '4/3')).toBe('L~ = 4/3');
    expect(equation('L~', '41561552812809/100000000000000')).toBe('L~ ≈ 0.415616');
    expect(enclosure('L~', ['1', '1'])).toBe('L~ = 1');
    expect(enclosure('L~', ['4384471/10000000', '4384472/10000000'])).toBe('L~ ≈ 0.438447');
    expect(enclosure('L~', ['1/3', '1/2'])).toBe('L~ between ≈0.333333 and ≈0.500000');
  });

  test('six digits are within half a unit of the last place', () => {
    const big = fc.bigInt({ min: 1n, max: 10n ** 40n });
    fc.assert(
      fc.property(big, big, fc.boolean(), (num, den, negative) => {
        const x = Rational.of(negative ? -num : num, den);
        const [mantissa = '', power = '0'] = sixDigits(`${x}`).split('e');
        const shown = Rational.parse(`${mantissa}e${power}`)!;
        const size = x.sign() < 0 ? x.negated() : x;
        const off = shown.minus(x);
        const error = off.sign() < 0 ? off.negated() : off;
        // Relative to the number: half of 10^-5 at most.
        return error.times(Rational.of(200_000n)).compare(size) <= 0;
      }),
    );
  });

  test('roots: exact where they are, or else six digits', () => {
    expect(rootText('0')).toBe('0');
    expect(rootText('4/9')).toBe('2/3');
    expect(rootText('2')).toBe('≈1.41421');
    expect(rootText('8299575190169915801072')).toBe('≈9.11020e+10');
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 30n }), fc.bigInt({ min: 1n, max: 10n ** 30n }), (a, b) => {
        const text = rootText(`${Rational.of(a, b)}`);
        if (!text.startsWith('≈')) return true;
        const [mantissa = '', power = '0'] = text.slice(1).split('e');
        const root = Rational.parse(`${mantissa}e${power}`)!;
        const ratio = root.times(root).over(Rational.of(a, b)).minus(Rational.of(1n));
        return (ratio.sign() < 0 ? ratio.negated() : ratio).times(Rational.of(90_000n)).compare(Rational.of(1n)) <= 0;
      }),
    );
  });
});
