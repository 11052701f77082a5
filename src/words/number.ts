/** Exact numbers as a reader wants them: as they are if they are short, or else six digits behind a sign that says so. */
import type { Bounds, Exact } from '../kernel/proof/fact.ts';

const LONGEST = 12;
const DIGITS = 6;

const isLong = (x: Exact): boolean => x.length > LONGEST;

/** `-12/13`; `≈0.438447`, `≈9.11043e+10` for what is longer than 12 characters. */
export const numberText = (x: Exact): string => (isLong(x) ? `≈${sixDigits(x)}` : x);

/** `-1.3`, `0.4365`, where decimals say it exactly and shortly, as beside figures of a table; else as `numberText` does. */
export function decimalText(x: Exact): string {
  const [num, den] = split(x);
  const places = Array.from({ length: LONGEST }, (_, k) => k).find((k) => 10n ** BigInt(k) % den === 0n);
  if (places === undefined) return numberText(x);
  const size = num < 0n ? -num : num;
  const digits = `${(size * 10n ** BigInt(places)) / den}`.padStart(places + 1, '0');
  const [whole, part] = [digits.slice(0, digits.length - places), digits.slice(digits.length - places)];
  const text = `${num < 0n ? '-' : ''}${whole}${part === '' ? '' : `.${part}`}`;
  return isLong(text) ? numberText(x) : text;
}

/** `L~ = 4/3`, `L~ ≈ 0.438447` */
export const equation = (name: string, x: Exact): string =>
  isLong(x) ? `${name} ≈ ${sixDigits(x)}` : `${name} = ${x}`;

/** `L~ = 4/3`; or of an enclosure the digits its ends agree on, or both ends. */
export function enclosure(name: string, [least, most]: Bounds): string {
  if (least === most) return equation(name, least);
  const [from, to] = [sixDigits(least), sixDigits(most)];
  return from === to ? `${name} ≈ ${from}` : `${name} between ≈${from} and ≈${to}`;
}

/** `4/3`, `≈0.438447`, `≈0.438447 to ≈0.438449`: a value known between two bounds, without its name. */
export function boundsText([least, most]: Bounds): string {
  if (least === most) return numberText(least);
  const [from, to] = [sixDigits(least), sixDigits(most)];
  return from === to ? `≈${from}` : `≈${from} to ≈${to}`;
}

const split = (x: Exact): [bigint, bigint] => {
  const [num = '0', den = '1'] = x.split('/');
  return [BigInt(num), BigInt(den)];
};

/** The square root of a number >= 0: exact where it is short and rational, or else six digits. */
export function rootText(square: Exact): string {
  const [num, den] = split(square);
  const [a, b] = [floorRoot(num), floorRoot(den)];
  if (a * a === num && b * b === den) return numberText(b === 1n ? `${a}` : `${a}/${b}`);
  // Relative error below 10^-15, whatever the size.
  const shift = 10n ** BigInt(2 * (16 + `${den}`.length));
  return `≈${sixDigits(`${floorRoot((num * shift) / den)}/${floorRoot(shift)}`)}`;
}

function floorRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/** Six significant digits, rounded half away from 0: `0.438447`, `-12.5000`, `9.11043e+10`. */
export function sixDigits(x: Exact): string {
  const [signed, den] = split(x);
  if (signed === 0n) return '0';
  const num = signed < 0n ? -signed : signed;
  const scaled = (power: number): bigint => {
    const shift = DIGITS - 1 - power;
    const [a, b] = shift >= 0 ? [num * 10n ** BigInt(shift), den] : [num, den * 10n ** BigInt(-shift)];
    return (2n * a + b) / (2n * b);
  };
  let power = `${num}`.length - `${den}`.length;
  while (scaled(power) >= 10n ** BigInt(DIGITS)) power++;
  while (scaled(power) < 10n ** BigInt(DIGITS - 1)) power--;
  const digits = `${scaled(power)}`;
  const sign = signed < 0n ? '-' : '';
  if (power < -4 || power >= DIGITS) {
    return `${sign}${digits[0]}.${digits.slice(1)}e${power < 0 ? '-' : '+'}${Math.abs(power)}`;
  }
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${digits}`;
  const [whole, part] = [digits.slice(0, power + 1), digits.slice(power + 1)];
  return `${sign}${whole}${part === '' ? '' : `.${part}`}`;
}

/** `(1, -2)` */
export const rowText = (row: readonly Exact[] = []): string => {
  const most = 8;
  const shown = row.slice(0, most).map(numberText);
  return `(${[...shown, ...(row.length > most ? [`... ${row.length} coordinates`] : [])].join(', ')})`;
};
