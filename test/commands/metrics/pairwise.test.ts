/** `dictum metrics A B ... --pairwise` on checkpoints of other libraries, and what it refuses. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { dictum } from '../run.ts';

const foreign = fileURLToPath(new URL('../../train/checkpoint/foreign/', import.meta.url));
const model = (name: string): string => join(foreign, name);
const words = model('saelens-words');

test('a checkpoint agrees with itself, a pair is said with its files, and the document fits its schema', () => {
  const others = [model('saelens-standard'), model('saelens-standard'), model('saelens-topk')];
  const ran = dictum(['metrics', ...others, '--pairwise', '--json']);
  expect(ran.code, ran.err).toBe(0);
  const schema = new URL('../../../schemas/pairwise.schema.json', import.meta.url);
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(schema, 'utf8')));
  expect(validate(JSON.parse(ran.out)), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...JSON.parse(ran.out), pairs: [] })).toBe(false);
  const { pairs, mcc, checkpoints } = JSON.parse(ran.out) as {
    pairs: { a: number; b: number; mcc: number; signed: number; matched: number }[];
    mcc: { mean: number; least: number; most: number };
    checkpoints: { nq: number }[];
  };
  expect(pairs.map(({ a, b }) => [a, b])).toEqual([
    [0, 1],
    [0, 2],
    [1, 2],
  ]);
  expect(pairs[0]!.mcc).toBeCloseTo(1, 6);
  expect(pairs[0]!.signed).toBeCloseTo(1, 6);
  expect(pairs[1]!.mcc).toBe(pairs[2]!.mcc);
  expect(pairs[1]!.mcc).toBeLessThan(0.99);
  expect(pairs[1]!.signed).toBeLessThanOrEqual(pairs[1]!.mcc);
  expect(mcc.mean).toBeCloseTo((pairs[0]!.mcc + 2 * pairs[1]!.mcc) / 3, 12);
  expect(pairs.map(({ matched }) => matched)).toEqual(
    [
      [0, 1],
      [0, 2],
      [1, 2],
    ].map(([a, b]) => Math.min(checkpoints[a!]!.nq, checkpoints[b!]!.nq)),
  );
});

test('in words, and as a table of pairs', () => {
  const csv = join(mkdtempSync(join(tmpdir(), 'dictum-pairwise-')), 'pairs.csv');
  const ran = dictum(['metrics', words, words, '--pairwise', '--csv', csv]);
  expect(ran.code, ran.err).toBe(0);
  expect(ran.out).toContain('saelens, relu, 16 neurons, 12 to 12 dimensions');
  expect(ran.out).toContain('PW-MCC 1.0000, from 1.0000 to 1.0000; with signs 1.0000');
  expect(readFileSync(csv, 'utf8')).toMatch(/^a,b,matched,mcc,above>0.9,above>0.95,signed\n1,2,16,/);
});

describe('refused', () => {
  const code = (args: readonly string[]): unknown => {
    const ran = dictum(['metrics', ...args, '--json']);
    expect(ran.code).toBe(2);
    return (JSON.parse(ran.out) as { code: string }).code;
  };
  test.each([
    ['one checkpoint', [words, '--pairwise'], 'bad-arguments'],
    ['several without --pairwise', [words, words], 'bad-arguments'],
    ['decoders of other dimensions', [words, model('saelens-standard'), '--pairwise'], 'wrong-data'],
    ['data beside it', [words, words, '--pairwise', '--features', model('words.json')], 'bad-arguments'],
    ['an instance beside it', [words, words, '--pairwise', '--zero-loss'], 'bad-arguments'],
    ['no such file', [words, model('nowhere'), '--pairwise'], 'unreadable'],
    ['what is no checkpoint', [words, model('words.json'), '--pairwise'], 'wrong-type'],
  ])('%s', (_, args, wanted) => {
    expect(code(args)).toBe(wanted);
  });
});
