/** Rules about configurations: that one exists, that it is or is not a minimum, that it reconstructs every input. */
import { kinks } from '../activation.ts';
import { minus, sign, text } from '../germ.ts';
import { asked, prove, type Rule } from '../goal.ts';
import { type Configuration, featureAt, type Instance, readConfiguration } from '../instance.ts';
import {
  approximateLoss,
  type Curve,
  evaluate,
  gradients,
  patternShown,
  patternText,
  pencil,
  samePattern,
} from '../model.ts';
import type { Node } from '../node.ts';
import { type Rational, sum, ZERO } from '../rational.ts';
import { invalid } from '../rejection.ts';
import { combine, equalMatrices, type Matrix, multiply, outerSum, transpose } from '../vector.ts';
import { combination, positive, readTerms } from './realizability.ts';

/** There is such a configuration: this one, by the proof given. */
export const configuration: Rule = (judgement, node, context) => {
  const { such } = asked(judgement, 'exists', true, node);
  const parts = node.fields(['rule', 'we', 'wd', 'proof'], ['gate', 'bias']);
  prove(such(readConfiguration(parts, context.instance)), parts.proof, context);
};

/** A global minimum: a sum of squares with weights >= 0 that is 0. */
export const zeroLoss: Rule = (judgement, node, { instance, facts }) => {
  const { at } = asked(judgement, 'global-minimum', true, node);
  node.fields(['rule']);
  const loss = approximateLoss(instance, at);
  if (loss.sign() !== 0) invalid('does-not-hold', node.path, 'L~ = 0', `L~ = ${loss}`);
  facts.push('L~ = 0, the least there is');
};

/** Not a global minimum: another configuration has a smaller L~. */
export const lowerLoss: Rule = (judgement, node, { instance, facts }) => {
  const { at } = asked(judgement, 'global-minimum', false, node);
  const [here, there] = [at, readConfiguration(node.fields(['rule', 'we', 'wd'], ['gate', 'bias']), instance)].map(
    (c) => approximateLoss(instance, c),
  ) as [Rational, Rational];
  if (there.compare(here) >= 0) invalid('does-not-hold', node.path, `L~ < ${here}`, `L~ = ${there}`);
  facts.push(`L~ = ${here}, and another configuration has L~ = ${there}`);
};

/** Refuses unless L diag(D) L^T = matrix with D >= 0 entry by entry, which makes the matrix positive semidefinite. */
function checkDefinite(matrix: Matrix, node: Node): void {
  const { l, d } = node.fields(['l', 'd']);
  const size = matrix.length;
  const left = transpose(l.matrix(size, size), size);
  const pivots = d.items(size).map((item) => {
    const pivot = item.rational();
    return pivot.sign() >= 0 ? pivot : invalid('negative-pivot', item.path, 'a pivot >= 0', `${pivot}`);
  });
  if (!equalMatrices(outerSum(pivots, left, left, [size, size]), matrix)) {
    invalid('wrong-factors', node.path, 'L diag(D) L^T equal to lambda B - A', 'another matrix');
  }
}

/** Positive semidefinite, by its factors. */
export const ldl: Rule = (judgement, node, { facts }) => {
  const { matrix, what } = asked(judgement, 'definite', true, node);
  checkDefinite(matrix, node.fields(['rule', 'definite']).definite);
  facts.push(`${what} >= 0`);
};

/** Not positive semidefinite: x^T G x < 0. */
export const negativeDirection: Rule = (judgement, node, { facts }) => {
  const { matrix, what } = asked(judgement, 'definite', false, node);
  const x = node.fields(['rule', 'x']).x.vector(matrix.length);
  const value = x.dot(combine(x.entries(), matrix, matrix.length));
  if (value.sign() >= 0) invalid('does-not-hold', node.path, 'x^T G x < 0', `${value}`);
  facts.push(`${what} is not >= 0: x = ${x} gives ${value}`);
};

/**
 * A local minimum: the active sets are constant near the point, each feature feeds at most one neuron, and each live neuron's
 * lambda = e^T A e / e^T B e is the largest there is, as lambda B - A >= 0 shows. Then every point with these active sets
 * has L~ >= sum_d M_d |r_d|^2 - sum_i lambda_i, and this one attains it.
 */
export const topEigenvalue: Rule = (judgement, node, { instance: m, facts }) => {
  const { at } = asked(judgement, 'local-minimum', true, node);
  const { z, gate, active, loss } = evaluate(m, [at]);
  const [kink] = kinks(m.activation, z, active, gate);
  if (kink)
    invalid(
      'at-a-kink',
      node.path,
      'active sets constant near the point',
      `neuron ${kink[0] + 1} at feature ${kink[1] + 1}`,
    );
  const sets = active.map((row) => row.flatMap((on, d) => (on ? [d] : [])));
  const live = sets.flatMap((set, i) => (set.length > 0 ? [i] : []));
  if (live.reduce((count, i) => count + (sets[i]?.length ?? 0), 0) > new Set(sets.flat()).size) {
    invalid('not-a-partition', node.path, 'features that feed one neuron each', patternText(sets));
  }
  const proofs = node.fields(['rule', 'definite']).definite.items(live.length);
  const lambdas = live.map((i, k) => {
    const { a, b, c } = pencil(m, sets[i] ?? []);
    const e = at.we[i] as Matrix[number];
    const s = e.dot(combine(e.entries(), b, m.np));
    if (s.sign() <= 0)
      return invalid('does-not-hold', node.path, 'a positive weight in each live set', `e^T B e = ${s}`);
    const ce = multiply([e], transpose(c, m.np), m.nr)[0] as Matrix[number];
    const lambda = ce.dot(ce).over(s);
    checkDefinite(
      b.map((row, r) => row.times(lambda).minus(a[r] as Matrix[number])),
      proofs[k] as Node,
    );
    return lambda;
  });
  const whole = sum(m.features.map((f) => f.weight.times(f.wr.dot(f.wr))));
  const least = whole.minus(sum(lambdas));
  if (!(loss[0] ?? ZERO).equals(least)) invalid('does-not-hold', node.path, `L~ = ${least}`, `L~ = ${loss[0]}`);
  facts.push(`a local minimum, L~ = ${least}, lambda = ${lambdas.join(', ')}`);
};

/** The curve C_0 + C_1 t + ..., its first term given and the others read. */
function readCurve(m: Instance, start: Configuration, node: Node): Curve {
  const { we, wd } = node.fields(['rule', 'we', 'wd']);
  const encoders = we.items();
  const decoders = wd.items(encoders.length);
  const terms = encoders.map((rows, k) => ({
    we: rows.matrix(m.neurons, m.np),
    wd: transpose((decoders[k] as Node).matrix(m.nr, m.neurons), m.neurons),
  }));
  return [start, ...terms];
}

/** Not a local minimum: along a polynomial curve from the point, L~ falls for all small t > 0. */
export const descentCurve: Rule = (judgement, node, { instance, facts }) => {
  const { at } = asked(judgement, 'local-minimum', false, node);
  const along = evaluate(instance, readCurve(instance, at, node)).loss;
  const change = minus(along, [approximateLoss(instance, at)]);
  if (sign(change) >= 0) invalid('no-descent', node.path, 'a loss that falls for small t > 0', text(along));
  facts.push(`not a local minimum: L~ = ${text(along)} on a curve from it`);
};

/** For every real x, W_D ReLU(W_E W_p x) = W_r x: rows in opposite pairs, since ReLU(s) - ReLU(-s) = s. */
export const pairedRows: Rule = (judgement, node, { instance: m, facts }) => {
  const { at } = asked(judgement, 'reconstructs', true, node);
  if (m.activation.kind !== 'relu') invalid('wrong-rule', `${node.path}.rule`, 'ReLU', m.activation.kind);
  const used = new Set<number>();
  const first = node
    .fields(['rule', 'pairs'])
    .pairs.items()
    .map((pair) => {
      const [i, j] = pair.items(2).map((item) => item.index(1, m.neurons) - 1) as [number, number];
      if (used.has(i) || used.has(j) || i === j)
        invalid('not-a-pair', pair.path, 'each neuron once', `${i + 1}, ${j + 1}`);
      used.add(i).add(j);
      for (const rows of [at.we, at.wd]) {
        if (!rows[i]?.equals((rows[j] as Matrix[number]).negated()))
          invalid('not-a-pair', pair.path, 'opposite rows and columns', 'others');
      }
      return i;
    });
  at.wd.forEach((u, i) => {
    if (!used.has(i) && !u.isZero())
      invalid('not-a-pair', node.path, 'a zero decoder column outside the pairs', `neuron ${i + 1}`);
  });
  const columns = first.map((i) => at.wd[i] as Matrix[number]);
  m.features.forEach((f, d) => {
    const out = combine(
      first.map((i) => (at.we[i] as Matrix[number]).dot(f.wp)),
      columns,
      m.nr,
    );
    if (!out.equals(f.wr)) invalid('does-not-hold', node.path, `r_${d + 1} = ${f.wr}`, `${out}`);
  });
  facts.push('the true loss is 0 for every distribution');
};

/**
 * A partial minimum on P with positive loss: the point shows P and both gradients vanish. L~ is convex in each block on
 * Omega_P (Theorem 3.2), so each block is optimal given the other.
 */
export const partialMinimum: Rule = (judgement, node, { instance: m, facts }) => {
  const { pattern } = asked(judgement, 'partial-minimum', true, node);
  if (!['relu', 'jumprelu', 'topk', 'batchtopk'].includes(m.activation.kind)) {
    invalid('wrong-rule', `${node.path}.rule`, 'an activation for which Theorem 3.2 holds', m.activation.kind);
  }
  const at = readConfiguration(node.fields(['rule', 'we', 'wd']), m);
  const shown = patternShown(m, at);
  if (!samePattern(shown, pattern))
    invalid('wrong-pattern', `${node.path}.we`, patternText(pattern), patternText(shown));
  const { we, wd } = gradients(m, at);
  if (![...we, ...wd].every((row) => row.isZero()))
    invalid('does-not-hold', node.path, 'both gradients 0', `${we}, ${wd}`);
  const loss = approximateLoss(m, at);
  if (loss.sign() <= 0) invalid('does-not-hold', node.path, 'L~ > 0', `L~ = ${loss}`);
  facts.push(`a partial minimum on ${patternText(pattern)}, L~ = ${loss}`);
};

/**
 * No partial minimum on P (ReLU), by one neuron i whose features F feed no other neuron. A partial minimum has
 * A e - lambda B e = sum over t off F of mu_t w_t with mu_t >= 0, where <e, w_d> > 0 on F and <= 0 off F. Given X with X B
 * antisymmetric, X A + (X A)^T = sum weight (w_d w_c^T + w_c w_d^T) with d, c in F and weights > 0, and for each t off F
 * X w_t = -(a cone combination on F) + (one off F): then e^T X A e > 0 = e^T X B e and e^T X w_t <= 0, a contradiction. Where both
 * gradients have to vanish, mu = 0 and nothing is asked off F.
 */
export const skewMultiplier: Rule = (judgement, node, { instance: m, facts }) => {
  const { pattern, stationary } = asked(judgement, 'partial-minimum', false, node);
  if (m.activation.kind !== 'relu') invalid('wrong-rule', `${node.path}.rule`, 'ReLU', m.activation.kind);
  const parts = node.fields(['rule', 'neuron', 'x', 'on', 'off']);
  const neuron = parts.neuron.index(1, pattern.length) - 1;
  const set = pattern[neuron] ?? [];
  const alone = set.every((d) => pattern.filter((other) => other.includes(d)).length === 1);
  const weighted = set.every((d) => featureAt(m, d).weight.sign() > 0);
  if (!alone || !weighted)
    invalid('not-a-partition', node.path, 'features of positive weight, in no other set', patternText(pattern));
  const x = parts.x.matrix(m.np, m.np);
  const { a, b } = pencil(m, set);
  const twiceSymmetric = (product: Matrix): Matrix => {
    const mirrored = transpose(product, m.np);
    return product.map((row, i) => row.plus(mirrored[i] as Matrix[number]));
  };
  if (!twiceSymmetric(multiply(x, b, m.np)).every((row) => row.isZero())) {
    invalid('not-antisymmetric', parts.x.path, 'X with X B antisymmetric', 'another');
  }
  const products = parts.on.items().map((item) => {
    const { feature, other, weight } = item.fields(['feature', 'other', 'weight']);
    const pair = [feature, other].map((number) => {
      const d = number.index(1, m.features.length) - 1;
      if (!set.includes(d)) invalid('wrong-side', number.path, "a feature of the neuron's set", `${d + 1}`);
      return featureAt(m, d).wp;
    }) as [Matrix[number], Matrix[number]];
    return { pair, weight: positive(weight) };
  });
  if (products.length === 0) invalid('empty-farkas', parts.on.path, 'at least one product', 'none');
  const left = products.map((p) => p.pair[0]);
  const right = products.map((p) => p.pair[1]);
  const sumOfProducts = outerSum(
    products.map((p) => p.weight),
    left,
    right,
    [m.np, m.np],
  );
  if (!equalMatrices(twiceSymmetric(multiply(x, a, m.np)), twiceSymmetric(sumOfProducts))) {
    invalid('wrong-factors', parts.on.path, 'products that add up to the symmetric part of X A', 'others');
  }
  const columnsOfX = transpose(x, m.np);
  const outside = m.features.flatMap((_, d) => (stationary || set.includes(d) ? [] : [d]));
  parts.off.items(outside.length).forEach((item, k) => {
    const { on, off } = item.fields(['on', 'off']);
    const image = combination(m, readTerms(off, m.features.length, set, false)).minus(
      combination(m, readTerms(on, m.features.length, set, true)),
    );
    const w = featureAt(m, outside[k] as number).wp;
    if (!multiply([w], columnsOfX, m.np)[0]?.equals(image))
      invalid('wrong-factors', item.path, `X w_${(outside[k] as number) + 1}`, `${image}`);
  });
  facts.push(`no partial minimum on ${patternText(pattern)}: neuron ${neuron + 1} has no stationary encoder row`);
};
