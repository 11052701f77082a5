/** The rules on critical points of a pattern: what they accept, what they refuse and with which code, and what mutants survive. */
import { describe, expect, test } from 'vitest';
import type { Judgement } from '../../../src/kernel/proof/goal.ts';
import { expectRejection, instance, type Plain, refused } from '../read.ts';
import { accept, critical, mutations, partialMinimum, zeroBased } from './proofs.ts';

const strictTrap = (sets: number[][], truth = false): Judgement => ({
  kind: 'judgement',
  predicate: 'strict-trap',
  truth,
  pattern: zeroBased(sets),
});
const dead = (truth: boolean): Judgement => ({ kind: 'judgement', predicate: 'strictly-dead', truth });

const unit: Plain = {
  wp: [
    [1, 0],
    [0, 1],
  ],
  neurons: 2,
};
const unequal: Plain = { ...unit, weights: [1, 2] };
/** lambda = (3 + sqrt(97) / 5 ..): an irrational pencil [[1, 6/5], [6/5, 2]] for weights (1, 2) and <r_1, r_2> = 3/5. */
const irrational: Plain = {
  ...unequal,
  wr: [
    [1, 0],
    ['3/5', '4/5'],
  ],
};
const face: Plain = {
  wp: [
    ['4/5', '3/5'],
    ['-4/5', '3/5'],
    [-1, 0],
  ],
  wr: [
    [1, 0],
    [0, 1],
    [0, -1],
  ],
  weights: [1, 2, 1],
  neurons: 1,
};
const span: Plain = {
  wp: [
    [1, 0],
    [0, 1],
    ['-3/5', '-4/5'],
  ],
  neurons: 3,
};
const spare: Plain = { ...span, neurons: 4 };
const meeting: Plain = {
  wp: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    ['-2/3', '-2/3', '-1/3'],
  ],
  neurons: 4,
};
const antipodal: Plain = { ...unit, wr: [[1], [-1]] };
const parallel: Plain = { ...unit, wr: [[1], [1]] };
const obtuse: Plain = {
  ...unit,
  wr: [
    [1, 0],
    ['-3/5', '4/5'],
  ],
};

const row = (lambda: unknown, e: unknown[][], mu: unknown[][] = [], more = {}) => ({
  lambda,
  e: e.map((c) => c.map(String)),
  mu: mu.map((c) => c.map(String)),
  ...more,
});
const gone = (nr: number, e = [-1, -1]) => ({ e: e.map(String), u: Array.from({ length: nr }, () => '0') });
const identity = [
  ['1', '0'],
  ['0', '1'],
];
const none = {
  neuron: 1,
  faces: [
    {
      tight: [],
      basis: identity,
      roots: [
        { lambda: '1', y: [['0', '0']], c: [['0', '0']] },
        { lambda: '2', y: [['0', '0']], c: [['0', '0']] },
      ],
    },
  ],
};
/** At lambda = 1 the eigenvector is (1, 0), which is 0 on feature 2: A - B = diag(0, 2), so y = (0, -1/2), c = (0, 1). */
const at = (y: unknown[][], c: unknown[][], lambda = '1') => ({
  lambda,
  y: y.map((v) => v.map(String)),
  c: c.map((v) => v.map(String)),
});
const excluded = (first = at([[0, '-1/2']], [[0, 1]]), second = at([[1, 0]], [[1, 0]], '2')) => ({
  rule: 'no-critical-point',
  neurons: [{ ...none, faces: [{ tight: [], basis: identity, roots: [first, second] }] }],
});
// x^2 - 3 x + 32/25 has the roots (3 +- sqrt(97)/5) / 2: 0.515.., 2.484..; (A - x B) e = 0 for e = (6/5, x - 1).
const f = ['32', '-75', '25'];
const upper = { f, in: ['2', '3'] };
const lower = { f, in: ['0', '1'] };
const eigen = [
  ['6/5', '-1'],
  ['0', '1'],
];
const single = (sets: unknown[], nr = 2) => ({ live: sets, dead: [gone(nr)] });
const top = (roots: unknown[], basis = identity) => ({ top: { basis, roots } });
const faceRow = (lambda: string, mu: unknown[][], roots: unknown[] = []) =>
  row(lambda, [[0, 25]], mu, { top: { basis: [['0', '1']], roots } });
const onFace = (one: object) => ({ rule: 'minimum', live: [one], dead: [] });

type Case = readonly [string, Plain, Judgement, object];
// biome-ignore format: a table, one case a line
const accepted: readonly Case[] = [
  ['a critical point at a double eigenvalue', unit, critical(true, [[1, 2], []]), { rule: 'critical-point', ...single([row('1', [[1, 3]])]) }],
  ['with positive loss and both gradients 0', unit, partialMinimum(true, [[1, 2], []], true), { rule: 'critical-point', ...single([row('1', [[1, 3]])]) }],
  ['at an irrational eigenvalue', irrational, critical(true, [[1, 2], []]), { rule: 'critical-point', ...single([row(upper, eigen)]) }],
  ['on a face', face, critical(true, [[1, 2]]), { rule: 'critical-point', live: [row('5/3', [[0, 25]], [[0, 0, 16]])], dead: [] }],
  ['none, with weights 1 and 2', unequal, critical(false, [[1, 2], []]), excluded()],
  ['none means no minimum', unequal, critical(false, [[1, 2], []], 'minimum'), excluded()],
  ['none means no saddle', unequal, critical(false, [[1, 2], []], 'saddle'), excluded()],
  ['none, both gradients 0', unequal, partialMinimum(false, [[1, 2], []], true), excluded()],
  ['only points of loss 0', parallel, partialMinimum(false, [[1, 2], []]), { rule: 'no-critical-point', neurons: [{ neuron: 1, faces: [{ tight: [], basis: identity, roots: [at([['-1/2', '-1/2']], [[1, 1]], '0'), { lambda: '2' }] }] }] }],
  ['a minimum', irrational, critical(true, [[1, 2], []], 'minimum'), { rule: 'minimum', ...single([row(upper, eigen, [], top([lower]))]) }],
  ['a minimum on a face', face, critical(true, [[1, 2]], 'minimum'), onFace(faceRow('5/3', [[0, 0, 16]]))],
  ['a saddle, towards a larger eigenvalue', obtuse, critical(true, [[1, 2], []], 'saddle'), { rule: 'saddle', ...single([row('2/5', [[1, 1]])]), down: { way: 'turn', neuron: 1, v: ['1', '-1'] } }],
  ['a saddle, by a dead neuron', span, critical(true, [[1, 2], [3], []], 'saddle'), { rule: 'saddle', live: [row('1', [[1, 1]]), row('1', [[-3, -4]])], dead: [gone(2, [0, 0])], down: { way: 'wake', neuron: 3, v: ['1', '-1'], u: ['1', '-1'] } }],
  ['no strict trap', span, strictTrap([[1, 2], [3], []]), { rule: 'no-strict-trap', combination: ['3', '4', '5'], neuron: 1 }],
  ['no strict trap, by two neurons whose sets meet', meeting, strictTrap([[1, 2], [2, 3], [4], []]), { rule: 'no-strict-trap', combination: ['2', '2', '1', '3'], neurons: [1, 2] }],
  ['a strict trap', unit, strictTrap([[1, 2], []], true), { rule: 'strict-minimum', we: [['1', '1'], ['-1', '-2']], wd: [['1/2', '0'], ['1/2', '0']], proof: { rule: 'top-eigenvalue', definite: [{ l: [['1', '0'], ['0', '1']], d: ['0', '0'] }] } }],
  ['a strict trap of loss 0', spare, strictTrap([[1, 2], [2], [3], []], true), { rule: 'strict-minimum', we: [['1', '1'], ['-1', '1'], ['-3/5', '-4/5'], ['0', '0']], wd: [['1', '-1', '-3/5', '0'], ['0', '1', '-4/5', '0']], proof: { rule: 'no-loss' } }],
  ['a row negative everywhere', unit, dead(true), { rule: 'negative-row', e: ['-1', '-2'] }],
  ['no row negative everywhere', span, dead(false), { rule: 'hull-relation', combination: ['3', '4', '5'] }],
];

describe('accepted', () => {
  test.each(accepted)('%s', (_, plain, goal, proof) => {
    expect(accept(goal, proof, instance(plain))).not.toEqual([]);
  });
});

type Refusal = readonly [string, Plain, Judgement, object, code: string];
const any = critical(true, [[1, 2], []]);
const noneAt = critical(false, [[1, 2], []]);
// biome-ignore format: a table, one case a line
const rejected: readonly Refusal[] = [
  ['no eigenvector', unequal, any, { rule: 'critical-point', ...single([row('1', [[1, 1]])]) }, 'not-critical'],
  ['an eigenvector on the boundary of the cone', unequal, any, { rule: 'critical-point', ...single([row('1', [[1, 0]])]) }, 'wrong-pattern'],
  ['the eigenvalue of the other root', irrational, any, { rule: 'critical-point', ...single([row({ f, in: ['0.5', '0.6'] }, eigen)]) }, 'wrong-pattern'],
  ['a dead row that is positive', unit, any, { rule: 'critical-point', live: [row('1', [[1, 1]])], dead: [gone(2, [1, -1])] }, 'wrong-pattern'],
  ['a multiplier off the kinks', unit, any, { rule: 'critical-point', ...single([row('1', [[1, 1]], [[0, 1]])]) }, 'wrong-multiplier'],
  ['a negative multiplier', face, critical(true, [[1, 2]]), { rule: 'critical-point', live: [row('5/3', [[0, 25]], [[0, 0, -16]])], dead: [] }, 'wrong-multiplier'],
  ['a face where both gradients have to be 0', face, partialMinimum(true, [[1, 2]], true), { rule: 'critical-point', live: [row('5/3', [[0, 25]], [[0, 0, 16]])], dead: [] }, 'not-critical'],
  ['loss 0 where it has to be positive', parallel, partialMinimum(true, [[1, 2], []]), { rule: 'critical-point', ...single([row('2', [[1, 1]])], 1) }, 'does-not-hold'],
  ['an interval without a root', irrational, any, { rule: 'critical-point', ...single([row({ f, in: ['3', '4'] }, eigen)]) }, 'no-sign-change'],
  ['an interval that holds two roots', irrational, any, { rule: 'critical-point', ...single([row({ f, in: ['0', '3'] }, eigen)]) }, 'no-sign-change'],
  ['an interval too wide for a sign', irrational, any, { rule: 'critical-point', ...single([row({ f, in: ['1', '3'] }, eigen)]) }, 'too-wide'],
  ['x - (3 + 1e-14 i) and its conjugate: no real root near 3', unit, any, { rule: 'critical-point', ...single([row({ f: ['9.0000000000000000000000000001', '-6', '1'], in: ['2.9', '3.1'] }, [[1, 1]])]) }, 'no-sign-change'],
  ['x^2 + 1e-25: two conjugate roots, no real one', unit, any, { rule: 'critical-point', ...single([row({ f: ['1e-25', '0', '1'], in: ['-1e-12', '1e-12'] }, [[1, 1]])]) }, 'no-sign-change'],
  ['conjugate roots taken for two real ones', unit, any, { rule: 'critical-point', ...single([row({ f: ['1e-25', '0', '1'], in: ['1e-13', '1e-12'] }, [[1, 1]])]) }, 'no-sign-change'],
  ['for a minimum', unit, critical(true, [[1, 2], []], 'minimum'), { rule: 'critical-point', ...single([row('1', [[1, 1]])]) }, 'wrong-rule'],
  ['for batchtopk', { ...unit, activation: { kind: 'batchtopk', k: 2 } }, any, { rule: 'critical-point', ...single([row('1', [[1, 1]])]) }, 'wrong-rule'],
  ['sets that meet', unit, critical(true, [[1, 2], [2]]), { rule: 'critical-point', live: [row('1', [[1, 1]]), row('1', [[0, 1]])], dead: [] }, 'not-a-partition'],
  ['a set without weight', { ...unit, weights: [1, 0] }, critical(true, [[1], [2]]), { rule: 'critical-point', live: [row('1', [[1, 0]]), row('1', [[0, 1]])], dead: [] }, 'not-a-partition'],
  ['a root left out', unequal, noneAt, { rule: 'no-critical-point', neurons: [{ neuron: 1, faces: [{ tight: [], basis: identity, roots: [at([[0, '-1/2']], [[0, 1]])] }] }] }, 'missing-root'],
  ['the same root twice', unequal, noneAt, excluded(undefined, at([[0, '-1/2']], [[0, 1]])), 'not-increasing'],
  ['another number for a root', unequal, noneAt, excluded(undefined, at([[2, 0]], [[1, 0]], '3/2')), 'not-a-root'],
  ['a combination on nothing', unequal, noneAt, excluded(at([[0, 0]], [[0, 0]])), 'empty-farkas'],
  ['a negative weight on the set', unequal, noneAt, excluded(at([[0, '1/2']], [[0, -1]])), 'wrong-side'],
  ['another equation', unequal, noneAt, excluded(at([[0, 1]], [[0, 1]])), 'farkas-unequal'],
  ['equal weights: there is a point, and no such proof', unit, noneAt, { rule: 'no-critical-point', neurons: [{ neuron: 1, faces: [{ tight: [], basis: identity, roots: [at([[1, 1]], [[1, 1]])] }] }] }, 'farkas-unequal'],
  ['dependent vectors for a basis', unequal, noneAt, { rule: 'no-critical-point', neurons: [{ neuron: 1, faces: [{ tight: [], basis: [['1', '0'], ['2', '0']], roots: [] }] }] }, 'wrong-basis'],
  ['no neuron', unequal, noneAt, { rule: 'no-critical-point', neurons: [] }, 'missing-data'],
  ['no entry for T = {}', unequal, noneAt, { rule: 'no-critical-point', neurons: [{ neuron: 1, faces: [] }] }, 'missing-data'],
  ['a face left out', face, critical(false, [[1, 2]]), { rule: 'no-critical-point', neurons: [{ neuron: 1, faces: [{ tight: [], empty: ['0', '0', '0'] }] }] }, 'empty-farkas'],
  ['a cone said to be empty that is not', unequal, noneAt, { rule: 'no-critical-point', neurons: [{ neuron: 1, faces: [{ tight: [], empty: ['1', '0'] }] }] }, 'farkas-unequal'],
  ['the critical root spared where any point counts', parallel, noneAt, { rule: 'no-critical-point', neurons: [{ neuron: 1, faces: [{ tight: [], basis: identity, roots: [at([['-1/2', '-1/2']], [[1, 1]], '0'), { lambda: '2' }] }] }] }, 'missing-data'],
  ['a root spared at positive loss', unit, partialMinimum(false, [[1, 2], []]), { rule: 'no-critical-point', neurons: [{ neuron: 1, faces: [{ tight: [], basis: identity, roots: [{ lambda: '1' }] }] }] }, 'missing-data'],
  ['not the largest root', irrational, critical(true, [[1, 2], []], 'minimum'), { rule: 'minimum', ...single([row(upper, eigen, [], top([]))]) }, 'missing-root'],
  ['a larger root said to be smaller', obtuse, critical(true, [[1, 2], []], 'minimum'), { rule: 'minimum', ...single([row('2/5', [[1, 1]], [], top(['8/5']))]) }, 'not-increasing'],
  ['a dead neuron at kinks without a price', span, critical(true, [[1, 2], [3], []], 'minimum'), { rule: 'minimum', live: [row('1', [[1, 1]], [], top([])), row('1', [[-3, -4]], [], { top: { basis: [['-3', '-4']], roots: [] } })], dead: [gone(2, [0, 0])] }, 'no-price'],
  ['a multiplier above the price', { ...face, wr: [[1, 0], [0, 1], [0, '-1/2']] }, critical(true, [[1, 2]], 'minimum'), onFace(faceRow('5/3', [[0, 0, 16]])), 'wrong-multiplier'],
  ['a target on the other side: no price', { ...face, wr: [[1, 0], [0, 1], [0, 1]] }, critical(true, [[1, 2]], 'minimum'), onFace(faceRow('5/3', [[0, 0, 16]])), 'no-price'],
  ['a saddle that turns to a smaller eigenvalue', irrational, critical(true, [[1, 2], []], 'saddle'), { rule: 'saddle', ...single([row(upper, eigen)]), down: { way: 'turn', neuron: 1, v: ['1', '-1'] } }, 'no-descent'],
  ['a saddle by a dead neuron that is negative', unit, critical(true, [[1, 2], []], 'saddle'), { rule: 'saddle', ...single([row('1', [[1, 1]])]), down: { way: 'wake', neuron: 2, v: ['1', '-1'], u: ['1', '-1'] } }, 'no-descent'],
  ['a dead neuron that turns', unit, critical(true, [[1, 2], []], 'saddle'), { rule: 'saddle', ...single([row('1', [[1, 1]])]), down: { way: 'turn', neuron: 2, v: ['1', '-1'] } }, 'wrong-side'],
  ['a live neuron that wakes', antipodal, critical(true, [[1, 2], []], 'saddle'), { rule: 'saddle', ...single([row('0', [[1, 1]])], 1), down: { way: 'wake', neuron: 1, v: ['1', '-1'], u: ['1'] } }, 'wrong-side'],
  ['a crossing without a kink', obtuse, critical(true, [[1, 2], []], 'saddle'), { rule: 'saddle', ...single([row('2/5', [[1, 1]])]), down: { way: 'cross', neuron: 1, v: ['1', '-1'] } }, 'no-descent'],
  ['a crossing that costs more than it gives', face, critical(true, [[1, 2]], 'saddle'), { rule: 'saddle', live: [row('5/3', [[0, 25]], [[0, 0, 16]])], dead: [], down: { way: 'cross', neuron: 1, v: ['-1', '0'] } }, 'no-descent'],
  ['a turn against a multiplier', face, critical(true, [[1, 2]], 'saddle'), { rule: 'saddle', live: [row('5/3', [[0, 25]], [[0, 0, 16]])], dead: [], down: { way: 'turn', neuron: 1, v: ['1', '0'] } }, 'wrong-side'],
  ['a relation with a weight 0', span, strictTrap([[1, 2], [3], []]), { rule: 'no-strict-trap', combination: ['0', '0', '0'], neuron: 1 }, 'not-positive'],
  ['no dead neuron', span, strictTrap([[1, 2], [3]]), { rule: 'no-strict-trap', combination: ['3', '4', '5'], neuron: 1 }, 'missing-data'],
  ['a set of one feature: C of rank 1', span, strictTrap([[1, 2], [3], []]), { rule: 'no-strict-trap', combination: ['3', '4', '5'], neuron: 2 }, 'does-not-hold'],
  ['no relation', span, strictTrap([[1, 2], [3], []]), { rule: 'no-strict-trap', combination: ['3', '4', '6'], neuron: 1 }, 'farkas-unequal'],
  ['a rank of the number of neurons', span, strictTrap([[1, 2], [2], [3], []]), { rule: 'no-strict-trap', combination: ['3', '4', '5'], neurons: [1, 2] }, 'does-not-hold'],
  ['a neuron left out that reaches the sets', meeting, strictTrap([[1, 2], [2, 3], [2, 3, 4], []]), { rule: 'no-strict-trap', combination: ['2', '2', '1', '3'], neurons: [1, 2] }, 'does-not-hold'],
  ['no neuron', span, strictTrap([[1, 2], [3], []]), { rule: 'no-strict-trap', combination: ['3', '4', '5'], neurons: [] }, 'does-not-hold'],
  ['a neuron twice', meeting, strictTrap([[1, 2], [2, 3], [4], []]), { rule: 'no-strict-trap', combination: ['2', '2', '1', '3'], neurons: [1, 1, 2] }, 'not-increasing'],
  ['one neuron, and several', span, strictTrap([[1, 2], [3], []]), { rule: 'no-strict-trap', combination: ['3', '4', '5'], neuron: 1, neurons: [1] }, 'unknown-key'],
  ['neither', span, strictTrap([[1, 2], [3], []]), { rule: 'no-strict-trap', combination: ['3', '4', '5'] }, 'missing-key'],
  ['no trap by a rule for one', span, strictTrap([[1, 2], [3], []]), { rule: 'strict-minimum', we: [['1', '1'], ['-3', '-4'], ['0', '0']], wd: [['0', '0', '0'], ['0', '0', '0']], proof: { rule: 'no-loss' } }, 'wrong-rule'],
  ['a trap on another pattern', spare, strictTrap([[1, 2], [2, 3], [3], []], true), { rule: 'strict-minimum', we: [['1', '1'], ['-1', '1'], ['-3/5', '-4/5'], ['0', '0']], wd: [['1', '-1', '-3/5', '0'], ['0', '1', '-4/5', '0']], proof: { rule: 'no-loss' } }, 'wrong-pattern'],
  ['a live neuron at a kink', span, strictTrap([[1], [2], [3]], true), { rule: 'strict-minimum', we: [['1', '0'], ['0', '1'], ['-3/5', '-4/5']], wd: [['1', '0', '-3/5'], ['0', '1', '-4/5']], proof: { rule: 'no-loss' } }, 'at-a-kink'],
  ['a trap that is no local minimum', spare, strictTrap([[1, 2], [2], [3], []], true), { rule: 'strict-minimum', we: [['1', '1'], ['-1', '1'], ['-3/5', '-4/5'], ['0', '0']], wd: [['1', '1', '-3/5', '0'], ['0', '1', '-4/5', '0']], proof: { rule: 'no-loss' } }, 'does-not-hold'],
  ['a trap by its way down', spare, strictTrap([[1, 2], [2], [3], []], true), { rule: 'strict-minimum', we: [['1', '1'], ['-1', '1'], ['-3/5', '-4/5'], ['0', '0']], wd: [['1', '-1', '-3/5', '0'], ['0', '1', '-4/5', '0']], proof: { rule: 'descent-curve', we: [], wd: [] } }, 'wrong-rule'],
  ['a row that is 0 somewhere', unit, dead(true), { rule: 'negative-row', e: ['-1', '0'] }, 'does-not-hold'],
  ['a hull of nothing', span, dead(false), { rule: 'hull-relation', combination: ['0', '0', '0'] }, 'empty-farkas'],
  ['a hull with a negative weight', { ...span, wp: [[1, 0], [2, 0], [1, 1]] }, dead(false), { rule: 'hull-relation', combination: ['2', '-1', '0'] }, 'wrong-side'],
];

describe('refused', () => {
  test('at least as many as accepted', () => {
    expect(rejected.length).toBeGreaterThanOrEqual(2 * accepted.length);
  });
  test.each(rejected)('%s', (_, plain, goal, proof, code) => {
    const m = instance(plain);
    let found = '';
    try {
      accept(goal, proof, m);
    } catch (thrown) {
      found = (thrown as { code?: string }).code ?? `${thrown}`;
    }
    expect(found).toBe(code);
  });
});

/** What may change and leave a proof: a scale (of e, y with c, v, u), a row inside its cone, row and column of a dead neuron, a basis, room in an inequality. */
test('mutants: most are refused, and the survivors are counted', () => {
  const survivors: Record<string, number> = {};
  let refusals = 0;
  for (const [, plain, goal, proof] of accepted) {
    const m = instance(plain);
    const { rule } = proof as { rule: string };
    survivors[rule] ??= 0;
    for (const [, mutant] of mutations(proof)) {
      if (refused(() => accept(goal, mutant, m))) refusals++;
      else survivors[rule]++;
    }
  }
  expect(refusals).toBeGreaterThan(500);
  expect(survivors).toMatchInlineSnapshot(`
    {
      "critical-point": 28,
      "hull-relation": 0,
      "minimum": 14,
      "negative-row": 3,
      "no-critical-point": 40,
      "no-strict-trap": 0,
      "saddle": 24,
      "strict-minimum": 13,
    }
  `);
});

test('a path names the place', () => {
  const proof = { rule: 'critical-point', ...single([row('1', [[1, 0]])]) };
  expectRejection(() => accept(any, proof, instance(unequal)), 'wrong-pattern', '$.live[0].e');
});
