import fc from 'fast-check';
import { Rational } from '../../src/kernel/numbers/rational.ts';
import type { Plain, PlainConfiguration } from './read.ts';

export const integer = (most: number): fc.Arbitrary<number> => fc.integer({ min: -most, max: most });

/** Rationals with large parts, so that nothing fits a double by luck. */
export const anyRational: fc.Arbitrary<Rational> = fc
  .tuple(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.bigInt({ min: 1n, max: 10n ** 20n }))
  .map(([num, den]) => Rational.of(num, den));

/** Small ones, with many coincidences. */
export const smallRational: fc.Arbitrary<Rational> = fc
  .tuple(integer(4), fc.integer({ min: 1, max: 3 }))
  .map(([num, den]) => Rational.of(BigInt(num), BigInt(den)));

export const array = <T>(of: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> =>
  fc.array(of, { minLength: length, maxLength: length });

export const grid = <T>(of: fc.Arbitrary<T>, height: number, width: number): fc.Arbitrary<T[][]> =>
  array(array(of, width), height);

export const activation: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.constantFrom({ kind: 'relu' }, { kind: 'identity' }, { kind: 'gated' }),
  fc.constantFrom('0', '1/2', '1').map((theta) => ({ kind: 'jumprelu', theta })),
  fc.record({ kind: fc.constantFrom('topk', 'topk-pure', 'batchtopk'), k: fc.integer({ min: 1, max: 3 }) }),
);

const nonZero = (length: number): fc.Arbitrary<number[]> =>
  array(integer(2), length).filter((row) => row.some((x) => x !== 0));

export interface Case {
  readonly plain: Plain & { readonly wr: number[][]; readonly weights: number[]; readonly neurons: number };
  readonly at: PlainConfiguration & { readonly e: number[][]; readonly u: number[][] };
}

/** A small integer instance with a small integer configuration; a gate where the activation has one. */
export function smallCase(kinds: fc.Arbitrary<Record<string, unknown>> = activation): fc.Arbitrary<Case> {
  const size = fc.integer({ min: 1, max: 3 });
  return fc.tuple(kinds, size, size, size, fc.integer({ min: 1, max: 2 })).chain(([kind, n, np, neurons, nr]) =>
    fc.record({
      plain: fc.record({
        wp: array(nonZero(np), n),
        wr: grid(integer(2), n, nr),
        weights: array(fc.integer({ min: 0, max: 3 }), n),
        activation: fc.constant(kind),
        neurons: fc.constant(neurons),
      }),
      at: fc.record({
        e: grid(integer(3), neurons, np),
        u: grid(integer(2), neurons, nr),
        ...(kind.kind === 'gated' && { gate: grid(integer(2), neurons, np), bias: array(integer(2), neurons) }),
      }),
    }),
  );
}
