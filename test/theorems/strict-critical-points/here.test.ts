/** T6-here: whatever the sets of a configuration, whether it is a local minimum. */
import { expect, it, test } from 'vitest';
import type { Instance } from '../../../src/kernel/model/instance.ts';
import { descentCurves } from '../../../src/solve/decide/descent.ts';
import { canonical, codeOf, decided } from '../decided.ts';

it.each([
  ['acute-pair', 'holds', 'the configuration is a local minimum of L~: L~ = 2/5'],
  ['apart', 'holds', 'the configuration is a local minimum of L~: L~ = 0'],
  ['alike', 'refuted', 'the configuration is no local minimum of L~'],
  ['threshold', 'refuted', 'the configuration is no local minimum of L~'],
  ['overlap', 'undecided', 'neither a largest eigenvalue nor a descent curve settles it'],
])('%s: %s', (name, verdict, facts) => {
  expect(decided('T6-here', 'repaired', name)).toMatchObject({ verdict, facts: expect.stringContaining(facts) });
});

test('with its last row at 0 the configuration of sets that meet is a saddle', () => {
  const m = canonical('T6-here', 'overlap');
  const at = m.configuration!;
  const zero = at.we[3]!.minus(at.we[3]!);
  const saddle: Instance = { ...m, configuration: { ...at, we: [...at.we.slice(0, 3), zero] } };
  expect(decided('T6-here', 'repaired', saddle).verdict).toBe('refuted');
});

test('a line of negative curvature is proposed only where there is one', () => {
  const curves = (name: string): number =>
    [...descentCurves(canonical('T6-here', name), canonical('T6-here', name).configuration!)].length;
  expect(curves('alike')).toBeGreaterThan(0);
  expect(curves('overlap')).toBe(0);
});

/** What of a certificate is changed, and the code that refuses it. */
it.each([
  [
    'the curve turned along which L~ stays',
    'alike',
    'no-descent',
    (row: string[][]) => row.map((r) => r.map(() => '0')),
  ],
  ['another row too many', 'alike', 'wrong-size', (row: string[][]) => [...row, row[0]!]],
] as const)('%s: refused', (_, name, code, change) => {
  const { certificate } = decided('T6-here', 'repaired', name);
  const refused = codeOf(certificate, (document) => {
    const witness = document.witness as unknown as { conclusion: { we: string[][][]; wd: string[][][] } };
    const { conclusion } = witness;
    conclusion.we = conclusion.we.map(change);
    if (code === 'no-descent') conclusion.wd = conclusion.wd.map(change);
  });
  expect(refused).toBe(code);
});

test('a minimum is not shown by a loss of 0 that there is not, nor by what proves the opposite', () => {
  const { certificate } = decided('T6-here', 'repaired', 'acute-pair');
  const conclusion = (document: unknown, to: object): void => {
    (document as { witness: { conclusion: object } }).witness.conclusion = to;
  };
  expect(codeOf(certificate, (document) => conclusion(document, { rule: 'no-loss' }))).toBe('does-not-hold');
  const down = {
    rule: 'descent-curve',
    we: [
      [
        ['0', '0'],
        ['0', '0'],
      ],
    ],
    wd: [
      [
        ['0', '0'],
        ['0', '0'],
      ],
    ],
  };
  expect(codeOf(certificate, (document) => conclusion(document, down))).toBe('wrong-rule');
});
