import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { INSTANCE, type Instance } from '../../../src/kernel/model/instance.ts';
import { node } from '../../kernel/read.ts';
import { both } from '../../verify/bothCheckers.ts';
import { codeOf, decided } from '../decided.ts';
import { resealed, type Value } from '../mutate.ts';

const crosscoder = (wp: readonly (readonly string[])[], changes: object = {}): Instance =>
  INSTANCE.read(
    node({
      format: 'dictum/instance@1',
      name: 'x',
      features: wp.map((w, d) => ({ label: `${d}`, wp: w })),
      activation: { kind: 'relu' },
      neurons: wp.length,
      ...changes,
    }),
  );
const verdict = (reading: 'paper' | 'repaired', of: Instance): string => decided('T3-sources', reading, of).verdict;

describe('T3-sources', () => {
  it.each([2, 3, 4])('%i orthonormal sources: (S - 1)^2 sum |r_d|^2, where the bound is 0', (S) => {
    const stack = (w: string[]) => Array.from({ length: S }, () => w).flat();
    const m = crosscoder([stack(['1', '0']), stack(['0', '1'])]);
    const { verdict: found, facts } = decided('T3-sources', 'paper', m);
    expect([found, facts]).toEqual(['refuted', `L~ = ${(S - 1) ** 2 * 2 * S} > 0 = n^2 M^2 sum M_d`]);
    expect(verdict('repaired', m)).toBe('holds');
  });

  it('the repaired bound is attained', () => {
    expect(decided('T3-sources', 'repaired', 'two-layers-at-an-angle').facts).toBe(
      'L~ = 9/25 = max(M, 0)^2 / S sum M_d (K_d - 1)^2',
    );
  });

  it.each([
    [
      'one source',
      [
        ['1', '0'],
        ['0', '1'],
      ],
    ],
    [
      'a block of length 2 beside one of 0',
      [
        ['2', '0', '0', '0'],
        ['0', '1', '0', '1'],
      ],
    ],
    [
      'blocks that S does not divide',
      [
        ['1', '1', '1'],
        ['1', '0', '1'],
      ],
    ],
    [
      'the second has another length',
      [
        ['1', '0', '1', '0'],
        ['0', '2', '0', '1'],
      ],
    ],
    [
      '|w_1|^2 is no whole number',
      [
        ['3/5', '4/5', '1/2', '0'],
        ['0', '1', '0', '1'],
      ],
    ],
  ])('%s: not applicable', (_, wp) => {
    expect(verdict('paper', crosscoder(wp))).toBe('not-applicable');
    expect(verdict('repaired', crosscoder(wp))).toBe('not-applicable');
  });

  it('another angle is another bound, in both checkers', () => {
    const text = readFileSync('certificates/T3-sources/repaired--two-layers-at-an-angle.json', 'utf8');
    const { certificate } = decided('T3-sources', 'repaired', 'two-layers-at-an-angle');
    expect(codeOf(certificate, (document) => Object.assign(document, { verdict: 'refuted' }))).toBe('does-not-hold');
    const shorter = resealed(JSON.parse(text.replace('"3/5","4/5"', '"3/5","3/5"')) as Value);
    expect(both([resealed(JSON.parse(text) as Value), shorter])).toEqual([
      ['accepted', 'accepted'],
      [expect.stringContaining('invalid'), expect.stringContaining('invalid')],
    ]);
  });
});
