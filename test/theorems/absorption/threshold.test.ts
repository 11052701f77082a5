/** T8-threshold: the raised threshold of the proof, against the pattern that it shows. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Instance, readInstance } from '../../../src/kernel/model/instance.ts';
import { patternShown } from '../../../src/kernel/model/model.ts';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { document, node } from '../../kernel/read.ts';
import { noSecond, sayTheSame } from '../../verify/bothCheckers.ts';
import { decided } from '../decided.ts';
import type { Value } from '../mutate.ts';

it.each([
  ['paper', 'another-lower', 'refuted', "least <e_2, w_d> = 2 < 11/2 = c' of neuron 1"],
  ['paper', 'near', 'holds', "least <e_2, w_d> = 4 > 3 = c' of neuron 1"],
  ['repaired', 'same-least', 'holds', "least <e_1, w_d> = 3 > 2 = c' of neuron 2"],
  ['repaired', 'near', 'not-applicable', 'over F_2 is another than that of the first set'],
  ['paper', 'other-rows', 'not-applicable', 'it shows ({1,2,3},{3,4}) instead'],
] as const)('%s on %s: %s', (reading, name, verdict, facts) => {
  expect(decided('T8-threshold', reading, name)).toMatchObject({ verdict, facts: expect.stringContaining(facts) });
});

it('it is refuted just where the rows of equation 86 with the raised threshold show another pattern', () => {
  const seen = { holds: 0, refuted: 0 };
  const value = fc.integer({ min: 2, max: 9 });
  fc.assert(
    fc.property(fc.tuple(value, value, value, value), ([a, b, c, d]) => {
      fc.pre(a !== b && c !== d);
      const unit = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 1 : 0)));
      const we = [
        [a, b, 0, 0],
        [0, 0, c, d],
      ];
      const plain = document({ wp: unit, neurons: 2, activation: { kind: 'jumprelu', theta: '1' } });
      const zeros = unit.map(() => ['0', '0']);
      const m = readInstance(
        node({
          ...plain,
          pattern: [
            [1, 2],
            [3, 4],
          ],
          we: we.map((row) => row.map(String)),
          wd: zeros,
        }),
      );
      const { verdict } = decided('T8-threshold', 'paper', m);
      seen[verdict as keyof typeof seen]++;
      // Equations 74 to 86 by themselves, c'' a little above c'.
      const shown = [0, 1].map((i) => raised(m, i, we[i] as number[]));
      expect(verdict).toBe(shown.every(Boolean) ? 'holds' : 'refuted');
    }),
    { numRuns: 120, seed: 3 },
  );
  expect(Math.min(seen.holds, seen.refuted)).toBeGreaterThan(15);
});

/** Whether P' of parent i is shown. */
function raised(m: Instance, i: number, values: number[]): boolean {
  const at = m.configuration!;
  const own = values.filter((x) => x > 0);
  const least = BigInt(Math.min(...own));
  const c = Rational.of(1n + least, 2n);
  const epsilon = Rational.of(1n, 1000n);
  const theta = c.plus(epsilon);
  const scaled = at.we.map((e, k) => (k === i ? e.times(c.over(Rational.of(least))) : e));
  const j = values.indexOf(Number(least));
  const fresh = m.features[j]!.wp.times(theta.times(Rational.of(2n)));
  const shown = patternShown({ ...m, neurons: 3, activation: { kind: 'jumprelu', theta } }, { we: [...scaled, fresh] });
  const wanted = [...m.pattern!.map((set, k) => (k === i ? set.filter((d) => d !== j) : set)), [j]];
  return JSON.stringify(shown) === JSON.stringify(wanted);
}

it.skipIf(noSecond)('both checkers say so', () => {
  const of = (reading: 'paper' | 'repaired', name: string): Record<string, Value> =>
    JSON.parse(decided('T8-threshold', reading, name).certificate) as Record<string, Value>;
  const lower = of('paper', 'another-lower');
  const raisedRow = {
    we: [
      ['10', '11', '0', '0'],
      ['0', '0', '6', '6'],
    ],
  };
  sayTheSame([
    ['lost', lower],
    ['kept', of('repaired', 'same-least')],
    [
      'said of rows that are high enough',
      { ...lower, instance: { ...(lower.instance as object), ...raisedRow } } as Value,
      'does-not-hold',
    ],
  ]);
});
