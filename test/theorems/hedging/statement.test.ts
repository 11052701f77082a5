import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Instance, readInstance } from '../../../src/kernel/model/instance.ts';
import { trueLoss } from '../../../src/kernel/model/trueLoss.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { node, q } from '../../kernel/read.ts';
import { amount } from '../../thorough.ts';
import { type Case, noSecond, sayTheSame } from '../../verify/bothCheckers.ts';
import { canonical, codeOf, decided } from '../decided.ts';
import type { Value } from '../mutate.ts';

type Json = { [key: string]: Value };

describe('feature hedging', () => {
  it.each([
    // The probabilities of the authors' notebook: the child with 1/5 where the parent is; and with 1/10, against 1/5 where it is not.
    ['Hedging', 'paper', 'hierarchy', undefined, 'holds', 'has the component 1/5 along child'],
    ['Hedging', 'paper', 'anti-correlated', undefined, 'holds', 'has the component -1/10 along child'],
    ['Hedging', 'ours', 'anti-correlated', undefined, 'holds', '<u_2, r_3> = -1/10 < 0 (Cov(x_2, x_3) = -3/160)'],
    ['Hedging', 'repaired', 'hierarchy', undefined, 'holds', '<u_2, r_3> Var(x_2) = 3/80 = Cov(x_2, x_3)'],
    ['Hedging', 'repaired', 'independent', undefined, 'holds', '<u_2, r_3> Var(x_2) = 0 = Cov(x_2, x_3)'],
    ['Hedging', 'ours', 'explained', undefined, 'refuted', '<u_2, r_4> = 0 (Cov(x_2, x_4) = 1/16)'],
    ['Hedging', 'paper', 'explained', undefined, 'holds', 'neuron 3, which reads b, has the component 1/2 along c'],
    ['Hedging', 'paper', 'independent', undefined, 'not-applicable', 'no feature that is read is correlated'],
    ['Hedging', 'paper', 'exclusive', 'free-bias', 'refuted', 'no column has a component'],
    ['Hedging', 'paper', 'independent', 'correlated', 'refuted', 'no column has a component'],
    ['Hedging', 'paper', 'clean-columns', 'best-columns', 'refuted', 'the square of its gradient is 1/50'],
    ['Hedging', 'paper', 'scaled-row', 'pure-rows', 'refuted', 'the row of neuron 3 is the direction of no feature'],
    ['Hedging', 'paper', 'slanted', 'orthonormal', 'refuted', '{b} has a direction or target that is not'],
    ['Hedging', 'paper', 'top-1', 'activation', 'refuted', 'sigma is topk, not relu'],
    ['Hedging', 'repaired', 'explained', 'one-latent', 'refuted', '2 rows read features with a target'],
    ['Hedging', 'repaired', 'independent-plain', 'free-bias', 'refuted', '<u_1, r_2> Var(x_1) = 3/80 > 0'],
    ['Hedging-plain', 'repaired', 'independent-plain', undefined, 'holds', 'has the component 1/5 along b'],
    ['Hedging-plain', 'repaired', 'exclusive', 'together', 'refuted', 'no feature that is read occurs together'],
    ['Hedging-plain', 'repaired', 'independent', 'no-bias', 'refuted', 'neuron 1 reads a feature with target 0'],
    ['Hedging-plain', 'repaired', 'plain-slanted', 'orthonormal', 'refuted', 'no column has a component'],
    ['Hedging-plain', 'repaired', 'plain-threshold', 'activation', 'refuted', 'no column has a component'],
    ['Hedging-plain', 'repaired', 'plain-scaled-row', 'pure-rows', 'refuted', 'no column has a component'],
  ] as const)('%s %s on %s without %s: %s', (claim, reading, name, dropped, verdict, fact) => {
    const outcome = decided(claim, reading, name, dropped);
    expect(outcome.verdict).toBe(verdict);
    expect(outcome.facts).toContain(fact);
  });
});

/** Best columns by the formula of the proof, of one binary feature with a bias, on a distribution of two binary features. */
function best(p: readonly [number, number, number]): { m: Instance; slope: ReturnType<typeof q> } {
  const [both, first, second] = p;
  const rest = 40 - both - first - second;
  const withFirst = q(`${both}/${both + first}`);
  const without = q(`${second}/${second + rest}`);
  const slope = withFirst.minus(without);
  const inputs: [number, string, string][] = [
    [both, '1', '1'],
    [first, '1', '0'],
    [second, '0', '1'],
    [rest, '0', '0'],
  ];
  const joint = inputs.filter(([k]) => k > 0).map(([k, a, b]) => ({ probability: `${k}/40`, x: ['1', a, b] }));
  const features = [
    { label: 'always', wp: ['0', '0', '1'], wr: ['0', '0'] },
    { label: 'a', wp: ['1', '0', '0'], wr: ['1', '0'] },
    { label: 'b', wp: ['0', '1', '0'], wr: ['0', '1'] },
  ];
  const we = [
    ['0', '0', '1'],
    ['1', '0', '0'],
  ];
  const wd = [
    ['0', '1'],
    [`${without}`, `${slope}`],
  ];
  const instance = { format: 'dictum/instance@1', name: 'test', neurons: 2, activation: { kind: 'relu' }, features };
  return { m: readInstance(node({ ...instance, we, wd, distribution: { joint } })), slope };
}

test('the component is how much more frequent the other feature is, Pr(b | a) - Pr(b | not a); merged if and only if that is not 0', () => {
  const parts = fc.tuple(
    fc.integer({ min: 0, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 0, max: 9 }),
  );
  fc.assert(
    fc.property(parts, (p) => {
      const { m, slope } = best(p);
      expect(decided('Hedging', 'repaired', m).verdict).toBe('holds');
      expect(decided('Hedging', 'ours', m).facts).toContain(`<u_2, r_3> = ${slope}`);
      expect(decided('Hedging', 'paper', m).verdict).toBe(slope.sign() === 0 ? 'not-applicable' : 'holds');
    }),
    { numRuns: amount(60, 600) },
  );
});

/** An independent route: no other columns have less loss, by trying some. */
test.each(['hierarchy', 'anti-correlated', 'independent', 'explained', 'independent-plain', 'slanted', 'top-1'])(
  '%s: other columns for the same rows cost more',
  (name) => {
    const m = canonical('Hedging', name);
    const at = m.configuration!;
    const least = trueLoss(m, at);
    const entry = fc.integer({ min: -4, max: 4 });
    fc.assert(
      fc.property(fc.array(entry, { minLength: m.nr * m.neurons, maxLength: m.nr * m.neurons }), (steps) => {
        const wd = at.wd.map((u, i) => u.plus(Vector.of(u.entries().map((_, k) => q(`${steps[i * m.nr + k]}/8`)))));
        expect(trueLoss(m, { ...at, wd }).compare(least)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: amount(40, 400) },
    );
  },
);

/** With every feature read by a row nothing is hidden, and nothing merged: a wide SAE has a decoder of loss 0. */
test('enough rows do away with it', () => {
  const { certificate } = decided('Hedging', 'paper', 'hierarchy');
  const widened = (document: Json): void => {
    Object.assign(document.instance as Json, {
      neurons: 3,
      we: [
        ['0', '0', '1'],
        ['1', '0', '0'],
        ['0', '1', '0'],
      ],
      wd: [
        ['0', '1', '0'],
        ['0', '0', '1'],
      ],
    });
  };
  expect(codeOf(certificate, widened)).toBe('does-not-hold');
});

describe.skipIf(noSecond)('both checkers', () => {
  const change = (
    name: string,
    reading: 'paper' | 'ours' | 'repaired',
    with_: (whole: Json, m: Json) => void,
  ): Json => {
    const whole = JSON.parse(decided('Hedging', reading, name).certificate) as Json;
    with_(whole, whole.instance as Json);
    return whole;
  };
  const cases: Case[] = [
    ['as written', change('hierarchy', 'paper', () => {})],
    [
      'another column',
      change('hierarchy', 'paper', (_, m) =>
        Object.assign(m, {
          wd: [
            ['0', '1'],
            ['0', '1/4'],
          ],
        }),
      ),
      'does-not-hold',
    ],
    [
      'a bias of 1/2',
      change('hierarchy', 'paper', (_, m) => Object.assign((m.features as Json[])[0]!, { wr: ['1', '0'] })),
      'does-not-hold',
    ],
    [
      'another row',
      change('hierarchy', 'paper', (_, m) =>
        Object.assign(m, {
          we: [
            ['0', '0', '1'],
            ['1/2', '0', '0'],
          ],
        }),
      ),
      'does-not-hold',
    ],
    [
      'the same row twice',
      change('hierarchy', 'paper', (_, m) =>
        Object.assign(m, {
          we: [
            ['0', '0', '1'],
            ['0', '0', '1'],
          ],
        }),
      ),
      'does-not-hold',
    ],
    [
      'another direction',
      change('hierarchy', 'paper', (_, m) => Object.assign((m.features as Json[])[2]!, { wp: ['1', '0', '0'] })),
      'does-not-hold',
    ],
    [
      'gates',
      change('hierarchy', 'paper', (_, m) => Object.assign(m, { activation: { kind: 'gated' } })),
      'missing-key',
      'malformed',
    ],
    [
      'no distribution',
      change('hierarchy', 'paper', (_, m) => {
        delete m.distribution;
      }),
      'missing-data',
    ],
    [
      'no configuration',
      change('hierarchy', 'paper', (_, m) => {
        delete m.we;
        delete m.wd;
      }),
      'missing-data',
    ],
    [
      'refuted',
      change('hierarchy', 'paper', (whole) => {
        whole.verdict = 'refuted';
      }),
      'does-not-hold',
    ],
    [
      'the pair that is explained away holds',
      change('explained', 'ours', (whole) => {
        whole.verdict = 'holds';
        (whole.witness as Json).conclusion = ['compute', 'compute'];
      }),
      'does-not-hold',
    ],
    [
      'the other pair chosen',
      change('explained', 'ours', (whole) => {
        (whole.witness as Json).conclusion = { choose: 2, proof: 'compute' };
      }),
      'does-not-hold',
    ],
    [
      'a pair that is not there',
      change('explained', 'ours', (whole) => {
        (whole.witness as Json).conclusion = { choose: 3, proof: 'compute' };
      }),
      'out-of-range',
    ],
    [
      'another probability',
      change('hierarchy', 'repaired', (_, m) =>
        Object.assign(((m.distribution as Json).joint as Json[])[0] as Json, { probability: '1/40' }),
      ),
      'does-not-hold',
    ],
  ];
  test('say the same', () => sayTheSame(cases));
});
