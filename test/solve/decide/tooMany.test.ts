import { expect, test } from 'vitest';
import { parseJson } from '../../../src/kernel/document/json.ts';
import { certify } from '../../../src/library/certify.ts';
import { instanceFrom } from '../../../src/library/instance.ts';
import { isLong, tooMany, tooManyIn } from '../../../src/solve/decide/tooMany.ts';

const inputs = (rows: readonly (readonly (number | string)[])[], more: object = {}): string =>
  JSON.stringify({
    format: 'dictum/instance@2',
    name: 'inputs',
    subject: 'inputs',
    features: rows.map((wp, k) => ({ label: `${k}`, wp })),
    activation: { kind: 'relu' },
    neurons: 700,
    we: new Array(700).fill(new Array(200).fill('0')),
    wd: new Array(200).fill(new Array(700).fill('0')),
    ...more,
  });
const row = (k: number): number[] =>
  Array.from({ length: 200 }, (_, d) => ((k * (d + 7)) % 13) - 6 + (d === 0 ? k : 0));
const MANY = Array.from({ length: 120 }, (_, k) => row(k));

test('a document says what its instance says, before it is read', () => {
  const text = inputs(MANY);
  expect(tooManyIn(parseJson(text))).toMatch(
    /^120 inputs of 400 coordinates in and out, times 700 neurons, are 33600000;/,
  );
  expect(tooManyIn(parseJson(text))).toBe(tooMany(instanceFrom(text)));
});

test('points on one ray count once: there is no refusal that reading would not have brought', () => {
  // 120 points on 60 rays.
  const text = inputs(MANY.map((_, k) => row(k >> 1).map((x) => (k % 2 === 0 ? x : `${3 * x}/7`))));
  expect(tooManyIn(parseJson(text))).toBeUndefined();
  expect(tooMany(instanceFrom(text))).toBeUndefined();
  // Twice as many neurons: 60 features are too many as well.
  const twice = {
    neurons: 1400,
    we: new Array(1400).fill(new Array(200).fill('0')),
    wd: new Array(200).fill(new Array(1400).fill('0')),
  };
  const double = inputs(
    MANY.map((_, k) => row(k >> 1).map((x) => (k % 2 === 0 ? x : `${3 * x}/7`))),
    twice,
  );
  expect(tooManyIn(parseJson(double))).toMatch(/^at least 60 inputs/);
  expect(tooMany(instanceFrom(double))).toMatch(/^60 inputs/);
});

test('opposite points, and those that an input bias moves apart, are two', () => {
  const away = inputs(MANY.map((_, k) => row(k >> 1).map((x) => (k % 2 === 0 ? x : -x))));
  expect(tooManyIn(parseJson(away))).toBe(tooMany(instanceFrom(away)));
  const inputBias = [1, ...new Array(199).fill(0)];
  const moved = inputs(
    MANY.map((_, k) => row(k >> 1).map((x) => (k % 2 === 0 ? x : 2 * x))),
    { inputBias },
  );
  expect(tooMany(instanceFrom(moved))).toMatch(/^1\d\d inputs/);
  expect(tooManyIn(parseJson(moved))).toMatch(/^(at least )?1\d\d inputs/);
});

test('nothing is refused without weights, of features, for other neurons, or where the reader has to say what is wrong', () => {
  for (const more of [
    { we: undefined, wd: undefined },
    { subject: 'features' },
    { format: 'dictum/instance@1' },
    { features: 3 },
  ])
    expect(tooManyIn(parseJson(inputs(MANY, more)))).toBeUndefined();
  expect(tooManyIn(parseJson(inputs(MANY)), 3)).toBeUndefined();
  expect(tooManyIn(parseJson(inputs([...MANY, ['x']])))).toBeUndefined();
  expect([isLong('{}'), isLong(' '.repeat(2_000_000))]).toEqual([false, true]);
});

test('certify answers so of a long text, though what stands further back cannot be read', () => {
  const text = `${' '.repeat(1_000_001)}${inputs(MANY, { we: 'no rows' })}`;
  expect(certify('T6-null', text)).toMatchObject({
    verdict: 'undecided',
    why: expect.stringMatching(/^120 inputs of/),
  });
  expect(() => certify('T6-null', text, { pattern: [[1]] })).toThrow('$.we');
});
