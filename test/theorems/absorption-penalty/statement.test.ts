import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInstance } from '../../../src/kernel/model/instance.ts';
import { node, q } from '../../kernel/read.ts';
import { codeOf, decided } from '../decided.ts';

type Parts = Record<string, unknown>;
const instance = (delta: string, joint: [string, string[]][]) => ({
  format: 'dictum/instance@1',
  name: 'test',
  neurons: 2,
  activation: { kind: 'relu' },
  features: [
    { label: 'a', wp: ['1', '0'] },
    { label: 'b', wp: ['0', '1'] },
  ],
  we: [
    ['1', `${q(delta).negated()}`],
    ['0', '1'],
  ],
  wd: [
    ['1', delta],
    ['0', '1'],
  ],
  distribution: { joint: joint.map(([probability, x]) => ({ probability, x })) },
});

describe('Chanin et al.: absorption', () => {
  it.each([
    // p_11 = 1/10, p_10 = 1/5, delta = 1/2: 3/20 + 1/5.
    ['paper', 'half', undefined, 'holds', 'penalty is 7/20 = p_11 (2 - delta) + p_10, and 2/5 at delta = 0'],
    ['paper', 'full', undefined, 'holds', 'penalty is 1/4 = p_11 (2 - delta) + p_10, and 3/8 at delta = 0'],
    [
      'paper',
      'orphan',
      'hierarchical',
      'refuted',
      'true losses are not 0: L = 0 at delta = 0 and L = 1/40 at delta = 1/2',
    ],
    ['paper', 'magnitudes', undefined, 'not-applicable', 'binary fails: some feature is neither 0 nor 1'],
    ['repaired', 'magnitudes', undefined, 'holds', 'less delta E[x_2]'],
    [
      'repaired',
      'weak-parent',
      'parent-above',
      'refuted',
      'true losses are not 0: L = 0 at delta = 0 and L = 1/10 at delta = 1/2',
    ],
  ] as const)('%s on %s without %s: %s', (reading, name, dropped, verdict, fact) => {
    const outcome = decided('Chanin', reading, name, dropped);
    expect(outcome.verdict).toBe(verdict);
    expect(outcome.facts).toContain(fact);
  });

  it('p_11 (2 - delta) + p_10 for every delta and every pair of probabilities', () => {
    const part = fc.integer({ min: 1, max: 9 }).map((k) => `${k}/20`);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), part, part, (k, p11, p10) => {
        const delta = q(`${k}/7`);
        const m = readInstance(
          node(
            instance(`${delta}`, [
              [p11, ['1', '1']],
              [p10, ['1', '0']],
            ]),
          ),
        );
        const { verdict, facts } = decided('Chanin', 'paper', m);
        expect(verdict).toBe('holds');
        expect(facts).toContain(`penalty is ${q(p11).times(q(2).minus(delta)).plus(q(p10))} =`);
        expect(decided('Chanin', 'repaired', m).verdict).toBe('holds');
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  const { certificate } = decided('Chanin', 'paper', 'half');
  const of = (d: Parts): Parts & { we: string[][]; wd: string[][]; neurons: number } => d.instance as never;
  const both = (d: Parts, encoder: string, decoder: string): void => {
    of(d).we[0]![1] = encoder;
    of(d).wd[0]![1] = decoder;
  };
  it.each<[string, (document: Parts) => void, string]>([
    ['another delta in the encoder alone', (d) => (of(d).we[0]![1] = '-1/3'), 'does-not-hold'],
    ['another delta in the decoder alone', (d) => (of(d).wd[0]![1] = '1/3'), 'does-not-hold'],
    ['delta above 1', (d) => both(d, '-2', '2'), 'does-not-hold'],
    ['delta 0', (d) => both(d, '0', '0'), 'does-not-hold'],
    ['no distribution', (d) => delete of(d).distribution, 'missing-data'],
    ['another activation', (d) => (of(d).activation = { kind: 'identity' }), 'does-not-hold'],
    [
      'a child that is never active',
      (d) => (of(d).distribution = { joint: [{ probability: '1/5', x: ['1', '0'] }] }),
      'does-not-hold',
    ],
    ['the opposite verdict', (d) => (d.verdict = 'refuted'), 'wrong-type'],
  ])('%s', (_, change, code) => {
    expect(codeOf(certificate, change)).toBe(code);
  });

  it('another delta in both is another certificate of the same', () => {
    expect(codeOf(certificate, (d) => both(d, '-1/3', '1/3'))).toBe('accepted');
  });
});

describe('T8-polysemantic', () => {
  it('two sub-concepts are split into two right neurons', () => {
    expect(decided('T8-polysemantic', 'paper', 'pair')).toMatchObject({
      verdict: 'refuted',
      facts: 'parent 1 has 2 sub-concepts, 1 after the split',
    });
    expect(decided('T8-polysemantic', 'repaired', 'middle-feature').verdict).toBe('holds');
  });
});
