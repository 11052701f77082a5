/** Random SAEs within the radius of an instance: seeded, so that they are the same ones each time. */
import type { Instance } from '../../../src/kernel/model/instance.ts';
import { Rational, ZERO } from '../../../src/kernel/numbers/rational.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';

/** Entries differ by a multiple of 1/1024 of the radius; in every other instance by all of it, one way or the other. */
export function* nearby(m: Instance, count: number, seed = 2_512): Iterable<Instance> {
  const { radius = ZERO } = m;
  let x = seed;
  const next = (): number => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 8;
  };
  for (let k = 0; k < count; k++) {
    const step = (): bigint => (k % 2 === 0 ? BigInt((next() % 2_049) - 1_024) : next() % 2 === 0 ? 1_024n : -1_024n);
    const moved = (value: Rational): Rational => value.plus(radius.times(Rational.of(step(), 1_024n)));
    const features = m.features.map((f) => {
      const w = Vector.of(f.wp.entries().map(moved));
      return { ...f, wp: w, wr: w, weight: moved(f.weight) };
    });
    const { radius: _, ...rest } = m;
    yield { ...rest, features };
  }
}
