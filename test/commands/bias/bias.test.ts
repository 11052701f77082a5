/** `--bias`, and `dictum/instance@2`, on the command line: who reads it, who refuses it, and what is printed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resealed, type Value } from '../../theorems/mutate.ts';
import { both, noSecond } from '../../verify/bothCheckers.ts';
import { corpora, dictum, folder } from '../run.ts';

const here = folder();
const three = {
  format: 'dictum/instance@1',
  name: 'three',
  features: [
    { label: 'north', wp: ['0', '1'] },
    { label: 'east', wp: ['1', '0'] },
    { label: 'between', wp: ['4/5', '3/5'] },
  ],
  activation: { kind: 'relu' },
  neurons: 1,
  pattern: [[2, 3]],
};
const written = (name: string, document: object): string => {
  const file = join(here, name);
  writeFileSync(file, JSON.stringify(document));
  return file;
};
const first = written('first.json', three);
const second = written('second.json', { ...three, format: 'dictum/instance@2', encoderBias: 'free' });
const ALSO = 'with an encoder bias (rows (e_i, b_i), directions (w_d, 1)), each feature alone at strength 1';

test('realize', () => {
  expect(dictum(['realize', first, '--pattern', 'between']).out).toMatch(/^not realizable\n/);
  const text = `realizable: an encoder that shows the pattern, ${ALSO}\n  neuron 1 {between}: (1, 1) bias -1\n`;
  expect(dictum(['realize', first, '--pattern', 'between', '--bias', 'free']).out).toBe(text);
  expect(dictum(['realize', second, '--pattern', 'between']).out).toBe(text);
  expect(dictum(['realize', second, '--pattern', 'between', '--bias', 'none']).out).toMatch(/^not realizable\n/);
  const json = JSON.parse(dictum(['realize', second, '--pattern', 'between', '--json']).out) as object;
  expect(json).toMatchObject({ with: ['encoder-bias'], we: [['1', '1', '-1']] });
});

test('many patterns, and a certificate', () => {
  const lines = written('patterns', {});
  writeFileSync(lines, '1\n2\n3\n1,2\n');
  const { out } = dictum(['realize', first, '--patterns', lines, '--bias', 'free', '--jobs', '1']);
  expect(out).toContain(`4 patterns, 4 realizable\n${ALSO}\n`);
  const file = join(here, 'R.json');
  expect(dictum(['realize', first, '--pattern', '3', '--bias', 'free', '--certificate', file]).code).toBe(0);
  expect(dictum(['check', file]).out).toContain(`R paper holds: ${ALSO}: ({between}) is realizable`);
});

test('patterns', () => {
  expect(dictum(['patterns', first, '--count']).out).toContain('6 realizable sets');
  const { out } = dictum(['patterns', first, '--count', '--bias', 'free']);
  expect(out).toBe(`${ALSO}:\n3 features in dimension 3\n8 realizable sets, 8 of them chambers\n`);
  const file = join(here, 'count.json');
  expect(dictum(['patterns', second, '--certify', file, '--json']).out).toContain('"with":["encoder-bias"]');
  expect(dictum(['check', file]).out).toContain('one neuron can show just 8 sets of features');
});

test('landscape', () => {
  const m = { ...three, format: 'dictum/instance@2', encoderBias: 'free', neurons: 2, pattern: [[2, 3], [1]] };
  const file = written('landscape.json', m);
  expect(dictum(['landscape', file, '--given']).out).toMatch(
    new RegExp(`^${ALSO.replace(/[()]/g, '\\$&')}:\npattern `),
  );
  expect(dictum(['landscape', file, '--given', '--json']).out).toContain('"with":["encoder-bias"]');
});

test.each([
  ['another word', ['realize', first, '--bias', 'some'], 'bad-arguments'],
  [
    'gates',
    ['realize', written('gated.json', { ...three, activation: { kind: 'gated' } }), '--bias', 'free'],
    'unknown-word',
  ],
  ['anchors with a bias', ['land', second, '--runs', '1', '--anchors', '1'], 'bad-arguments'],
  [
    'an instance with a bias as data of a training',
    [
      'train',
      written('config.json', {
        format: 'dictum/train@1',
        data: { kind: 'instance', file: 'second.json' },
        method: { kind: 'relu', l1: 0.1 },
        neurons: 2,
      }),
      '--out',
      join(here, 'run'),
    ],
    'unknown-word',
  ],
  [
    'two thresholds and one set',
    [
      'realize',
      written('thetas.json', {
        ...three,
        format: 'dictum/instance@2',
        activation: { kind: 'jumprelu', theta: ['1', '2'] },
        neurons: 2,
        pattern: [[1], [2]],
      }),
      '--pattern',
      '1',
    ],
    'wrong-size',
  ],
])('%s is refused', (_, args, code) => {
  const { code: exit, err } = dictum(args);
  expect([exit, err]).toEqual([2, expect.stringContaining(`(${code})`)]);
});

test('land: what is printed, and what dictum check prints of a certificate, begins with the bias', () => {
  const ends = join(here, 'landed');
  const { code, out } = dictum(['land', second, '--runs', '6', '--threads', '1', '--certificates', ends]);
  expect([0, 3]).toContain(code);
  expect(out).toContain(`\n${ALSO}\n`);
  const checked = dictum(['check', ends]);
  expect(checked.code).toBe(0);
  for (const line of checked.out.trim().split('\n').slice(0, -1)) expect(line).toContain(`accepted: ${ALSO}: `);
  const plain = dictum(['land', first, '--bias', 'free', '--runs', '6', '--threads', '1', '--json']);
  expect(plain.out).toContain('"with":["encoder-bias"]');
});

test('a landing of the second format with nothing beyond the first is the same; with another model both checkers refuse it', () => {
  const landing = JSON.parse(readFileSync(join(corpora, 'valid/landing-shear-at-kink.json'), 'utf8')) as {
    [key: string]: Value;
  };
  const sealed = (more: object): string =>
    resealed({
      ...landing,
      instance: { ...(landing.instance as object), format: 'dictum/instance@2', ...more },
    } as Value);
  if (noSecond) return;
  expect(both([sealed({}), sealed({ encoderBias: 'free' }), sealed({ subject: 'rows' })])).toEqual([
    ['accepted', 'accepted'],
    ['malformed wrong-size', 'malformed wrong-size'],
    ['malformed unknown-word', 'malformed unknown-word'],
  ]);
});
