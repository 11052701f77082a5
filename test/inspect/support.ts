/** Small models by their numbers. */
import { Rational } from '../../src/kernel/numbers/rational.ts';
import { Vector } from '../../src/kernel/numbers/vector.ts';
import type { Rows } from '../../src/train/backend/backend.ts';
import type { FileModel } from '../../src/train/checkpoint/foreign.ts';

export const rowsOf = (rows: readonly (readonly number[])[]): Rows => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  stride: rows[0]?.length ?? 0,
  data: Float64Array.from(rows.flat()),
});

export interface Told {
  readonly be?: readonly number[];
  readonly bd?: readonly number[];
  readonly theta?: readonly number[];
  readonly k?: number;
  readonly subtracts?: boolean;
  readonly ranksByNorm?: boolean;
}

export function modelOf(
  we: readonly (readonly number[])[],
  wd: readonly (readonly number[])[],
  told: Told = {},
): FileModel {
  const { be, bd, theta, k, subtracts, ranksByNorm } = told;
  const [np, nr, nq] = [we[0]?.length ?? 0, wd[0]?.length ?? 0, we.length];
  return {
    shape: { np, nr, nq },
    method:
      k !== undefined
        ? { kind: 'topk', k }
        : theta
          ? { kind: 'jumprelu', l0: 0, bandwidth: 1, threshold: 0 }
          : { kind: 'relu', l1: 0 },
    weights: {
      we: rowsOf(we),
      wd: rowsOf(wd),
      be: Float64Array.from(be ?? new Array<number>(nq).fill(0)),
      bd: Float64Array.from(bd ?? new Array<number>(nr).fill(0)),
      ...(theta && { theta: Float64Array.from(theta) }),
      ...(subtracts !== undefined && { subtracts }),
      ...(ranksByNorm !== undefined && { ranksByNorm }),
    },
  };
}

export const vector = (...entries: readonly number[]): Vector => Vector.of(entries.map((x) => Rational.of(BigInt(x))));
export const whole = (x: number): Rational => Rational.of(BigInt(x));
