/** `dictum regress` is green on what it was updated with, and red on an error in a gradient. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Failure } from '../../src/cli/problem.ts';
import { compareEntry, readSuite } from '../../src/cli/regress.ts';
import { compare, expectationsOf, OUTCOMES, type Outcome, type SuiteEntry } from '../../src/train/landing/regress.ts';
import { suiteFolder, suiteInstance } from './support.ts';

const suite = readSuite(readFileSync(`${suiteFolder}/suite.json`, 'utf8'), 'suite.json');
const small = suite.entries.find(({ instance }) => instance.endsWith('e5-relu.json')) as SuiteEntry;
const counts = (found: Partial<Record<Outcome, number>>): Record<Outcome, number> =>
  Object.fromEntries(OUTCOMES.map((outcome) => [outcome, found[outcome] ?? 0])) as Record<Outcome, number>;

test('the committed entry is as expected', async () => {
  expect((await compareEntry(small, suiteFolder)).differences).toEqual([]);
});

test('a sign error planted in the decoder gradient makes it red', async () => {
  const { differences } = await compareEntry(small, suiteFolder, 'decoder-sign');
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

test('the suite has at least 20 instances', () => {
  expect(new Set(suite.entries.map(({ instance }) => instance)).size).toBeGreaterThanOrEqual(20);
});
