/** A rational as a double, within rounding, however long its integers are. */
import type { Rational } from '../kernel/rational.ts';
import { TrainProblem } from './problem.ts';

/** Integers above it are shortened first: both by as many bits, which changes the quotient in its last place at most. */
const LONG = 960;

export function nearest({ num, den }: Rational): number {
  const [top, bottom] = [num, den].map((x) => x.toString(2).length) as [number, number];
  const cut = Math.max(0, Math.min(top, bottom) - LONG);
  const value = Number(num >> BigInt(cut)) / Number(den >> BigInt(cut));
  if (Number.isFinite(value)) return value;
  throw new TrainProblem('not-a-number', 'features', 'numbers that 64-bit floats can hold', 'larger ones');
}
