import { describe, expect, test } from 'vitest';
import type { Judgement } from '../../../src/kernel/proof/goal.ts';
import { expectRejection, instance, type Plain, refused } from '../read.ts';
import { accept, mutations, realizable, terms } from './proofs.ts';

/** T8, the pattern of the full text (theory.md, section 3): w_1 = 169/119 w_2 + 120/119 w_3. */
const paper: Plain = {
  wp: [
    ['12/13', '5/13'],
    ['12/13', '-5/13'],
    ['-5/13', '12/13'],
    ['-5/13', '-12/13'],
    ['-7/25', '24/25'],
    ['-7/25', '-24/25'],
  ],
  neurons: 3,
};
/** T8, the walkthrough: b = 5/6 (a + c), with a threshold. */
const walkthrough: Plain = {
  wp: [
    ['3/5', '-4/5'],
    [1, 0],
    ['3/5', '4/5'],
  ],
  activation: { kind: 'jumprelu', theta: '1/2' },
};
const line = (kind: string, k: number, wp: number[], neurons = 2): Plain => ({
  wp: wp.map((w) => [w]),
  activation: { kind, k },
  neurons,
});
const gated = (wp: number[]): Plain => ({ wp: wp.map((w) => [w]), activation: { kind: 'gated' } });
const relu = (wp: number[]): Plain => ({ wp: wp.map((w) => [w]) });

const farkas = (on: object[], off: object[], neuron = 1): object => ({ rule: 'farkas', neuron, on, off });
const joint = (...rows: [string, number, number, string | number, number?][]): object => ({
  rule: 'farkas-joint',
  rows: rows.map(([kind, neuron, feature, weight, over]) => ({
    kind,
    neuron,
    feature,
    weight: `${weight}`,
    ...(over && { over }),
  })),
});
const realizes = (...we: (string | number)[][]): object => ({ rule: 'realizes', we: we.map((row) => row.map(String)) });

type Example = readonly [what: string, plain: Plain, goal: Judgement, proof: object];

// biome-ignore format: a table, one case a line
const accepted: readonly Example[] = [
  ['the pattern of T8', paper, realizable(true, [1, 2], [3, 5], [4, 6]), realizes([1, 0], [-1, 1], [-1, -1])],
  ['the empty pattern, by e = 0', relu([1, -1]), realizable(true, []), realizes([0])],
  ['a pattern longer than the instance has neurons', relu([1, -1]), realizable(true, [1], [2]), realizes([1], [-1])],
  ['identity, by sign', { wp: [[1], [-1]], activation: { kind: 'identity' } }, realizable(true, [2]), realizes([-1])],
  ['gated, whatever z', gated([1, 2]), realizable(true, [2]), { rule: 'realizes', we: [['0']], gate: [['1']], bias: ['-3/2'] }],
  ['batchtopk, all places to one feature', line('batchtopk', 1, [1, 2]), realizable(true, [2], [2]), realizes([3], [2])],
  ['T8: {1} is unrealizable', paper, realizable(false, [1], [3, 5], [4, 6]), farkas(terms([1, 1]), terms([2, '169/119'], [3, '120/119']))],
  ['T8, walkthrough: {a, c} without b', walkthrough, realizable(false, [1, 3]), farkas(terms([1, '5/6'], [3, '5/6']), terms([2, 1]))],
  ['opposite features together', relu([1, -1]), realizable(false, [1, 2]), farkas(terms([1, 1], [2, 1]), [])],
  ['no threshold, no condition', { ...relu([1, 2]), activation: { kind: 'jumprelu', theta: '0' } }, realizable(false, [2]), farkas(terms([2, 1]), terms([1, 2]))],
  ['identity', { wp: [[1], [2]], activation: { kind: 'identity' } }, realizable(false, [1]), farkas(terms([1, 2]), terms([2, 1]))],
  ['gated, weights of equal sums', gated([1, 2, 3]), realizable(false, [1, 3]), farkas(terms([1, 1], [3, 1]), terms([2, 2]))],
  ['topk: two equal features, each neuron wins one', line('topk', 1, [1, 1]), realizable(false, [1], [2]), joint(['compare', 1, 1, 1, 2], ['compare', 2, 2, 1, 1])],
  ['topk: an off row where there is room', line('topk', 2, [1, 2]), realizable(false, [1], []), joint(['on', 1, 1, 2], ['off', 1, 2, 1])],
  ['topk-pure, comparisons only', line('topk-pure', 1, [1, 2]), realizable(false, [1], [2]), joint(['compare', 1, 1, 2, 2], ['compare', 2, 2, 1, 1])],
  ['batchtopk, a full batch', line('batchtopk', 1, [1, 2]), realizable(false, [1], [1]), joint(['on', 1, 1, 2], ['off', 1, 2, 1])],
  ['batchtopk with room: no threshold', line('batchtopk', 1, [2, 1]), realizable(false, [1], []), joint(['on', 1, 1, 1], ['off', 1, 2, 2])],
  ['topk over capacity', line('topk', 1, [1, 1]), realizable(false, [1], [1]), { rule: 'capacity' }],
  ['topk-pure below it', line('topk-pure', 1, [1, 2]), realizable(false, [1], []), { rule: 'capacity' }],
  ['batchtopk over capacity', line('batchtopk', 1, [1, 2], 3), realizable(false, [1, 2], [1], []), { rule: 'capacity' }],
];

// biome-ignore format: a table, one case a line
const rejected: readonly (readonly [...Example, code: string, path: string])[] = [
  ['another pattern', paper, realizable(true, [1], [3, 5], [4, 6]), realizes([1, 0], [-1, 1], [-1, -1]), 'wrong-pattern', '$.we'],
  ['a feature at 0', relu([1, -1]), realizable(true, [1]), realizes([0]), 'wrong-pattern', '$.we'],
  ['an encoder of another shape', relu([1]), realizable(true, [1], []), realizes([1]), 'wrong-size', '$.we'],
  ['a tie', line('topk', 1, [1]), realizable(true, [1], []), realizes([1], [1]), 'tie', '$'],
  ['a gate for relu', relu([1]), realizable(true, [1]), { ...realizes([1]), gate: [['1']], bias: ['0'] }, 'unknown-key', '$.gate'],
  ['gated without its gate', gated([1]), realizable(true, [1]), realizes([1]), 'missing-key', '$.we'],
  ['the rule of the other sign', relu([1]), realizable(false, [1]), realizes([1]), 'wrong-rule', '$.rule'],
  ['farkas for a realizable pattern', relu([1, 2]), realizable(true, [1]), farkas(terms([1, 2]), terms([2, 1])), 'wrong-rule', '$.rule'],
  ['sums that differ', relu([1, 2]), realizable(false, [1]), farkas(terms([1, 1]), terms([2, 1])), 'farkas-unequal', '$'],
  ['nothing on', relu([1, -1]), realizable(false, []), farkas([], terms([1, 1], [2, 1])), 'empty-farkas', '$'],
  ['a feature on the wrong side', relu([1, -1]), realizable(false, [1]), farkas(terms([1, 1], [2, 1]), []), 'wrong-side', '$.on[1].feature'],
  ['an on feature off', relu([1, 2]), realizable(false, [1, 2]), farkas(terms([1, 2]), terms([2, 1])), 'wrong-side', '$.off[0].feature'],
  ['the set of another neuron', paper, realizable(false, [3, 5], [1], [4, 6]), farkas(terms([1, 1]), terms([2, '169/119'], [3, '120/119'])), 'wrong-side', '$.on[0].feature'],
  ['a weight 0', relu([1, 2]), realizable(false, [1]), farkas(terms([1, 0]), []), 'not-positive', '$.on[0].weight'],
  ['a negative weight', relu([1, 1]), realizable(false, [1, 2]), farkas(terms([1, 1], [2, -1]), []), 'not-positive', '$.on[1].weight'],
  ['a feature twice', relu([1, -1]), realizable(false, [1, 2]), farkas(terms([1, 1], [1, 1]), []), 'not-increasing', '$.on[1].feature'],
  ['a neuron that is not there', relu([1, -1]), realizable(false, [1, 2]), farkas(terms([1, 1], [2, 1]), [], 2), 'out-of-range', '$.neuron'],
  ['a threshold, and it is realizable', { ...relu([2, 1]), activation: { kind: 'jumprelu', theta: '1' } }, realizable(false, [1]), farkas(terms([1, 1]), terms([2, 2])), 'farkas-threshold', '$'],
  ['a bias, and it is realizable', gated([1, 2]), realizable(false, [2]), farkas(terms([2, 1]), terms([1, 2])), 'farkas-unequal', '$'],
  ['a bias the other way round', gated([1, 2]), realizable(false, [1]), farkas(terms([1, 2]), terms([2, 1])), 'farkas-unequal', '$'],
  ['one neuron alone, for topk', line('topk', 1, [1, 2]), realizable(false, [1], [2]), farkas(terms([1, 2]), terms([2, 1])), 'wrong-rule', '$.rule'],
  ['an unknown key', relu([1, -1]), realizable(false, [1, 2]), { ...farkas(terms([1, 1], [2, 1]), []), note: '' }, 'unknown-key', '$.note'],
  ['joint, for relu', relu([1, -1]), realizable(false, [1, 2]), joint(['on', 1, 1, 1], ['on', 1, 2, 1]), 'wrong-rule', '$.rule'],
  ['rows that leave something', line('topk', 1, [1, 2]), realizable(false, [1], [2]), joint(['compare', 1, 1, 1, 2], ['compare', 2, 2, 1, 1]), 'farkas-unequal', '$'],
  ['no rows', line('topk', 1, [1]), realizable(false, [1], []), joint(), 'empty-farkas', '$'],
  ['off rows only', line('topk', 1, [1, -1]), realizable(false, [], []), joint(['off', 1, 1, 1], ['off', 1, 2, 1]), 'empty-farkas', '$'],
  ['an off row where topk is full', line('topk', 1, [1, 1]), realizable(false, [1], [2]), joint(['on', 1, 1, 1], ['off', 1, 2, 1]), 'not-implied', '$.rows[1]'],
  ['a comparison where there is room', line('topk', 2, [1, 1]), realizable(false, [1], [2]), joint(['compare', 1, 1, 1, 2], ['compare', 2, 2, 1, 1]), 'not-implied', '$.rows[0]'],
  ['a comparison for batchtopk', line('batchtopk', 1, [1, 1]), realizable(false, [1], [2]), joint(['compare', 1, 1, 1, 2], ['compare', 2, 2, 1, 1]), 'not-implied', '$.rows[0]'],
  ['a comparison with itself', line('topk', 1, [1, 1]), realizable(false, [1], []), joint(['compare', 1, 1, 1, 1]), 'not-implied', '$.rows[0]'],
  ['a comparison turned round', line('topk', 1, [1, 1]), realizable(false, [1], [2]), joint(['compare', 2, 1, 1, 1]), 'not-implied', '$.rows[0]'],
  ['an on row off the pattern', line('topk', 1, [1, -1]), realizable(false, [1], []), joint(['on', 1, 1, 1], ['on', 1, 2, 1]), 'not-implied', '$.rows[1]'],
  ['an on row for topk-pure, where it may be negative', line('topk-pure', 1, [1, -1]), realizable(false, [1, 2], []), joint(['on', 1, 1, 1], ['on', 1, 2, 1]), 'not-implied', '$.rows[0]'],
  ['an off row for topk-pure', line('topk-pure', 1, [1, 1]), realizable(false, [1], [2]), joint(['off', 2, 1, 1]), 'not-implied', '$.rows[0]'],
  ['"over" beside on', line('topk', 2, [1, 2]), realizable(false, [1], []), joint(['on', 1, 1, 2, 2], ['off', 1, 2, 1]), 'unknown-key', '$.rows[0].over'],
  ['a comparison without "over"', line('topk', 1, [1, 1]), realizable(false, [1], [2]), joint(['compare', 1, 1, 1]), 'missing-key', '$.rows[0].over'],
  ['an unknown kind of row', line('topk', 1, [1]), realizable(false, [1], []), joint(['__proto__', 1, 1, 1]), 'unknown-word', '$.rows[0].kind'],
  ['a row of weight 0', line('topk', 1, [1, -1]), realizable(false, [1, 2], []), joint(['on', 1, 1, 0]), 'not-positive', '$.rows[0].weight'],
  ['a full batch has a threshold, and it is realizable', line('batchtopk', 1, [2, 1]), realizable(false, [1], [1]), joint(['on', 1, 1, 1], ['off', 1, 2, 2]), 'farkas-threshold', '$'],
  ['within capacity', line('topk', 2, [1, 2]), realizable(false, [1], [1]), { rule: 'capacity' }, 'within-capacity', '$'],
  ['just at capacity', line('batchtopk', 1, [1, 2]), realizable(false, [1], [2]), { rule: 'capacity' }, 'within-capacity', '$'],
  ['topk-pure with k at least the neurons of the instance', line('topk-pure', 3, [1]), realizable(false, [1], [1]), { rule: 'capacity' }, 'within-capacity', '$'],
  ['topk-pure, a pattern longer than the instance has neurons', line('topk-pure', 2, [1], 1), realizable(false, [1], [1]), { rule: 'capacity' }, 'within-capacity', '$'],
  ['capacity of relu', relu([1]), realizable(false, [1]), { rule: 'capacity' }, 'wrong-rule', '$.rule'],
  ['capacity with another key', line('topk', 1, [1]), realizable(false, [1], [1]), { rule: 'capacity', feature: 1 }, 'unknown-key', '$.feature'],
];

describe('accepts', () => {
  test.each(accepted)('%s', (_, plain, goal, proof) => {
    expect(accept(goal, proof, instance(plain))).toHaveLength(1);
  });
});

describe('refuses', () => {
  test.each(rejected)('%s', (_, plain, goal, proof, code, path) => {
    expectRejection(() => accept(goal, proof, instance(plain)), code, path);
  });
});

test('no change of one entry of a Farkas vector is accepted', () => {
  let count = 0;
  const survivors = accepted.flatMap(([what, plain, goal, proof]) => {
    if (goal.truth) return [];
    return mutations(proof).flatMap(([at, mutant]) => {
      count++;
      return refused(() => accept(goal, mutant, instance(plain))) ? [] : [`${what}: ${at}`];
    });
  });
  expect(survivors).toEqual([]);
  expect(count).toBeGreaterThan(150);
});
