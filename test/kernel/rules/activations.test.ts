/** The rules on critical points under JumpReLU and Top-k: thresholds, rivals, and what of ReLU no longer holds. */
import { expect, test } from 'vitest';
import type { Judgement } from '../../../src/kernel/proof/goal.ts';
import { instance, type Plain } from '../read.ts';
import { accept, critical, mutations } from './proofs.ts';

const texts = (rows: unknown[][]): string[][] => rows.map((row) => row.map(String));
const row = (lambda: string, e: unknown[], mu: unknown[] = [], more = {}) => ({
  lambda,
  e: texts([e]),
  mu: mu.length > 0 ? texts([mu]) : [],
  ...more,
});
const top = (basis: unknown[][], roots: string[] = []) => ({ top: { basis: texts(basis), roots } });
const dead = (e: unknown[], u: unknown[] = [0, 0]) => ({ e: e.map(String), u: u.map(String) });
const relu = { kind: 'relu' };
const jump = { kind: 'jumprelu', theta: '1' };
const topk = (k: number) => ({ kind: 'topk', k });
const under = (plain: Plain, activation: Record<string, unknown>): Plain => ({ ...plain, activation });

// biome-ignore format: vectors, one pair a line
const pair: Plain = { wp: [[1, 0], [0, 1]], neurons: 2 };
const obtuse: Plain = {
  ...pair,
  wr: [
    [1, 0],
    ['-3/5', '4/5'],
  ],
};
/** <e, w_3> = e_1 - e_2. */
const third: Plain = {
  wp: [
    [1, 0],
    [0, 1],
    [1, -1],
  ],
  neurons: 1,
};
const half: Plain = {
  wp: [
    [1, 0],
    ['1/2', 0],
  ],
  neurons: 1,
};
const double: Plain = {
  wp: [
    [1, 0],
    [2, 0],
  ],
  neurons: 2,
};
/** A minimum on a face, for neuron 1; neuron 2 is dead, and at a kink on feature 3 as neuron 1 is. */
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
  neurons: 2,
};
const faceProof = {
  rule: 'minimum',
  live: [row('5/3', [0, 25], [0, 0, 16], top([[0, 1]]))],
  dead: [dead([0, -1], [0, 1])],
};
const identity = [
  [1, 0],
  [0, 1],
];
const at = (e: unknown[], still = [0, 0]) => ({ rule: 'critical-point', live: [row('1', e)], dead: [dead(still)] });
const minimumAt = (e: unknown[], still = [0, 0]) => ({
  rule: 'minimum',
  live: [row('1', e, [], top(identity))],
  dead: [dead(still)],
});
const alone = (rule: string, mu: unknown[] = [], more = {}) => ({ rule, live: [row('1', [3, 2], mu, more)], dead: [] });
const two = (first: unknown[], second: unknown[]) => ({
  rule: 'critical-point',
  live: [row('1', first), row('1', second)],
  dead: [],
});
const empty = (c: unknown[]) => ({
  rule: 'no-critical-point',
  neurons: [{ neuron: 1, faces: [{ tight: [], empty: c.map(String) }] }],
});
const turn = { way: 'turn', neuron: 1, v: ['1', '-1'] };
const saddle = (e: unknown[], down: object) => ({ rule: 'saddle', live: [row('2/5', e)], dead: [dead([0, 0])], down });

// biome-ignore format: a table, one case a line
const accepted: readonly (readonly [string, Plain, Judgement, object])[] = [
  ['JumpReLU: above the threshold', under(pair, jump), critical(true, [[1, 2], []]), at([2, 3])],
  ['JumpReLU: a dead row of zeros is below it', under(pair, jump), critical(true, [[1, 2], []], 'minimum'), minimumAt([2, 3])],
  ['JumpReLU: at the threshold off the set', under(third, jump), critical(true, [[1, 2]]), alone('critical-point')],
  ['JumpReLU: a saddle turns', under(obtuse, jump), critical(true, [[1, 2], []], 'saddle'), saddle([2, 2], turn)],
  ['JumpReLU: no row, and weights that add up to more than 0', under(double, jump), critical(false, [[1], []]), empty([2, -1])],
  ['ReLU: no row, weights that add up to less', under(half, relu), critical(false, [[1]]), empty([1, -2])],
  ['Top-1: E5, held down by its rival', under(pair, topk(1)), critical(true, [[1, 2], []], 'minimum'), minimumAt([1, 1])],
  ['Top-1: positive below a rival', under(pair, topk(1)), critical(true, [[1], [2]]), two([2, 1], [1, 2])],
  ['Top-1: no row below 0 on a feature of no set', under(double, topk(1)), critical(false, [[1], []]), empty([2, -1])],
  ['Top-2: a face, with room for both that wake there', under(face, topk(2)), critical(true, [[1, 2], []], 'minimum'), faceProof],
  ['ReLU: the same', under(face, relu), critical(true, [[1, 2], []], 'minimum'), faceProof],
  ['Top-1: the same with one neuron', { ...under(face, topk(1)), neurons: 1 }, critical(true, [[1, 2]], 'minimum'), { ...faceProof, dead: [] }],
];

// biome-ignore format: a table, one case a line
const rejected: readonly (readonly [string, Plain, Judgement, object, string])[] = [
  ['JumpReLU: at the threshold on the set', under(pair, jump), critical(true, [[1, 2], []]), at([1, 3]), 'wrong-pattern'],
  ['JumpReLU: a dead row above it', under(pair, jump), critical(true, [[1, 2], []]), at([2, 3], [2, 0]), 'wrong-pattern'],
  ['JumpReLU: a dead row at it, where a jump has no price', under(pair, jump), critical(true, [[1, 2], []], 'minimum'), minimumAt([2, 3], [1, 0]), 'at-a-kink'],
  ['JumpReLU: a live row at it', under(third, jump), critical(true, [[1, 2]], 'minimum'), alone('minimum', [], top(identity)), 'at-a-kink'],
  ['JumpReLU: a multiplier at the threshold', under(third, jump), critical(true, [[1, 2]]), alone('critical-point', [0, 0, 1]), 'wrong-multiplier'],
  ['JumpReLU: a crossing', under(obtuse, jump), critical(true, [[1, 2], []], 'saddle'), saddle([2, 2], { ...turn, way: 'cross' }), 'wrong-rule'],
  ['JumpReLU: a dead neuron that wakes', under(obtuse, jump), critical(true, [[1, 2], []], 'saddle'), saddle([2, 2], { ...turn, way: 'wake', neuron: 2, u: ['1', '-1'] }), 'wrong-rule'],
  ['JumpReLU: weights that refute under ReLU only', under(half, jump), critical(false, [[1]]), empty([1, -2]), 'farkas-threshold'],
  ['ReLU: E5 with a dead row of zeros', under(pair, relu), critical(true, [[1, 2], []], 'minimum'), minimumAt([1, 1]), 'no-price'],
  ['Top-2: E5 with a dead row of zeros', under(pair, topk(2)), critical(true, [[1, 2], []], 'minimum'), minimumAt([1, 1]), 'no-price'],
  ['ReLU: positive below a rival', under(pair, relu), critical(true, [[1], [2]]), two([2, 1], [1, 2]), 'wrong-pattern'],
  ['Top-2: positive below a rival', under(pair, topk(2)), critical(true, [[1], [2]]), two([2, 1], [1, 2]), 'wrong-pattern'],
  ['Top-1: above its rival', under(pair, topk(1)), critical(true, [[1], [2]]), two([2, 3], [1, 2]), 'wrong-pattern'],
  ['Top-1: level with its rival', under(pair, topk(1)), critical(true, [[1], [2]]), two([2, 2], [1, 2]), 'wrong-pattern'],
  ['Top-1: a dead row above 0', under(pair, topk(1)), critical(true, [[1, 2], []]), at([2, 2], [1, 0]), 'wrong-pattern'],
  ['Top-1: a weight where rivals hold the neuron down', under(double, topk(1)), critical(false, [[1], [2]]), empty([2, -1]), 'wrong-side'],
  ['Top-1: a face where only one of two that wake passes', under(face, topk(1)), critical(true, [[1, 2], []], 'minimum'), faceProof, 'wrong-multiplier'],
  ['no strict trap, under Top-2', under({ ...pair, wp: [[1, 0], [0, 1], ['-3/5', '-4/5']], neurons: 3 }, topk(2)), { kind: 'judgement', predicate: 'strict-trap', truth: false, pattern: [[0, 1], [2], []] }, { rule: 'no-strict-trap', combination: ['3', '4', '5'], neuron: 1 }, 'wrong-rule'],
];

test.each(accepted)('accepted: %s', (_, plain, goal, proof) => {
  expect(accept(goal, proof, instance(plain))).not.toEqual([]);
});

const codeOf = (goal: Judgement, proof: unknown, plain: Plain): string => {
  try {
    accept(goal, proof, instance(plain));
    return 'accepted';
  } catch (thrown) {
    return (thrown as { code?: string }).code ?? `${thrown}`;
  }
};

test.each(rejected)('refused: %s', (_, plain, goal, proof, code) => {
  expect(codeOf(goal, proof, plain)).toBe(code);
});

/** Survivors scale a row or a multiple of it, and stay within the cone. */
test('mutants: most are refused', () => {
  const counts = { refused: 0, accepted: 0 };
  for (const [, plain, goal, proof] of accepted) {
    for (const [, mutant] of mutations(proof))
      counts[codeOf(goal, mutant, plain) === 'accepted' ? 'accepted' : 'refused']++;
  }
  console.log('mutants under JumpReLU and Top-k:', JSON.stringify(counts));
  expect(counts.refused).toBeGreaterThan(3 * counts.accepted);
});
