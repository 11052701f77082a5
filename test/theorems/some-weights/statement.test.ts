import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Instance, readInstance } from '../../../src/kernel/model/instance.ts';
import { approximateLoss, gradients } from '../../../src/kernel/model/model.ts';
import { type Goal, judge, not } from '../../../src/kernel/proof/goal.ts';
import { decide } from '../../../src/solve/decide/decide.ts';
import { established } from '../../../src/solve/proofs/replay.ts';
import { integer } from '../../kernel/arbitraries.ts';
import { configuration, document, instance, node, q } from '../../kernel/read.ts';
import { amount } from '../../thorough.ts';
import { type Case, noSecond, sayTheSame } from '../../verify/bothCheckers.ts';
import { canonical, decided } from '../decided.ts';
import type { Value } from '../mutate.ts';

type Json = { [key: string]: Value };
const changed = (certificate: string, change: (proof: Json, instance: Json) => void): Json => {
  const whole = JSON.parse(certificate) as Json;
  change((whole.witness as Json).conclusion as Json, whole.instance as Json);
  return whole;
};
const paper = (name: string) => decided('T6-weights', 'ours', name);
const weighted = (m: Instance, M: readonly string[]): Instance => ({
  ...m,
  features: m.features.map((f, d) => ({ ...f, weight: q(M[d]!) })),
});

describe('by hand: both gradients are 0', () => {
  it.each([
    // y = (1, 4/5): e = (13/25, 16/25), z = (13/25, 1/5).
    [
      'plane',
      ['25/13', '4', '1'],
      [
        ['13/25', '16/25'],
        ['-1', '-1'],
        [0, 0],
      ],
      [
        ['13/17', '16/17'],
        [-4, 3],
        [0, 0],
      ],
      '64/13',
    ],
    // y = (1, 1, 1): e = w_1 + w_2 + w_3, |e|^2 = 41/9.
    [
      'space',
      ['1/2', '9/8', '9/11'],
      [
        [2, '-1/3', 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
      [
        ['18/37', '-3/37', 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
      undefined,
    ],
    [
      'opposite-pair',
      ['1', '1'],
      [
        [1, 1],
        [0, 0],
      ],
      [[0], [0]],
      '2',
    ],
  ] as const)('on %s', (name, M, e, u, loss) => {
    const m = weighted(canonical('T6-weights', name), M);
    const at = configuration(m, { e, u });
    const { we, wd } = gradients(m, at);
    expect([...we, ...wd].every((row) => row.isZero())).toBe(true);
    expect(approximateLoss(m, at).sign()).toBe(1);
    if (loss) expect(`${approximateLoss(m, at)}`).toBe(loss);
  });
});

describe('T6-weights', () => {
  it.each([
    [
      'plane',
      'holds',
      'with the weights M = (8/5, 25, 1) ({1,2},{3},{}) carries a point with both gradients 0 and L~ > 0',
    ],
    ['space', 'holds', 'with the weights M = (1/4, 3/2, 9/7) ({1,2,3},{},{}) carries a point with both gradients 0'],
    [
      'opposite-pair',
      'holds',
      'with the weights M = (1, 1) ({1,2},{}) carries a point with both gradients 0 and L~ > 0: L~ = 2',
    ],
    ['face', 'refuted', 'with no weights M > 0 does ({1,2},{3},{}) carry a point with both gradients 0, by neuron 1'],
    [
      'opposite-of-three',
      'refuted',
      'with no weights M > 0 does ({1,2,3},{},{}) carry a point with both gradients 0, by neuron 1',
    ],
    ['spanning', 'not-applicable', 'realizable fails'],
  ])('on %s: %s', (name, verdict, facts) => {
    expect(paper(name)).toMatchObject({ verdict, facts: expect.stringContaining(facts) });
  });

  it('the weights of the instance play no part', () => {
    for (const name of ['space', 'face']) {
      const m = weighted(canonical('T6-weights', name), ['0', '7', '1/3']);
      expect(decided('T6-weights', 'ours', m)).toMatchObject({
        verdict: paper(name).verdict,
        facts: expect.stringContaining(paper(name).facts),
      });
    }
  });

  it('where every such point has loss 0 nothing is said', () => {
    const m = readInstance(
      node({
        ...document({
          wp: [
            [1, 0],
            [0, 1],
          ],
          wr: [[1], [1]],
          neurons: 2,
        }),
        pattern: [[1, 2], []],
      }),
    );
    expect(decided('T6-weights', 'ours', m).verdict).toBe('undecided');
  });
});

/** Certificates by hand, with what each checker has to say of them. */
function handmade(): Case[] {
  const plane = paper('plane').certificate;
  const face = paper('face').certificate;
  const entry = (key: string, k: number, value: string) => (proof: Json) => {
    (proof[key] as string[])[k] = value;
  };
  const point = (change: (proof: Json) => void) => (proof: Json) => change(proof.proof as Json);
  const every = (factor: number) => (proof: Json) => {
    for (const key of ['active', 'silent']) proof[key] = (proof[key] as string[]).map((x) => `${Number(x) * factor}`);
  };
  const unrealizable = decided('T6-weights', 'ours', 'spanning', 'realizable').certificate;
  return [
    ['as it is', JSON.parse(plane) as Value],
    ['weights of twice the size', changed(plane, (proof) => Object.assign(proof, { weights: ['16/5', '50', '2'] }))],
    ['another weight for the only feature of a neuron that has no residual', changed(plane, entry('weights', 2, '5'))],
    ['another weight for a merged feature', changed(plane, entry('weights', 0, '2')), 'does-not-hold'],
    ['a weight of 0', changed(plane, entry('weights', 0, '0')), 'not-positive', 'invalid'],
    ['a weight below 0', changed(plane, entry('weights', 2, '-1')), 'not-positive', 'invalid'],
    ['one weight too few', changed(plane, (proof) => (proof.weights as string[]).pop()), 'wrong-size', 'malformed'],
    ['no weights', changed(plane, (proof) => delete proof.weights), 'missing-key', 'malformed'],
    [
      'a column that is not best',
      changed(
        plane,
        point((p) => ((p.wd as string[][])[0]![0] = '2')),
      ),
      'does-not-hold',
    ],
    [
      'a row of another pattern',
      changed(
        plane,
        point((p) => ((p.we as string[][])[2] = ['1', '0'])),
      ),
      'wrong-pattern',
    ],
    [
      'a point by another rule',
      changed(
        plane,
        point((p) => Object.assign(p, { rule: 'critical-point' })),
      ),
      'wrong-rule',
    ],
    [
      'a point by no rule',
      changed(
        plane,
        point((p) => delete p.rule),
      ),
      'missing-key',
      'malformed',
    ],
    [
      'a point for the weights of the instance',
      changed(plane, (proof) => Object.assign(proof, { weights: ['1', '1', '1'] })),
      'does-not-hold',
    ],
    ['the rule for no weights', changed(plane, (proof) => Object.assign(proof, { rule: 'no-weights' })), 'wrong-rule'],
    ['no weights, as it is', JSON.parse(face) as Value],
    ['a multiple of the multipliers', changed(face, every(3))],
    ['the opposite multipliers', changed(face, every(-1)), 'wrong-side'],
    ['multipliers of 0', changed(face, every(0)), 'empty-farkas'],
    [
      'multipliers of 0 against u = 0 alone',
      changed(face, (proof) => Object.assign(proof, { silent: Array(7).fill('0') })),
      'empty-farkas',
    ],
    ['one multiplier changed', changed(face, entry('active', 5, '10')), 'farkas-unequal'],
    ['one of a feature off the set with the sign of one in it', changed(face, entry('active', 4, '15')), 'wrong-side'],
    ['one multiplier too few', changed(face, (proof) => (proof.active as string[]).pop()), 'wrong-size', 'malformed'],
    [
      'the two exchanged',
      changed(face, (proof) => Object.assign(proof, { active: proof.silent!, silent: proof.active! })),
      'farkas-unequal',
    ],
    ['another neuron', changed(face, (proof) => Object.assign(proof, { neuron: 2 })), 'wrong-size', 'malformed'],
    [
      'a neuron there is not',
      changed(face, (proof) => Object.assign(proof, { neuron: 4 })),
      'out-of-range',
      'malformed',
    ],
    [
      'another target',
      changed(face, (_, of) => Object.assign((of.features as Json[])[1]!, { wr: ['0', '1'] })),
      'farkas-unequal',
    ],
    [
      'a weight of 0 in the instance',
      changed(face, (_, of) => Object.assign((of.features as Json[])[1]!, { weight: '0' })),
    ],
    [
      'a threshold',
      changed(face, (_, of) => Object.assign(of, { activation: { kind: 'jumprelu', theta: '0' } })),
      'wrong-rule',
    ],
    ['no row at all, of dependent directions', JSON.parse(unrealizable) as Value],
  ]; // prettier-ignore
}

test.skipIf(noSecond)('both checkers on proofs by hand', () => sayTheSame(handmade()));

const weights = (pattern: number[][]): Goal => not(judge({ predicate: 'some-weights', pattern }));
const code = (goal: Goal, proof: unknown, m: Instance): string => {
  const found = established(goal, proof as never, m);
  return 'refused' in found ? found.refused.code : 'accepted';
};

describe('no-weights', () => {
  const targets = [
    [1, 0],
    [-1, 0],
    [0, 1],
  ]; // prettier-ignore
  const proof = {
    rule: 'no-weights',
    neuron: 1,
    active: ['-1', '-1', '0', '1', '1', '0', '0', '0', '0'],
    silent: ['0', '-1', '0', '0', '0', '0', '0', '1'],
  };
  it('asks for independent directions where it uses that residuals are orthogonal to the column', () => {
    const independent = instance({
      wp: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      wr: targets,
    }); // prettier-ignore
    const dependent = instance({
      wp: [
        [1, 0],
        [0, 1],
        [3, 4],
      ],
      wr: targets,
    }); // prettier-ignore
    const silent = [...proof.silent.slice(0, 7), '1'];
    expect(code(weights([[0, 1, 2]]), { ...proof, silent }, independent)).toBe('accepted');
    expect(code(weights([[0, 1, 2]]), { ...proof, silent }, dependent)).toBe('does-not-hold');
  });
  it('is about a set that meets no other', () => {
    const m = instance({
      wp: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      wr: targets,
      neurons: 2,
    }); // prettier-ignore
    expect(code(weights([[0, 1, 2], [2]]), proof, m)).toBe('not-a-partition');
    expect(code(weights([[0, 1, 2], []]), proof, m)).toBe('accepted');
  });
  it('nothing excludes an empty set', () => {
    const empty = { rule: 'no-weights', neuron: 1, active: ['0'], silent: ['0', '0'] };
    expect(code(weights([[]]), empty, instance({ wp: [[1, 0]] }))).toBe('empty-farkas');
    expect(code(weights([[]]), { ...empty, active: ['-1'] }, instance({ wp: [[1, 0]] }))).toBe('farkas-unequal');
  });
});

const merged = (n: number): fc.Arbitrary<number[][]> =>
  fc
    .array(fc.integer({ min: 0, max: n - 1 }), { minLength: n, maxLength: n })
    .map((owner) => Array.from({ length: n }, (_, i) => owner.flatMap((j, d) => (i === j ? [d + 1] : []))))
    .filter((sets) => sets.some((set) => set.length >= 2));
const rows = (n: number, width: number): fc.Arbitrary<number[][]> =>
  fc.array(
    fc.array(integer(3), { minLength: width, maxLength: width }).filter((row) => row.some((x) => x !== 0)),
    {
      minLength: n,
      maxLength: n,
    },
  );

test('every SAE with independent directions has such weights, for every merged partition', () => {
  let held = 0;
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 4 }).chain((n) => fc.tuple(rows(n, n), merged(n))),
      ([wp, pattern]) => {
        const m = readInstance(node({ ...document({ wp, neurons: wp.length }), pattern }));
        const { verdict, facts } = decided('T6-weights', 'repaired', m);
        if (verdict === 'holds') held++;
        else expect(facts).toContain('independent-directions fails');
      },
    ),
    { numRuns: amount(150, 1500), seed: 5 },
  );
  expect(held).toBeGreaterThan(amount(80, 800));
});

test('where no weights have one, T6 finds none with any of some weights', () => {
  let [found, excluded] = [0, 0];
  fc.assert(
    fc.property(fc.tuple(rows(3, 3), rows(3, 2), merged(3), rows(4, 3)), ([wp, targets, pattern, choices]) => {
      // Every other pair of targets is opposite, and excludes what has a third beside them.
      const [r = [], , third = []] = targets;
      const wr = (r[0] ?? 0) % 2 ? [r, r.map((x) => -x), third] : targets;
      const of = (M: readonly number[]) =>
        readInstance(node({ ...document({ wp, wr, weights: M.map((x) => Math.abs(x) + 1), neurons: 3 }), pattern }));
      const m = of([0, 0, 0]);
      const sets = m.pattern!;
      const some = decide(judge({ predicate: 'some-weights', pattern: sets }), m, {});
      if (some.truth === true) found++;
      if (some.truth !== false) return;
      if (decide(judge({ predicate: 'realizable', pattern: sets }), m, {}).truth === true) excluded++;
      const stationary = judge({ predicate: 'partial-minimum', pattern: sets, stationary: true });
      for (const M of choices) expect(decide(stationary, of(M), {}).truth).not.toBe(true);
    }),
    { numRuns: amount(120, 1200), seed: 6 },
  );
  expect([found, excluded].every((count) => count > amount(5, 50))).toBe(true);
});
