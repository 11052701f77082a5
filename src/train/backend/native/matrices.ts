/**
 * Latents of which many are active, as matrices: activations (and coefficients) of all neurons, 0 where not active, in the room of the
 * list's values. A matrix lies in blocks of neurons, each inputs x width without gaps, so that a product with one block is a product of
 * arrays as they lie; and in blocks it is faster, as all that it goes through again stays near the processor.
 */

import type { Call } from '../arena.ts';
import { type Latents, strideOf, type Table } from '../backend.ts';

/** Neurons of a block. Of 128 to 16,000 the fastest, or as fast as any, in all five products of a step at 768 x 16000 and 256 x 4096. */
export const BLOCK = 512;

/** A value is above 0 exactly where its latent is active. */
export interface Matrix {
  readonly count: number;
  readonly total: number;
  /** Not 0 for each neuron that is active for some input. */
  readonly seen: Int32Array;
}

export interface Block {
  /** Its first neuron. */
  readonly first: number;
  readonly width: number;
  /** Where its part of an array begins. */
  readonly at: number;
}

/** Neurons are filled up to whole eights, with values of 0. */
export function blocksOf({ inputs, neurons }: Latents): readonly Block[] {
  const all = strideOf(neurons);
  return Array.from({ length: Math.ceil(all / BLOCK) }, (_, j) => {
    const first = j * BLOCK;
    return { first, width: Math.min(BLOCK, all - first), at: inputs * first };
  });
}

/** Entries of a matrix. */
export const roomOf = (inputs: number, neurons: number): number => inputs * strideOf(neurons);

/** Calls `at` with the place of every latent, active or not, and its neuron; block by block. */
export function eachPlace(l: Latents, at: (place: number, i: number) => void): void {
  for (const block of blocksOf(l)) {
    for (let b = 0; b < l.inputs; b++) {
      const place = block.at + b * block.width;
      for (let i = 0; i < block.width; i++) at(place + i, block.first + i);
    }
  }
}

/** From the matrix to the list that it stands for, in the same room: input by input, neurons in their order. */
export function intoList(l: Latents): void {
  const values = l.value.slice(0, roomOf(l.inputs, l.neurons));
  const blocks = blocksOf(l);
  let t = 0;
  for (let b = 0; b < l.inputs; b++) {
    l.start[b] = t;
    for (const { first, width, at } of blocks) {
      const place = at + b * width;
      for (let i = 0; i < width; i++) {
        const value = values[place + i] as number;
        if (!(value > 0)) continue;
        l.index[t] = first + i;
        l.value[t++] = value;
      }
    }
  }
  l.start[l.inputs] = t;
}

/** How many z_i > threshold_i there are, and their matrix. */
export interface Above {
  count(z: Table, threshold: Float32Array): number;
  matrix(z: Table, threshold: Float32Array, into: Latents): Matrix;
}

/** `count` and `clamp`: ./kernels.ts, aboveModule; `cells` room for 8 floats where those can reach it. */
export function aboveOf(
  count: Call,
  clamp: Call,
  cells: Float32Array,
  integers: (length: number) => Int32Array,
): Above {
  const counts = new Int32Array(cells.buffer, cells.byteOffset, 4);
  const sums = new Float64Array(cells.buffer, cells.byteOffset + 16, 2);
  const kept = new WeakMap<Latents, Int32Array>();
  const counted = (): number => counts.reduce((a, b) => a + b, 0);
  return {
    count(z, threshold) {
      cells.fill(0);
      const { byteOffset } = z.data;
      count(byteOffset, 4 * z.stride, threshold.byteOffset, z.rows, z.stride / 4, counts.byteOffset);
      return counted();
    },
    matrix(z, threshold, into) {
      cells.fill(0);
      const seen = kept.get(into) ?? integers(strideOf(into.neurons));
      kept.set(into, seen);
      seen.fill(0);
      for (const { first, width, at } of blocksOf(into)) {
        const [from, to] = [z.data.byteOffset + 4 * first, into.value.byteOffset + 4 * at];
        const [above, neurons] = [threshold.byteOffset + 4 * first, seen.byteOffset + 4 * first];
        const rest = [to, 4 * width, neurons, sums.byteOffset];
        clamp(from, 4 * z.stride, above, z.rows, width / 4, counts.byteOffset, ...rest);
      }
      return { count: counted(), total: (sums[0] as number) + (sums[1] as number), seen };
    },
  };
}
