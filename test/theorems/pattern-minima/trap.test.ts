/** T6-trap: of the patterns of Theorem 3.6, which carry a local minimum. */
import { expect, it } from 'vitest';
import { noSecond, sayTheSame } from '../../verify/bothCheckers.ts';
import { codeOf, decided } from '../decided.ts';
import type { Value } from '../mutate.ts';

it.each([
  ['acute-pair', 'holds', 'carries a local minimum of L~'],
  ['irrational-eigenvalue', 'holds', 'carries a local minimum of L~'],
  ['unequal-weights', 'refuted', 'carries no local minimum of L~, by neuron 1'],
  ['equal-weights-plane', 'refuted', 'carries no local minimum of L~'],
  // It carries a critical point, the only one, and a way down from it.
  ['smaller-eigenvalue', 'refuted', 'carries no local minimum of L~'],
  ['superposition-none', 'not-applicable', 'realizable fails'],
] as const)('%s: %s', (name, verdict, facts) => {
  expect(decided('T6-trap', 'paper', name)).toMatchObject({ verdict, facts: expect.stringContaining(facts) });
});

it('T6 is refuted where it is, and not on smaller-eigenvalue', () => {
  expect(decided('T6', 'paper', 'smaller-eigenvalue').verdict).toBe('holds');
  expect(decided('T6', 'paper', 'unequal-weights').verdict).toBe('refuted');
});

it.skipIf(noSecond)('both checkers say so, and neither takes one verdict for the other', () => {
  const of = (name: string) => JSON.parse(decided('T6-trap', 'paper', name).certificate) as Record<string, Value>;
  sayTheSame([
    ['a trap', of('acute-pair')],
    ['a way down', of('smaller-eigenvalue')],
    ['a trap for none', { ...of('acute-pair'), verdict: 'refuted' }, 'wrong-rule'],
  ]);
  expect(codeOf(JSON.stringify(of('smaller-eigenvalue')), (d) => Object.assign(d, { verdict: 'holds' }))).toBe(
    'wrong-rule',
  );
});
