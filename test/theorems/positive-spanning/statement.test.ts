/** T6-spanning, T6-overlap: strict traps, and that there is none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInstance } from '../../../src/kernel/model/instance.ts';
import { grid, integer } from '../../kernel/arbitraries.ts';
import { document, node } from '../../kernel/read.ts';
import { amount } from '../../thorough.ts';
import { noSecond, sayTheSame } from '../../verify/bothCheckers.ts';
import { codeOf, decided } from '../decided.ts';
import type { Value } from '../mutate.ts';

const inner = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, a, k) => sum + a * (y[k] ?? 0), 0);

it.each([
  [
    'T6-overlap',
    'overlap',
    'holds',
    'shows ({1,2},{2,3},{4},{}) is strict (at no kink but those of dead neurons), by neurons 1, 2',
  ],
  ['T6-overlap', 'plane', 'holds', 'by neuron 1'],
  ['T6-overlap', 'nested', 'not-applicable', 'no group of neurons has [C_i] of a rank above their number'],
  ['T6-overlap', 'two-neurons', 'not-applicable', 'no set of P is empty'],
  ['T6-overlap', 'half-plane', 'not-applicable', 'spans-positively fails'],
  ['T6-spanning', 'overlap', 'not-applicable', 'is no partition of the features'],
] as const)('%s on %s: %s', (id, name, verdict, facts) => {
  expect(decided(id, 'repaired', name)).toMatchObject({ verdict, facts: expect.stringContaining(facts) });
});

it.each([
  ['T6-spanning', 'partition', 'nested', 'L~ = 0'],
  ['T6-spanning', 'rank-two', 'parallel-targets', 'L~ = 0'],
  ['T6-spanning', 'activation', 'threshold', 'L~ = 1, lambda = 1, 1'],
  ['T6-spanning', 'enough-neurons', 'two-neurons', 'L~ = 1, lambda = 1, 1'],
  ['T6-overlap', 'rank-to-spare', 'nested', 'L~ = 0'],
  ['T6-overlap', 'empty-set', 'two-neurons', 'L~ = 1, lambda = 1, 1'],
  ['T6-overlap', 'activation', 'threshold', 'L~ = 1, lambda = 1, 1'],
])('%s needs %s: a strict trap on %s', (id, dropped, name, facts) => {
  const outcome = decided(id, 'repaired', name, dropped);
  expect(outcome.verdict).toBe('refuted');
  expect(outcome.facts).toMatch(/^a strict local minimum of L~ \(at no kink but those of dead neurons\) shows/);
  expect(outcome.facts).toContain(facts);
});

it('where ranks exceed neurons, some live neuron of every configuration that shows the sets strictly has H_i != 0', () => {
  const seen = { spare: 0, overlapping: 0 };
  fc.assert(
    fc.property(grid(integer(3), 2, 3), grid(integer(2), 3, 3), grid(integer(2), 4, 3), (rows, columns, wr) => {
      const wp = [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
        [-2, -2, -1],
      ];
      const z = rows.map((e) => wp.map((w) => inner(e, w)));
      const sets = z.map((row) => row.flatMap((x, d) => (x > 0 ? [d] : [])));
      fc.pre(z.flat().every((x) => x !== 0) && sets.every((set) => set.length > 0));
      const we = [...rows, [0, 0, 0]];
      const pattern = [...sets, []].map((set) => set.map((d) => d + 1));
      const texts = (matrix: number[][]): string[][] => matrix.map((row) => row.map(String));
      const wd = [0, 1, 2].map((r) => columns.map((u) => u[r] as number));
      const m = readInstance(node({ ...document({ wp, wr, neurons: 3 }), pattern, we: texts(we), wd: texts(wd) }));
      const { verdict, facts } = decided('T6-overlap', 'repaired', m);
      if (verdict === 'not-applicable') {
        expect(facts).toMatch(/^rank-to-spare fails/);
        return;
      }
      expect(verdict).toBe('holds');
      seen.spare++;
      if (sets[0]!.some((d) => sets[1]!.includes(d))) seen.overlapping++;
      const rho = wr.map((r, d) =>
        r.map((x, c) => x - sets.reduce((sum, set, i) => sum + (set.includes(d) ? z[i]![d]! * columns[i]![c]! : 0), 0)),
      );
      const slopes = sets.map((set) =>
        [0, 1, 2].map((c) => [0, 1, 2].map((k) => set.reduce((sum, d) => sum + rho[d]![c]! * wp[d]![k]!, 0))),
      );
      expect(slopes.flat(2).some((x) => x !== 0)).toBe(true);
    }),
    { numRuns: amount(150, 1000), seed: 9 },
  );
  expect(seen.spare).toBeGreaterThan(20);
  expect(seen.overlapping).toBeGreaterThan(10);
});

describe('rejected', () => {
  type Proof = { neurons?: number[]; combination: string[]; we: string[][]; wd: string[][]; proof: Value };
  const of = (document: Record<string, Value>): Proof =>
    (document.witness as unknown as { conclusion: Proof[] }).conclusion[0] as Proof;
  const overlap = decided('T6-overlap', 'repaired', 'overlap').certificate;
  const changed = (change: (proof: Proof) => void): Value => {
    const document = JSON.parse(overlap) as Record<string, Value>;
    change(of(document));
    return document as Value;
  };
  const cases = [
    ['one of the two neurons', changed((p) => Object.assign(p, { neurons: [1] })), 'does-not-hold'],
    ['one that does not belong', changed((p) => Object.assign(p, { neurons: [1, 3] })), 'does-not-hold'],
    ['in another order', changed((p) => Object.assign(p, { neurons: [2, 1] })), 'not-increasing'],
    ['a neuron that there is not', changed((p) => Object.assign(p, { neurons: [1, 5] })), 'out-of-range'],
    ['no relation', changed((p) => Object.assign(p, { combination: ['1', '1', '1', '1'] })), 'farkas-unequal'],
  ] as const;

  it.each(cases)('%s', (_, document, code) => {
    expect(codeOf(JSON.stringify(document), () => {})).toBe(code);
  });

  it.skipIf(noSecond)('by both checkers', () => {
    sayTheSame([
      ['as it is', JSON.parse(overlap) as Value],
      ...cases.map(([what, document, code]) => [what, document, code] as const),
    ]);
  });
});
