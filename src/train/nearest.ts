/** A rational as a double, within rounding, however long its integers are. */
import type { Rational } from '../kernel/rational.ts';
import { double } from './double.ts';
import { TrainProblem } from './problem.ts';

export function nearest(x: Rational): number {
  const value = double(x);
  if (Number.isFinite(value)) return value;
  throw new TrainProblem('not-a-number', 'features', 'numbers that 64-bit floats can hold', 'larger ones');
}
