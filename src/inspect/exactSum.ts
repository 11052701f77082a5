/** Sums of rows without rounding, at the price of a few float operations an entry. */
import type { Floats } from '../train/backend/backend.ts';
import { type ExactRow, exactRow } from './exactRow.ts';

/** Each level takes so many bits of every entry that is left; what is left after all of them is summed as integers. */
const LEVELS = 4;

/**
 * Entry by entry the sum over the rows named. An entry x is cut by q = (x + 3/2 s) - 3/2 s, s a power of two: q is a multiple of 2^-52 s
 * and x - q is exact (Rump, Ogita and Oishi's extraction). With s above 2 n max|x| the n multiples add up without rounding.
 */
export function exactSum(data: Floats, columns: number, rows: Iterable<number>): ExactRow {
  const chosen = [...rows];
  let most = 0;
  for (const r of chosen) {
    for (let at = r * columns; at < (r + 1) * columns; at++) most = Math.max(most, Math.abs(data[at] as number));
  }
  const levels: Float64Array[] = [];
  const shifts: number[] = [];
  for (let l = 0; l < LEVELS && most > 2 ** -900 && most < 2 ** 900; l++) {
    const scale = 2 ** Math.ceil(Math.log2(most) + Math.log2(chosen.length) + 2);
    shifts.push(1.5 * scale);
    levels.push(new Float64Array(columns));
    most = scale * 2 ** -53;
  }
  const rest: ExactRow[] = [];
  const left = new Float64Array(columns);
  for (const r of chosen) {
    let any = false;
    for (let k = 0; k < columns; k++) {
      let x = data[r * columns + k] as number;
      for (let l = 0; l < shifts.length && x !== 0; l++) {
        const shift = shifts[l] as number;
        const cut = x + shift - shift;
        const level = levels[l] as Float64Array;
        level[k] = (level[k] as number) + cut;
        x -= cut;
      }
      left[k] = x;
      any ||= x !== 0;
    }
    if (any) rest.push(exactRow(left));
  }
  return total([...levels.map(exactRow), ...rest], columns);
}

function total(all: readonly ExactRow[], columns: number): ExactRow {
  const exp = all.reduce((least, row) => Math.min(least, row.exp), 0);
  const num = new Array<bigint>(columns).fill(0n);
  for (const row of all) {
    const shift = BigInt(row.exp - exp);
    for (let k = 0; k < columns; k++) num[k] = (num[k] as bigint) + ((row.num[k] as bigint) << shift);
  }
  return { num, exp, den: 1n };
}
