import { describe, expect, test } from 'vitest';
import { computed, type Goal, type Judgement } from '../../../src/kernel/goal.ts';
import type { Instance } from '../../../src/kernel/instance.ts';
import { approximateLoss } from '../../../src/kernel/model.ts';
import { configuration, configurationDocument, expectRejection, instance, type Plain, type PlainConfiguration, q, refused, vector } from '../read.ts';
import { accept, mutations, partialMinimum, terms } from './proofs.ts';

const unit: Plain = { wp: [[1, 0], [0, 1]], neurons: 2 };
const topk = (k: number): Plain => ({ ...unit, activation: { kind: 'topk', k } });
/** The paper's Example 3.5. */
const e5: PlainConfiguration = { e: [[1, 1], [0, 0]], u: [['1/2', '1/2'], [0, 0]] };
/** The refutation of T6: no partial minimum on ({1,2},{}) with these weights. */
const t6: Plain = { ...unit, weights: [1, 2] };
/** theory.md, T6: a rational eigenvector; loss 2/5. */
const rational: Plain = { wp: [[1, 0], ['3/5', '4/5']] };
const rationalPoint: PlainConfiguration = { e: [[2, 1]], u: [['2/5', '1/5']] };
const line: Plain = { wp: [[1]] };

type Predicate = 'local-minimum' | 'global-minimum' | 'reconstructs';
const about = (predicate: Predicate, truth: boolean, at: PlainConfiguration) => (m: Instance): Judgement => ({ kind: 'judgement', predicate, truth, at: configuration(m, at) });
const local = (at: PlainConfiguration, truth = true) => about('local-minimum', truth, at);
const global = (at: PlainConfiguration, truth = true) => about('global-minimum', truth, at);
const rebuilds = (at: PlainConfiguration) => about('reconstructs', true, at);
const partial = (sets: number[][], truth = true, stationary = false) => (): Judgement => partialMinimum(truth, sets, stationary);
const lossBelow = (bound: string, truth = true) => (m: Instance): Judgement => ({
  kind: 'judgement', predicate: 'exists', truth, what: `L~ < ${bound}`,
  such: (at): Goal => computed(approximateLoss(m, at).compare(q(bound)) < 0, `L~ = ${approximateLoss(m, at)}`),
});
const definite = (rows: (string | number)[][], truth = true) => (): Judgement => ({ kind: 'judgement', predicate: 'definite', truth, what: 'G', matrix: rows.map((row) => vector(...row)) });

const rule = (name: string, rest: object = {}): object => ({ rule: name, ...rest });
const moves = (...steps: PlainConfiguration[]): object => {
  const documents = steps.map(configurationDocument);
  return rule('descent-curve', { we: documents.map((step) => step['we']), wd: documents.map((step) => step['wd']) });
};
const factors = (l: (string | number)[][], d: (string | number)[]): object => ({ l: l.map((row) => row.map(String)), d: d.map(String) });
const none = factors([[0]], [0]);
const pairs = (...list: number[][]): object => rule('paired-rows', { pairs: list });
const skew = (x: (string | number)[][], on: [number, number, string | number][], off: object[] = [], neuron = 1): object =>
  rule('skew-multiplier', { neuron, x: x.map((row) => row.map(String)), on: on.map(([feature, other, weight]) => ({ feature, other, weight: `${weight}` })), off });

const away: PlainConfiguration = { e: [[0, 0], [1, -1]], u: [[0, 0], [1, -1]] };
const twoPairs: PlainConfiguration = { e: [[1, 0], [0, 1], [-1, 0], [0, -1]], u: [[1, 0], [0, 1], [-1, 0], [0, -1]] };
const four: Plain = { wp: [[1, 2], ['3/5', '-4/5'], [-7, 0]], neurons: 4 };
// lambda B - A for `rational`: lambda = 8/5, B = [[34/25, 12/25], [12/25, 16/25]], A = B^2; it is 4/25 (1,-2)(1,-2)^T / ...
const top = rule('top-eigenvalue', { definite: [factors([[1, 0], [-2, 1]], ['12/125'.replace('12/125', '16/125'), 0])] });
const t6proof = skew([[0, '1/2'], [-1, 0]], [[1, 2, 1]]);
const third: Plain = { wp: [[1, 0], [0, 1], [-1, -1]], weights: [1, 2, 1], neurons: 2 };
const thirdProof = (off: object): object => skew([[0, '1/2'], [-1, 0]], [[1, 2, 1]], [off]);

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
  ['T6: none with weights 1 and 2', t6, partial([[1, 2], []], false), t6proof],
  ['T6 with a third feature, off', third, partial([[1, 2], [3]], false, true), t6proof],
  ['T6, faces too: X w_3 = -w_1/2 + w_2, in place of -(cone on F) + (cone off F)', { ...third, wp: [[1, 0], [0, 1], [-1, 2]] }, partial([[1, 2], [3]], false), skew([[0, '-1/2'], [1, 0]], [[1, 2, 1]], [{ on: [], off: [] }])],
  ['semidefinite', unit, definite([[2, 2], [2, 2]]), rule('ldl', { definite: factors([[1, 0], [1, 1]], [2, 0]) })],
  ['not semidefinite', unit, definite([[1, 2], [2, 1]], false), rule('negative-direction', { x: ['1', '-1'] })],
];

describe('accepts', () => {
  test.each(accepted)('%s', (_, plain, goal, proof) => {
    const m = instance(plain);
    expect(accept(goal(m), proof, m)).toHaveLength(1);
  });
});
