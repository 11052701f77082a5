/**
 * Resampling (Bricken et al. 2023, Towards Monosemanticity; theory.md A2): a neuron without activity since the last time starts
 * anew on a badly reconstructed input of the batch, drawn with probability proportional to |residual|^4: encoder row along what the
 * encoder reads of it, decoder column along its residual, moments 0.
 */
import { rowOf, type Table } from '../backend/backend.ts';
import { normalize } from '../backend/normalize.ts';
import { uniform } from '../backend/random.ts';
import type { Weights } from '../model/weights.ts';
import type { Work } from '../model/work.ts';
import type { Moments } from './optimize.ts';

export interface Dead {
  /** Neurons, in order. */
  readonly neurons: readonly number[];
  /** Length of a new encoder row relative to the mean of the living ones. */
  readonly scale: number;
}

/** `residual` is that of the batch in `w`. Returns how many neurons started anew. */
export function resample(w: Work, residual: Table, { neurons, scale }: Dead, moments: Moments, seed: number): number {
  const chances = Array.from(
    { length: w.inputs },
    (_, b) => rowOf(residual, b).reduce((sum, x) => sum + x * x, 0) ** 2,
  );
  const all = chances.reduce((a, b) => a + b, 0);
  if (!(all > 0)) return 0;
  const dead = new Set(neurons);
  const length = scale * meanLength(w.weights, dead);
  for (const i of neurons) {
    const b = drawn(chances, all * uniform(seed, i, 0));
    const [e, u] = [rowOf(w.weights.we, i), rowOf(w.weights.wd, i)];
    e.set(rowOf(w.read, b));
    u.set(rowOf(residual, b));
    normalize(e);
    normalize(u);
    for (let k = 0; k < e.length; k++) e[k] = (e[k] as number) * length;
    w.weights.be[i] = 0;
    for (const part of [moments.m, moments.v]) {
      rowOf(part.we, i).fill(0);
      rowOf(part.wd, i).fill(0);
      part.be[i] = 0;
    }
  }
  return neurons.length;
}

function meanLength({ we }: Weights, dead: ReadonlySet<number>): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < we.rows; i++) {
    if (dead.has(i)) continue;
    sum += Math.sqrt(rowOf(we, i).reduce((squares, x) => squares + x * x, 0));
    count++;
  }
  return count === 0 ? 1 : sum / count;
}

function drawn(chances: readonly number[], at: number): number {
  let left = at;
  const b = chances.findIndex((chance) => {
    left -= chance;
    return left < 0;
  });
  return b < 0 ? chances.length - 1 : b;
}
