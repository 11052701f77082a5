/**
 * Samples that were drawn before, where drawing one costs more than a training step on it: metrics ask for the same ones again, and
 * runs of a sweep, one after the other in one process, for those of the runs before. A sample is a function of data, seed and place,
 * so nothing but time depends on what is remembered.
 */
import type { Sample } from './bench.ts';

type Draw = (s: number, into: Sample) => void;

/** Samples drawn together. */
const CHUNK = 256;
/** Of one source; beyond it only the last chunk is remembered. */
const MOST_BYTES = 128e6;
/** Sources at once: the oldest is forgotten. */
const MOST_SOURCES = 3;

interface Chunk {
  /** Of each sample and of the end. */
  readonly start: Int32Array;
  readonly features: Int32Array;
  readonly magnitudes: Float64Array;
}

/** By what they are of. */
export class Remembered<T> {
  readonly #of = new Map<string, T>();

  /** `make` is called where nothing of this name is remembered. */
  get(name: string, make: () => T): T {
    const known = this.#of.get(name) ?? make();
    this.#of.delete(name);
    this.#of.set(name, known);
    for (const [oldest] of this.#of) if (this.#of.size > MOST_SOURCES) this.#of.delete(oldest);
    return known;
  }
}

/** The same samples, each drawn once as long as there is room for it. */
export function remembering(draw: Draw): Draw {
  const chunks = new Map<number, Chunk>();
  let bytes = 0;
  let beyond: { readonly at: number; readonly chunk: Chunk } | undefined;
  const chunkOf = (at: number): Chunk => {
    const known = chunks.get(at) ?? (beyond?.at === at ? beyond.chunk : undefined);
    if (known) return known;
    const chunk = drawChunk(draw, at * CHUNK);
    bytes += chunk.start.byteLength + chunk.features.byteLength + chunk.magnitudes.byteLength;
    if (bytes < MOST_BYTES) chunks.set(at, chunk);
    else beyond = { at, chunk };
    return chunk;
  };
  return (s, into) => {
    const { start, features, magnitudes } = chunkOf(Math.floor(s / CHUNK));
    const b = s % CHUNK;
    for (let t = start[b] as number; t < (start[b + 1] as number); t++) {
      into.features.push(features[t] as number);
      into.magnitudes.push(magnitudes[t] as number);
    }
  };
}

function drawChunk(draw: Draw, first: number): Chunk {
  const all: Sample = { features: [], magnitudes: [] };
  const start = new Int32Array(CHUNK + 1);
  for (let b = 0; b < CHUNK; b++) {
    draw(first + b, all);
    start[b + 1] = all.features.length;
  }
  return { start, features: Int32Array.from(all.features), magnitudes: Float64Array.from(all.magnitudes) };
}
