/** T4-growth, A1-dimension: dimensions compared. */
import { expect, it } from 'vitest';
import { readInstance } from '../../../src/kernel/model/instance.ts';
import { document, node } from '../../kernel/read.ts';
import { noSecond, sayTheSame } from '../../verify/bothCheckers.ts';
import { codeOf, decided } from '../decided.ts';
import type { Value } from '../mutate.ts';

it.each([
  ['T4-growth', 'paper', 'opposite-pairs', 'refuted', 'dimension = 10 < 12 = without the last feature'],
  ['T4-growth', 'paper', 'half-silent', 'refuted', 'dimension = 1 = without the last feature'],
  ['T4-growth', 'repaired', 'ground-truth', 'holds', 'dimension = 8 = without the last feature, less n_r'],
  ['T4-growth', 'repaired', 'half-silent', 'not-applicable', 'rank sigma(W_E W_p) = 1 < 2 = n'],
  ['T4-growth', 'paper', 'kink', 'not-applicable', 'off-kinks fails'],
  ['T4-growth', 'paper', 'silent', 'not-applicable', 'n = 1 < 2'],
  ['A1-dimension', 'paper', 'ground-truth', 'holds', 'dimension = 8 > 6 = dimension with the anchors fixed'],
  ['A1-dimension', 'ours', 'ground-truth', 'refuted', 'dimension with the anchors fixed = 6 > 2 = rescalings'],
  ['A1-dimension', 'ours', 'opposite', 'holds', 'dimension with the anchors fixed = 1 = rescalings'],
  ['A1-dimension', 'paper', 'not-met', 'not-applicable', 'an anchor is not met'],
] as const)('%s %s on %s: %s', (id, reading, name, verdict, facts) => {
  expect(decided(id, reading, name)).toMatchObject({ verdict, facts: expect.stringContaining(facts) });
});

it('without independent codes a feature may take nothing away', () => {
  expect(decided('T4-growth', 'repaired', 'half-silent', 'independent-codes').verdict).toBe('refuted');
});

it('k anchors in general position: k (n_p + n_r) parameters less, and as many equations as they meet by themselves', () => {
  // Unit vectors of R^n, a neuron each, no other on: each anchor takes 2 n parameters and n equations.
  for (const [n, k] of [
    [2, 1],
    [3, 1],
    [3, 2],
    [4, 3],
  ] as const) {
    const unit = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
    const rows = unit.map((row) => row.map(String));
    const plain = document({ wp: unit, neurons: n, activation: { kind: 'jumprelu', theta: '1/2' } });
    const anchors = Array.from({ length: k }, (_, i) => i + 1);
    const m = readInstance(node({ ...plain, we: rows, wd: rows, anchors }));
    const whole = 2 * n * n - n * n;
    const { verdict, facts } = decided('A1-dimension', 'paper', m);
    expect(verdict).toBe('holds');
    expect(facts).toContain(`dimension = ${whole} > ${whole - k * n} = dimension with the anchors fixed`);
  }
});

it('what another instance would need is refused', () => {
  const { certificate } = decided('A1-dimension', 'paper', 'ground-truth');
  const instance = (change: object) => codeOf(certificate, (d) => Object.assign(d.instance as object, change));
  const rows = [
    ['1', '0'],
    ['0', '1'],
    ['-1', '-1'],
  ];
  expect(instance({ anchors: [2] })).toBe('does-not-hold');
  expect(instance({ we: rows.with(1, ['0', '2']) })).toBe('does-not-hold');
  const growth = decided('T4-growth', 'paper', 'ground-truth').certificate;
  expect(codeOf(growth, (d) => Object.assign(d, { verdict: 'holds' }))).toBe('does-not-hold');
});

it.skipIf(noSecond)('both checkers say so', () => {
  const of = (id: string, reading: 'paper' | 'ours' | 'repaired', name: string, dropped?: string) =>
    JSON.parse(decided(id, reading, name, dropped).certificate) as Record<string, Value>;
  const met = of('A1-dimension', 'paper', 'ground-truth');
  const other = { ...met, instance: { ...(met.instance as { [key: string]: Value }), anchors: [2] } };
  sayTheSame([
    ['growth', of('T4-growth', 'paper', 'opposite-pairs')],
    ['a silent feature', of('T4-growth', 'repaired', 'half-silent', 'independent-codes')],
    ['anchors', met],
    ['nothing but rescalings', of('A1-dimension', 'ours', 'opposite')],
    ['an anchor that is not met', other as Value, 'does-not-hold'],
  ]);
});
