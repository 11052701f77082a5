/** `dictum/instance@2`: what it is brought into, compared with the loss computed from the document by another route. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../src/kernel/document/json.ts';
import { Node } from '../../../src/kernel/document/node.ts';
import { configurationOf, type Instance, readInstance } from '../../../src/kernel/model/instance.ts';
import { approximateLoss } from '../../../src/kernel/model/model.ts';
import { Rational, ZERO } from '../../../src/kernel/numbers/rational.ts';
import { Rejection } from '../../../src/kernel/numbers/rejection.ts';
import { instanceDocument } from '../../../src/solve/proofs/document.ts';
import { compareWithSchema } from '../../../src/terminal/door.ts';

type Row = readonly (string | number)[];
interface Given {
  readonly features: readonly {
    readonly wp: Row;
    readonly wr?: Row;
    readonly weight?: string;
    readonly label?: string;
  }[];
  readonly activation?: object;
  readonly [key: string]: unknown;
}

const document = ({ features, ...rest }: Given): object => ({
  format: 'dictum/instance@2',
  name: 'given',
  activation: { kind: 'relu' },
  neurons: 1,
  ...rest,
  features: features.map((f, d) => ({
    label: `${d + 1}`,
    ...f,
    wp: f.wp.map(String),
    ...(f.wr && { wr: f.wr.map(String) }),
  })),
});
const read = (given: Given): Instance => readInstance(new Node(parseJson(JSON.stringify(document(given)))));
const shown = (m: Instance): string[] => m.features.map((f) => `${f.label}: ${f.wp} -> ${f.wr} x ${f.weight}`);

describe('what stands in the place of a document', () => {
  test('a bias adds the entry 1, and unit-norm is about the directions without it', () => {
    const m = read({
      features: [{ wp: ['3/5', '4/5'] }],
      encoderBias: 'free',
      we: [['1', '0', '-1/2']],
      wd: [['1'], ['2']],
    });
    expect(shown(m)).toEqual(['1: (3/5, 4/5, 1) -> (3/5, 4/5) x 1']);
    expect(`${configurationOf(m).we[0]}`).toBe('(1, 0, -1/2)');
    expect(`${m.lifted?.given[0]?.wp}`).toBe('(3/5, 4/5)');
  });

  test('what is subtracted and what is added', () => {
    const m = read({ features: [{ wp: [1, 0], wr: [5] }], inputBias: ['1/2', '-1'], decoderBias: ['2'] });
    expect(shown(m)).toEqual(['1: (1/2, 1) -> (3) x 1']);
  });

  test('thresholds divide rows and multiply columns', () => {
    const activation = { kind: 'jumprelu', theta: ['1/2', '3'] };
    const m = read({ features: [{ wp: [1] }], activation, neurons: 2, we: [['1'], ['6']], wd: [['4', '5']] });
    expect(m.activation).toMatchObject({ kind: 'jumprelu', theta: { num: 1n, den: 1n } });
    expect(configurationOf(m).we.map(String)).toEqual(['(2)', '(2)']);
    expect(configurationOf(m).wd.map(String)).toEqual(['(2)', '(15)']);
  });

  test('inputs on one ray are one feature', () => {
    const ray = [
      { wp: [1, 0], weight: '1/4' },
      { wp: [2, 0], weight: '1/8' },
    ];
    const m = read({ subject: 'inputs', features: ray });
    expect(shown(m)).toEqual(['1: (1, 0) -> (1, 0) x 3/4']);
    expect(`${m.lifted?.constant}`).toBe('0');
    const targets = read({
      subject: 'inputs',
      features: [
        { wp: [1, 0], wr: [1], weight: '1/2' },
        { wp: [2, 0], wr: [0], weight: '1/2' },
      ],
    });
    expect(shown(targets)).toEqual(['1: (1, 0) -> (1/5) x 5/2']);
    expect(`${targets.lifted?.constant}`).toBe('2/5');
    // Of opposite directions both stay; with a bias or a threshold all but equal ones.
    expect(read({ subject: 'inputs', features: [{ wp: [1, 0] }, { wp: [-2, 0] }] }).features).toHaveLength(2);
    expect(read({ subject: 'inputs', features: ray, encoderBias: 'free' }).features).toHaveLength(2);
    expect(
      read({ subject: 'inputs', features: ray, activation: { kind: 'jumprelu', theta: '1' } }).features,
    ).toHaveLength(2);
    expect(
      read({ subject: 'inputs', features: ray, activation: { kind: 'jumprelu', theta: '0' } }).features,
    ).toHaveLength(1);
    const equal = [ray[0]!, ray[0]!, ray[1]!];
    expect(shown(read({ subject: 'inputs', features: equal, encoderBias: 'free' }))).toEqual([
      '1: (1, 0, 1) -> (1, 0) x 1/2',
      '3: (2, 0, 1) -> (2, 0) x 1/8',
    ]);
  });

  test('the input 0 costs a constant without a bias, and is a feature with one', () => {
    const features = [
      { wp: [0, 0], wr: [3], weight: '1/2' },
      { wp: [1, 0], wr: [1] },
    ];
    const plain = read({ subject: 'inputs', features });
    expect([shown(plain), `${plain.lifted?.constant}`]).toEqual([['2: (1, 0) -> (1) x 1'], '9/2']);
    const biased = read({ subject: 'inputs', features, encoderBias: 'free' });
    expect(shown(biased)).toEqual(['1: (0, 0, 1) -> (3) x 1/2', '2: (1, 0, 1) -> (1) x 1']);
    const shifted = read({ subject: 'inputs', features, inputBias: ['1', '0'] });
    expect([shown(shifted), `${shifted.lifted?.constant}`]).toEqual([['1: (-1, 0) -> (3) x 1/2'], '1']);
  });
});

interface Plain {
  readonly xs: readonly (readonly Rational[])[];
  readonly ys: readonly (readonly Rational[])[];
  readonly weights: readonly Rational[];
  readonly we: readonly (readonly Rational[])[];
  readonly wd: readonly (readonly Rational[])[];
  readonly biases: readonly Rational[];
  readonly inputBias: readonly Rational[];
  readonly decoderBias: readonly Rational[];
  readonly thetas: readonly Rational[];
  readonly k?: number;
}

/** The loss of the document itself, in plain loops: sum of weight |y - output|^2. */
function lossOf(given: Plain): Rational {
  const { xs, ys, weights, we, wd, biases, inputBias, decoderBias, thetas, k } = given;
  let total = ZERO;
  xs.forEach((x, s) => {
    const pre = we.map((e, i) => e.reduce((z, c, p) => z.plus(c.times(x[p]!.minus(inputBias[p]!))), biases[i]!));
    const order = pre.map((_, i) => i).sort((a, b) => pre[b]!.compare(pre[a]!));
    const passes = pre.map((z, i) => z.compare(thetas[i]!) > 0 && (k === undefined || order.indexOf(i) < k));
    ys[s]!.forEach((y, q) => {
      const out = wd[q]!.reduce((o, u, i) => (passes[i] ? o.plus(u.times(pre[i]!)) : o), decoderBias[q]!);
      total = total.plus(weights[s]!.times(y.minus(out)).times(y.minus(out)));
    });
  });
  return total;
}

const number = fc.integer({ min: -3, max: 3 }).map((x) => Rational.of(BigInt(x), 2n));
const above = fc.integer({ min: 1, max: 6 }).map((x) => Rational.of(BigInt(x), 2n));
const grid = <T>(rows: number, columns: number, of: fc.Arbitrary<T>): fc.Arbitrary<T[][]> =>
  fc.array(fc.array(of, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows });

/** Inputs among few, so that many are equal, on one ray, or 0. */
const models = fc
  .record({
    kind: fc.constantFrom('relu', 'jumprelu', 'thresholds', 'topk'),
    biased: fc.boolean(),
    xs: grid(
      7,
      2,
      fc.constantFrom(-1, 0, 1, 2).map((x) => Rational.of(BigInt(x))),
    ),
    ys: grid(7, 2, number),
    weights: fc.array(above, { minLength: 7, maxLength: 7 }),
    we: grid(3, 2, number),
    wd: grid(2, 3, number),
    own: fc.array(number, { minLength: 3, maxLength: 3 }),
    inputBias: fc.constantFrom([ZERO, ZERO], [Rational.of(1n), Rational.of(-1n, 2n)]),
    decoderBias: fc.array(number, { minLength: 2, maxLength: 2 }),
    own_thetas: fc.array(above, { minLength: 3, maxLength: 3 }),
  })
  .map(({ kind, biased, own, own_thetas, ...rest }) => ({
    ...rest,
    biased,
    biases: own.map((b) => (biased ? b : ZERO)),
    thetas: own_thetas.map((t) => (kind === 'thresholds' ? t : kind === 'jumprelu' ? own_thetas[0]! : ZERO)),
    ...(kind === 'topk' && { k: 2 }),
    activation:
      kind === 'thresholds'
        ? { kind: 'jumprelu', theta: own_thetas.map(String) }
        : kind === 'jumprelu'
          ? { kind, theta: `${own_thetas[0]}` }
          : kind === 'topk'
            ? { kind, k: 2 }
            : { kind },
  }));

test('L~ and the constant are the loss on the inputs, whatever the model', () => {
  let merges = 0;
  fc.assert(
    fc.property(models, (of) => {
      const text = (rows: readonly (readonly Rational[])[]): string[][] => rows.map((row) => row.map(String));
      const given: Given = {
        subject: 'inputs',
        activation: of.activation,
        neurons: 3,
        features: of.xs.map((x, s) => ({ wp: x.map(String), wr: of.ys[s]!.map(String), weight: `${of.weights[s]}` })),
        ...(of.biased && { encoderBias: 'free' }),
        inputBias: of.inputBias.map(String),
        decoderBias: of.decoderBias.map(String),
        we: text(of.we.map((e, i) => (of.biased ? [...e, of.biases[i]!] : e))),
        wd: text(of.wd),
      };
      let m: Instance;
      try {
        m = read(given);
      } catch (thrown) {
        // All inputs 0: nothing is left.
        if (thrown instanceof Rejection && thrown.code === 'zero-direction') return;
        throw thrown;
      }
      merges += of.xs.length - m.features.length;
      let loss: Rational;
      try {
        loss = approximateLoss(m, configurationOf(m));
      } catch (thrown) {
        if (thrown instanceof Rejection && thrown.code === 'tie') return;
        throw thrown;
      }
      expect(`${loss.plus(m.lifted!.constant)}`).toBe(`${lossOf(of)}`);
      expect(compareWithSchema(parseJson(JSON.stringify(document(given))), 'f')).toBeUndefined();
      // Written out, it is read as the same.
      const again = readInstance(new Node(parseJson(JSON.stringify(instanceDocument(m)))));
      expect(shown(again)).toEqual(shown(m));
      expect(`${approximateLoss(again, configurationOf(again))}`).toBe(`${loss}`);
    }),
    { numRuns: 300 },
  );
  expect(merges).toBeGreaterThan(100);
});

const one = [{ wp: [1, 0] }];
const REFUSED: readonly [string, Given, string, string][] = [
  ['a key of the first format', { features: one, anchors: [1] }, 'unknown-key', '$.anchors'],
  ['a distribution', { features: one, distribution: { joint: [] } }, 'unknown-key', '$.distribution'],
  ['a gate', { features: one, activation: { kind: 'gated' } }, 'unknown-word', '$.activation.kind'],
  ['a bias of another kind', { features: one, encoderBias: 'given' }, 'unknown-word', '$.encoderBias'],
  ['another subject', { features: one, subject: 'rows' }, 'unknown-word', '$.subject'],
  [
    'a row without its bias',
    { features: one, encoderBias: 'free', we: [[1, 0]], wd: [[1], [1]] },
    'wrong-size',
    '$.we[0]',
  ],
  ['a row with a bias that is none', { features: one, we: [[1, 0, 0]], wd: [[1], [1]] }, 'wrong-size', '$.we[0]'],
  ['an inputBias of another length', { features: one, inputBias: ['1'] }, 'wrong-size', '$.inputBias'],
  ['a decoderBias of another length', { features: one, decoderBias: ['1'] }, 'wrong-size', '$.decoderBias'],
  ['a direction that becomes 0', { features: one, inputBias: ['1', '0'] }, 'zero-direction', '$.features[0].wp'],
  ['a feature 0', { features: [{ wp: [0, 0] }] }, 'zero-direction', '$.features[0].wp'],
  ['inputs that are all 0', { features: [{ wp: [0, 0] }], subject: 'inputs' }, 'zero-direction', '$.features'],
  [
    'a batch of inputs',
    { features: one, subject: 'inputs', activation: { kind: 'batchtopk', k: 1 } },
    'unknown-word',
    '$.activation.kind',
  ],
  ['a hierarchy of inputs', { features: one, subject: 'inputs', hierarchy: [] }, 'unknown-key', '$.hierarchy'],
  [
    'two thresholds for one neuron',
    { features: one, activation: { kind: 'jumprelu', theta: ['1', '1'] } },
    'wrong-size',
    '$.activation.theta',
  ],
  [
    'a threshold 0 for a neuron',
    { features: one, activation: { kind: 'jumprelu', theta: ['0'] } },
    'out-of-range',
    '$.activation.theta',
  ],
  [
    'thresholds of relu',
    { features: one, activation: { kind: 'relu', theta: ['1'] } },
    'unknown-key',
    '$.activation.theta',
  ],
  [
    'a label twice',
    {
      features: [
        { wp: [1], label: 'a' },
        { wp: [2], label: 'a' },
      ],
      subject: 'inputs',
    },
    'duplicate-label',
    '$.features[1].label',
  ],
  [
    'a set with a merged input',
    { features: [{ wp: [1] }, { wp: [2] }], subject: 'inputs', pattern: [[1, 2]] },
    'out-of-range',
    '$.pattern[0][1]',
  ],
];

/** What only the kernel sees: relations between parts of a file. */
const ACROSS = ['wrong-size', 'zero-direction', 'duplicate-label', 'out-of-range'];

test.each(REFUSED)('the schema refuses %s with the same code, or does not see it', (_, given, code) => {
  const problem = compareWithSchema(parseJson(JSON.stringify(document(given))), 'f');
  if (problem) expect(problem.code).toBe(code);
  else expect(ACROSS).toContain(code);
});

test.each(REFUSED)('%s is refused', (_, given, code, path) => {
  expect(() => read(given)).toThrow(expect.objectContaining({ kind: 'malformed', code, path }));
});
