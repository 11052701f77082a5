/** Numbers as C, Python and spreadsheets write them into text, read exactly. */
import { MAX_DIGITS, MAX_EXPONENT, Rational } from '../../kernel/numbers/rational.ts';
import { fail } from '../../terminal/problem.ts';

/** `+1`, `.5`, `5.` and `-.5e-3` besides what the kernel reads; undefined where it is no number, or too long a one. */
export function quantity(text: string): Rational | undefined {
  const [, sign, whole, part, power = ''] = /^([+-]?)([0-9]*)\.?([0-9]*)([eE][+-]?[0-9]+)?$/.exec(text) ?? [];
  if (whole === undefined || part === undefined || whole + part === '') return Rational.parse(text);
  return Rational.parse(`${sign === '-' ? '-' : ''}${whole || '0'}${part === '' ? '' : `.${part}`}${power}`);
}

/** What stands where a number would: digits of any length, or one of the words for what is no finite number. */
export const looksNumeric = (text: string): boolean =>
  /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$|^-?[0-9]+\/[0-9]+$|^[+-]?(nan|inf|infinity)$/i.test(text);

/** The number a field holds, or a refusal that says why it holds none. */
export function quantityAt(text: string, file: string, path: string): Rational {
  const value = quantity(text);
  if (value) return value;
  const found = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
  if (/^[+-]?(nan|inf|infinity)$/i.test(text)) {
    return fail('not-a-number', { file, path, next: 'Leave such rows out.' }, 'a finite number', found);
  }
  if (looksNumeric(text) && !/\/0+$/.test(text)) {
    const expected = `at most ${MAX_DIGITS} digits, and an exponent from -${MAX_EXPONENT} to ${MAX_EXPONENT}`;
    return fail('not-a-number', { file, path, next: 'Divide all numbers by one constant.' }, expected, found);
  }
  const next = text === '' ? 'Fill it in, or leave the row out.' : 'Numbers are written as 3, -0.25, 1.5e-3 or -12/13.';
  return fail('not-a-number', { file, path, next }, 'a number', text === '' ? 'an empty field' : found);
}
