import { describe, expect, it } from 'vitest';
import { canonical, codeOf, decided } from '../decided.ts';

type Parts = Record<string, unknown>;
const conclusion = (document: Parts): Parts => (document.witness as { conclusion: Parts }).conclusion;

describe('A1', () => {
  it.each(['superposition', 'orthonormal', 'obtuse'])(
    '%s: zero true loss with all anchors and no other feature',
    (name) => {
      expect(decided('A1', 'paper', name).verdict).toBe('refuted');
      expect(decided('A1-true', 'paper', name).verdict).toBe('refuted');
    },
  );

  it.each(['superposition-8', 'obtuse-8'])('%s: as the repaired readings say', (name) => {
    const { verdict, facts } = decided('A1-true', 'repaired', name);
    expect(verdict).toBe('holds');
    expect(facts).toContain('the true loss is 0 for every distribution');
    expect(decided('A1', 'repaired', name).facts).toContain('(4 of 32 parameters fixed), L~ = 0');
  });

  it('with Top-3: zero approximate loss beside the anchor, by a random encoder', () => {
    const { verdict, facts } = decided('A1', 'paper', 'top-3');
    expect(verdict).toBe('refuted');
    expect(facts).toContain('(6 of 30 parameters fixed), L~ = 0');
    for (const id of ['A1', 'A1-true']) expect(decided(id, 'repaired', 'top-3').verdict).toBe('not-applicable');
  });

  it('with Top-3 before ReLU: a proposal whose rows tie is passed over, and is no fault of the instance', () => {
    const m = { ...canonical('A1', 'top-3'), activation: { kind: 'topk-pure', k: 3 } as const };
    expect(decided('A1', 'paper', m).verdict).toBe('refuted');
  });

  it('an anchor so near to another feature that it recovers it', () => {
    for (const [id, name] of [
      ['A1', 'close-anchor'],
      ['A1-true', 'close-anchor-6'],
    ] as const) {
      const { verdict, facts } = decided(id, 'repaired', name);
      expect(verdict).toBe('not-applicable');
      expect(facts).toContain('anchors-apart fails: max cos(e_i, w_d)^2 over d that are no anchors = 144/169 > 81/100');
    }
  });

  it('an anchor at an acute angle fires on another feature, at a cost', () => {
    const { verdict, facts } = decided('A1-interference', 'ours', 'superposition');
    expect([verdict, facts]).toEqual(['refuted', 'anchored neurons cost 9/25 on other features']);
    expect(decided('A1-interference', 'repaired', 'obtuse').verdict).toBe('holds');
    expect(() => decided('A1-interference', 'ours', 'top-3')).toThrow(
      expect.objectContaining({ code: 'missing-data' }),
    );
  });

  it('no configuration where an anchor recovers another feature', () => {
    for (const id of ['A1', 'A1-true']) {
      const { verdict, facts, certificate } = decided(id, 'paper', 'close-anchor-6');
      expect([verdict, facts]).toEqual([
        'holds',
        expect.stringContaining('no configuration has all that is asked for, since max cos(e_i, w_d)^2'),
      ]);
      expect(codeOf(certificate, (d: Parts) => Object.assign(conclusion(d).proof as Parts, { choose: 2 }))).toMatch(
        /./,
      );
      // Apart, it excludes nothing.
      expect(codeOf(certificate, (d: Parts) => Object.assign(features(d)[1]!, { wp: ['0', '1'] }))).toBe(
        'does-not-hold',
      );
    }
  });
  const features = (d: Parts): Parts[] => (d.instance as { features: Parts[] }).features;

  const { certificate } = decided('A1-true', 'paper', 'superposition');
  const matrix = (document: Parts, key: string): string[][] => conclusion(document)[key] as string[][];
  const proofs = (document: Parts): Parts[] => conclusion(document).proof as Parts[];
  it.each<[string, (document: Parts) => void, string]>([
    ['an anchored row changed', (d) => (matrix(d, 'we')[0]![0] = '2'), 'does-not-hold'],
    ['an anchored column changed', (d) => (matrix(d, 'wd')[0]![0] = '2'), 'does-not-hold'],
    ['a cancelling row changed', (d) => (matrix(d, 'we')[1]![0] = '2'), 'not-a-pair'],
    ['a pair changed', (d) => (matrix(d, 'we')[2]![0] = '5'), 'not-a-pair'],
    [
      'a cancelling pair as an opposite one',
      (d) =>
        Object.assign(proofs(d)[1]!, {
          pairs: [
            [1, 2],
            [3, 5],
            [4, 6],
          ],
          cancelling: [],
        }),
      'not-a-pair',
    ],
    ['no cancelling pairs', (d) => delete proofs(d)[1]!.cancelling, 'not-a-pair'],
    ['a neuron in both lists', (d) => Object.assign(proofs(d)[1]!, { cancelling: [[1, 3]] }), 'not-a-pair'],
    ['no anchors', (d) => delete (d.instance as Parts).anchors, 'does-not-hold'],
    ['more anchors', (d) => Object.assign(d.instance as Parts, { anchors: [1, 2] }), 'does-not-hold'],
    ['anchors out of order', (d) => Object.assign(d.instance as Parts, { anchors: [2, 1] }), 'not-increasing'],
    ['an anchor beyond n', (d) => Object.assign(d.instance as Parts, { anchors: [4] }), 'out-of-range'],
  ])('%s', (_, change, code) => {
    expect(codeOf(certificate, change)).toBe(code);
  });
});
