import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ONE, Rational } from '../../../src/kernel/numbers/rational.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { hasRealInput, realInputPath } from '../../realInput.ts';
import { corpora, dictum, folder } from '../run.ts';

const table = join(corpora, 'valid', 'vectors-table.json');
const map = join(corpora, 'valid', 'vectors-map.json');

interface Instance {
  readonly name: string;
  readonly features: readonly { readonly label: string; readonly wp: readonly string[] }[];
  readonly activation: object;
  readonly neurons: number;
  readonly pattern?: readonly (readonly number[])[];
}

function imported(...args: readonly string[]): Instance {
  const { code, out } = dictum(['import', ...args]);
  expect(code).toBe(0);
  return JSON.parse(out) as Instance;
}
const labels = (instance: Instance): string[] => instance.features.map((f) => f.label);
const vector = (entries: readonly string[]): Vector => Vector.of(entries.map((x) => Rational.parse(x)!));

describe('selection', () => {
  test('rest: the selected first, then the others in the order of the file', () => {
    const m = imported(table, '--select', '"2020"');
    expect(labels(m)).toEqual(['2020', 'king', 'queen']);
    expect(m).toMatchObject({
      pattern: [[1]],
      neurons: 1,
      activation: { kind: 'relu' },
      name: 'vectors-table.json 2020',
    });
  });

  test('all: the order of the file; the selection is the pattern only', () => {
    const m = imported(table, '--select', '2020,king', '--against', 'all');
    expect(labels(m)).toEqual(['king', 'queen', '2020']);
    expect(m.pattern).toEqual([[1, 3]]);
  });

  test('none: the selected alone; without a selection, everything and no pattern', () => {
    expect(labels(imported(table, '-s', 'queen,king', '-a', 'none'))).toEqual(['queen', 'king']);
    const m = imported(table);
    expect(labels(m)).toEqual(['king', 'queen', '2020']);
    expect(m.pattern).toBeUndefined();
  });

  test('a list in a file, one label a line', () => {
    const list = join(folder(), 'labels.txt');
    writeFileSync(list, 'queen\r\n\n  2020\n');
    expect(imported(table, '--select', `@${list}`).pattern).toEqual([[1, 2]]);
  });

  test('a pattern of its own, dead neurons, an activation', () => {
    const m = imported(
      table,
      '--pattern',
      'king;"2020",2',
      '--neurons',
      '4',
      '--activation',
      'jumprelu:1/2',
      '--name',
      'x',
    );
    expect(m).toMatchObject({ name: 'x', pattern: [[1], [2, 3], [], []], neurons: 4 });
    expect(m.activation).toEqual({ kind: 'jumprelu', theta: '1/2' });
  });
});

test('a map, in which "labels" and "vectors" are words like others; numbers are read exactly', () => {
  const m = imported(map);
  expect(labels(m)).toEqual(['king', 'queen', 'labels', 'vectors']);
  expect(m.features[0]?.wp).toEqual(['1/2', '1/4', '-1/1000']);
  expect(imported(table).features[1]?.wp).toEqual(['1/3', '1/2']);
});

test('the decimals given come back exactly, and realize reads what import writes', () => {
  const decimal = fc
    .tuple(fc.integer({ min: -999_999, max: 999_999 }), fc.integer({ min: -9, max: 3 }))
    .map(([digits, power]) => `${digits}e${power}`);
  const vectors = fc
    .integer({ min: 1, max: 4 })
    .chain((p) => fc.array(fc.array(decimal, { minLength: p, maxLength: p }), { minLength: 1, maxLength: 5 }))
    .filter((rows) => rows.every((row) => !vector(row).isZero()));
  fc.assert(
    fc.property(vectors, (rows) => {
      const text = `{${rows.map((row, d) => `"w${d}":[${row.join(',')}]`).join(',')}}`;
      const { code, out } = dictum(['import', '-', '--select', 'w0'], { input: text });
      expect(code).toBe(0);
      const m = JSON.parse(out) as Instance;
      rows.forEach((row, d) => {
        expect(vector(m.features[d]!.wp).equals(vector(row))).toBe(true);
      });
      expect(dictum(['realize', '-', '--json'], { input: out }).code).toBe(0);
    }),
    { numRuns: 8 },
  );
});

test('--unit: every direction exactly unit; of rational length, only divided', () => {
  for (const { wp } of imported(map, '--unit').features) expect(vector(wp).dot(vector(wp)).equals(ONE)).toBe(true);
  const text = '{"a":[0.3,0.4],"b":[1,1]}';
  const ran = dictum(['import', '-', '--unit', '--angle', '0.1'], { input: text });
  expect((JSON.parse(ran.out) as Instance).features.map((f) => f.wp)).toEqual([
    ['3/5', '4/5'],
    ['21/29', '20/29'],
  ]);
  expect(ran.err).toBe(
    '2 features in 2 dimensions, 1 neuron, every direction exactly unit, turned by at most 1/10 rad\n',
  );
});

test('--out: the file, and a summary', () => {
  const out = join(folder(), 'out.json');
  const ran = dictum(['import', table, '-s', 'king', '--unit', '--out', out, '--json']);
  expect(JSON.parse(ran.out)).toEqual({
    format: 'dictum/import@1',
    out,
    features: 3,
    dimensions: 2,
    neurons: 1,
    pattern: [[1]],
    unit: { angle: '1/100000' },
  });
  expect(dictum(['realize', out]).code).toBe(0);
  const again = dictum(['import', table, '-s', 'king', '--unit']);
  expect(readFileSync(out, 'utf8')).toBe(again.out);
});

describe('refused', () => {
  const cases: readonly [string, string, readonly string[], string][] = [
    ['unknown label', '{"a":[1]}', ['-s', 'b'], '--select: expected a label of -, found "b" (unknown-feature)'],
    ['label twice', '{"a":[1]}', ['-s', 'a,a'], '--select: expected each label once, found "a" (duplicate-label)'],
    [
      'zero direction',
      '{"a":[1],"b":[0]}',
      [],
      '$.b: expected a direction that is not zero, found "b", zero in every coordinate (zero-direction)',
    ],
    [
      'zero after --dims',
      '{"a":[1,1],"b":[0,2]}',
      ['-d', '1'],
      'found "b", zero in the first coordinate (zero-direction)',
    ],
    ['ragged', '{"a":[1,1],"b":[2]}', [], '-: $.b: expected an array of 2, found an array of 1 (wrong-size)'],
    ['empty vector', '{"a":[]}', [], '$.a: expected at least one coordinate, found none (wrong-size)'],
    ['no vectors', '{}', [], '$: expected at least one labelled vector, found none (wrong-size)'],
    [
      'labels and vectors differ',
      '{"labels":["a"],"vectors":[[1],[2]]}',
      [],
      '$.vectors: expected an array of 1, found an array of 2 (wrong-size)',
    ],
    [
      'duplicate label',
      '{"labels":["a","a"],"vectors":[[1],[2]]}',
      [],
      '$.labels[1]: expected each label once, found "a" (duplicate-label)',
    ],
    ['duplicate key', '{"a":[1],"a":[2]}', [], '$.a: expected each key once, found it twice (duplicate-key)'],
    ['not a vector', '{"a":1}', [], '$.a: expected an array, found 1 (wrong-type)'],
    [
      'no number',
      '{"a":["1/0"]}',
      [],
      '$.a[0]: expected an integer, a fraction "-12/13" or a decimal, of sane size, found "1/0" (not-a-number)',
    ],
    ['too many dims', '{"a":[1]}', ['-d', '2'], '--dims: expected an integer from 1 to 1, found "2" (bad-arguments)'],
    ['--against', '{"a":[1]}', ['-a', 'some'], '--against: expected all, rest, none, found "some" (bad-arguments)'],
    [
      'none of nothing',
      '{"a":[1]}',
      ['-a', 'none'],
      '--select: expected labels, with --against none, found none (bad-arguments)',
    ],
    [
      'an angle without --unit',
      '{"a":[1]}',
      ['--angle', '1/10'],
      '--angle: expected --unit beside it, found none (bad-arguments)',
    ],
    [
      'an angle too large',
      '{"a":[1]}',
      ['--unit', '--angle', '1'],
      '--angle: expected a rational above 0 and at most 1/10, found 1 (bad-arguments)',
    ],
    [
      'activation',
      '{"a":[1]}',
      ['--activation', 'topk'],
      '--activation: expected relu, identity, gated, jumprelu:THETA, or a topk with :K, found topk',
    ],
    [
      'fewer neurons than sets',
      '{"a":[1]}',
      ['-p', '1;1', '-n', '1'],
      '--neurons: expected at least 2, the sets of the pattern, found 1',
    ],
    ['several lists', '{"a":[1]}', ['-s', 'a;a'], '--select: expected one list of labels'],
  ];
  test.each(cases)('%s', (_, input, args, message) => {
    const ran = dictum(['import', '-', ...args], { input });
    expect(ran.err).toContain(message);
    expect(ran.code).toBe(2);
    expect(ran.out).toBe('');
  });
});

describe.skipIf(!hasRealInput())('1000 real word directions', () => {
  const family = 'father,mother,son,daughter,brother,husband,wife';

  test('one neuron carries the family against all other words', () => {
    const out = join(folder(), 'family.json');
    expect(dictum(['import', realInputPath, '-s', 'father,mother,son', '-o', out]).code).toBe(0);
    const answer = JSON.parse(dictum(['realize', out, '--json']).out) as { realizable: boolean; we: string[][] };
    expect(answer.realizable).toBe(true);
    expect(answer.we[0]).toHaveLength(300);
  });

  test('on 40 coordinates it does not; the Farkas vector adds up exactly, in arithmetic written here', () => {
    const out = join(folder(), 'family-40.json');
    dictum(['import', realInputPath, '-s', 'father,mother,son', '-d', '40', '--unit', '-o', out]);
    const m = JSON.parse(readFileSync(out, 'utf8')) as Instance;
    for (const { wp } of m.features.slice(0, 50)) expect(vector(wp).dot(vector(wp)).equals(ONE)).toBe(true);
    type Terms = { feature: number; weight: string }[];
    const { farkas } = JSON.parse(dictum(['realize', out, '--json']).out) as { farkas: { on: Terms; off: Terms } };
    const side = (terms: Terms): Vector =>
      terms
        .map(({ feature, weight }) => vector(m.features[feature - 1]!.wp).times(Rational.parse(weight)!))
        .reduce((a, b) => a.plus(b), Vector.zero(40));
    expect(side(farkas.on).equals(side(farkas.off))).toBe(true);
    expect(farkas.on.every((t) => t.feature <= 3) && farkas.off.every((t) => t.feature > 3)).toBe(true);
    expect(dictum(['realize', out]).out).toContain(
      'neuron 1 cannot be active on {father, mother, son} and on nothing else:',
    );
  });

  test('a word that is not there is named', () => {
    expect(dictum(['import', realInputPath, '-s', `${family},cousin`]).err).toContain(
      'found "cousin" (unknown-feature)',
    );
  });
});
