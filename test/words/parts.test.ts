/** Weights too long to be read are shown in parts of the largest: the equation stays one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { certify, check } from '../../src/browser.ts';
import { explain } from '../../src/explain/explain.ts';
import { Rational } from '../../src/kernel/numbers/rational.ts';
import { sha256 } from '../../src/library/sha256.ts';
import { sidesOf, type Weighted } from '../../src/words/parts.ts';
import { CLAIMS } from '../../theorems/statements.ts';

const weight = (most: bigint) => fc.tuple(fc.bigInt(1n, most), fc.bigInt(1n, most)).map(([a, b]) => Rational.of(a, b));
const terms = (most: bigint) =>
  fc
    .array(weight(most), { minLength: 1, maxLength: 5 })
    .map((all) => all.map((w, feature) => ({ feature, weight: w })));

describe('sides of an equation', () => {
  test('short ones are left as they are', () => {
    fc.assert(
      fc.property(terms(10n ** 6n), terms(10n ** 6n), (on, off) => {
        expect(sidesOf(on, off)).toEqual({ on, off, inParts: false });
      }),
    );
  });

  test('long ones are divided by one number, the largest on the left', () => {
    fc.assert(
      fc.property(terms(10n ** 40n), terms(10n ** 40n), (on, off) => {
        const sides = sidesOf(on, off);
        fc.pre(sides.inParts);
        expect(`${sides.on[0]?.weight}`).toBe('1');
        const largest = on.reduce((most, { weight: w }) => (w.compare(most) > 0 ? w : most), Rational.of(0n));
        const back = (of: readonly Weighted[]): string[] =>
          [...of].sort((a, b) => a.feature - b.feature).map(({ weight: w }) => `${w.times(largest)}`);
        expect([back(sides.on), back(sides.off)]).toEqual([on, off].map((of) => of.map(({ weight: w }) => `${w}`)));
      }),
    );
  });

  test('sentence and explanation of directions with 40 digits', () => {
    const long = `${10n ** 39n + 7n}`;
    const instance = {
      format: 'dictum/instance@1',
      name: 'long',
      features: [
        { label: 'a', wp: ['1', '0'] },
        { label: 'b', wp: ['0', '1'] },
        { label: 'c', wp: [`${long}/3`, `1/${long}`] },
      ],
      activation: { kind: 'relu' },
      neurons: 1,
      pattern: [[3]],
    };
    const decided = certify('R', instance);
    if (!('certificate' in decided)) throw new Error('undecided');
    expect(decided.sentence).toBe(
      'R paper refuted: {c} is not realizable: w(c) = ≈3.33333e+38 w(a) + ≈1.00000e-39 w(b)',
    );
    const found = explain(decided.certificate, CLAIMS, sha256);
    const text = 'asked' in found ? JSON.stringify(found.argument) : '';
    expect(text).toContain('in parts of the largest on the left');
    expect(check(decided.certificate).accepted).toBe(true);
  });
});
