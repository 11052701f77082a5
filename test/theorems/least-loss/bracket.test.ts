/** G2: bounds of L~ on both sides. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instance, readInstance } from '../../../src/kernel/model/instance.ts';
import { approximateLoss } from '../../../src/kernel/model/model.ts';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { smallCase } from '../../kernel/arbitraries.ts';
import { configurationDocument, document, node } from '../../kernel/read.ts';
import { noSecond, sayTheSame } from '../../verify/bothCheckers.ts';
import { codeOf, decided } from '../decided.ts';
import type { Value } from '../mutate.ts';

it.each([
  ['overlap', 'a configuration reaches L~ = 1, and none has less: it is a global minimum'],
  ['merged', 'a configuration reaches L~ = 2/5, and none has less: it is a global minimum'],
  ['three-in-the-plane', 'a configuration reaches L~ = 7/5, and none has less than ≈1.28000'],
  ['enough', 'a configuration reaches L~ = 1, and none has less than 0'],
])('%s: %s', (name, facts) => {
  expect(decided('G2', 'ours', name)).toMatchObject({ verdict: 'holds', facts: expect.stringContaining(facts) });
});

/** Ends of the interval that the certificate shows. */
function ends(m: Instance): readonly [Rational, Rational] {
  const { certificate, verdict } = decided('G2', 'ours', m);
  expect(verdict).toBe('holds');
  type Proof = { t: string; x: string[][] };
  const { t, x } = (JSON.parse(certificate) as { witness: { conclusion: Proof } }).witness.conclusion;
  const q = (text: string): Rational => Rational.parse(text) as Rational;
  const total = m.features.reduce((sum, f) => sum.plus(f.weight.times(f.wr.dot(f.wr))), q('0'));
  const traceOfX = x.reduce((sum, row, k) => sum.plus(q(row[k] as string)), q('0'));
  return [total.minus(traceOfX).minus(q(t).times(q(`${m.neurons}`))), approximateLoss(m, m.configuration!)];
}

it('no configuration drawn is below the bound of another', () => {
  let bounded = 0;
  const kinds = fc.constantFrom<Record<string, unknown>>(
    { kind: 'relu' },
    { kind: 'identity' },
    { kind: 'jumprelu', theta: '1/2' },
  );
  fc.assert(
    fc.property(smallCase(kinds), ({ plain, at }) => {
      const m = readInstance(node({ ...document(plain), ...configurationDocument(at) }));
      if (m.neurons === 1 && m.activation.kind === 'relu') return;
      const [least, here] = ends(m);
      expect(least.compare(here)).toBeLessThanOrEqual(0);
      if (least.sign() > 0) bounded++;
    }),
    { numRuns: 300, seed: 11 },
  );
  expect(bounded).toBeGreaterThan(5);
});

describe('rejected', () => {
  type Proof = { t: string; x: string[][]; definite: { l: string[][]; d: string[] }[] };
  const { certificate } = decided('G2', 'ours', 'overlap');
  const changed = (change: (proof: Proof) => void): Value => {
    const document = JSON.parse(certificate) as Record<string, Value>;
    change((document.witness as unknown as { conclusion: Proof }).conclusion);
    return document as Value;
  };
  const cases = [
    ['a larger t', changed((p) => Object.assign(p, { t: '2' })), 'wrong-factors'],
    ['a negative t', changed((p) => Object.assign(p, { t: '-1' })), 'does-not-hold'],
    ['another X', changed((p) => Object.assign(p.x[0] as string[], ['1', '0', '0'])), 'wrong-factors'],
    ['a negative pivot', changed((p) => Object.assign(p.definite[1]!.d, ['-1', '0', '0'])), 'negative-pivot'],
    ['one matrix', changed((p) => p.definite.pop()), 'wrong-size'],
    ['X of another size', changed((p) => p.x.pop()), 'wrong-size'],
  ] as const;

  it.each(cases)('%s', (_, document, code) => {
    expect(codeOf(JSON.stringify(document), () => {})).toBe(code);
  });

  it.skipIf(noSecond)('by both checkers', () => {
    sayTheSame([
      ['as it is', JSON.parse(certificate) as Value],
      ...cases.map(([what, document, code]) => [what, document, code] as const),
    ]);
  });

  it('a rule of G2 says nothing of a neuron that G1 asks of', () => {
    const one = decided('G1', 'ours', 'three-directions').certificate;
    expect(codeOf(one, (d) => Object.assign(d, { claim: 'G2', reading: 'ours' }))).not.toBe('accepted');
  });
});
