/** The rule that compares the best losses of two patterns (ReLU): a point of one, and a lower bound over the cones of the other. */

import type { Node } from '../document/node.ts';
import { featureAt, type Instance, type Pattern, readConfiguration } from '../model/instance.ts';
import { approximateLoss, patternShown, patternText, pencil, samePattern } from '../model/model.ts';
import { type Rational, sum } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { type Matrix, outerSum, type Vector } from '../numbers/vector.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';
import { positive } from '../proof/terms.ts';
import { checkDefinite } from './definite.ts';

/** w_d for d in F, -w_d else: the products of these with an encoder row of the pattern are >= 0. */
const inward = (m: Instance, set: readonly number[], d: number): Vector =>
  set.includes(d) ? featureAt(m, d).wp : featureAt(m, d).wp.negated();

/**
 * lambda >= e^T A e / e^T B e for every e of the cone of one neuron: lambda B - A - sum weight (g h^T + h g^T) >= 0, where g and h are
 * inward normals, so that e^T (g h^T + h g^T) e >= 0.
 */
function boundOf(m: Instance, set: readonly number[], node: Node): Rational {
  const parts = node.fields(['lambda', 'products', 'definite']);
  const lambda = parts.lambda.rational();
  if (lambda.sign() < 0) invalid('does-not-hold', parts.lambda.path, 'lambda >= 0', `${lambda}`);
  const n = m.features.length;
  const products = parts.products.items().map((item) => {
    const { left, right, weight } = item.fields(['left', 'right', 'weight']);
    return {
      weight: positive(weight),
      g: inward(m, set, left.index(1, n) - 1),
      h: inward(m, set, right.index(1, n) - 1),
    };
  });
  const { a, b } = pencil(m, set);
  const sumOf = (left: 'g' | 'h', right: 'g' | 'h'): Matrix =>
    outerSum(
      products.map((p) => p.weight),
      products.map((p) => p[left]),
      products.map((p) => p[right]),
      [m.np, m.np],
    );
  const [gh, hg] = [sumOf('g', 'h'), sumOf('h', 'g')];
  const matrix = b.map((row, i) =>
    [a, gh, hg].reduce((left, other) => left.minus(other[i] as Vector), row.times(lambda)),
  );
  checkDefinite(matrix, parts.definite);
  return lambda;
}

/** A lower bound of L~ over all encoders that show the pattern, whose sets do not meet. */
function lowerBound(m: Instance, pattern: Pattern, bounds: Node): Rational {
  if (new Set(pattern.flat()).size < pattern.flat().length)
    invalid('not-a-partition', bounds.path, 'sets that do not meet', patternText(pattern));
  const live = pattern.filter((set) => set.length > 0);
  const lambdas = bounds.items(live.length).map((item, k) => boundOf(m, live[k] ?? [], item));
  return sum(m.features.map((f) => f.weight.times(f.wr.dot(f.wr)))).minus(sum(lambdas));
}

/** Whether the infimum of L~ over the encoders that show `left` is at most the one over those that show `right`. */
const bestLosses: Rule = (judgement, node, { instance: m }) => {
  const { left, right, truth } = asked(judgement, 'best-loss-at-most', judgement.truth, node);
  if (m.activation.kind !== 'relu') invalid('wrong-rule', `${node.path}.rule`, 'ReLU', m.activation.kind);
  const [attained, bounded] = truth ? [left, right] : [right, left];
  const parts = node.fields(['rule', 'we', 'wd', 'bounds']);
  const at = readConfiguration(parts, { ...m, neurons: attained.length });
  const shown = patternShown(m, at);
  if (!samePattern(shown, attained)) invalid('wrong-pattern', parts.we.path, patternText(attained), patternText(shown));
  const loss = approximateLoss(m, at);
  const bound = lowerBound(m, bounded, parts.bounds);
  const order = loss.compare(bound);
  if (truth ? order > 0 : order >= 0)
    invalid('does-not-hold', node.path, `L~ ${truth ? '<=' : '<'} ${bound}`, `L~ = ${loss}`);
  return { reached: `${loss}`, bound: `${bound}` };
};

export const bestLossRules: Pack = pack({ 'best-losses': bestLosses });
