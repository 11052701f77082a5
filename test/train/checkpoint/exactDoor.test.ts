/** What is decided about a checkpoint starts from the file's own numbers: against integers worked out here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { Instance, Pattern } from '../../../src/kernel/model/instance.ts';
import { approximateLoss, patternShown } from '../../../src/kernel/model/model.ts';
import { Rational, sum, ZERO } from '../../../src/kernel/numbers/rational.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { activationOf, augmented, changesOf, exactly } from '../../../src/train/checkpoint/exactModel.ts';
import { exactSets } from '../../../src/train/checkpoint/exactSets.ts';
import { exponential, factorNear, signOfScaled } from '../../../src/train/checkpoint/exponential.ts';
import type { Method } from '../../../src/train/methods/method.ts';
import type { ModelWeights } from '../../../src/train/model/weights.ts';
import { dictum, folder } from '../../commands/run.ts';
import { metricsOf, refusal } from '../metrics/metricsOf.ts';
import { checkpoint, featuresFile } from './checkpointFiles.ts';

// Some start processes of their own.
vi.setConfig({ testTimeout: 180_000 });

const DIMENSIONS = 2;
/** Weights are integers over 2^45: doubles hold them exactly, floats of 32 bits do not. */
const UNIT = 2 ** 45;
/** Small beside 1, so that much cancels. */
const nearWhole = fc
  .tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -3, max: 3 }))
  .map(([whole, rest]) => BigInt(whole) * BigInt(UNIT) + BigInt(rest));
const row = fc.array(nearWhole, { minLength: DIMENSIONS, maxLength: DIMENSIONS });
const drawn = fc.record({
  rows: fc.array(fc.record({ e: row, b: nearWhole, u: row, theta: nearWhole }), { minLength: 1, maxLength: 4 }),
  bd: row,
  features: fc.array(row, { minLength: 1, maxLength: 4 }),
  subtracts: fc.boolean(),
});

type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

const doubles = (values: readonly bigint[]): Float64Array => Float64Array.from(values, (x) => Number(x) / UNIT);
const table = (rows: readonly (readonly bigint[])[]) => ({
  rows: rows.length,
  columns: DIMENSIONS,
  stride: DIMENSIONS,
  data: doubles(rows.flat()),
});

const weightsOf = ({ rows, bd, subtracts }: Drawn, more: Partial<ModelWeights> = {}): ModelWeights => ({
  we: table(rows.map(({ e }) => e)),
  wd: table(rows.map(({ u }) => u)),
  be: doubles(rows.map(({ b }) => b)),
  bd: doubles(bd),
  ...(subtracts && { subtracts }),
  ...more,
});

const exactRow = (values: readonly bigint[]): Vector => Vector.of(values.map((x) => Rational.of(x, BigInt(UNIT))));

/** z of every neuron on every feature, times 2^90. */
const integers = ({ rows, bd, features, subtracts }: Drawn): bigint[][] =>
  rows.map(({ e, b }) =>
    features.map((w) => w.reduce((total, x, k) => total + e[k]! * (subtracts ? x - bd[k]! : x), b * BigInt(UNIT))),
  );

const instanceOf = ({ features, rows }: Drawn, method: Method, weights: ModelWeights): Instance => ({
  format: 'dictum/instance@1',
  name: '',
  features: features.map((w, d) => ({ label: `${d}`, wp: exactRow(w), wr: exactRow(w), weight: Rational.of(1n) })),
  activation: activationOf(method, weights, [...rows.keys()]),
  neurons: rows.length,
  np: DIMENSIONS,
  nr: DIMENSIONS,
  hierarchy: [],
});

const setsOf = (values: readonly (readonly bigint[])[], above: (i: number) => bigint): Pattern =>
  values.map((z, i) => z.flatMap((x, d) => (x > above(i) ? [d] : [])));

describe('sets, and the instance that is written', () => {
  test('ReLU with biases and b_dec subtracted, entries longer than 32 bits', () => {
    fc.assert(
      fc.property(drawn, (model) => {
        const weights = weightsOf(model);
        const all = [...model.rows.keys()];
        const sets = exactSets({ kind: 'relu', l1: 0 }, weights, all, model.features.map(exactRow));
        const z = integers(model);
        expect(sets).toEqual(setsOf(z, () => 0n));
        const m = augmented(instanceOf(model, { kind: 'relu', l1: 0 }, weights), weights, all);
        expect(patternShown(m, m.configuration!)).toEqual(sets);
        // L~ of the instance is the squared error of the model, in integers over 2^270.
        const unit = BigInt(UNIT) ** 2n;
        const loss = model.features.map((w, d) =>
          w.map((x, c) => {
            const made = model.rows.reduce((total, { u }, i) => total + (z[i]![d]! > 0n ? z[i]![d]! * u[c]! : 0n), 0n);
            const left = Rational.of((x - model.bd[c]!) * unit - made, unit * BigInt(UNIT));
            return left.times(left);
          }),
        );
        expect(`${approximateLoss(m, m.configuration!)}`).toBe(`${sum(loss.flat())}`);
      }),
    );
  });

  test('JumpReLU with a threshold for each neuron: rescaled exactly to one, the same sets and the same loss', () => {
    const method: Method = { kind: 'jumprelu', l0: 0, bandwidth: 1, threshold: 0 };
    fc.assert(
      fc.property(drawn, (model) => {
        const thresholds = model.rows.map(({ theta }) => (theta < 0n ? -theta : theta));
        const weights = weightsOf(model, { theta: doubles(thresholds) });
        const all = [...model.rows.keys()];
        const sets = exactSets(method, weights, all, model.features.map(exactRow));
        expect(sets).toEqual(setsOf(integers(model), (i) => thresholds[i]! * BigInt(UNIT)));
        const unlike = thresholds.some((x) => x > 0n) && thresholds.some((x) => x === 0n);
        const make = (): Instance => augmented(instanceOf(model, method, weights), weights, all);
        if (unlike) {
          expect(make).toThrow(/all 0/);
          return;
        }
        const m = make();
        expect(patternShown(m, m.configuration!)).toEqual(sets);
        // Without the threshold's factor the decoder would be another: compared by what it gives.
        const z = integers(model);
        const first = m.configuration!;
        model.features.forEach((_, d) => {
          const given = sets.reduce(
            (total, set, i) =>
              set.includes(d) ? total.plus(first.wd[i]!.times(first.we[i]!.dot(m.features[d]!.wp))) : total,
            Vector.zero(DIMENSIONS),
          );
          const wanted = sets.reduce(
            (total, set, i) =>
              set.includes(d)
                ? total.plus(exactRow(model.rows[i]!.u).times(Rational.of(z[i]![d]!, BigInt(UNIT) ** 2n)))
                : total,
            Vector.zero(DIMENSIONS),
          );
          expect(`${given}`).toBe(`${wanted}`);
        });
      }),
    );
  });

  test('Top-k that ranks by z |u|: by squares, in integers; the instance shows the same', () => {
    const method: Method = { kind: 'topk', k: 1 };
    fc.assert(
      fc.property(drawn, (model) => {
        fc.pre(model.rows.every(({ u }) => u.some((x) => x !== 0n)));
        const weights = weightsOf(model, { ranksByNorm: true });
        const all = [...model.rows.keys()];
        const z = integers(model);
        const size = model.rows.map(({ u }) => u.reduce((total, x) => total + x * x, 0n));
        const score = (i: number, d: number): bigint => (z[i]![d]! > 0n ? z[i]![d]! ** 2n * size[i]! : 0n);
        const best = model.features.map((_, d) => all.map((i) => score(i, d)).sort((a, b) => (a < b ? 1 : -1)));
        fc.pre(best.every(([first, second]) => first === 0n || first !== second));
        const sets = exactSets(method, weights, all, model.features.map(exactRow));
        expect(sets).toEqual(
          all.map((i) => best.flatMap(([first], d) => (first! > 0n && score(i, d) === first ? [d] : []))),
        );
      }),
    );
  });

  test('gated, r_mag irrational in effect: the sign of exp(r) <e, x - b_d> + b is certain', () => {
    const beside = { on: 0, off: 0 };
    fc.assert(
      fc.property(drawn, fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 4, maxLength: 4 }), (model, r) => {
        const method: Method = { kind: 'gated', l1: 0 };
        const magnitude = Float64Array.from(model.rows, (_, i) => r[i]! / 8);
        const magnitudeBias = doubles(model.rows.map(({ theta }) => theta));
        const weights = weightsOf(model, { magnitude, magnitudeBias });
        const all = [...model.rows.keys()];
        const sets = exactSets(method, weights, all, model.features.map(exactRow));
        const open = integers(model);
        const linear = integers({ ...model, rows: model.rows.map((own) => ({ ...own, b: 0n })) });
        all.forEach((i) => {
          model.features.forEach((_, d) => {
            if (open[i]![d]! <= 0n) {
              expect(sets[i]).not.toContain(d);
              return;
            }
            // Beside: doubles, where they are far from 0.
            const value = Math.exp(magnitude[i]!) * (Number(linear[i]![d]!) / UNIT ** 2) + magnitudeBias[i]!;
            if (Math.abs(value) > 1e-6) beside[value > 0 ? 'on' : 'off']++;
            if (Math.abs(value) > 1e-6) expect(sets[i]!.includes(d)).toBe(value > 0);
          });
        });
        const changed = changesOf(weights, all);
        expect(changed.has('magnitudes')).toBe(model.rows.some((_, i) => r[i] !== 0));
      }),
    );
    expect(Math.min(beside.on, beside.off)).toBeGreaterThan(10);
  });
});

describe('exp between rationals', () => {
  const small = fc.tuple(fc.integer({ min: -4000, max: 4000 }), fc.integer({ min: 1, max: 200 }));
  test('holds what Math.exp gives, and is as narrow as asked', () => {
    fc.assert(
      fc.property(small, ([num, den]) => {
        const r = Rational.of(BigInt(num), BigInt(den));
        fc.pre(Math.abs(num / den) < 200);
        const { low, high } = exponential(r, 80);
        expect(low.compare(high)).toBeLessThanOrEqual(0);
        const width = high.minus(low).over(low);
        expect(width.compare(Rational.of(1n, 1n << 60n))).toBeLessThan(0);
        const near = factorNear(r).over(exactly(Math.exp(num / den)));
        // num / den and exp are each rounded.
        const off = near.minus(Rational.of(1n));
        const slack = Rational.of(BigInt(Math.ceil(4 + Math.abs(num / den))), 1n << 52n);
        expect(off.times(off).compare(slack.times(slack))).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('e lies where its digits say, and signs are those of the difference', () => {
    const digits = Rational.parse('2.71828182845904523536028747135266249')!;
    const { low, high } = exponential(Rational.of(1n), 90);
    const last = Rational.parse('1e-25')!;
    expect([low.compare(digits.plus(last)), high.compare(digits.minus(last))]).toEqual([-1, 1]);
    const one = Rational.of(1n);
    expect(signOfScaled(one, one, digits.minus(last).negated())).toBe(1);
    expect(signOfScaled(one, one, digits.plus(last).negated())).toBe(-1);
    expect(signOfScaled(one, one.negated(), digits.plus(last))).toBe(1);
    expect(signOfScaled(ZERO, one, one.negated())).toBe(0);
    expect(signOfScaled(one, ZERO, ZERO)).toBe(0);
    expect(signOfScaled(one.negated(), ZERO, one)).toBe(1);
  });
});

describe('dictum metrics', () => {
  const cfg = (architecture: string, subtracts = false) => ({ architecture, apply_b_dec_to_input: subtracts });
  const identity = [
    [1, 0],
    [0, 1],
  ];

  test('weights of 64 bits are not rounded before sets are decided', async () => {
    const tensors = { W_enc: [[1], [-(1 - 2 ** -40)]], W_dec: [[1, 1]] };
    const { at, file } = checkpoint(tensors, { ...cfg('standard'), dtype: 'float64' }, { wide: true });
    const features = featuresFile(at, [
      [1, 1],
      [0, -1],
    ]);
    const { components } = await metricsOf(file, '-f', features, '--components');
    expect(components).toEqual({ parts: [{ neurons: [1], features: [1, 2] }], dead: [], uncovered: [] });
    await metricsOf(file, '-f', features, '--instance', join(at, 'all.json'));
    expect(readFileSync(join(at, 'all.json'), 'utf8')).toContain('"we":[["1","-1099511627775/1099511627776"]]');
  });

  test('a feature that is b_dec itself is covered by no neuron', async () => {
    const bd = [0.7, -1.3].map(Math.fround);
    const rows = [
      [0.3, 0.9, -1.1, 0.01],
      [-0.77, 1.3, 0.2, 5.5],
    ];
    const { at, file } = checkpoint(
      {
        W_enc: rows,
        W_dec: [
          [1, 0],
          [0, 1],
          [1, 1],
          [2, 1],
        ],
        b_enc: [0, 0, 0, 0],
        b_dec: bd,
      },
      cfg('standard', true),
    );
    const features = featuresFile(at, [bd.map((x) => `${exactly(x)}`), [5, 7]]);
    const { components } = await metricsOf(file, '-f', features, '--augment', '--components');
    expect(components!.uncovered).toContain(1);
  });

  test('an instance has the pattern that it shows, and says which neurons of the checkpoint it has', () => {
    const { at, file } = checkpoint({ W_enc: identity, W_dec: identity, threshold: [0.5, 0.25] }, cfg('jumprelu'));
    const features = featuresFile(at, identity);
    const [all, part] = [join(at, 'all.json'), join(at, 'part.json')];
    expect(dictum(['metrics', file, '-f', features, '--instance', all]).err).toContain('rescaled exactly');
    const whole = JSON.parse(readFileSync(all, 'utf8')) as { pattern: unknown; name: string; we: unknown; wd: unknown };
    expect(whole).toMatchObject({
      name: 'features.json',
      pattern: [[1], [2]],
      we: [
        ['1', '0'],
        ['0', '2'],
      ],
    });
    expect(whole).toMatchObject({
      activation: { theta: '1/2' },
      wd: [
        ['1', '0'],
        ['0', '1/2'],
      ],
    });
    expect(dictum(['realize', all]).out).toContain('realizable');
    for (const chosen of [
      ['--component', '2'],
      ['--neurons', '2'],
    ]) {
      const ran = dictum(['metrics', file, '-f', features, ...chosen, '--instance', part]);
      expect(ran.code, ran.err).toBe(0);
      expect(JSON.parse(readFileSync(part, 'utf8'))).toMatchObject({
        name: 'features.json, neuron 2 of sae_weights.safetensors',
        pattern: [[2]],
        activation: { theta: '1/4' },
      });
    }
  });

  test('thresholds of 0 beside others: components are decided, an instance of both is refused', async () => {
    const { at, file } = checkpoint({ W_enc: identity, W_dec: identity, threshold: [0, 0.25] }, cfg('jumprelu'));
    const features = featuresFile(at, identity);
    expect((await metricsOf(file, '-f', features, '--components')).components!.parts).toHaveLength(2);
    const refused = await refusal(file, '-f', features, '--instance', join(folder(), 'x.json'));
    expect(refused).toMatchObject({ path: 'threshold', found: 'both: neurons 1 and 2' });
  });

  test('a tie of Top-k is no pattern: the instance is written without one, which is said', () => {
    const { at, file } = checkpoint({ W_enc: identity, W_dec: identity }, { ...cfg('topk'), k: 1 });
    const features = featuresFile(at, [
      [1, 1],
      [1, 0],
    ]);
    const out = join(at, 'tie.json');
    const ran = dictum(['metrics', file, '-f', features, '--instance', out]);
    expect([ran.code, ran.err.includes('without a pattern: a tie of neuron 1')], ran.err).toEqual([0, true]);
    expect(JSON.parse(readFileSync(out, 'utf8'))).not.toHaveProperty('pattern');
  });
});
