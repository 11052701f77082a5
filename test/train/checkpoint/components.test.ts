/** Components of a pattern, and models with biases as instances without. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instance } from '../../../src/kernel/model/instance.ts';
import { approximateLoss, evaluate, patternShown } from '../../../src/kernel/model/model.ts';
import { Rational, sum, ZERO } from '../../../src/kernel/numbers/rational.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { wasmBackend } from '../../../src/train/backend/wasm.ts';
import { componentsOf } from '../../../src/train/checkpoint/components.ts';
import { augmented, configurationOf, exactly } from '../../../src/train/checkpoint/exactModel.ts';
import { factorNear } from '../../../src/train/checkpoint/exponential.ts';
import { weightsOf } from '../../../src/train/model/weights.ts';

const patterns = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 6 }))
  .chain(([n, neurons]) =>
    fc.tuple(
      fc.constant(n),
      fc.array(fc.subarray(Array.from({ length: n }, (_, d) => d)), { minLength: neurons, maxLength: neurons }),
    ),
  );

test('every neuron and feature is in one place; two are in one component iff a path leads from one to the other', () => {
  fc.assert(
    fc.property(patterns, ([n, pattern]) => {
      const { parts, dead, uncovered } = componentsOf(pattern, n);
      const neurons = [...parts.flatMap((part) => part.neurons), ...dead].sort((a, b) => a - b);
      const features = [...parts.flatMap((part) => part.features), ...uncovered].sort((a, b) => a - b);
      expect(neurons).toEqual([...pattern.keys()]);
      expect(features).toEqual(Array.from({ length: n }, (_, d) => d));
      for (const part of parts) {
        // What can be reached from its first feature, step by step.
        const reached = new Set([part.features[0]!]);
        for (let size = 0; size < reached.size; ) {
          size = reached.size;
          for (const set of pattern) if (set.some((d) => reached.has(d))) for (const d of set) reached.add(d);
        }
        expect([...reached].sort((a, b) => a - b)).toEqual(part.features);
        for (const i of part.neurons) expect(part.features).toContain(pattern[i]![0]);
      }
      expect(parts.map(({ features: [first] }) => first)).toEqual(
        parts.map(({ features: [first] }) => first!).sort((a, b) => a - b),
      );
    }),
  );
});

const eighths = fc.integer({ min: -8, max: 8 });
const model = fc.record({
  directions: fc.array(fc.array(eighths, { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 5 }),
  rows: fc.array(fc.array(eighths, { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 4 }),
  shift: fc.array(eighths, { minLength: 3, maxLength: 3 }),
  r: fc.boolean(),
});

/** n features in the plane of 3 dimensions, no direction 0. */
const instanceOf = (directions: readonly (readonly number[])[]): Instance => ({
  format: 'dictum/instance@1',
  name: '',
  features: directions.map((w, d) => {
    const v = Vector.of(w.map((x, k) => exactly((x === 0 && k === 0 ? 1 : x) / 8)));
    return { label: `${d}`, wp: v, wr: v, weight: Rational.of(1n) };
  }),
  activation: { kind: 'relu' },
  neurons: 1,
  np: 3,
  nr: 3,
  hierarchy: [],
});

describe('a model in exact numbers', () => {
  const backend = wasmBackend();
  /** Row: encoder, bias, decoder, magnitude bias. */
  const weights = (rows: readonly (readonly number[])[], shift: readonly number[], kind: string) => {
    const made = weightsOf(backend, { np: 3, nr: 3, nq: rows.length }, kind);
    rows.forEach((row, i) => {
      for (let k = 0; k < 3; k++) {
        made.we.data[i * made.we.stride + k] = row[k]! / 8;
        made.wd.data[i * made.wd.stride + k] = row[4 + k]! / 8;
      }
      made.be[i] = row[3]! / 8;
      if (made.magnitudeBias) made.magnitudeBias[i] = row[7]! / 8;
      if (made.magnitude) made.magnitude[i] = row[7]! / 16;
    });
    shift.forEach((x, k) => {
      made.bd[k] = x / 8;
    });
    return made;
  };

  test('L~ is the sum over components and uncovered features', () => {
    fc.assert(
      fc.property(model, ({ directions, rows }) => {
        const bare = instanceOf(directions);
        const plain = weights(
          rows.map((row) => row.map((x, k) => (k === 3 ? 0 : x))),
          [0, 0, 0],
          'relu',
        );
        const at = configurationOf(plain, [...rows.keys()]);
        const m = { ...bare, neurons: rows.length };
        const { parts, uncovered } = componentsOf(patternShown(m, at), m.features.length);
        const lossOf = (features: readonly number[], neurons: readonly number[]): Rational => {
          const part = { ...m, features: features.map((d) => m.features[d]!), neurons: neurons.length };
          return approximateLoss(part, { we: neurons.map((i) => at.we[i]!), wd: neurons.map((i) => at.wd[i]!) });
        };
        const losses = parts.map(({ features, neurons }) => lossOf(features, neurons));
        const rest = uncovered.map((d) => m.features[d]!.wr.dot(m.features[d]!.wr));
        expect(`${sum([...losses, ...rest])}`).toBe(`${approximateLoss(m, at)}`);
      }),
    );
  });

  test.each(['relu', 'gated'] as const)(
    'augmented, %s: what the biased model computes on each feature alone',
    (kind) => {
      fc.assert(
        fc.property(model, ({ directions, rows, shift }) => {
          const biased = weights(rows, shift, kind);
          const neurons = [...rows.keys()];
          const bare: Instance = { ...instanceOf(directions), activation: { kind }, neurons: rows.length };
          const m = augmented(bare, biased, neurons);
          expect([m.np, m.features[0]!.wp.length]).toEqual([4, 4]);
          const { residuals } = evaluate(m, [m.configuration!]);
          bare.features.forEach(({ wp: w, wr: r }, d) => {
            let left = r.minus(Vector.of(shift.map((x) => exactly(x / 8))));
            rows.forEach((row) => {
              const e = Vector.of(row.slice(0, 3).map((x) => exactly(x / 8)));
              const gate = e.dot(w).plus(exactly(row[3]! / 8));
              const factor = factorNear(exactly(row[7]! / 16));
              const z =
                kind === 'relu'
                  ? gate
                  : e
                      .dot(w)
                      .times(factor)
                      .plus(exactly(row[7]! / 8));
              const open = z.sign() > 0 && gate.sign() > 0;
              const u = Vector.of(row.slice(4, 7).map((x) => exactly(x / 8)));
              left = left.minus(u.times(open ? z : ZERO));
            });
            expect(`${residuals[d]![0]}`).toBe(`${left}`);
          });
        }),
      );
    },
  );

  test('without --augment, biases are refused; those of gates are not', () => {
    expect(() => configurationOf(weights([[1, 0, 0, 1, 0, 0, 1, 0]], [0, 0, 0], 'relu'), [0])).toThrow(/biases/);
    expect(() => configurationOf(weights([[1, 0, 0, 0, 0, 0, 1, 0]], [1, 0, 0], 'relu'), [0])).toThrow(/biases/);
    const gated = configurationOf(weights([[1, 0, 0, 3, 0, 0, 1, 0]], [0, 0, 0], 'gated'), [0]);
    expect(`${gated.gate!.bias}`).toBe('(3/8)');
  });
});
