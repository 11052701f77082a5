import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { instance } from '../../kernel/read.ts';
import { amount } from '../../thorough.ts';
import { type Case, noSecond, sayTheSame } from '../../verify/bothCheckers.ts';
import { decided } from '../decided.ts';
import type { Value } from '../mutate.ts';

type Json = { [key: string]: Value };

describe('the spark condition, and dictionaries that code the same', () => {
  it.each([
    ['HS-codes', 'paper', 'five-in-four', undefined, 'holds', 'any 4 directions are independent'],
    [
      'HS-codes',
      'paper',
      'four-in-three',
      undefined,
      'holds',
      'two 2-sparse codes have one point: w_4 = w_1 + w_2 + w_3',
    ],
    [
      'HS-codes',
      'ours',
      'two-and-two',
      undefined,
      'holds',
      'two 2-sparse codes >= 0 have one point: w_1 + w_2 = w_3 + w_4',
    ],
    // Three terms of one sign: no difference of two 2-sparse codes >= 0.
    [
      'HS-codes',
      'ours',
      'four-in-three-non-negative',
      undefined,
      'refuted',
      'no two 2-sparse codes >= 0 have one point',
    ],
    ['HS-codes', 'ours', 'opposite', undefined, 'refuted', 'the directions of {1,2} are dependent'],
    ['HS-codes', 'paper', 'opposite', 'activation', 'refuted', 'no two 1-sparse codes >= 0'],
    ['HS-dictionary', 'paper', 'square', undefined, 'refuted', 'no column of it is a multiple of the direction of {2}'],
    ['HS-dictionary', 'repaired', 'square', undefined, 'not-applicable', 'n = 2 = k'],
    ['HS-dictionary', 'repaired', 'three', undefined, 'holds', 'n = 3 > 2 = k'],
    ['HS-dictionary', 'repaired', 'one-more', 'no-more-columns', 'refuted', 'the direction of {1}'],
    ['HS-dictionary', 'repaired', 'plane', 'spark', 'refuted', 'two 2-sparse codes have one point: w_3 = w_1 + w_2'],
    ['HS-wide', 'repaired', 'eight', undefined, 'holds', 'no column of it is a multiple of the direction of {1}'],
    ['HS-wide', 'repaired', 'three', 'wide', 'refuted', 'n_q = 3 < 4 = 2 n - k'],
    ['HS-wide', 'repaired', 'one-sparse', 'two-sparse', 'refuted', 'k = 1 < 2'],
  ] as const)('%s %s on %s without %s: %s', (claim, reading, name, dropped, verdict, fact) => {
    const outcome = decided(claim, reading, name, dropped);
    expect(outcome.verdict).toBe(verdict);
    expect(outcome.facts).toContain(fact);
  });
});

const entry = fc.integer({ min: -1, max: 1 });
const column = fc.tuple(entry, entry).filter((w) => w.some((x) => x !== 0));

/**
 * An independent route: relations with coefficients from -2 to 2. Each relation is a sum of ones with the same signs or 0 and as few terms as can be, and the coefficients of these are 2 x 2 minors of entries -1, 0 and 1.
 */
test.each([
  ['paper', 'topk-pure', 1],
  ['paper', 'topk-pure', 2],
  ['ours', 'topk', 1],
  ['ours', 'topk', 2],
] as const)('%s, %s, k = %d: two codes are found if and only if a small relation makes them', (reading, kind, k) => {
  const coefficients = [-2, -1, 0, 1, 2];
  const all = coefficients.flatMap((a) =>
    coefficients.flatMap((b) => coefficients.flatMap((c) => coefficients.map((d) => [a, b, c, d]))),
  );
  fc.assert(
    fc.property(fc.array(column, { minLength: 4, maxLength: 4 }), (wp) => {
      const count = (c: readonly number[], sign: number): number => c.filter((x) => Math.sign(x) === sign).length;
      const small = all.some((c) => {
        const terms: [number, number] = [count(c, 1), count(c, -1)];
        if (terms[0] + terms[1] === 0) return false;
        if (kind === 'topk' ? Math.max(...terms) > k : terms[0] + terms[1] > 2 * k) return false;
        return [0, 1].every((i) => c.reduce((sum, x, d) => sum + x * wp[d]![i as 0 | 1], 0) === 0);
      });
      const { facts } = decided('HS-codes', reading, instance({ wp, activation: { kind, k }, neurons: 4 }));
      expect(/two \d-sparse codes/.exec(facts)![0]).toBe(`two ${k}-sparse codes`);
      expect(facts.includes(`no two ${k}-sparse codes`)).toBe(!small);
    }),
    { numRuns: amount(60, 600) },
  );
});

test('2 n - k columns do without one direction, n columns never do', () => {
  const whole = fc.integer({ min: -3, max: 3 });
  const matrix = fc.array(fc.tuple(whole, whole, whole, whole), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(matrix, fc.constantFrom(2, 3), (wp, k) => {
      fc.pre(wp.every((w) => w.some((x) => x !== 0)));
      const of = (neurons: number) => instance({ wp, activation: { kind: 'topk-pure', k }, neurons });
      const wide = decided('HS-wide', 'repaired', of(8 - k));
      fc.pre(wide.verdict !== 'not-applicable');
      expect(wide.verdict).toBe('holds');
      expect(decided('HS-dictionary', 'repaired', of(4)).verdict).toBe('holds');
    }),
    { numRuns: amount(20, 200) },
  );
});

describe.skipIf(noSecond)('both checkers', () => {
  type Claim = 'HS-codes' | 'HS-dictionary' | 'HS-wide';
  const change = (
    claim: Claim,
    reading: 'paper' | 'ours' | 'repaired',
    name: string,
    with_: (proof: Json, whole: Json) => void,
    dropped?: string,
  ): Json => {
    const whole = JSON.parse(decided(claim, reading, name, dropped).certificate) as Json;
    with_((whole.witness as Json).conclusion as Json, whole);
    return whole;
  };
  /** The second part of the side chosen: of `unique-codes`. */
  const codes = (proof: Json): Json => (proof.proof as Value[])[1] as Json;
  const term = (feature: number, weight: string): Json => ({ feature, weight });
  const two = (with_: (codes: Json) => void): Json =>
    change('HS-codes', 'ours', 'two-and-two', (proof) => with_(codes(proof)));
  const rows = (with_: (rows: Value[][], whole: Json) => void): Json =>
    change('HS-codes', 'ours', 'four-in-three-non-negative', (proof, whole) => {
      const parts = proof as unknown as Value[];
      const found = parts.map((part) => JSON.stringify(part)).findIndex((text) => text.includes('separating-rows'));
      with_(((parts[found] as Json).proof as Json).rows as Value[][], whole);
    });
  const cases: Case[] = [
    ['two codes', two(() => {})],
    ['another weight', two((c) => Object.assign((c.on as Json[])[0]!, { weight: '2' })), 'farkas-unequal'],
    ['no codes', two((c) => Object.assign(c, { on: [], off: [] })), 'does-not-hold'],
    [
      'a feature on both sides',
      two((c) => Object.assign(c, { on: [term(1, '1')], off: [term(1, '1')] })),
      'wrong-side',
    ],
    [
      'three features in a code',
      two((c) => Object.assign(c, { on: [term(1, '1'), term(2, '1'), term(3, '1')], off: [] })),
      'does-not-hold',
    ],
    ['a weight of 0', two((c) => Object.assign((c.on as Json[])[0]!, { weight: '0' })), 'not-positive'],
    ['features out of order', two((c) => (c.on as Json[]).reverse()), 'not-increasing'],
    [
      'independent columns instead',
      two((c) => {
        delete c.on;
        delete c.off;
        c.rule = 'independent-columns';
      }),
      'wrong-rule',
    ],
    ['rows', rows(() => {})],
    ['a row less', rows((r) => r.pop()), 'does-not-hold'],
    [
      'a row turned',
      rows((r) => {
        r[0] = r[0]!.map((x) => `${-Number(x)}`);
      }),
      'does-not-hold',
    ],
    ['a row too short', rows((r) => r[0]!.pop()), 'wrong-size'],
    [
      'k = 3',
      rows((_, whole) => Object.assign((whole.instance as Json).activation as Json, { k: 3 })),
      'does-not-hold',
    ],
    ['independent', change('HS-codes', 'paper', 'five-in-four', () => {})],
    [
      'one dependent',
      change('HS-codes', 'paper', 'five-in-four', (_, whole) =>
        Object.assign(((whole.instance as Json).features as Json[])[4]!, { wp: ['1', '1', '1', '0'] }),
      ),
      'does-not-hold',
    ],
    [
      'k = 3, of four dimensions',
      change('HS-codes', 'paper', 'five-in-four', (_, whole) =>
        Object.assign((whole.instance as Json).activation as Json, { k: 3 }),
      ),
      'does-not-hold',
    ],
    [
      'rows for codes of either sign',
      change('HS-codes', 'paper', 'three', (proof) =>
        Object.assign(codes(proof), { rule: 'separating-rows', rows: [] }),
      ),
      'wrong-rule',
    ],
    [
      'no k',
      change('HS-dictionary', 'repaired', 'three', (_, whole) =>
        Object.assign(whole.instance as Json, { activation: { kind: 'relu' } }),
      ),
      'missing-data',
    ],
    ['a dictionary', change('HS-dictionary', 'paper', 'square', () => {})],
    [
      'the same dictionary',
      change('HS-dictionary', 'paper', 'square', (proof) =>
        Object.assign(proof, {
          wd: [
            ['0', '3'],
            ['1', '0'],
          ],
        }),
      ),
      'does-not-hold',
    ],
    [
      'one of rank 1',
      change('HS-dictionary', 'paper', 'square', (proof) =>
        Object.assign(proof, {
          wd: [
            ['1', '2'],
            ['1', '2'],
          ],
        }),
      ),
      'does-not-hold',
    ],
    [
      'k = n, as k < n',
      change('HS-dictionary', 'repaired', 'three', (_, whole) =>
        Object.assign((whole.instance as Json).activation as Json, { k: 3 }),
      ),
      'does-not-hold',
    ],
    [
      'more columns',
      change('HS-dictionary', 'repaired', 'three', (_, whole) => Object.assign(whole.instance as Json, { neurons: 4 })),
      'does-not-hold',
    ],
    [
      'targets of another length',
      change('HS-dictionary', 'repaired', 'three', (_, whole) =>
        ((whole.instance as Json).features as Json[]).map((f) => Object.assign(f, { wr: ['1'] })),
      ),
      'missing-data',
    ],
    ['wide', change('HS-wide', 'repaired', 'one-more', () => {})],
    [
      'a column of it 0',
      change('HS-wide', 'repaired', 'one-more', (proof) =>
        Object.assign(proof, { wd: (proof.wd as Value[][]).map((row) => ['0', ...row.slice(1)]) }),
      ),
      'does-not-hold',
    ],
  ];
  test('say the same', () => sayTheSame(cases));
});
