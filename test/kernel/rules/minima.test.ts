import { describe, expect, test } from 'vitest';
import type { Instance } from '../../../src/kernel/model/instance.ts';
import { approximateLoss } from '../../../src/kernel/model/model.ts';
import { computed, type Goal, type Judgement } from '../../../src/kernel/proof/goal.ts';
import {
  configuration,
  configurationDocument,
  expectRejection,
  instance,
  type Plain,
  type PlainConfiguration,
  q,
  refused,
  vector,
} from '../read.ts';
import { said } from '../said.ts';
import { accept, mutations, partialMinimum } from './proofs.ts';

const unit: Plain = {
  wp: [
    [1, 0],
    [0, 1],
  ],
  neurons: 2,
};
const topk = (k: number): Plain => ({ ...unit, activation: { kind: 'topk', k } });
/** The paper's Example 3.5. */
const e5: PlainConfiguration = {
  e: [
    [1, 1],
    [0, 0],
  ],
  u: [
    ['1/2', '1/2'],
    [0, 0],
  ],
};
/** The refutation of T6: no partial minimum on ({1,2},{}) with these weights. */
const t6: Plain = { ...unit, weights: [1, 2] };
/** theory.md, T6: a rational eigenvector; loss 2/5. */
const rational: Plain = {
  wp: [
    [1, 0],
    ['3/5', '4/5'],
  ],
};
const rationalPoint: PlainConfiguration = { e: [[2, 1]], u: [['2/5', '1/5']] };
const line: Plain = { wp: [[1]] };

type Predicate = 'local-minimum' | 'global-minimum' | 'reconstructs';
const about =
  (predicate: Predicate, truth: boolean, at: PlainConfiguration) =>
  (m: Instance): Judgement => ({ kind: 'judgement', predicate, truth, at: configuration(m, at) });
const local = (at: PlainConfiguration, truth = true) => about('local-minimum', truth, at);
const global = (at: PlainConfiguration, truth = true) => about('global-minimum', truth, at);
const rebuilds = (at: PlainConfiguration) => about('reconstructs', true, at);
const partial =
  (sets: number[][], truth = true, stationary = false) =>
  (): Judgement =>
    partialMinimum(truth, sets, stationary);
const lossBelow =
  (bound: string, truth = true) =>
  (m: Instance): Judgement => ({
    kind: 'judgement',
    predicate: 'exists',
    truth,
    what: `L~ < ${bound}`,
    such: (at): Goal => computed(approximateLoss(m, at).compare(q(bound)) < 0, said(`L~ = ${approximateLoss(m, at)}`)),
  });
const definite =
  (rows: (string | number)[][], truth = true) =>
  (): Judgement => ({
    kind: 'judgement',
    predicate: 'definite',
    truth,
    what: { matrix: 'hessian', block: 'W_D' },
    matrix: rows.map((row) => vector(...row)),
  });

const rule = (name: string, rest: object = {}): object => ({ rule: name, ...rest });
const moves = (...steps: PlainConfiguration[]): object => {
  const documents = steps.map(configurationDocument);
  return rule('descent-curve', { we: documents.map((step) => step.we), wd: documents.map((step) => step.wd) });
};
const factors = (l: (string | number)[][], d: (string | number)[]): object => ({
  l: l.map((row) => row.map(String)),
  d: d.map(String),
});
const none = factors([[0]], [0]);
const pairs = (...list: number[][]): object => rule('paired-rows', { pairs: list });
const away: PlainConfiguration = {
  e: [
    [0, 0],
    [1, -1],
  ],
  u: [
    [0, 0],
    [1, -1],
  ],
};
const twoPairs: PlainConfiguration = {
  e: [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ],
  u: [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ],
};
const four: Plain = {
  wp: [
    [1, 2],
    ['3/5', '-4/5'],
    [-7, 0],
  ],
  neurons: 4,
};
// lambda = 8/5, B = [[34/25, 12/25], [12/25, 16/25]], A = B^2, and lambda B - A = 12/125 (1,-2) (1,-2)^T.
const top = rule('top-eigenvalue', {
  definite: [
    factors(
      [
        [1, 0],
        [-2, 1],
      ],
      ['12/125', 0],
    ),
  ],
});
type Example = readonly [what: string, plain: Plain, goal: (m: Instance) => Judgement, proof: object];
// biome-ignore format: a table, one case a line
const accepted: readonly Example[] = [
  ['exists: a configuration below a bound', line, lossBelow('1/2'), rule('configuration', { we: [['1']], wd: [['1/2']], proof: 'compute' })],
  ['zero loss', line, global({ e: [['1/2']], u: [[2]] }), rule('zero-loss')],
  ['zero loss where the weight is 0', { ...line, weights: [0] }, global({ e: [[0]], u: [[0]] }), rule('zero-loss')],
  ['lower loss', line, global({ e: [[1]], u: [[0]] }, false), rule('lower-loss', { we: [['1']], wd: [['1/2']] })],
  ['the rational eigenvector', rational, local(rationalPoint), top],
  ['one feature', line, local({ e: [[1]], u: [[1]] }), rule('top-eigenvalue', { definite: [none] })],
  ['all strictly dead: nothing to show', line, local({ e: [[-1]], u: [[5]] }), rule('top-eigenvalue', { definite: [] })],
  ['jumprelu: e = 0 is strictly dead', { ...line, activation: { kind: 'jumprelu', theta: '1' } }, local({ e: [[0]], u: [[5]] }), rule('top-eigenvalue', { definite: [] })],
  ['identity', { ...line, activation: { kind: 'identity' } }, local({ e: [[-1]], u: [[-1]] }), rule('top-eigenvalue', { definite: [none] })],
  ['E5 under Top-1: held down by a strictly larger rival', topk(1), local(e5), rule('top-eigenvalue', { definite: [factors([[1, 0], [0, 1]], [0, 0])] })],
  ['E5 under ReLU: 1 - 2 t^2 + 2 t^4', unit, local(e5, false), moves(away)],
  ['E5 under Top-2', topk(2), local(e5, false), moves(away)],
  ['descent in two terms, the first one flat', line, local({ e: [[1]], u: [[0]] }, false), moves({ e: [[0]], u: [[0]] }, { e: [[0]], u: [[1]] })],
  ['descent off a jump: theta crossed at once', { ...line, activation: { kind: 'jumprelu', theta: '1' } }, local({ e: [[1]], u: [[1]] }, false), moves({ e: [[1]], u: [[0]] })],
  ['[Q; -Q]', four, rebuilds(twoPairs), pairs([1, 3], [2, 4])],
  ['[Q; -Q] and a neuron of no effect', { ...line, neurons: 3 }, rebuilds({ e: [[2], [-2], [7]], u: [['1/2'], ['-1/2'], [0]] }), pairs([2, 1])],
  ['E5 is a partial minimum of its pattern', unit, partial([[1, 2], []]), rule('partial-minimum', configurationDocument(e5))],
  ['and a stationary one', unit, partial([[1, 2], []], true, true), rule('partial-minimum', configurationDocument(e5))],
  ['nothing active', line, partial([[]]), rule('partial-minimum', { we: [['-1']], wd: [['0']] })],
  ['semidefinite', unit, definite([[2, 2], [2, 2]]), rule('ldl', { definite: factors([[1, 0], [1, 1]], [2, 0]) })],
  ['not semidefinite', unit, definite([[1, 2], [2, 1]], false), rule('negative-direction', { x: ['1', '-1'] })],
];

describe('accepts', () => {
  test.each(accepted)('%s', (_, plain, goal, proof) => {
    const m = instance(plain);
    expect(accept(goal(m), proof, m)).toHaveLength(1);
  });
});

// biome-ignore format: a table, one case a line
const rejected: readonly (readonly [...Example, code: string, path: string])[] = [
  ['exists: the property fails', line, lossBelow('1/2'), rule('configuration', { we: [['1']], wd: [['1/8']], proof: 'compute' }), 'does-not-hold', '$.proof'],
  ['exists: no proof of the property', line, lossBelow('1/2'), rule('configuration', { we: [['1']], wd: [['1/2']] }), 'missing-key', '$.proof'],
  ['exists: a witness against', line, lossBelow('1/2', false), rule('configuration', { we: [['1']], wd: [['1/8']], proof: 'compute' }), 'wrong-rule', '$.rule'],
  ['exists: of another shape', line, lossBelow('1/2'), rule('configuration', { we: [['1'], ['1']], wd: [['1/2']], proof: 'compute' }), 'wrong-size', '$.we'],
  ['zero loss that is not', line, global({ e: [[1]], u: [[0]] }), rule('zero-loss'), 'does-not-hold', '$'],
  ['zero loss, local asked', line, local({ e: [[1]], u: [[1]] }), rule('zero-loss'), 'wrong-rule', '$.rule'],
  ['zero loss with data', line, global({ e: [[1]], u: [[1]] }), rule('zero-loss', { we: [['1']] }), 'unknown-key', '$.we'],
  ['lower loss that is equal', line, global({ e: [[1]], u: [[1]] }, false), rule('lower-loss', { we: [['2']], wd: [['1/2']] }), 'does-not-hold', '$'],
  ['lower loss that is higher', line, global({ e: [[1]], u: [[1]] }, false), rule('lower-loss', { we: [['2']], wd: [['1']] }), 'does-not-hold', '$'],
  ['lower loss at a tie', topk(1), global({ e: [[1, 1], [0, 0]], u: [[0, 0], [0, 0]] }, false), rule('lower-loss', { we: [['1', '0'], ['1', '0']], wd: [['1', '0'], ['0', '0']] }), 'tie', '$'],
  ['lower loss with a gate for relu', line, global({ e: [[1]], u: [[0]] }, false), rule('lower-loss', { we: [['1']], wd: [['1']], gate: [['1']], bias: ['0'] }), 'unknown-key', '$.gate'],
  ['a kink', unit, local(e5), rule('top-eigenvalue', { definite: [factors([[1, 0], [0, 1]], [0, 0])] }), 'at-a-kink', '$'],
  ['a kink of a feature without weight', { wp: [[1, 0], [0, 1]], weights: [1, 0] }, local({ e: [[1, 0]], u: [[1, 0]] }), rule('top-eigenvalue', { definite: [factors([[1, 0], [0, 1]], [0, 0])] }), 'at-a-kink', '$'],
  ['two neurons on one feature', { ...line, neurons: 2 }, local({ e: [[1], [1]], u: [['1/2'], ['1/2']] }), rule('top-eigenvalue', { definite: [none, none] }), 'not-a-partition', '$'],
  ['two copies of a neuron', { ...unit, wp: [[1, 0]] }, local({ e: [[1, 0], [1, 0]], u: [[1, 0], [0, 0]] }), rule('top-eigenvalue', { definite: [none, none] }), 'not-a-partition', '$'],
  ['a wrong decoder', line, local({ e: [[1]], u: [['1/2']] }), rule('top-eigenvalue', { definite: [none] }), 'does-not-hold', '$'],
  ['a row that is no eigenvector', rational, local({ e: [[1, 1]], u: [['1/2', '1/2']] }), top, 'wrong-factors', '$.definite[0]'],
  ['the smaller eigenvalue: lambda B - A = -48/125 (2,1) (2,1)^T', { ...rational, activation: { kind: 'identity' } }, local({ e: [[1, -2]], u: [['1/5', '-2/5']] }), rule('top-eigenvalue', { definite: [factors([[2, 0], [1, 1]], ['-48/125', 0])] }), 'negative-pivot', '$.definite[0].d[0]'],
  ['a negative pivot', line, local({ e: [[1]], u: [[1]] }), rule('top-eigenvalue', { definite: [factors([[0]], [-1])] }), 'negative-pivot', '$.definite[0].d[0]'],
  ['no factors', line, local({ e: [[1]], u: [[1]] }), rule('top-eigenvalue', { definite: [] }), 'wrong-size', '$.definite'],
  ['factors of a dead neuron', line, local({ e: [[-1]], u: [[1]] }), rule('top-eigenvalue', { definite: [none] }), 'wrong-size', '$.definite'],
  ['factors of another size', line, local({ e: [[1]], u: [[1]] }), rule('top-eigenvalue', { definite: [factors([[1, 0], [0, 1]], [0, 0])] }), 'wrong-size', '$.definite[0].l'],
  ['a live set without weight', { ...line, weights: [0] }, local({ e: [[1]], u: [[1]] }), rule('top-eigenvalue', { definite: [none] }), 'does-not-hold', '$'],
  ['identity, e = 0: live without effect', { ...line, activation: { kind: 'identity' } }, local({ e: [[0]], u: [[0]] }), rule('top-eigenvalue', { definite: [none] }), 'does-not-hold', '$'],
  ['top-eigenvalue against a local minimum', line, local({ e: [[1]], u: [[1]] }, false), rule('top-eigenvalue', { definite: [none] }), 'wrong-rule', '$.rule'],
  ['E5 under Top-1: the curve is not seen', topk(1), local(e5, false), moves(away), 'no-descent', '$'],
  ['the empty curve', unit, local(e5, false), rule('descent-curve', { we: [], wd: [] }), 'no-descent', '$'],
  ['a curve uphill', line, local({ e: [[1]], u: [[1]] }, false), moves({ e: [[0]], u: [[1]] }), 'no-descent', '$'],
  ['a curve that stays level', line, local({ e: [[1]], u: [[1]] }, false), moves({ e: [[0]], u: [[0]] }), 'no-descent', '$'],
  ['downhill after uphill: not for small t', line, local({ e: [[1]], u: [['1/2']] }, false), moves({ e: [[0]], u: [['-1/1000']] }, { e: [[0]], u: [[1000]] }), 'no-descent', '$'],
  ['curves of two lengths', unit, local(e5, false), { ...moves(away), wd: [] }, 'wrong-size', '$.wd'],
  ['a curve of another shape', line, local({ e: [[1]], u: [[0]] }, false), moves({ e: [[1, 0]], u: [[0]] }), 'wrong-size', '$.we[0][0]'],
  ['a curve into a tie', topk(1), local({ e: [[1, 0], [-1, 0]], u: [[0, 0], [0, 0]] }, false), moves({ e: [[-1, 0], [1, 0]], u: [[1, 0], [0, 0]] }, { e: [[0, 1], [0, 1]], u: [[0, 0], [0, 0]] }), 'tie', '$'],
  ['a moving gate', { ...line, activation: { kind: 'gated' } }, local({ e: [[1]], u: [[0]], gate: [[1]], bias: [0] }, false), { ...moves({ e: [[0]], u: [[1]] }), gate: [[['1']]] }, 'unknown-key', '$.gate'],
  ['pairs for topk', { ...four, activation: { kind: 'topk', k: 4 } }, rebuilds(twoPairs), pairs([1, 3], [2, 4]), 'wrong-rule', '$.rule'],
  ['a neuron twice', four, rebuilds(twoPairs), pairs([1, 3], [1, 3]), 'not-a-pair', '$.pairs[1]'],
  ['a neuron with itself', { ...line, neurons: 2 }, rebuilds({ e: [[0], [0]], u: [[0], [0]] }), pairs([1, 1]), 'not-a-pair', '$.pairs[0]'],
  ['rows that are not opposite', { ...line, neurons: 2 }, rebuilds({ e: [[1], [1]], u: [[1], [-1]] }), pairs([1, 2]), 'not-a-pair', '$.pairs[0]'],
  ['columns that are not opposite', { ...line, neurons: 2 }, rebuilds({ e: [[1], [-1]], u: [[1], [1]] }), pairs([1, 2]), 'not-a-pair', '$.pairs[0]'],
  ['a neuron of effect outside the pairs', { ...line, neurons: 3 }, rebuilds({ e: [[1], [-1], [-1]], u: [[1], [-1], [1]] }), pairs([1, 2]), 'not-a-pair', '$'],
  ['pairs that do not rebuild', { ...line, neurons: 2 }, rebuilds({ e: [[2], [-2]], u: [[1], [-1]] }), pairs([1, 2]), 'does-not-hold', '$'],
  ['no pairs', line, rebuilds({ e: [[1]], u: [[0]] }), pairs(), 'does-not-hold', '$'],
  ['three in a pair', four, rebuilds(twoPairs), pairs([1, 3, 2]), 'wrong-size', '$.pairs[0]'],
  ['zero loss on the features, but not for every x', line, rebuilds({ e: [[1]], u: [[1]] }), pairs(), 'not-a-pair', '$'],
  ['T6: E5 with other weights', t6, partial([[1, 2], []]), rule('partial-minimum', configurationDocument({ e: [[1, 1], [0, 0]], u: [['1/3', '2/3'], [0, 0]] })), 'does-not-hold', '$'],
  ['another pattern', unit, partial([[1], [2]]), rule('partial-minimum', configurationDocument(e5)), 'wrong-pattern', '$.we'],
  ['a decoder that is not best', unit, partial([[1, 2], []]), rule('partial-minimum', configurationDocument({ ...e5, u: [[1, 1], [0, 0]] })), 'does-not-hold', '$'],
  ['loss 0', line, partial([[1]]), rule('partial-minimum', { we: [['1']], wd: [['1']] }), 'does-not-hold', '$'],
  ['an activation without Theorem 3.2', { ...line, activation: { kind: 'topk-pure', k: 1 } }, partial([[1]]), rule('partial-minimum', { we: [['1']], wd: [['1']] }), 'wrong-rule', '$.rule'],
  ['a point against partial minima', unit, partial([[1, 2], []], false), rule('partial-minimum', configurationDocument(e5)), 'wrong-rule', '$.rule'],
  ['factors of an indefinite matrix', unit, definite([[1, 2], [2, 1]]), rule('ldl', { definite: factors([[1, 0], [2, 1]], [1, 0]) }), 'wrong-factors', '$.definite'],
  ['a negative pivot of it', unit, definite([[1, 2], [2, 1]]), rule('ldl', { definite: factors([[1, 0], [2, 1]], [1, -3]) }), 'negative-pivot', '$.definite.d[1]'],
  ['a matrix that is not symmetric', unit, definite([[1, 1], [0, 1]]), rule('ldl', { definite: factors([[1, 0], [0, 1]], [1, 1]) }), 'wrong-factors', '$.definite'],
  ['a direction that is not negative', unit, definite([[1, 2], [2, 1]], false), rule('negative-direction', { x: ['1', '1'] }), 'does-not-hold', '$'],
  ['a null direction', unit, definite([[2, 2], [2, 2]], false), rule('negative-direction', { x: ['1', '-1'] }), 'does-not-hold', '$'],
  ['a direction of another length', unit, definite([[1, 2], [2, 1]], false), rule('negative-direction', { x: ['1'] }), 'wrong-size', '$.x'],
  ['a direction for definiteness', unit, definite([[1, 2], [2, 1]]), rule('negative-direction', { x: ['1', '-1'] }), 'wrong-rule', '$.rule'],
];

describe('refuses', () => {
  test.each(rejected)('%s', (_, plain, goal, proof, code, path) => {
    const m = instance(plain);
    expectRejection(() => accept(goal(m), proof, m), code, path);
  });
});

test('a change of one entry is refused, but where the changed proof is as good', () => {
  const survivors: Record<string, number> = {};
  let refusals = 0;
  for (const [, plain, goal, proof] of accepted) {
    const m = instance(plain);
    const name = (proof as { rule: string }).rule;
    survivors[name] ??= 0;
    for (const [, mutant] of mutations(proof)) {
      if (refused(() => accept(goal(m), mutant, m))) refusals++;
      else survivors[name]++;
    }
  }
  expect(survivors).toEqual({
    // Nothing in them is free.
    'zero-loss': 0,
    'paired-rows': 0,
    // An inequality with room: the neighbour is another witness of it. soundness.test.ts replays such by other means.
    configuration: 3,
    'lower-loss': 3,
    'descent-curve': 24,
    'negative-direction': 2,
    // A column of L under a pivot 0, its sign or a pivot over a column 0.
    'top-eigenvalue': 13,
    ldl: 3,
    // The decoder of a dead neuron, and a dead row that stays dead.
    'partial-minimum': 7,
  });
  expect(refusals).toBeGreaterThan(200);
});
