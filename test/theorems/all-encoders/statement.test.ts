import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Instance, readInstance } from '../../../src/kernel/model/instance.ts';
import { approximateLoss, gradients } from '../../../src/kernel/model/model.ts';
import { integer } from '../../kernel/arbitraries.ts';
import { configuration, configurationDocument, document, node } from '../../kernel/read.ts';
import { amount } from '../../thorough.ts';
import { both, type Case, noSecond, sayTheSame } from '../../verify/bothCheckers.ts';
import { canonical, decided } from '../decided.ts';
import type { Value } from '../mutate.ts';

type Json = { [key: string]: Value };
const changed = (certificate: string, change: (proof: Json, instance: Json) => void): Json => {
  const whole = JSON.parse(certificate) as Json;
  change((whole.witness as Json).conclusion as Json, whole.instance as Json);
  return whole;
};
const encoders = (name: string | Instance) => decided('T6-encoders', 'repaired', name);
const plain = (name: string | Instance) => decided('T6-plain', 'ours', name);

test('by hand: both gradients 0 at 64/13, and e_2 = (-1/4, 0) gives 29981/22100', () => {
  const m = canonical('T6-encoders', 'plane');
  const at = m.configuration!;
  const { we, wd } = gradients(m, at);
  expect([...we, ...wd].every((row) => row.isZero())).toBe(true);
  expect(`${approximateLoss(m, at)}`).toBe('64/13');
  const [u, v] = [
    ['13/17', '16/17'],
    [-4, 3],
  ];
  const other = configuration(m, {
    e: [
      ['13/25', '16/25'],
      ['-1/4', 0],
      [0, 0],
    ],
    u: [u!, v!, [0, 0]],
  }); // prettier-ignore
  expect(`${approximateLoss(m, other)}`).toBe('29981/22100');
});

describe('T6-encoders', () => {
  it.each([
    ['example-3-5', 'holds', 'W_D is best for W_E, as its gradient is 0'],
    ['top-1', 'holds', 'each code is the best of those that are >= 0'],
    [
      'plane',
      'refuted',
      'some configuration has: the W_D of the configuration, L~ ≈ 1.16404 < 64/13 = L~ of the configuration',
    ],
    ['plane-better', 'refuted', 'W_D is not best for W_E'],
    ['half-columns', 'refuted', 'W_D is not best for W_E, as the square of its gradient is 2'],
  ])('on %s: %s', (name, verdict, facts) => {
    expect(encoders(name)).toMatchObject({ verdict, facts: expect.stringContaining(facts) });
  });

  it('codes that may be negative have no such condition', () => {
    const m = { ...canonical('T6-encoders', 'example-3-5'), activation: { kind: 'identity' } as const };
    expect(encoders(m)).toMatchObject({ verdict: 'undecided' });
  });
});

describe('T6-plain', () => {
  it.each([
    ['example-3-5', 'holds', 'some configuration has: it shows ({1,2},{}), L~ = 1 > 0, W_D is best for W_E'],
    ['unequal-weights', 'refuted', 'since ({1,2},{}) carries no partial minimum of positive loss, by neuron 1'],
    ['plane', 'undecided', 'no configuration found'],
    ['half-columns', 'not-applicable', 'polysemantic fails'],
  ])('on %s: %s', (name, verdict, facts) => {
    expect(plain(name)).toMatchObject({ verdict, facts: expect.stringContaining(facts) });
  });
});

function handmade(): Case[] {
  const best = encoders('example-3-5').certificate;
  const better = encoders('plane').certificate;
  const carried = plain('example-3-5').certificate;
  const none = plain('unequal-weights').certificate;
  const of = (path: readonly (string | number)[], value: Value) => (_: Json, instance: Json) => {
    let place: Value = instance;
    for (const key of path.slice(0, -1)) place = (place as Json)[key as string]!;
    (place as Json)[path.at(-1) as string] = value;
  };
  const found = (change: (proof: Json) => void) => (proof: Json) => change((proof.proof ?? proof) as Json);
  return [
    ['best codes', JSON.parse(best) as Value],
    ['under JumpReLU with threshold 0', changed(best, of(['activation'], { kind: 'jumprelu', theta: '0' }))],
    ['where codes may be negative', changed(best, of(['activation'], { kind: 'identity' })), 'does-not-hold'],
    ['a column that pulls on a dead code', changed(best, of(['wd', 0, 1], '1')), 'does-not-hold'],
    ['a column that pushes a dead code down', changed(changed2(best), () => {})],
    ['columns that are not best', changed(best, of(['wd', 0, 0], '1')), 'does-not-hold'],
    [
      'by a configuration',
      changed(best, (proof) => Object.assign((proof as unknown as Json[])[1]!, { rule: 'configuration' })),
      'wrong-rule',
    ],
    ['a better encoder', JSON.parse(better) as Value],
    [
      'another better one',
      changed(
        better,
        found((proof) => ((proof.we as string[][])[1] = ['-1/4', '0'])),
      ),
    ],
    [
      'one that is no better',
      changed(
        better,
        found((proof) => ((proof.we as string[][])[1] = ['-1', '-1'])),
      ),
      'does-not-hold',
    ],
    [
      'one with other columns',
      changed(
        better,
        found((proof) => ((proof.wd as string[][])[0]![2] = '1')),
      ),
      'does-not-hold',
    ],
    [
      'a better encoder as a gradient',
      changed(better, (proof) => Object.assign(proof, { choose: 1, proof: 'compute' })),
      'does-not-hold',
    ],
    ['a pattern that carries one', JSON.parse(carried) as Value],
    ['with a column scaled', changed(carried, (proof) => ((proof.wd as string[][])[0]![0] = '1')), 'does-not-hold'],
    ['of another pattern', changed(carried, (proof) => ((proof.we as string[][])[1] = ['1', '0'])), 'does-not-hold'],
    ['none', JSON.parse(none) as Value],
    ['none, for other weights', changed(none, of(['features', 1, 'weight'], '1')), 'farkas-unequal'],
  ]; // prettier-ignore
}

/** Row 2 off both features, and column 2 against both residuals: (1/2,-1/2) and (-1/2,1/2). */
function changed2(certificate: string): string {
  return JSON.stringify(
    changed(certificate, (_, instance) =>
      Object.assign(instance, {
        we: [
          ['1', '1'],
          ['-1', '-1'],
        ],
        wd: [
          ['1/2', '-1'],
          ['1/2', '-1'],
        ],
      }),
    ),
  ); // prettier-ignore
}

test.skipIf(noSecond)('both checkers on proofs by hand', () => sayTheSame(handmade()));

const unit = (n: number): number[][] =>
  Array.from({ length: n }, (_, d) => Array.from({ length: n }, (_, k) => Number(k === d)));

test('merged orthonormal features of equal weight: no encoder of many does better with these columns', () => {
  const shape = fc.integer({ min: 2, max: 4 }).chain((n) =>
    fc.record({
      owner: fc.array(fc.integer({ min: 0, max: n - 1 }), { minLength: n, maxLength: n }),
      others: fc.array(fc.array(fc.array(integer(4), { minLength: n, maxLength: n }), { minLength: n, maxLength: n }), {
        minLength: 8,
        maxLength: 8,
      }),
    }),
  ); // prettier-ignore
  fc.assert(
    fc.property(shape, ({ owner, others }) => {
      const n = owner.length;
      const sets = unit(n).map((_, i) => owner.flatMap((j, d) => (i === j ? [d] : [])));
      const e = sets.map((set) => unit(n)[0]!.map((_, d) => Number(set.includes(d))));
      const u = e.map((row) => row.map((x) => (x ? `1/${row.reduce((a, b) => a + b)}` : '0')));
      const plain = { ...document({ wp: unit(n), neurons: n }), ...configurationDocument({ e, u }) };
      const m = readInstance(node({ ...plain, pattern: sets.map((set) => set.map((d) => d + 1)) }));
      expect(encoders(m).verdict).toBe('holds');
      const loss = approximateLoss(m, m.configuration!);
      for (const rows of others) {
        const halves = rows.map((row) => row.map((x) => `${x}/2`));
        expect(approximateLoss(m, { ...configuration(m, { e: halves, u }) }).compare(loss)).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: amount(60, 600), seed: 3 },
  );
});

test('with independent directions it is decided for every configuration whose columns are best; both checkers say so', () => {
  const shape = fc.integer({ min: 1, max: 3 }).chain((n) => {
    const grid = (width: number) =>
      fc.array(fc.array(integer(2), { minLength: width, maxLength: width }), { minLength: n, maxLength: n });
    return fc.record({
      upper: grid(n),
      e: grid(n),
      u: grid(2),
      weights: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: n, maxLength: n }),
    });
  });
  const certificates: string[] = [];
  const verdicts = new Map<string, number>();
  fc.assert(
    fc.property(shape, ({ upper, e, u, weights }) => {
      // Unit upper triangular, so independent; targets that the configuration meets but for what is orthogonal to it, so that columns are best.
      const wp = upper.map((row, d) => row.map((x, k) => (k === d ? 1 : k > d ? x : 0)));
      const z = wp.map((w) =>
        e.map((row) =>
          Math.max(
            0,
            row.reduce((total, x, k) => total + x * w[k]!, 0),
          ),
        ),
      );
      const wr = z.map((codes, d) =>
        [0, 1].map((k) => codes.reduce((total, x, i) => total + x * u[i]![k]!, 0)).concat(d === 0 ? 1 : 0),
      );
      const columns = u.map((column) => [...column, 0]);
      const off = z[0]!.every((x) => x === 0);
      const m = readInstance(
        node({ ...document({ wp, wr, weights, neurons: e.length }), ...configurationDocument({ e, u: columns }) }),
      );
      const { verdict, certificate } = encoders(m);
      expect(verdict).not.toBe('undecided');
      if (off) expect(verdict).toBe('holds');
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
      certificates.push(certificate.replaceAll('\n', ' '));
      // The same with one row changed: then some code may be better.
      const moved = e.map((row, i) => (i === 0 ? row.map((x) => -x) : row));
      const again = { ...m, configuration: configuration(m, { e: moved, u: columns }) };
      expect(encoders(again).verdict).not.toBe('undecided');
    }),
    { numRuns: amount(80, 800), seed: 4 },
  );
  expect([...verdicts.keys()].sort()).toEqual(['holds', 'refuted']);
  if (noSecond) return;
  for (const answers of both(certificates)) expect(answers).toEqual(['accepted', 'accepted']);
});
