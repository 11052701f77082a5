/** `dictum regress` is green on what it was updated with, and red on an error in a gradient. */
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { compareEntry, readSuite } from '../../../src/commands/land/regress.ts';
import { contradictions } from '../../../src/commands/land/theory.ts';
import type { End } from '../../../src/landing/match/landOn.ts';
import {
  around,
  compare,
  countOf,
  expectationsOf,
  OUTCOMES,
  type Outcome,
  type SuiteEntry,
  trapsOf,
} from '../../../src/landing/match/regress.ts';
import type { Study } from '../../../src/landing/match/studyResult.ts';
import { Failure } from '../../../src/terminal/problem.ts';
import { suiteFolder, suiteInstance } from '../../train/support.ts';

const plant = vi.hoisted(() => ({ sign: false }));
vi.mock('../../../src/train/wasm/lanes.ts', async (original) => {
  const right = await original<typeof import('../../../src/train/wasm/lanes.ts')>();
  const { wrongLanes } = await import('../runs/wrongLanes.ts');
  return { ...right, Lanes: wrongLanes(right.Lanes, plant) };
});

const suite = readSuite(readFileSync(`${suiteFolder}/suite.json`, 'utf8'), 'suite.json');
const small = suite.entries.find(({ instance }) => instance.endsWith('e5-relu.json')) as SuiteEntry;
const counts = (found: Partial<Record<Outcome, number>>): Record<Outcome, number> =>
  Object.fromEntries(OUTCOMES.map((outcome) => [outcome, found[outcome] ?? 0])) as Record<Outcome, number>;

test('the committed entry is as expected', async () => {
  expect((await compareEntry(small, suiteFolder)).differences).toEqual([]);
});

test('a sign error planted in the decoder gradient makes it red', async () => {
  plant.sign = true;
  const { differences } = await compareEntry(small, suiteFolder);
  plant.sign = false;
  expect(differences.length).toBeGreaterThan(0);
});

test('rates within their intervals pass; beyond them, or a class that is not named, they do not', () => {
  const entry = {
    ...small,
    runs: 100,
    expected: expectationsOf(counts({ 'zero-loss': 40, 'local-minimum': 60 }), 100),
  };
  const m = suiteInstance('e5-relu');
  expect(compare(entry, m, counts({ 'zero-loss': 45, 'local-minimum': 55 })).differences).toEqual([]);
  expect(compare(entry, m, counts({ 'zero-loss': 75, 'local-minimum': 25 })).differences).toHaveLength(2);
  expect(compare(entry, m, counts({ 'zero-loss': 40, 'local-minimum': 59, undecided: 1 })).differences).toEqual([
    'undecided: 1.00% of 100 runs, expected 0.00% to 0.00%',
  ]);
});

test('a saddle is a difference, whatever the suite says', () => {
  const expected = { saddle: { lower: 0, upper: 1 }, 'local-minimum': { lower: 0, upper: 1 } };
  const entry = { ...small, runs: 100, expected };
  const m = suiteInstance('e5-relu');
  expect(compare(entry, m, counts({ 'local-minimum': 99, saddle: 1 })).differences).toHaveLength(1);
  expect(expectationsOf(counts({ saddle: 5 }), 5)).toEqual({});
});

test('another document is refused', () => {
  expect(() => readSuite('{"format":"dictum/land@1"}', 'x.json')).toThrow(Failure);
  expect(() => readSuite('not json', 'x.json')).toThrow(Failure);
});

test('a suite is refused with file, path, what is expected and what is there', () => {
  const entry = { ...small, expected: {} };
  const reads = (change: object): string => {
    try {
      readSuite(JSON.stringify({ format: 'dictum/regress@1', entries: [entry, { ...entry, ...change }] }), 'x.json');
      return 'accepted';
    } catch (thrown) {
      const { code, file, path, expected, found } = (thrown as Failure).problem;
      return `${file} ${path} ${code}: ${expected}, ${found}`;
    }
  };
  expect(reads({})).toBe('accepted');
  expect(reads({ optimizer: 'lion' })).toBe('x.json $.entries[1].optimizer unknown-word: gd, sgd or adam, "lion"');
  expect(reads({ runs: 0 })).toBe('x.json $.entries[1].runs out-of-range: a whole number from 1, 0');
  expect(reads({ rate: -1 })).toBe('x.json $.entries[1].rate out-of-range: a number above 0 and below 10, -1');
  expect(reads({ traps: { lower: 0, upper: 2 } })).toMatch(/traps.upper out-of-range/);
  expect(reads({ expected: { 'zero-los': { lower: 0, upper: 1 } } })).toMatch(/unknown-key/);
});

test('the suite has at least 20 instances', () => {
  expect(new Set(suite.entries.map(({ instance }) => instance)).size).toBeGreaterThanOrEqual(20);
});

const endAt = (pattern: number[][]): End => ({
  pattern,
  class: 'local-minimum',
  loss: 1,
  apart: 1e-6,
  gradient: 1e-7,
  count: 7,
  runs: [0],
  certificate: undefined,
});

test('a strict trap where directions span positively contradicts T6-spanning; with a dead zone, or Top-k, it does not', () => {
  const trap = endAt([[0, 2], [1, 3], [], []]);
  expect(contradictions(suiteInstance('superposition-4x2-4'), [trap])).toEqual([
    'T6-spanning: 7 runs end near a local minimum of L~ that shows ({1,3},{2,4},{},{}); ' +
      'a certificate says that no strict one does (one at no kink but those of dead neurons)',
  ]);
  expect(contradictions(suiteInstance('top-1-4x2-4'), [trap])).toEqual([]);
  // Independent directions leave room for a dead neuron.
  expect(contradictions(suiteInstance('random-4x4-4'), [trap])).toEqual([]);
});

test('a trap is a strict minimum on a partition with two features in some set', () => {
  const study = (ends: End[]): Study => ({ landing: { ends } }) as unknown as Study;
  const yes = endAt([[0, 2], [1, 3], [], []]);
  const no = [
    endAt([[0], [1], [2], [3]]),
    endAt([[0, 1], [1, 2, 3], [], []]),
    endAt([[0, 1], [2], [], []]),
    { ...yes, class: 'face-minimum' as const },
    { ...yes, class: 'zero-loss' as const },
  ];
  expect(trapsOf(study([yes, ...no]), 4)).toEqual([yes]);
  expect(countOf(trapsOf(study([yes, ...no]), 4))).toBe(7);
});

test('a share of traps beyond its interval is a difference', () => {
  const entry = { ...small, runs: 100, expected: { 'local-minimum': { lower: 0, upper: 1 } }, traps: around(30, 100) };
  const m = suiteInstance('e5-relu');
  expect(compare(entry, m, counts({ 'local-minimum': 100 }), 28).differences).toEqual([]);
  expect(compare(entry, m, counts({ 'local-minimum': 100 }), 0).differences).toHaveLength(1);
});
