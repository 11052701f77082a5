import { describe, expect, it, test } from 'vitest';
import { type Instance, patternOf } from '../../../src/kernel/model/instance.ts';
import { gradients, patternShown, pencil } from '../../../src/kernel/model/model.ts';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { combine, Vector } from '../../../src/kernel/numbers/vector.ts';
import { judge, not } from '../../../src/kernel/proof/goal.ts';
import { decide } from '../../../src/solve/decide/decide.ts';
import { refutedNearProof } from '../../../src/solve/decide/refutedNear.ts';
import { solve } from '../../../src/solve/linear/linear.ts';
import type { Document } from '../../../src/solve/proofs/document.ts';
import { established } from '../../../src/solve/proofs/replay.ts';
import { instance, q, vector } from '../../kernel/read.ts';
import { amount } from '../../thorough.ts';
import { type Case, noSecond, sayTheSame } from '../../verify/bothCheckers.ts';
import { canonical, decided } from '../decided.ts';
import type { Value } from '../mutate.ts';
import { nearby } from './nearby.ts';

type Json = { [key: string]: Value };
const NAMES = ['plane', 'space'] as const;
const both = { plane: decided('T6-open', 'ours', 'plane'), space: decided('T6-open', 'ours', 'space') };
const ours = (name: string) => both[name as keyof typeof both];
const proofOf = (certificate: string): Json => (JSON.parse(certificate).witness as Json).conclusion as Json;

describe('T6-open', () => {
  it.each([
    ['plane', '1/30', '({1,2},{3},{})'],
    ['space', '1/110', '({1,2,3},{},{})'],
  ])('on %s: within %s', (name, radius, pattern) => {
    expect(ours(name)).toMatchObject({
      verdict: 'holds',
      facts: expect.stringContaining(
        `every instance within ${radius} of this one, in each entry of its directions, targets and weights, refutes T6: ${pattern} is realizable and carries no partial minimum, by neuron 1`,
      ),
    });
  });

  it('without a radius it is about nothing', () => {
    const { radius: _, ...m } = canonical('T6-open', 'plane');
    expect(decided('T6-open', 'ours', m)).toMatchObject({ verdict: 'not-applicable', facts: 'radius fails: rho = 0' });
  });

  it.each([
    ['plane', '1/10'],
    ['space', '1/20'],
  ])('on %s for %s nothing is said: too far', (name, radius) => {
    const m = { ...canonical('T6-open', name), radius: q(radius) };
    expect(decided('T6-open', 'ours', m).verdict).toBe('undecided');
  });

  // M = (1, 2) and orthonormal directions refute T6; an angle a little smaller, and the row of the largest eigenvalue is positive on both.
  it('the refutation by unequal weights has no radius', () => {
    const at = (x: string): Instance =>
      instance({
        wp: [
          [1, 0],
          [x, 1],
        ],
        weights: [1, 2],
        neurons: 2,
      });
    const goal = judge({ predicate: 'partial-minimum', pattern: [[0, 1], []], stationary: true });
    expect(decide(goal, at('0'), {}).truth).toBe(false);
    expect(decide(goal, at('1/50000'), {}).truth).toBe(true);
    expect(refutedNearProof(at('0'), [[0, 1], []], q('1/1000000'))).toBeUndefined();
  });
});

/** T6 itself, with rules of which none is shared. */
test.each(NAMES)('T6 is refuted on random instances near %s, both readings', (name) => {
  const m = canonical('T6-open', name);
  const pattern = patternOf(m);
  let count = 0;
  for (const near of nearby(m, amount(20, 1_000))) {
    count++;
    expect(decide(judge({ predicate: 'realizable', pattern }), near, {}).truth).toBe(true);
    for (const stationary of [true, false]) {
      expect(decide(judge({ predicate: 'partial-minimum', pattern, stationary }), near, {}).truth).toBe(false);
    }
  }
  expect(count).toBe(amount(20, 1_000));
});

/** The direction of the cell that z is in; undefined where no row is said to have these codes. */
function directionAt(cell: Json, rays: readonly Vector[], z: Vector): Vector | undefined {
  if ('excluded' in cell) return undefined;
  if ('direction' in cell) return vector(...(cell.direction as string[]));
  const [a, b] = (cell.split as Json[]).map(({ ray, weight }) => ({ k: Number(ray) - 1, by: q(`${weight}`) }));
  const ray = combine([a!.by, b!.by], [rays[a!.k]!, rays[b!.k]!], z.length);
  for (const [part, gone] of [b!.k, a!.k].entries()) {
    const inside = rays.with(gone, ray);
    const columns = z.entries().map((_, d) => Vector.of(inside.map((v) => v.at(d))));
    if (
      solve(columns, z, z.length)!
        .entries()
        .every((t) => t.sign() >= 0)
    ) {
      return directionAt((cell.parts as Json[])[part]!, inside, z);
    }
  }
  throw new Error(`${z} is in no part`);
}

/** Gradients are those of the model, which knows nothing of cells: along the direction of its cell the loss of each row with its best column falls. */
test.each(NAMES)('on random instances near %s the loss falls from any row that shows P', (name) => {
  const m = canonical('T6-open', name);
  const pattern = patternOf(m);
  const [set = []] = pattern;
  const { we, cell } = proofOf(ours(name).certificate);
  const rows = (we as string[][]).map((row) => vector(...row));
  const units = set.map((_, k) => Vector.of(set.map((_, d) => Rational.of(d === k ? 1n : 0n))));
  let [tried, seed] = [0, 7];
  for (const near of nearby(m, amount(30, 600), 31)) {
    const code = set.map(() => {
      seed = (seed * 16_807) % 2_147_483_647;
      return Rational.of(BigInt(1 + (seed % 60)), BigInt(1 + ((seed >> 8) % 60)));
    });
    const w = set.map((d) => near.features[d]!.wp);
    const z = Vector.of(code);
    const e = solve(w, z, near.np)!;
    const at = [e, ...rows.slice(1)];
    const shown = patternShown(near, { we: at });
    const h = directionAt(cell as Json, units, z);
    if (JSON.stringify(shown) !== JSON.stringify(pattern)) continue;
    tried++;
    const { b, c } = pencil(near, set);
    const s = e.dot(Vector.of(b.map((row) => row.dot(e))));
    const u = Vector.of(c.map((row) => row.dot(e))).times(Rational.of(1n).over(s));
    const { we: gradient } = gradients(near, { we: at, wd: [u, ...rows.slice(1).map(() => Vector.zero(near.nr))] });
    expect(gradient[0]!.dot(h!).sign()).toBe(-1);
    expect(near.features.every(({ wp }, d) => set.includes(d) || h!.dot(wp).sign() <= 0)).toBe(true);
  }
  expect(tried).toBeGreaterThan(amount(8, 150));
});

describe.skipIf(noSecond)('both checkers', () => {
  const change = (name: string, with_: (proof: Json, instance: Json) => void): Json => {
    const whole = JSON.parse(ours(name).certificate) as Json;
    with_((whole.witness as Json).conclusion as Json, whole.instance as Json);
    return whole;
  };
  /** The cells that are not split. */
  const leaves = (cell: Json): Json[] => ('parts' in cell ? (cell.parts as Json[]).flatMap(leaves) : [cell]);
  const leaf = (key: string, k: number, with_: (value: string[]) => Value) => (proof: Json) => {
    const found = leaves(proof.cell as Json).filter((cell) => key in cell)[k]!;
    found[key] = with_(found[key] as string[]);
  };
  const split = (with_: (items: Json[]) => void) => (proof: Json) => {
    with_((proof.cell as Json).split as Json[]);
  };
  const opposite = (h: string[]): string[] => h.map((x) => `${q(x).negated()}`);
  const within = (to: string) => (_: Json, of: Json) => {
    of.radius = to;
  };

  // biome-ignore format: a table, one case a line
  const cases: readonly (readonly [what: string, name: string, with_: (proof: Json, instance: Json) => void, code?: string])[] = [
    ['as written', 'plane', () => {}],
    ['as written', 'space', () => {}],
    ['a smaller radius', 'plane', within('1/31')],
    ['another instance within, and what is left of the radius', 'plane', (_, of) => { of.radius = '1/60'; (of.features as Json[])[1]!.weight = '61/60'; }],
    ['a radius too large', 'plane', within('1/12'), 'does-not-hold|empty-farkas|wrong-side'],
    ['a radius too large', 'space', within('1/60'), 'does-not-hold|empty-farkas|wrong-side'],
    ['a radius so large that a row does not show P', 'plane', within('1/3'), 'wrong-pattern'],
    ['no radius', 'plane', (_, of) => { delete of.radius; }, 'does-not-hold'],
    ['a radius of 0', 'plane', within('0'), 'does-not-hold'],
    ['a radius below 0, so that there is no instance', 'plane', within('-1/30'), 'does-not-hold'],
    ['a radius that is no number', 'plane', within('far'), 'not-a-number'],
    ['a weight that may be 0', 'plane', (_, of) => { (of.features as Json[])[0]!.weight = '1/30'; }, 'does-not-hold'],
    ['a row of 0 for a set', 'plane', (proof) => { (proof.we as Value[])[1] = ['0', '0']; }, 'wrong-pattern'],
    ['a row tight off its set', 'plane', (proof) => { (proof.we as Value[])[0] = ['3', '4']; }, 'wrong-pattern'],
    ['a neuron with one feature', 'plane', (proof) => { proof.neuron = 2; }, 'not-a-partition'],
    ['a neuron without a set', 'plane', (proof) => { proof.neuron = 3; }, 'not-a-partition'],
    ['a neuron that is not there', 'plane', (proof) => { proof.neuron = 4; }, 'out-of-range'],
    ['a direction turned round', 'plane', leaf('direction', 0, opposite), 'does-not-hold|wrong-side'],
    ['a direction turned round', 'space', leaf('direction', 3, opposite), 'does-not-hold'],
    ['a direction that leaves the cone', 'plane', leaf('direction', 1, () => ['0', '1']), 'wrong-side'],
    ['a direction of 0', 'space', leaf('direction', 0, (h) => h.map(() => '0')), 'does-not-hold'],
    ['a direction of another cell', 'space', leaf('direction', 0, () => ['1', '0', '0']), 'does-not-hold'],
    ['a direction too short', 'space', leaf('direction', 0, () => ['1', '0']), 'wrong-size'],
    ['a relation with the other sign', 'plane', leaf('excluded', 0, ([a, b, c]) => [b, a, c] as Value), 'wrong-side|empty-farkas'],
    ['a relation of too few', 'plane', leaf('excluded', 0, ([a, b]) => [a, b] as Value), 'wrong-size'],
    ['a relation with a feature twice', 'plane', leaf('excluded', 0, ([a, b]) => [a, b, b] as Value), 'empty-farkas'],
    ['a cell excluded that has rows', 'plane', (proof) => { Object.assign(proof, { cell: { excluded: [2, 1, 3] } }); }, 'empty-farkas'],
    ['a cell that is not settled', 'plane', (proof) => { proof.cell = {}; }, 'missing-key'],
    ['two ways at once', 'plane', (proof) => { Object.assign(proof.cell as Json, { direction: ['1', '-1'] }); }, 'unknown-key'],
    ['one direction for all', 'space', (proof) => { proof.cell = { direction: ['0', '0', '1'] }; }, 'does-not-hold'],
    ['parts exchanged', 'plane', (proof) => { (proof.cell as Json).parts = ((proof.cell as Json).parts as Value[]).toReversed(); }, 'empty-farkas|does-not-hold'],
    ['one part', 'plane', (proof) => { (proof.cell as Json).parts = ((proof.cell as Json).parts as Value[]).slice(1); }, 'wrong-size'],
    ['a split of one ray', 'plane', split(([a, b]) => { a!.ray = b!.ray as Value; }), 'repeated-row'],
    ['a split at a ray', 'plane', split(([a]) => { a!.weight = '0'; }), 'not-positive'],
    ['a split outside the cell', 'plane', split(([a]) => { a!.weight = '-1'; }), 'not-positive'],
    ['a split at a ray that is not there', 'plane', split(([a]) => { a!.ray = 3; }), 'out-of-range'],
    ['a split elsewhere, where rows are left in an excluded cell', 'plane', split(([a]) => { a!.weight = '9'; }), 'empty-farkas'],
    ['targets that are acute', 'space', (_, of) => { (of.features as Json[])[1]!.wr = ['2/3', '1/3', '2/3']; }, 'does-not-hold'],
    ['another activation, its hypothesis with it', 'plane', (_, of) => { of.activation = { kind: 'identity' }; }, 'does-not-hold'],
  ];

  test('say the same', () => {
    const made = cases.map(
      ([what, name, with_, code]): Case => [
        what,
        change(name, with_),
        ...((code === undefined ? [] : [`(?:${code})`]) as [string?]),
      ],
    );
    sayTheSame(made);
  });
});

test('a set whose features are all that there is, in a line, is refused: nothing is strict there', () => {
  const m = instance({ wp: [[1], [2]], neurons: 2 });
  expect(refutedNearProof(m, [[0, 1], []], q('1/1000'))).toBeUndefined();
});

test('no cover where there is a critical point: positive Gram matrices', () => {
  // Perron and Frobenius: the largest eigenvalue has a row that is positive on both.
  const m = instance({
    wp: [
      [1, 0],
      ['3/5', '4/5'],
    ],
    neurons: 2,
  });
  expect(refutedNearProof(m, [[0, 1], []], q('1/1000000'))).toBeUndefined();
});

test('the negation has no rule', () => {
  const m = { ...canonical('T6-open', 'plane'), radius: q('2') };
  const goal = not(judge({ predicate: 'refuted-near', pattern: patternOf(m) }));
  const proof = proofOf(ours('plane').certificate);
  expect(established(goal, proof as Document, m)).toMatchObject({ refused: { code: 'wrong-rule' } });
});

test('targets other than the directions, of another dimension', () => {
  const plane = canonical('T6-open', 'plane');
  const features = plane.features.map((f, d) => ({ ...f, wr: vector(...f.wp.entries().map(String), `${d}/50`) }));
  const m = { ...plane, features, nr: 3, radius: q('1/60') };
  const outcome = decided('T6-open', 'ours', m);
  expect(outcome).toMatchObject({ verdict: 'holds', facts: expect.stringContaining('every instance within 1/60') });
});
