/** T2-global: chords across regions, and across both halves. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Configuration, type Instance, readInstance } from '../../../src/kernel/model/instance.ts';
import { approximateLoss } from '../../../src/kernel/model/model.ts';
import { Rational, sum } from '../../../src/kernel/numbers/rational.ts';
import type { Matrix } from '../../../src/kernel/numbers/vector.ts';
import { smallCase } from '../../kernel/arbitraries.ts';
import { configurationDocument, document, node } from '../../kernel/read.ts';
import { noSecond, sayTheSame } from '../../verify/bothCheckers.ts';
import { codeOf, decided } from '../decided.ts';
import type { Value } from '../mutate.ts';

it.each([
  ['paper', 'line', 'refuted', 'L~ is not convex in W_E over all encoders: L~ = 0 and 1, between them 1 > 1/2'],
  ['paper', 'no-kink', 'holds', 'L~ is convex in W_D, and in W_E, over all encoders'],
  ['paper', 'all-pass', 'holds', 'over all encoders'],
  ['repaired', 'line', 'holds', 'L~ half way = 1 > 1/2 = half the sum of both ends'],
  ['repaired', 'no-kink', 'holds', 'L~ half way = 2 > 1 = half the sum of both ends'],
  ['repaired', 'nothing', 'not-applicable', 'below-nothing fails: L~ = 1 = sum M |r|^2'],
] as const)('%s on %s: %s', (reading, name, verdict, facts) => {
  expect(decided('T2-global', reading, name)).toMatchObject({ verdict, facts: expect.stringContaining(facts) });
});

it('below what a decoder of 0 costs is needed', () => {
  expect(decided('T2-global', 'repaired', 'nothing', 'below-nothing').verdict).toBe('refuted');
});

it('in both halves together a chord lies below L~ whatever sigma, wherever something is gained', () => {
  let gained = 0;
  const kinds = fc.constantFrom<Record<string, unknown>>(
    { kind: 'relu' },
    { kind: 'identity' },
    { kind: 'jumprelu', theta: '1/2' },
  );
  fc.assert(
    fc.property(smallCase(kinds), ({ plain, at }) => {
      const m: Instance = readInstance(node({ ...document(plain), ...configurationDocument(at) }));
      const here = m.configuration as Configuration;
      const times = (rows: Matrix, s: Rational): Matrix => rows.map((row) => row.times(s));
      const loss = (s: Rational, t: Rational): Rational =>
        approximateLoss(m, { ...here, we: times(here.we, s), wd: times(here.wd, t) });
      const q = (a: bigint, b = 1n): Rational => Rational.of(a, b);
      const nothing = sum(m.features.map((f) => f.weight.times(f.wr.dot(f.wr))));
      if (loss(q(1n), q(1n)).compare(nothing) >= 0) return;
      gained++;
      // The middle of (W_E, W_D) and (0, -W_D), by another way to the same losses.
      expect(`${loss(q(1n, 2n), q(0n))}`).toBe(`${nothing}`);
      expect(decided('T2-global', 'repaired', m).verdict).toBe('holds');
    }),
    { numRuns: 600, seed: 5 },
  );
  expect(gained).toBeGreaterThan(20);
});

it('a chord that does not lie below, or no chord', () => {
  const { certificate } = decided('T2-global', 'paper', 'line');
  type Conclusion = { wd: string[][]; to: string[][]; at: string };
  const changed = (change: (at: Conclusion) => void): string =>
    codeOf(certificate, (d) => change((d.witness as unknown as { conclusion: Conclusion }).conclusion));
  expect(changed((c) => Object.assign(c, { to: [['2']] }))).toBe('does-not-hold');
  expect(changed((c) => Object.assign(c, { wd: [['0']] }))).toBe('does-not-hold');
  expect(changed((c) => Object.assign(c, { at: '1' }))).toBe('out-of-range');
  const fixed = decided('T2-global', 'paper', 'no-kink').certificate;
  expect(codeOf(fixed, (d) => Object.assign(d.instance as object, { activation: { kind: 'relu' } }))).toBe(
    'not-implied',
  );
});

it.skipIf(noSecond)('both checkers say so', () => {
  const of = (reading: 'paper' | 'repaired', name: string): Record<string, Value> =>
    JSON.parse(decided('T2-global', reading, name).certificate) as Record<string, Value>;
  const fixed = of('paper', 'all-pass');
  const one = { ...(fixed.instance as object), activation: { kind: 'topk-pure', k: 1 } };
  sayTheSame([
    ['a chord', of('paper', 'line')],
    ['no activation', of('paper', 'no-kink')],
    ['all pass', fixed],
    ['both halves', of('repaired', 'no-kink')],
  ]);
  expect(codeOf(JSON.stringify(fixed), (d) => Object.assign(d, { instance: one }))).toBe('not-implied');
});
