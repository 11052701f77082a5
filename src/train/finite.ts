/**
 * Whether a run's weights and moments are still numbers. A row of NaN is silent: its neuron counts as inactive, and the loss of all
 * others goes on. So each step leaves the sum of squares of every array; where one is not finite, the array itself is looked at.
 */
import type { Backend } from './backend/backend.ts';
import type { Moments } from './optimize.ts';
import { TrainProblem } from './problem.ts';
import { nameIn } from './tensorNames.ts';
import { arraysOf, type Weights } from './weights.ts';

export interface Watch {
  /** Notes the sums; to be fetched. */
  note(): void;
  readonly sums: Float64Array;
  /** Once `sums` has been fetched: refuses NaN and Infinity, by the step and the tensor's name in a checkpoint. */
  check(step: number, next?: string): Promise<void>;
  /** The same for what was fetched, entry by entry. */
  look(step: number, next?: string): void;
}

export function watchOf(backend: Backend, weights: Weights, { m, v }: Moments, gated: boolean): Watch {
  const parts = [['', weights] as const, ['adam.m.', m] as const, ['adam.v.', v] as const];
  const arrays = parts.flatMap(([prefix, part]) =>
    [...arraysOf(part)].map(([name, array]) => ({ name: prefix + nameIn(name, gated), array })),
  );
  const sums = backend.sums(arrays.length);
  const look = (step: number, next?: string): void => {
    for (const { name, array } of arrays) {
      const bad = array.find((value) => !Number.isFinite(value));
      if (bad === undefined) continue;
      throw new TrainProblem('not-finite', `step ${step}, ${name}`, 'finite numbers', `${bad}`, undefined, next);
    }
  };
  return {
    sums,
    note: () =>
      arrays.forEach(({ array }, at) => {
        const { length } = array;
        backend.squares({ rows: 1, columns: length, stride: length, data: array }, { sums, at });
      }),
    async check(step, next) {
      // On a device squares of large numbers may add up to Infinity.
      if (sums.every(Number.isFinite)) return;
      await backend.fetch(...arrays.map(({ array }) => array));
      look(step, next);
    },
    look,
  };
}

/** A scalar that a 32-bit float holds: on a device all of them are, and a run may not depend on where it runs. */
export const fits = (value: number): boolean => Number.isFinite(Math.fround(value));
