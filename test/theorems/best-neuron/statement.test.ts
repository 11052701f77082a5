import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { trueLoss } from '../../../src/kernel/model/trueLoss.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { q } from '../../kernel/read.ts';
import { amount } from '../../thorough.ts';
import { type Case, noSecond, sayTheSame } from '../../verify/bothCheckers.ts';
import { canonical, decided } from '../decided.ts';
import type { Value } from '../mutate.ts';

type Json = { [key: string]: Value };
const one = (name: string, dropped?: string) => decided('Hedging-one', 'repaired', name, dropped);

describe('the best single neuron', () => {
  it.each([
    ['hierarchy', undefined, 'holds', '<u, r_1> = 2 > 0; <u, r_2> = 1 > 0'],
    ['independent', undefined, 'holds', '<u, r_1> = 2 > 0; <u, r_2> = 1 > 0'],
    ['never-together', undefined, 'holds', '<u, r_3> = 1 > 0'],
    ['exclusive', undefined, 'not-applicable', '{b} is not linked to the first feature'],
    ['exclusive', 'linked', 'refuted', '<u, r_2> = 0'],
    ['parent-alone', 'best-of-all', 'refuted', 'is not positive semidefinite: x = (7, 4) gives -32/5'],
    ['identity', 'activation', 'refuted', '<u, r_1> = -2 < 0'],
    ['obtuse', 'orthonormal-targets', 'refuted', '<u, r_2> = -2/5 < 0'],
    ['two-neurons', 'one-neuron', 'refuted', '<u, r_2> = 0'],
  ] as const)('%s without %s: %s', (name, dropped, verdict, fact) => {
    const outcome = one(name, dropped);
    expect(outcome.verdict).toBe(verdict);
    expect(outcome.facts).toContain(fact);
  });
});

/** An independent route: rows and columns at random. */
test.each(['hierarchy', 'independent', 'never-together', 'obtuse', 'identity'])(
  'no neuron drawn betters %s',
  (name) => {
    const m = canonical('Hedging-one', name);
    const least = trueLoss(m, m.configuration!);
    const vector = fc.array(fc.integer({ min: -6, max: 6 }), { minLength: m.np, maxLength: m.np });
    fc.assert(
      fc.property(vector, vector, (e, u) => {
        const drawn = { we: [Vector.of(e.map((x) => q(`${x}/4`)))], wd: [Vector.of(u.map((x) => q(`${x}/4`)))] };
        expect(trueLoss(m, drawn).compare(least)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: amount(150, 1500) },
    );
  },
);

describe.skipIf(noSecond)('both checkers', () => {
  const change = (with_: (whole: Json, m: Json, factors: Json) => void): Json => {
    const whole = JSON.parse(one('hierarchy').certificate) as Json;
    const best = ((whole.witness as Json).hypotheses as Json)['best-of-all'] as Json;
    with_(whole, whole.instance as Json, best.definite as Json);
    return whole;
  };
  const cases: Case[] = [
    ['as written', change(() => {})],
    ['another column', change((_, m) => Object.assign(m, { wd: [['2'], ['2']] })), 'wrong-factors'],
    ['another row', change((_, m) => Object.assign(m, { we: [['1', '0']] })), 'wrong-factors'],
    [
      'another probability',
      change((_, m) => Object.assign(((m.distribution as Json).joint as Json[])[0]!, { probability: '1/4' })),
      'wrong-factors',
    ],
    ['other factors', change((_, __, f) => Object.assign(f, { d: ['1', '1'] })), 'wrong-factors'],
    ['a negative pivot', change((_, __, f) => Object.assign(f, { d: ['1/10', '-1'] })), 'negative-pivot'],
    [
      'no distribution',
      change((_, m) => {
        delete m.distribution;
      }),
      'missing-data',
    ],
    [
      'two neurons',
      change((_, m) =>
        Object.assign(m, {
          neurons: 2,
          we: [
            ['2/5', '1/5'],
            ['0', '0'],
          ],
          wd: [
            ['2', '0'],
            ['1', '0'],
          ],
        }),
      ),
      'does-not-hold',
    ],
    [
      'refuted',
      change((whole) => {
        whole.verdict = 'refuted';
        (whole.witness as Json).conclusion = { choose: 1, proof: 'compute' };
      }),
      'does-not-hold',
    ],
  ];
  test('say the same', () => sayTheSame(cases));
});
