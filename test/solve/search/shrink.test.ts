/** Shrinking: what is left fails still, is no larger, and does not depend on luck where the smallest is known. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../src/kernel/model/instance.ts';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { computed } from '../../../src/kernel/proof/goal.ts';
import { type Cell, cellsOf } from '../../../src/solve/search/cell.ts';
import type { Part, Wanted } from '../../../src/solve/search/draw.ts';
import { drawInstance } from '../../../src/solve/search/instances.ts';
import { arbitrary } from '../../../src/solve/search/samples.ts';
import { shrink } from '../../../src/solve/search/shrink.ts';
import { simpler } from '../../../src/solve/search/simpler.ts';
import { compareSizes, sizeOf } from '../../../src/solve/search/size.ts';
import { tryOn } from '../../../src/solve/search/trial.ts';
import { said } from '../../kernel/said.ts';
import { cellNamed, claimOf } from './searchIn.ts';

const wanted = (parts: readonly Part[]): Wanted => ({
  shape: { n: 3, np: 2, nq: 2 },
  parts: new Set(parts),
  required: new Set(['unit-norm']),
  kinds: ['relu', 'jumprelu', 'topk', 'gated'],
});

const instances = (parts: readonly Part[]): fc.Arbitrary<Instance> =>
  arbitrary((draw) => drawInstance(draw, wanted(parts)).instance);

const cellFor = (fails: (m: Instance) => boolean): Cell =>
  cellsOf(claimOf((m) => computed(!fails(m), said('it holds'))))[0] as Cell;

describe('shrinking', () => {
  it('keeps the failure and never grows', () => {
    const heavy = cellFor((m) => m.features.some((f) => f.weight.compare(Rational.of(2n)) >= 0));
    fc.assert(
      fc.property(instances(['pattern', 'configuration', 'distribution', 'anchors']), (m) => {
        fc.pre(tryOn(heavy, { instance: m }, {}).outcome === 'failed');
        const { instance, size } = shrink(heavy, m, {});
        expect(tryOn(heavy, { instance }, {}).outcome).toBe('failed');
        expect(size).toEqual(sizeOf(instance));
        expect(compareSizes(size, sizeOf(m))).toBeLessThanOrEqual(0);
        // One feature of weight 2 is the least there is.
        expect([size[0], size[1], size[2]]).toEqual([1, 1, 1]);
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('leaves patterns, anchors and distributions of as many features as there are', () => {
    const always = cellFor((m) => m.features.length >= 2);
    fc.assert(
      fc.property(instances(['pattern', 'configuration', 'distribution', 'anchors']), (m) => {
        const { instance } = shrink(always, m, {});
        expect(instance.features).toHaveLength(2);
        expect(instance.pattern).toHaveLength(instance.neurons);
        expect(instance.pattern!.flat().every((d) => d < 2)).toBe(true);
        expect(instance.anchors!.every((d) => d < 2)).toBe(true);
        const { distribution } = instance;
        const widths =
          distribution!.kind === 'joint'
            ? distribution!.atoms.map((a) => a.x.length)
            : [distribution!.magnitudes.length];
        expect(widths.every((width) => width === 2)).toBe(true);
      }),
      { numRuns: 40, seed: 2 },
    );
  });

  it('proposes only instances of the same shape when it simplifies numbers', () => {
    fc.assert(
      fc.property(instances(['pattern', 'configuration']), (m) => {
        for (const other of simpler(m)) {
          expect([other.features.length, other.np, other.neurons]).toEqual([m.features.length, m.np, m.neurons]);
          expect(other.configuration?.gate !== undefined).toBe(other.activation.kind === 'gated');
        }
      }),
      { numRuns: 20, seed: 3 },
    );
  });
});

describe('a trial', () => {
  const cell = cellNamed('T8/paper/as stated');
  const vector = (m: Instance, d: number) => m.features[d]!.wp;

  it('does not believe an encoder that shows another pattern', () => {
    fc.assert(
      fc.property(instances(['pattern']), (m) => {
        const told = tryOn(cell, { instance: m, shows: { we: [vector(m, 0), vector(m, 1)] } }, {});
        const untold = tryOn(cell, { instance: m }, {});
        expect(told).toEqual(untold);
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  it('turns away an instance without the pattern the claim is about', () => {
    fc.assert(
      fc.property(instances([]), (m) => {
        expect(tryOn(cell, { instance: m }, {})).toEqual({ outcome: 'refused', code: 'missing-data' });
      }),
      { numRuns: 10, seed: 5 },
    );
  });
});
