/**
 * What is hostile is answered or refused, in seconds and without a bug: the kinds found so far, and a sample of the corpus. The limit on
 * time is vitest's; bench/bounds.ts measures.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dictumProcess as dictum, dictum as dictumHere, folder } from '../commands/run.ts';
import { resealed, type Value } from '../theorems/mutate.ts';
import { thorough } from '../thorough.ts';
import { COMMANDS, hostile } from './corpus.ts';

const written = (name: string, json: object): string => {
  const file = join(folder(), name);
  writeFileSync(file, JSON.stringify(json));
  return file;
};

const MINUTES = 240_000;

/** Of so many digits, reproducible. */
const digits = (count: number, seed: number): string =>
  `${(BigInt(seed) * 9_876_543_210_987_654_321n + 7n) ** BigInt(Math.ceil(count / 18) + 2)}`.slice(0, count);

/** Four directions, one in each quadrant, of fractions. */
const quadrants = (length: number): object => {
  const q = (sign: string, k: number): string => `${sign}${digits(length, 2 * k + 3)}/${digits(length, 2 * k + 4)}`;
  const signs = [
    ['', ''],
    ['-', ''],
    ['-', '-'],
    ['', '-'],
  ];
  return {
    format: 'dictum/instance@1',
    name: 'long',
    features: signs.map(([a = '', b = ''], d) => ({ label: `${d + 1}`, wp: [q(a, 2 * d), q(b, 2 * d + 1)] })),
    activation: { kind: 'relu' },
    neurons: 1,
    pattern: [[1, 2, 3, 4]],
  };
};

describe('numbers longer than a certificate may have', () => {
  const file = written('long.json', quadrants(3000));
  const certificate = join(folder(), 'c.json');

  test.each([
    ['realize', [file]],
    ['realize', [file, '--certificate', certificate]],
    ['certify', ['R', file, '--out', certificate]],
    ['certify', ['T6-dead', file, '-r', 'repaired', '--out', certificate]],
    ['patterns', [file, '--certify', certificate]],
  ])(
    '%s is decided or says so',
    (command, args) => {
      const { code, err } = dictum([command, ...args]);
      expect([0, 3]).toContain(code);
      if (code === 3) expect(err).toMatch(/undecided|no certificate/);
      expect(err).not.toContain('a bug');
    },
    MINUTES,
  );
});

test(
  'fourteen thousand features in one dimension: not realizable, and no matrix of all pairs',
  () => {
    const features = Array.from({ length: 14_000 }, (_, d) => ({ label: `${d}`, wp: ['1'] }));
    const instance = { format: 'dictum/instance@1', name: 'many', features, activation: { kind: 'relu' }, neurons: 1 };
    const file = written('many.json', { ...instance, pattern: [[1]] });
    const { code, out } = dictum(['landscape', file, '--given', '--jobs', '1', '--json']);
    expect(code).toBe(0);
    expect((JSON.parse(out) as { patterns: { verdict: string }[] }).patterns[0]?.verdict).toBe('unrealizable');
  },
  MINUTES,
);

test(
  'a Top-k count without its hypothesis is open, not a bug',
  () => {
    for (const kind of ['topk', 'topk-pure', 'batchtopk']) {
      const features = [
        { label: '1', wp: ['1'] },
        { label: '2', wp: ['-1'] },
      ];
      const file = written('t.json', {
        format: 'dictum/instance@1',
        name: 't',
        features,
        activation: { kind, k: 1 },
        neurons: 1,
      });
      for (const claim of ['R-count', 'R-chambers']) {
        const { code, err } = dictumHere(['certify', claim, file, '--drop', 'activation']);
        expect(code).toBe(3);
        expect(err).toContain(`under ${kind}`);
      }
    }
  },
  MINUTES,
);

test(
  'features beyond what metrics can compute with are refused by name',
  () => {
    const { args, files } = hostile(6);
    const at = mkdtempSync(join(tmpdir(), 'dictum-test-'));
    for (const [name, content] of files) writeFileSync(join(at, name), content);
    const { code, err } = dictum(['metrics', ...args], { cwd: at });
    expect(code).toBe(2);
    expect(err).toMatch(/features\.json.*entries up to/);
  },
  MINUTES,
);

/** One of each command, and a few more; those that cost most; then those that once took minutes or ended as a bug. */
const SAMPLE = [
  0,
  1,
  2,
  3,
  4,
  5,
  44,
  470,
  ...(thorough ? [17, 22, 33, 55, 59, 66, 77, 88, 99, 115, 311, 395, 774, 853, 916, 1115, 1137] : []),
];

test.each(SAMPLE)(
  'number %i of the corpus is answered or refused',
  (number) => {
    const { command, args, files } = hostile(number);
    const at = mkdtempSync(join(tmpdir(), 'dictum-test-'));
    let bytes = 0;
    for (const [name, content] of files) {
      writeFileSync(join(at, name), content);
      bytes += content.length;
    }
    expect(bytes).toBeLessThan(1_100_000);
    const { code, err } = dictum([command, ...args], { cwd: at });
    expect(err).not.toContain('a bug');
    expect([0, 1, 2, 3]).toContain(code);
  },
  MINUTES,
);

test(
  'the time is over within a slice of patterns, too: what was found until then is said',
  () => {
    const { files } = hostile(304);
    const at = mkdtempSync(join(tmpdir(), 'dictum-test-'));
    for (const [name, content] of files) writeFileSync(join(at, name), content);
    const { code, out, err } = dictum(['landscape', 'instance.json', '--seconds', '1'], { cwd: at });
    expect(code).toBe(3);
    expect(err).toMatch(/stopped with \d+ of 200 patterns/);
    // Of no pattern at all nothing is said.
    if (err.includes('stopped with 0')) expect(out).not.toContain('trap');
  },
  MINUTES,
);

describe('a pattern of very many neurons', () => {
  const features = (count: number): object[] =>
    Array.from({ length: count }, (_, d) => ({ label: `${d}`, wp: ['1'], weight: '1' }));
  const certificate = (n: number, neurons: number, conclusion: Value): Value => ({
    format: 'dictum/certificate@1',
    claim: 'R',
    reading: 'paper',
    instance: {
      format: 'dictum/instance@1',
      name: 'many neurons',
      features: features(n),
      activation: { kind: 'topk', k: 2 },
      neurons,
      pattern: Array.from({ length: neurons }, (_, i) => (i === 0 ? [1] : [])),
    } as Value,
    verdict: 'refuted',
    witness: { hypotheses: {}, conclusion },
  });

  test.each<[string, number, number, Value, RegExp]>([
    ['counted feature by feature', 10_000, 80_000, { rule: 'capacity' }, /within-capacity/],
    [
      'in a proof that speaks of all of them',
      3,
      120_000,
      { rule: 'farkas-joint', rows: Array(4000).fill({ kind: 'on', neuron: 1, feature: 1, weight: '1' }) },
      /too-much-work/,
    ],
  ])(
    'is refused, %s',
    (_, n, neurons, proof, says) => {
      const file = join(folder(), 'many-neurons.json');
      writeFileSync(file, resealed(certificate(n, neurons, proof)));
      const { code, out, err } = dictum(['check', file]);
      expect([code, `${out}${err}`]).toEqual([1, expect.stringMatching(says)]);
    },
    MINUTES,
  );
});

test('the corpus is the same each time, and has every command', () => {
  expect(hostile(17)).toEqual(hostile(17));
  expect(new Set(Array.from({ length: 14 }, (_, k) => hostile(k).command))).toEqual(new Set(COMMANDS));
});
