import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Instance, readInstance } from '../../../src/kernel/model/instance.ts';
import { approximateLoss } from '../../../src/kernel/model/model.ts';
import { judge, not } from '../../../src/kernel/proof/goal.ts';
import { established } from '../../../src/solve/proofs/replay.ts';
import { smallCase } from '../../kernel/arbitraries.ts';
import { configurationDocument, document, expectRejection, instance, node, q, vector } from '../../kernel/read.ts';
import { amount } from '../../thorough.ts';
import { both, noSecond, sayTheSame } from '../../verify/bothCheckers.ts';
import { canonical, codeOf, decided } from '../decided.ts';
import type { Value } from '../mutate.ts';
import { conclusionOf, neverRises, type Proof, walked } from './walk.ts';

type Json = { [key: string]: Value };
const valley = (name: string) => decided('T6-valley', 'repaired', name);
const exit = (name: string) => decided('T6-exit', 'repaired', name);

/** The certificate with the proof of its conclusion changed. */
const changed = (certificate: string, change: (proof: { [key: string]: Value }) => void): Json => {
  const text = JSON.parse(certificate) as Json;
  change((text.witness as Json).conclusion as Json);
  return text;
};
const code = (certificate: string, change: (proof: { [key: string]: Value }) => void): string =>
  codeOf(certificate, (whole) => Object.assign(whole, changed(certificate, change)));

const at = (m: Instance, e: string[][], u: string[][]) => ({
  loss: `${approximateLoss(m, { we: e.map((row) => vector(...row)), wd: u.map((row) => vector(...row)) })}`,
});

const exits = judge({ predicate: 'valley-exit', at: { we: [], wd: [] }, to: 'zero' });

describe('the losses on two paths, by hand', () => {
  it('of two merged features: 2/5, then 9/40, 1/10, 1/40 and 0', () => {
    const m = canonical('T6-valley', 'acute-pair');
    const merged = [
      ['2/5', '1/5'],
      ['0', '0'],
    ]; // prettier-ignore
    expect(
      at(
        m,
        [
          ['2', '1'],
          ['-1', '-1'],
        ],
        merged,
      ).loss,
    ).toBe('2/5');
    expect(
      at(
        m,
        [
          ['2', '1'],
          ['1', '-1'],
        ],
        merged,
      ).loss,
    ).toBe('2/5');
    const towards = (t: string) => {
      const [s, left] = [q(t), q('1').minus(q(t))];
      const mix = (a: string, b: string): string => `${left.times(q(a)).plus(s.times(q(b)))}`;
      return at(
        m,
        [
          ['2', '1'],
          ['1', '-1'],
        ],
        [
          [mix('2/5', '3/10'), mix('1/5', '2/5')],
          [mix('0', '2/5'), mix('0', '-4/5')],
        ],
      ).loss;
    };
    expect(['1/4', '1/2', '3/4', '1'].map(towards)).toEqual(['9/40', '1/10', '1/40', '0']);
  });

  it('of sets that meet: a row moved at loss 1, then columns that reconstruct', () => {
    const m = canonical('T6-valley', 'overlap');
    const rows = [
      ['1', '1', '-1'],
      ['-1/2', '1/2', '1'],
      ['-2/3', '-2/3', '-1/3'],
    ];
    const [third, columns] = [
      ['-2/3', '-2/3', '-1/3'],
      [
        ['5/9', '4/9', '-2/9'],
        ['-2/9', '2/9', '8/9'],
      ],
    ];
    const moved = ['1', '-1', '-1'];
    expect(at(m, [...rows, third], [...columns, third, ['0', '0', '0']]).loss).toBe('1');
    expect(at(m, [...rows, moved], [...columns, third, ['0', '0', '0']]).loss).toBe('1');
    expect(
      at(
        m,
        [...rows, moved],
        [
          ['0', '1', '-1/2'],
          ['0', '0', '1'],
          ['-1', '-1/3', '-1/2'],
          ['1', '-1', '1/2'],
        ],
      ).loss,
    ).toBe('0');
  });
});

describe('T6-valley', () => {
  it.each([
    ['acute-pair', '2/5', [2]],
    ['overlap', '1', [4]],
    ['alive', '32/25', []],
    ['four-winds', '13', [3, 4]],
    ['threshold', '16', [2]],
  ])('on %s: from %s to 0, freeing %j, and L~ rises nowhere on the path', (name, loss, neurons) => {
    const { verdict, facts, certificate } = valley(name);
    expect([verdict, conclusionOf(certificate).moved.map(({ neuron }) => neuron)]).toEqual(['holds', neurons]);
    expect(facts).toContain(`from the configuration, L~ = ${loss}, a path along which L~ never rises leads to L~ = 0`);
    expect(`${neverRises(certificate)}`).toBe('0');
    expect(`${walked(certificate).legs[0]?.[0]}`).toBe(loss);
  });

  it('frees a neuron whose code is a combination of others, by coefficients', () => {
    const { moved } = conclusionOf(valley('four-winds').certificate);
    expect(moved[0]?.code).toEqual([
      { neuron: 1, weight: '1' },
      { neuron: 2, weight: '1' },
    ]);
  });

  it.each([
    ['few-neurons', 'enough-neurons fails: n_q = 2 < 3 = n'],
    ['one-ray', 'independent-responses fails: {2} is on the ray of another feature'],
    ['top-1', 'activation fails: sigma is topk, not relu or jumprelu'],
  ])('is not applicable on %s', (name, facts) => {
    expect(valley(name)).toMatchObject({ verdict: 'not-applicable', facts });
  });

  it('features of weight 0 ask for no neuron of their own in the proof', () => {
    const withThird = (third: [number, number]) =>
      readInstance(
        node({
          ...document({
            wp: [[1, 0], [0, 1], third],
            weights: [1, 1, 0],
            neurons: 3,
          }),
          ...configurationDocument({
            e: [
              [1, 0],
              [0, 0],
              [0, 0],
            ],
            u: [
              [0, 0],
              [0, 0],
              [0, 0],
            ],
          }),
        }),
      );
    // Two features on one ray, one of them weightless: the hypothesis asks for more than the rule.
    expect(decided('T6-valley', 'repaired', withThird([2, 0])).verdict).toBe('not-applicable');
    const apart = withThird([1, 1]);
    const { certificate, facts } = decided('T6-valley', 'repaired', apart);
    expect(conclusionOf(certificate)).toMatchObject({ moved: [{ neuron: 2, code: [] }], rows: [1, 2] });
    expect(facts).toContain('L~ does not contain {3}, of weight 0');
    expect(`${neverRises(certificate)}`).toBe('0');
  });
});

describe('T6-exit', () => {
  it.each([
    ['acute-pair', '2/5', '1/5'],
    ['few-neurons', '2', '1'],
    ['four-winds', '13', '3'],
    ['overlap', '1', '5/9'],
    ['threshold', '16', '0'],
  ])('on %s: from %s to %s', (name, loss, lower) => {
    const { verdict, facts, certificate } = exit(name);
    expect(verdict).toBe('holds');
    expect(facts).toContain(
      `from the configuration, L~ = ${loss}, a path along which L~ never rises leads to L~ = ${lower}: neuron`,
    );
    expect(`${neverRises(certificate)}`).toBe(lower);
  });

  it('asks for dependent codes and a positive loss', () => {
    expect(exit('alive').facts).toBe('dependent-codes fails: n_q = 2 = rank Z');
    const done = readInstance(
      node({ ...document({ wp: [[1]], neurons: 2 }), ...configurationDocument({ e: [[1], [0]], u: [[1], [0]] }) }),
    );
    expect(decided('T6-exit', 'repaired', done).facts).toBe('positive-loss fails: L~ = 0');
  });
});

/** Certificates by hand, with what each checker has to say of them. */
function handmade(): (readonly [what: string, document: Value, code?: string, kind?: 'malformed' | 'invalid'])[] {
  const pair = valley('acute-pair').certificate;
  const winds = valley('four-winds').certificate;
  const less = exit('acute-pair').certificate;
  const lessWinds = exit('four-winds').certificate;
  const threshold = valley('threshold').certificate;
  const row =
    (...entries: string[]) =>
    (proof: { [key: string]: Value }) => {
      (proof.moved as Json[])[0]!.row = entries;
    };
  const term = (index: number, of: Json) => (proof: { [key: string]: Value }) => {
    ((proof.moved as Json[])[0]!.code as Json[])[index] = of;
  };
  const topOne = (certificate: string): Json => {
    const whole = JSON.parse(certificate) as Json;
    (whole.instance as Json).activation = { kind: 'topk', k: 1 };
    return whole;
  };
  return [
    ['as it is', JSON.parse(pair) as Value],
    ['the row (1,-1) of the text', changed(pair, row('1', '-1'))],
    [
      'a modulus that is not prime, with pivots that are units',
      changed(pair, (p) => Object.assign(p, { p: 7 * 11 * 13 })),
    ],
    // Codes (2,2) and (5,3) times their denominators: the determinant is -4.
    ['a modulus that divides the determinant', changed(pair, (p) => Object.assign(p, { p: 2 })), 'no-pivot'],
    [
      'a modulus that shares a factor with a pivot',
      changed(pair, (p) => Object.assign(p, { p: 2 * 1009 })),
      'no-pivot',
    ],
    ['pivots in another order', changed(pair, (p) => (p.rows as number[]).reverse())],
    ['a modulus of 1', changed(pair, (p) => Object.assign(p, { p: 1 })), 'out-of-range', 'malformed'],
    ['a modulus above 2^21', changed(pair, (p) => Object.assign(p, { p: 2 ** 21 + 1 })), 'out-of-range', 'malformed'],
    [
      'pivots in an order that needs an exchange',
      changed(threshold, (p) => (p.rows as number[]).reverse()),
      'no-pivot',
    ],
    ['a row that leaves the codes dependent', changed(pair, row('2', '1')), 'no-pivot'],
    ['a row that is dead', changed(pair, row('-1', '-1')), 'no-pivot'],
    ['one row too few', changed(pair, (p) => Object.assign(p, { rows: [1] })), 'wrong-size', 'malformed'],
    ['one row twice', changed(pair, (p) => Object.assign(p, { rows: [1, 1] })), 'repeated-row'],
    ['a neuron there is not', changed(pair, (p) => Object.assign(p, { rows: [1, 3] })), 'out-of-range', 'malformed'],
    ['no neuron freed, where the codes have rank 1', changed(pair, (p) => Object.assign(p, { moved: [] })), 'no-pivot'],
    [
      'a live neuron freed as if it were dead',
      changed(pair, (p) => Object.assign((p.moved as Json[])[0]!, { neuron: 1 })),
      'does-not-hold',
    ],
    ['a coefficient that is wrong', changed(winds, term(0, { neuron: 1, weight: '2' })), 'does-not-hold'],
    ['a term left out', changed(winds, (p) => ((p.moved as Json[])[0]!.code as Json[]).pop()), 'does-not-hold'],
    [
      'a code in terms of itself',
      changed(winds, (p) => Object.assign((p.moved as Json[])[0]!, { code: [{ neuron: 3, weight: '1' }] })),
      'wrong-side',
    ],
    [
      'a code in terms of another neuron that is freed',
      changed(winds, (p) => Object.assign((p.moved as Json[])[0]!, { code: [{ neuron: 4, weight: '2/3' }] })),
      'wrong-side',
    ],
    [
      'a neuron freed twice',
      changed(winds, (p) => Object.assign((p.moved as Json[])[1]!, { neuron: 3 })),
      'repeated-row',
    ],
    ['terms added up', changed(winds, term(2, { neuron: 1, weight: '0' }))],
    [
      'the form for a smaller loss',
      changed(pair, (p) => {
        delete p.p;
        delete p.rows;
      }),
      'missing-key',
      'malformed',
    ],
    [
      'the form for loss 0',
      changed(less, (p) => Object.assign(p, { p: 101, rows: [1, 2] })),
      'unknown-key',
      'malformed',
    ],
    ['another row', changed(less, row('1', '-1'))],
    ['a row on which phi is 0, for it is dead', changed(less, row('-1', '-1')), 'no-descent'],
    // rho_1 and rho_2 are (1/5,-2/5) and (-1/5,2/5), M = 1: phi(2,1) = 2 rho_1 + 2 rho_2.
    ['a row on which phi is 0, for the residuals cancel', changed(less, row('2', '1')), 'no-descent'],
    [
      'no neuron freed for a smaller loss',
      changed(less, (p) => Object.assign(p, { moved: [] })),
      'wrong-size',
      'malformed',
    ],
    [
      'two neurons freed for a smaller loss',
      changed(lessWinds, (p) => Object.assign(p, { moved: conclusionOf(winds).moved })),
      'wrong-size',
      'malformed',
    ],
    ['Top-1, where a row without a column may displace another', topOne(pair), 'does-not-hold'],
    ['another rule', changed(pair, (p) => Object.assign(p, { rule: 'rank-mod-p' })), 'wrong-rule'],
  ];
}

test.skipIf(noSecond)('both checkers on proofs by hand', () => sayTheSame(handmade()));

/** Changes of certificates that no configuration has L~ = 0. */
function without(): (readonly [what: string, document: Value, code?: string, kind?: 'malformed' | 'invalid'])[] {
  const ray = decided('T6-valley', 'repaired', 'one-ray', 'independent-responses').certificate;
  const one = decided('T6-valley', 'repaired', 'one-neuron', 'enough-neurons').certificate;
  const feature = (of: Json): Json => {
    const whole = JSON.parse(ray) as Json;
    Object.assign(((whole.instance as Json).features as Json[])[1]!, of);
    return whole;
  };
  const features = (...of: number[]) => changed(ray, (p) => Object.assign(p, { features: of }));
  return [
    ['two features on one ray', JSON.parse(ray) as Value],
    ['the other way round', features(2, 1)],
    ['a feature and itself', features(1, 1), 'does-not-hold'],
    ['one feature', features(1), 'wrong-size', 'malformed'],
    ['a feature there is not', features(1, 3), 'out-of-range', 'malformed'],
    ['targets whose rank is not above n_q', changed(ray, (p) => delete p.features), 'does-not-hold'],
    ['a target that follows', feature({ wr: ['2', '0'] }), 'does-not-hold'],
    ['a feature of weight 0', feature({ weight: '0' }), 'does-not-hold'],
    ['opposite directions', feature({ wp: ['-2', '0'] }), 'does-not-hold'],
    ['the rank of the targets', JSON.parse(one) as Value],
    ['features that are on no ray', changed(one, (p) => Object.assign(p, { features: [1, 2] })), 'does-not-hold'],
  ];
}

test.skipIf(noSecond)('both checkers, where no configuration has L~ = 0', () => sayTheSame(without()));

test('T6-valley needs enough neurons, and independent responses', () => {
  expect(decided('T6-valley', 'repaired', 'one-neuron', 'enough-neurons')).toMatchObject({
    verdict: 'refuted',
    facts: expect.stringContaining(
      'no path leads from the configuration to L~ = 0, which no configuration has: the targets have rank 2',
    ),
  });
  expect(decided('T6-valley', 'repaired', 'one-ray', 'independent-responses')).toMatchObject({
    verdict: 'refuted',
    facts: expect.stringContaining('which no configuration has: w_2 = 2 w_1, and their targets are not so'),
  });
});

test.each([
  [{ kind: 'jumprelu', theta: '0' }, undefined],
  [{ kind: 'jumprelu', theta: '1' }, 'wrong-rule'],
  [{ kind: 'topk', k: 1 }, 'wrong-rule'],
  [{ kind: 'gated' }, 'wrong-rule'],
])('two features on one ray under %o', (activation, code) => {
  const m = instance({ wp: [[1], [2]], wr: [[1], [1]], activation });
  const found = established(not(exits), { rule: 'no-zero-loss', features: [1, 2] }, m);
  expect('refused' in found ? found.refused.code : undefined).toBe(code);
});

test('that L~ = 0 is nowhere does not say that no smaller loss is', () => {
  const lower = not(judge({ predicate: 'valley-exit', at: { we: [], wd: [] }, to: 'lower' }));
  const found = established(
    lower,
    { rule: 'no-zero-loss' },
    instance({
      wp: [
        [1, 0],
        [0, 1],
      ],
    }),
  );
  expect('refused' in found && found.refused.code).toBe('wrong-rule');
});

test('L~ = 0: there is no smaller loss', () => {
  const less = exit('acute-pair').certificate;
  const zero = (whole: { [key: string]: Value }): void => {
    Object.assign(whole.instance as Json, {
      we: [
        ['1', '0'],
        ['-1', '-1'],
      ],
      wd: [
        ['0', '0'],
        ['0', '0'],
      ],
    });
    for (const feature of (whole.instance as Json).features as Json[]) feature.wr = ['0', '0'];
  };
  expect(codeOf(less, zero)).toBe('does-not-hold');
});

test.each([
  { kind: 'identity' },
  { kind: 'gated' },
  { kind: 'topk', k: 1 },
  { kind: 'topk-pure', k: 1 },
  { kind: 'batchtopk', k: 1 },
])('the rule is for no %o', (activation) => {
  const m = instance({ wp: [[1]], activation });
  const found = established(exits, { rule: 'valley-exit', moved: [], p: 101, rows: [1] }, m);
  expect('refused' in found && found.refused.code).toBe('wrong-rule');
});

test('elimination is exact up to 2,047 features, and for more there is none', () => {
  const m = instance({ wp: Array.from({ length: 2048 }, (_, d) => [1, d]), neurons: 2048 });
  const rows = m.features.map((_, d) => d + 1);
  const proof = { rule: 'valley-exit', moved: [], p: 101, rows };
  expectRejection(() => established(exits, proof, m), 'too-much-work', '$');
});

test('the rule refuses Top-k where the hypothesis on sigma is left to it', () => {
  // Not-applicable by another hypothesis is not asked: with `dropped` a proof of the negation would be, and there is none.
  const { verdict, facts } = decided('T6-valley', 'repaired', 'top-1', 'activation');
  expect([verdict, facts]).toEqual(['undecided', 'no path out of it was found']);
});

const kinds = fc.constantFrom<Record<string, unknown>>(
  { kind: 'relu' },
  { kind: 'relu' },
  { kind: 'jumprelu', theta: '0' },
  { kind: 'jumprelu', theta: '1/2' },
  { kind: 'jumprelu', theta: '2' },
);

/** More neurons than smallCase has, so that there are enough, some of them dead or doubled. */
const cases = smallCase(kinds).map(({ plain, at: { e, u } }): Instance => {
  const more = plain.wp.length;
  const again = Array.from(
    { length: more },
    (_, k) => e[k % e.length]?.map((x) => (k % 2 ? 2 * Number(x) : k % 3 ? x : 0)) ?? [],
  );
  const columns = Array.from({ length: more }, (_, k) => u[k % u.length]?.map((x) => Number(x) - (k % 2)) ?? []);
  return readInstance(
    node({
      ...document({ ...plain, neurons: plain.neurons + more }),
      ...configurationDocument({ e: [...e, ...again], u: [...u, ...columns] }),
    }),
  );
});

test('every small instance to which they apply has its path, on which L~ rises nowhere; both checkers say so', () => {
  const certificates: string[] = [];
  let [valleys, exits, applied] = [0, 0, 0];
  fc.assert(
    fc.property(cases, (m) => {
      for (const claim of ['T6-valley', 'T6-exit']) {
        const { verdict, certificate, facts } = decided(claim, 'repaired', m);
        expect([claim, verdict === 'undecided' ? facts : 'decided']).toEqual([claim, 'decided']);
        certificates.push(certificate.replaceAll('\n', ' '));
        if (verdict !== 'holds') continue;
        applied++;
        const end = neverRises(certificate);
        if (claim === 'T6-valley') {
          valleys++;
          expect(`${end}`).toBe('0');
        } else {
          exits++;
          expect(end.compare(approximateLoss(m, m.configuration!))).toBe(-1);
        }
      }
    }),
    { numRuns: amount(120, 1500), seed: 11 },
  );
  expect(Math.min(valleys, exits)).toBeGreaterThan(amount(30, 300));
  expect(applied).toBeGreaterThan(amount(60, 600));
  if (!noSecond) expect(new Set(both(certificates).flat())).toEqual(new Set(['accepted']));
});

test('a proof with any one number changed is refused, or is another path', () => {
  const names = ['acute-pair', 'overlap', 'four-winds', 'threshold', 'few-neurons'];
  const certificates = names.flatMap((name) => [valley(name), exit(name)]).filter(({ verdict }) => verdict === 'holds');
  let [refused, another] = [0, 0];
  const tryOne = (certificate: string, edit: (proof: Proof) => void): void => {
    const answer = code(certificate, (proof) => edit(proof as unknown as Proof));
    if (answer !== 'accepted') {
      refused++;
      return;
    }
    another++;
    const whole = changed(certificate, (proof) => edit(proof as unknown as Proof));
    neverRises(JSON.stringify(whole));
  };
  for (const { certificate } of certificates) {
    for (const [k, item] of conclusionOf(certificate).moved.entries()) {
      for (const by of ['-1', '1', '1/2', '-7']) {
        for (const r of item.row.keys()) {
          tryOne(certificate, ({ moved }) => {
            (moved[k]!.row as string[])[r] = `${q(item.row[r] as string).plus(q(by))}`;
          });
        }
        for (const [c, { weight }] of item.code.entries()) {
          tryOne(certificate, ({ moved }) => {
            (moved[k]!.code[c] as { weight: string }).weight = `${q(weight).plus(q(by))}`;
          });
        }
      }
    }
  }
  expect(refused).toBeGreaterThan(20);
  expect(another).toBeGreaterThan(20);
});
