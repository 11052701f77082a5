/** What the generators promise: instances that can be written and read, leaning towards what is asked, from the seed alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/kernel/document/json.ts';
import { Node } from '../../../src/kernel/document/node.ts';
import { readInstance } from '../../../src/kernel/model/instance.ts';
import { ONE } from '../../../src/kernel/numbers/rational.ts';
import { instanceDocument } from '../../../src/solve/proofs/document.ts';
import { unitDirections } from '../../../src/solve/search/directions.ts';
import type { Part, Wanted } from '../../../src/solve/search/draw.ts';
import { drawInstance } from '../../../src/solve/search/instances.ts';
import { arbitrary, samples, seedOf } from '../../../src/solve/search/samples.ts';
import { bits, compareSizes, type Size, sizeOf } from '../../../src/solve/search/size.ts';

const KINDS = ['relu', 'jumprelu', 'topk', 'batchtopk', 'topk-pure', 'gated', 'identity'] as const;
const NAMES = ['unit-norm', 'positive-weights', 'partition', 'critical', 'strict', 'targets-within-unit', 'realizable'];
const PARTS: readonly Part[] = ['pattern', 'configuration', 'distribution', 'anchors'];

const wanted: fc.Arbitrary<Wanted> = fc
  .record({
    shape: fc.record({
      n: fc.integer({ min: 1, max: 4 }),
      np: fc.integer({ min: 1, max: 4 }),
      nq: fc.integer({ min: 1, max: 6 }),
    }),
    parts: fc.subarray([...PARTS]),
    required: fc.subarray(NAMES),
    failing: fc.option(fc.constantFrom(...NAMES), { nil: undefined }),
    kinds: fc.subarray([...KINDS], { minLength: 1 }),
  })
  .map(({ parts, required, failing, ...rest }) => ({
    ...rest,
    parts: new Set(parts),
    required: new Set(required.filter((name) => name !== failing)),
    ...(failing !== undefined && { failing }),
  }));

describe('a drawn instance', () => {
  it('has the shape, the kind of sigma and the parts asked for', () => {
    fc.assert(
      fc.property(wanted, fc.integer(), (want, seed) => {
        const [{ instance: m }] = samples((draw) => drawInstance(draw, want), seed, 1) as [
          ReturnType<typeof drawInstance>,
        ];
        expect([m.features.length, m.np, m.neurons]).toEqual([want.shape.n, want.shape.np, want.shape.nq]);
        expect(want.kinds).toContain(m.activation.kind);
        for (const part of PARTS) expect(m[part] !== undefined).toBe(want.parts.has(part));
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('is one that the kernel reads back as it is', () => {
    fc.assert(
      fc.property(wanted, fc.integer(), (want, seed) => {
        const [{ instance }] = samples((draw) => drawInstance(draw, want), seed, 1) as [
          ReturnType<typeof drawInstance>,
        ];
        const document = instanceDocument(instance);
        const again = readInstance(new Node(parseJson(JSON.stringify(document))));
        expect(instanceDocument(again)).toEqual(document);
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  it('has directions of length exactly 1 where that is asked for', () => {
    fc.assert(
      fc.property(wanted, fc.integer(), (want, seed) => {
        const unit = { ...want, required: new Set([...want.required, 'unit-norm']), failing: 'none' };
        const [{ instance }] = samples((draw) => drawInstance(draw, unit), seed, 1) as [
          ReturnType<typeof drawInstance>,
        ];
        expect(instance.features.every((f) => f.wp.dot(f.wp).equals(ONE))).toBe(true);
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it.each([1, 2, 3, 4, 5])('draws on exactly unit directions in dimension %i, each once', (dimension) => {
    const pool = unitDirections(dimension);
    expect(pool.every((w) => w.dot(w).equals(ONE))).toBe(true);
    expect(new Set(pool.map(String)).size).toBe(pool.length);
  });
});

describe('samples', () => {
  it('depend on the seed alone', () => {
    const numbers = (seed: number): number[] => samples((draw) => draw.int(0, 1e6), seed, 50);
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(numbers(seed)).toEqual(numbers(seed));
        expect(numbers(seed)).not.toEqual(numbers(seedOf(seed, 'another part')));
      }),
      { numRuns: 50, seed: 4 },
    );
  });

  it('serve as an arbitrary of fast-check', () => {
    fc.assert(
      fc.property(
        arbitrary((draw) => draw.int(3, 5)),
        (x) => x >= 3 && x <= 5,
      ),
      { numRuns: 100, seed: 5 },
    );
  });
});

describe('the order of size', () => {
  const size: fc.Arbitrary<Size> = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3));

  it('is total: n before n_p before n_q before bits', () => {
    fc.assert(
      fc.property(size, size, size, (a, b, c) => {
        expect(Math.sign(compareSizes(a, b))).toBe(-Math.sign(compareSizes(b, a)) + 0);
        if (compareSizes(a, b) <= 0 && compareSizes(b, c) <= 0) expect(compareSizes(a, c)).toBeLessThanOrEqual(0);
        expect(compareSizes(a, b) === 0).toBe(a.join() === b.join());
      }),
      { numRuns: 500, seed: 6 },
    );
    expect(compareSizes([1, 9, 9, 9], [2, 0, 0, 0])).toBeLessThan(0);
    expect(compareSizes([1, 1, 9, 9], [1, 2, 0, 0])).toBeLessThan(0);
  });

  it('counts the bits of what is written, by hand', () => {
    const text = (over: object): string =>
      JSON.stringify({
        format: 'dictum/instance@1',
        name: '',
        features: [{ label: '1', wp: ['-3/5', '4/5'], ...over }],
        activation: { kind: 'relu' },
        neurons: 1,
      });
    const read = (over: object) => readInstance(new Node(parseJson(text(over))));
    // -3/5: 2 bits, a sign, 3 bits; 4/5: 3 and 3.
    expect(bits(read({}))).toBe(12);
    expect(bits(read({ weight: '1' }))).toBe(12);
    // A weight that is written: 2 bits and one for being there; a target: 1 and 0 bits, and two.
    expect(bits(read({ weight: '2' }))).toBe(15);
    expect(bits(read({ wr: ['1', '0'] }))).toBe(15);
    expect(sizeOf(read({}))).toEqual([1, 2, 1, 12]);
  });
});
