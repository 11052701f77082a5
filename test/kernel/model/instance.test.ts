import { describe, expect, test } from 'vitest';
import {
  configurationOf,
  featureAt,
  type Instance,
  inputs,
  interference,
  patternOf,
  readInstance,
  targets,
  unitVector,
  weights,
} from '../../../src/kernel/model/instance.ts';
import { document, expectRejection, instance, node, q, vector } from '../read.ts';

const plain = {
  wp: [
    [1, 0],
    [0, 1],
  ],
  wr: [[1], ['1/2']],
  weights: [1, '0.5'],
  neurons: 3,
};
const read = (changes: object): Instance => readInstance(node({ ...document(plain), ...changes }));

const feature = (changes: object): object => ({
  features: [
    { label: 'a', wp: ['1', '0'], ...changes },
    { label: 'b', wp: ['0', '1'] },
  ],
});
const rows = (height: number, width: number): string[][] =>
  Array.from({ length: height }, () => new Array(width).fill('1'));
const gated = { activation: { kind: 'gated' }, we: rows(3, 2), wd: rows(1, 3) };

describe('reads', () => {
  test('features, shapes and defaults', () => {
    const m = read({});
    expect(inputs(m)).toEqual([vector(1, 0), vector(0, 1)]);
    expect(targets(m)).toEqual([vector(1), vector('1/2')]);
    expect(weights(m)).toEqual([q(1), q('1/2')]);
    expect([m.np, m.nr, m.neurons, m.pattern, m.configuration]).toEqual([2, 1, 3, undefined, undefined]);
    const sae = instance({ wp: [[1, 2]] });
    expect([featureAt(sae, 0).wr, featureAt(sae, 0).weight]).toEqual([vector(1, 2), q(1)]);
  });

  test('hierarchy, pattern, configuration', () => {
    const m = read({
      hierarchy: [{ parent: 'x', children: ['2', '1'] }],
      pattern: [[1, 2], [], [2]],
      we: rows(3, 2),
      wd: [['1', '2', '3']],
    });
    expect(m.hierarchy).toEqual([{ parent: 'x', children: [1, 0] }]);
    expect(patternOf(m)).toEqual([[0, 1], [], [1]]);
    expect(configurationOf(m).wd).toEqual([vector(1), vector(2), vector(3)]);
  });

  test.each([
    ['jumprelu', { theta: '0' }],
    ['jumprelu', { theta: '3/2' }],
    ['topk', { k: 1 }],
    ['topk-pure', { k: 1_000_000 }],
    ['batchtopk', { k: 2 }],
    ['relu', {}],
    ['identity', {}],
    ['gated', {}],
  ])('activation %s %j', (kind, parameter) => {
    expect(read({ activation: { kind, ...parameter } }).activation.kind).toBe(kind);
  });

  test('a gate for gated', () => {
    const m = read({ ...gated, gate: rows(3, 2), bias: ['0', '1', '-1'] });
    expect(configurationOf(m).gate?.bias).toEqual(vector(0, 1, -1));
  });
});

describe('refuses, as malformed', () => {
  // biome-ignore format: a table, one case a line
  const cases: readonly (readonly [what: string, changes: object, code: string, path: string])[] = [
    ['another format', { format: 'dictum/instance@3' }, 'unknown-word', '$.format'],
    ['an unknown key', { id: 'x' }, 'unknown-key', '$.id'],
    ['no features', { features: [] }, 'wrong-size', '$.features'],
    ['a name that is no string', { name: null }, 'wrong-type', '$.name'],
    ['a feature without direction', { features: [{ label: 'a' }] }, 'missing-key', '$.features[0].wp'],
    ['a feature with another key', feature({ mass: '1' }), 'unknown-key', '$.features[0].mass'],
    ['an empty direction', feature({ wp: [] }), 'wrong-size', '$.features[0].wp'],
    ['an empty target', feature({ wr: [] }), 'wrong-size', '$.features[0].wr'],
    ['a direction that is zero', feature({ wp: ['0', '-0.0'] }), 'zero-direction', '$.features[0].wp'],
    ['directions of two lengths', feature({ wp: ['1'] }), 'wrong-size', '$.features[1].wp'],
    ['a default target of another length', feature({ wr: ['1'] }), 'wrong-size', '$.features[1].wp'],
    ['a negative weight', feature({ weight: '-1/2' }), 'out-of-range', '$.features[0].weight'],
    ['a weight that is null', feature({ weight: null }), 'wrong-type', '$.features[0].weight'],
    ['a label twice', feature({ label: 'b' }), 'duplicate-label', '$.features[1].label'],
    ['no neurons', { neurons: 0 }, 'out-of-range', '$.neurons'],
    ['too many neurons', { neurons: 1_000_001 }, 'out-of-range', '$.neurons'],
    ['neurons as a string', { neurons: '3' }, 'out-of-range', '$.neurons'],
    ['an unknown activation', { activation: { kind: 'gelu' } }, 'unknown-word', '$.activation.kind'],
    ['constructor as an activation', { activation: { kind: 'constructor' } }, 'unknown-word', '$.activation.kind'],
    ['a threshold for relu', { activation: { kind: 'relu', theta: '1' } }, 'unknown-key', '$.activation.theta'],
    ['k for jumprelu', { activation: { kind: 'jumprelu', theta: '1', k: 1 } }, 'unknown-key', '$.activation.k'],
    ['no threshold', { activation: { kind: 'jumprelu' } }, 'missing-key', '$.activation.theta'],
    ['a negative threshold', { activation: { kind: 'jumprelu', theta: '-1' } }, 'out-of-range', '$.activation.theta'],
    ['no k', { activation: { kind: 'topk' } }, 'missing-key', '$.activation.k'],
    ['k = 0', { activation: { kind: 'topk', k: 0 } }, 'out-of-range', '$.activation.k'],
    ['k a string', { activation: { kind: 'batchtopk', k: '1' } }, 'out-of-range', '$.activation.k'],
    ['a pattern of another length', { pattern: [[1]] }, 'wrong-size', '$.pattern'],
    ['feature 0 in a pattern', { pattern: [[0], [], []] }, 'out-of-range', '$.pattern[0][0]'],
    ['feature n + 1 in a pattern', { pattern: [[], [3], []] }, 'out-of-range', '$.pattern[1][0]'],
    ['a set out of order', { pattern: [[], [], [2, 1]] }, 'not-increasing', '$.pattern[2][1]'],
    ['a feature twice in a set', { pattern: [[1, 1], [], []] }, 'not-increasing', '$.pattern[0][1]'],
    ['an unknown sub-concept', { hierarchy: [{ parent: 'x', children: ['3'] }] }, 'unknown-feature', '$.hierarchy[0].children[0]'],
    ['__proto__ as a sub-concept', { hierarchy: [{ parent: 'x', children: ['__proto__'] }] }, 'unknown-feature', '$.hierarchy[0].children[0]'],
    ['a sub-concept by number', { hierarchy: [{ parent: 'x', children: [1] }] }, 'wrong-type', '$.hierarchy[0].children[0]'],
    ['we alone', { we: rows(3, 2) }, 'missing-key', '$'],
    ['wd alone', { wd: rows(1, 3) }, 'missing-key', '$'],
    ['a gate alone', { gate: rows(3, 2) }, 'missing-key', '$'],
    ['we of another shape', { we: rows(2, 2), wd: rows(1, 3) }, 'wrong-size', '$.we'],
    ['wd transposed', { we: rows(3, 2), wd: rows(3, 1) }, 'wrong-size', '$.wd'],
    ['a gate for relu', { we: rows(3, 2), wd: rows(1, 3), gate: rows(3, 2) }, 'unknown-key', '$.gate'],
    ['a bias for relu', { we: rows(3, 2), wd: rows(1, 3), bias: ['0', '0', '0'] }, 'unknown-key', '$.bias'],
    ['gated without its gate', gated, 'missing-key', '$.we'],
    ['gated without its bias', { ...gated, gate: rows(3, 2) }, 'missing-key', '$.we'],
    ['a bias of another length', { ...gated, gate: rows(3, 2), bias: ['0'] }, 'wrong-size', '$.bias'],
    ['a gate of another shape', { ...gated, gate: rows(3, 1), bias: ['0', '0', '0'] }, 'wrong-size', '$.gate[0]'],
  ];
  test.each(cases)('%s', (_, changes, code, path) => {
    expect(expectRejection(() => read(changes), code, path).kind).toBe('malformed');
  });
});

describe('what claims ask for', () => {
  test('a pattern or a configuration that is not there is missing data', () => {
    expect(expectRejection(() => patternOf(read({})), 'missing-data', '$.instance.pattern').kind).toBe('invalid');
    expectRejection(() => configurationOf(read({})), 'missing-data', '$.instance.we');
  });

  test('interference is the largest product of two different features, negative ones too', () => {
    expect(interference(instance({ wp: [[2]] }))).toBeUndefined();
    expect(
      interference(
        instance({
          wp: [
            [1, 0],
            ['-3/5', '4/5'],
            [-1, 0],
          ],
        }),
      ),
    ).toEqual(q('3/5'));
    expect(interference(instance({ wp: [[1], [-2]] }))).toEqual(q(-2));
    expect(
      interference(
        instance({
          wp: [
            [1, 1],
            [1, 1],
          ],
        }),
      ),
    ).toEqual(q(2));
  });

  test('unit vectors', () => {
    expect(unitVector(3, 1)).toEqual(vector(0, 1, 0));
    expect(() => featureAt(read({}), 2)).toThrow(RangeError);
  });
});
