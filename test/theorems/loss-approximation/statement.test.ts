import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atomsOf, isIndependent } from '../../../src/kernel/model/distribution.ts';
import { configurationOf, readInstance } from '../../../src/kernel/model/instance.ts';
import { approximateLoss } from '../../../src/kernel/model/model.ts';
import { distributionOf, largestError, trueLoss, withSoloWeights } from '../../../src/kernel/model/trueLoss.ts';
import { sum } from '../../../src/kernel/numbers/rational.ts';
import { array, smallCase } from '../../kernel/arbitraries.ts';
import { activeAt, exact, inner, type Point, point, preActivations, type Row, ZERO } from '../../kernel/naive.ts';
import { configurationDocument, document, expectRejection, node, q, rejection } from '../../kernel/read.ts';
import { canonical, codeOf, decided } from '../decided.ts';

type Independent = { probability: string; value: string }[][];
const withDistribution = (plain: Parameters<typeof document>[0], distribution: unknown, rest: object = {}) =>
  readInstance(node({ ...document(plain), distribution, ...rest }));
const line = { wp: [[1]] };

describe('the numbers of the counterexamples', () => {
  it.each([
    ['paper', 'dependent', undefined, 'refuted', '= 1/5 > 2/25 = n^2 C (1-S)^2'],
    ['repaired', 'dependent', 'independent', 'refuted', '= 1/5 >'],
    ['walkthrough', 'dependent', undefined, 'refuted', 'L - L~ = 1/5 t'],
    // 2 eps > eps^2 / 4 at eps = 1/20.
    ['paper', 'threshold', undefined, 'refuted', '= 1/10 > 1/1600 ='],
    ['walkthrough', 'threshold', undefined, 'refuted', 'L - L~ = -1/10 t'],
    ['walkthrough', 'independent', undefined, 'holds', 'L - L~ = 0 t'],
    ['repaired', 'independent', undefined, 'holds', 'L~ = '],
    ['paper', 'dense', undefined, 'not-applicable', '1 - S = 3/5 > 1/2'],
  ] as const)('%s on %s without %s: %s', (reading, name, dropped, verdict, fact) => {
    const outcome = decided('T1', reading, name, dropped);
    expect(outcome.verdict).toBe(verdict);
    expect(outcome.facts).toContain(fact);
  });

  it('the threshold family: L - L~ = -2 eps for every eps', () => {
    for (const half of ['1/8', '1/100', '1/10000']) {
      const values = [['1/2', '2'].map((value) => ({ probability: half, value }))];
      const m = withDistribution(
        { ...line, activation: { kind: 'jumprelu', theta: '3/2' } },
        { independent: values },
        { we: [['1']], wd: [['1']] },
      );
      const at = configurationOf(m);
      const gap = trueLoss(m, at).minus(approximateLoss(withSoloWeights(m), at));
      expect(`${gap}`).toBe(`${q(half).times(q(-4))}`);
      expect(`${largestError(m, at)}`).toBe('1/4');
    }
  });
});

/** L from the definition, by rows of rationals. */
function naiveLoss(plain: Parameters<typeof exact>[0], at: Point, atoms: { p: string; x: number[] }[]) {
  const base = exact(plain);
  return atoms.reduce((total, { p, x }) => {
    const mixed = (of: readonly Row[]): Row =>
      (of[0] as Row).map((_, k) =>
        of.reduce((t, row, d) => t.plus((row[k] as typeof ZERO).times(q(x[d] as number))), ZERO),
      );
    const one = { ...base, wp: [mixed(base.wp)], wr: [mixed(base.wr)] };
    const active = activeAt(one, at);
    if (active === 'tie') throw new Error('tie');
    const z = preActivations(one, at.e);
    const error = (one.wr[0] as Row).map((r, k) =>
      at.u.reduce((left, u, i) => (active[i]?.[0] ? left.minus((z[i] as Row)[0]!.times(u[k]!)) : left), r),
    );
    return total.plus(q(p).times(inner(error, error)));
  }, ZERO);
}

const kinds = fc.constantFrom<Record<string, unknown>>(
  { kind: 'relu' },
  { kind: 'identity' },
  { kind: 'jumprelu', theta: '1' },
  { kind: 'topk', k: 1 },
);

it('L agrees with a second way to compute it', () => {
  const inputs = fc.array(fc.record({ p: fc.constantFrom('1/8', '1/9', '1/16'), x: array(fc.nat(2), 3) }), {
    maxLength: 4,
  });
  let ties = 0;
  fc.assert(
    fc.property(smallCase(kinds), inputs, ({ plain, at }, atoms) => {
      const cut = atoms
        .map(({ p, x }) => ({ p, x: x.slice(0, plain.wp.length) }))
        .filter(({ x }) => x.some((v) => v > 0));
      const joint = cut.map(({ p, x }) => ({ probability: p, x: x.map(String) }));
      const m = withDistribution(plain, { joint }, configurationDocument(at));
      let naive: ReturnType<typeof naiveLoss>;
      try {
        naive = naiveLoss(plain, point(at), cut);
      } catch {
        ties++;
        expect(rejection(() => trueLoss(m, configurationOf(m))).code).toBe('tie');
        return;
      }
      expect(`${trueLoss(m, configurationOf(m))}`).toBe(`${naive}`);
    }),
    { numRuns: 150, seed: 1 },
  );
  expect(ties).toBeLessThan(75);
});

it('the repaired bound holds on independent features with a homogeneous sigma', () => {
  let held = 0;
  const magnitudes = fc.array(
    fc.record({ probability: fc.constantFrom('1/10', '1/4', '1/3'), value: fc.constantFrom('1', '1/2', '3') }),
    { maxLength: 2 },
  );
  const homogeneous = fc.constantFrom<Record<string, unknown>>(
    { kind: 'relu' },
    { kind: 'identity' },
    { kind: 'topk', k: 1 },
    { kind: 'jumprelu', theta: '0' },
  );
  fc.assert(
    fc.property(smallCase(homogeneous), array(magnitudes, 3), ({ plain, at }, lists) => {
      const independent: Independent = lists.slice(0, plain.wp.length);
      const m = withDistribution(plain, { independent }, configurationDocument(at));
      try {
        expect(decided('T1', 'repaired', m).verdict).toBe('holds');
        held++;
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: 'tie' });
      }
    }),
    { numRuns: 120, seed: 2 },
  );
  expect(held).toBeGreaterThan(60);
});

describe('distributions', () => {
  it('independent features multiply out to probability 1 with the input 0', () => {
    const m = canonical('T1', 'independent');
    const atoms = atomsOf(distributionOf(m));
    expect(atoms).toHaveLength(3 * 2 * 2 - 1);
    expect(`${sum(atoms.map((a) => a.probability))}`).toBe(`${q(1).minus(q('17/20').times(q('7/8')).times(q('3/4')))}`);
  });

  it('a product written out as a joint distribution is independent, and nothing else is', () => {
    const product = (p: string) =>
      withDistribution(
        {
          wp: [
            [1, 0],
            [0, 1],
          ],
        },
        {
          joint: [
            { probability: '3/16', x: ['1', '0'] },
            { probability: '3/16', x: ['0', '2'] },
            { probability: p, x: ['1', '2'] },
          ],
        },
      );
    expect(isIndependent(distributionOf(product('1/16')), 2)).toBe(true);
    expect(isIndependent(distributionOf(product('1/15')), 2)).toBe(false);
    expect(
      isIndependent(
        distributionOf(
          withDistribution(
            {
              wp: [
                [1, 0],
                [0, 1],
              ],
            },
            { joint: [{ probability: '1', x: ['1', '2'] }] },
          ),
        ),
        2,
      ),
    ).toBe(true);
  });

  it.each([
    [{ joint: [{ probability: '0', x: ['1'] }] }, 'out-of-range', '$.distribution.joint[0].probability'],
    [{ joint: [{ probability: '1/2', x: ['-1'] }] }, 'out-of-range', '$.distribution.joint[0].x[0]'],
    [{ joint: [{ probability: '1/2', x: ['1', '1'] }] }, 'wrong-size', '$.distribution.joint[0].x'],
    [
      {
        joint: [
          { probability: '2/3', x: ['1'] },
          { probability: '1/2', x: ['2'] },
        ],
      },
      'out-of-range',
      '$.distribution.joint',
    ],
    [{ independent: [] }, 'wrong-size', '$.distribution.independent'],
    [{ independent: [[{ probability: '1/2', value: '0' }]] }, 'out-of-range', '$.distribution.independent[0][0].value'],
    [{ independent: [[{ probability: '2', value: '1' }]] }, 'out-of-range', '$.distribution.independent[0]'],
    [{}, 'missing-key', '$.distribution'],
    [{ joint: [], independent: [[]] }, 'missing-key', '$.distribution'],
    [{ joint: [], other: [] }, 'unknown-key', '$.distribution.other'],
  ])('%j is refused with %s', (distribution, code, path) => {
    expectRejection(() => withDistribution(line, distribution), code, path);
  });

  it('too many inputs', () => {
    const wp = Array.from({ length: 17 }, (_, d) => Array.from({ length: 17 }, (_, k) => (k === d ? 1 : 0)));
    const independent = wp.map(() => [{ probability: '1/2', value: '1' }]);
    expectRejection(() => withDistribution({ wp }, { independent }), 'too-large', '$.distribution.independent');
  });

  it('BatchTopK has no true loss', () => {
    const m = withDistribution(
      { ...line, activation: { kind: 'batchtopk', k: 1 } },
      { joint: [{ probability: '1/2', x: ['1'] }] },
      { we: [['1']], wd: [['1']] },
    );
    expectRejection(() => trueLoss(m, configurationOf(m)), 'missing-data', '$.instance.activation');
  });
});

describe('changed certificates', () => {
  const refuted = decided('T1', 'paper', 'dependent').certificate;
  const holds = decided('T1', 'repaired', 'independent').certificate;
  it.each([
    ['the opposite verdict', holds, { verdict: 'refuted' }, 'wrong-type'],
    ['no distribution', refuted, { distribution: undefined }, 'missing-data'],
    [
      'another probability',
      refuted,
      { distribution: { joint: [{ probability: '3/5', x: ['1', '1'] }] } },
      'does-not-hold',
    ],
    [
      'independent features',
      refuted,
      { distribution: { independent: [[{ probability: '1/10', value: '1' }], []] } },
      'does-not-hold',
    ],
  ])('%s', (_, certificate, change, code) => {
    expect(
      codeOf(certificate, (document) => {
        if ('verdict' in change) Object.assign(document, change);
        else Object.assign(document.instance as object, change);
      }),
    ).toBe(code);
  });
});
