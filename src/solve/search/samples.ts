/** fast-check's random numbers behind `Draw`: deterministic streams of instances, block by block. */
import fc from 'fast-check';
import type { Draw } from './draw.ts';

/** An arbitrary that makes its values from single choices. Failures are shrunk by `shrink.ts`, in the order stated there. */
class Chosen<T> extends fc.Arbitrary<T> {
  readonly #make: (draw: Draw) => T;

  constructor(make: (draw: Draw) => T) {
    super();
    this.#make = make;
  }

  generate(random: fc.Random): fc.Value<T> {
    return new fc.Value(this.#make({ int: (least, most) => random.nextInt(least, most) }), undefined);
  }

  canShrinkWithoutContext(_value: unknown): _value is T {
    return false;
  }

  shrink(): fc.Stream<fc.Value<T>> {
    return fc.Stream.nil();
  }
}

export const arbitrary = <T>(make: (draw: Draw) => T): fc.Arbitrary<T> => new Chosen(make);

/** `count` values, always the same ones for a seed. */
export function samples<T>(make: (draw: Draw) => T, seed: number, count: number): T[] {
  return fc.sample(arbitrary(make), { seed, numRuns: count });
}

/** A 32-bit seed for one part of a search (FNV-1a), so that parts can run apart and in any order. */
export function seedOf(seed: number, part: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const byte of new TextEncoder().encode(part)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash | 0;
}
