/** Rules about configurations: that one exists, that it is or is not a minimum, that it reconstructs every input. */

import type { Node } from '../document/node.ts';
import { kinks } from '../model/activation.ts';
import { type Configuration, type Instance, readConfiguration } from '../model/instance.ts';
import {
  approximateLoss,
  type Curve,
  evaluate,
  gradients,
  patternShown,
  patternText,
  pencil,
  samePattern,
} from '../model/model.ts';
import { minus, sign, text } from '../numbers/germ.ts';
import { type Rational, sum, ZERO } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { combine, equalMatrices, type Matrix, multiply, outerSum, transpose } from '../numbers/vector.ts';
import { entriesOf, exactly, type Fact } from '../proof/fact.ts';
import { asked, prove, type Rule } from '../proof/goal.ts';

/** There is such a configuration: this one, by the proof given. */
export const configuration: Rule = (judgement, node, context) => {
  const { such } = asked(judgement, 'exists', true, node);
  const parts = node.fields(['rule', 'we', 'wd', 'proof'], ['gate', 'bias']);
  const facts: Fact[] = [];
  prove(such(readConfiguration(parts, context.instance)), parts.proof, { ...context, facts });
  return { facts };
};

/** A global minimum: a sum of squares with weights >= 0 that is 0. */
export const zeroLoss: Rule = (judgement, node, { instance }) => {
  const { at } = asked(judgement, 'global-minimum', true, node);
  node.fields(['rule']);
  const loss = approximateLoss(instance, at);
  if (loss.sign() !== 0) invalid('does-not-hold', node.path, 'L~ = 0', `L~ = ${loss}`);
  return { loss: exactly(loss) };
};

/** Not a global minimum: another configuration has a smaller L~. */
export const lowerLoss: Rule = (judgement, node, { instance }) => {
  const { at } = asked(judgement, 'global-minimum', false, node);
  const [here, there] = [at, readConfiguration(node.fields(['rule', 'we', 'wd'], ['gate', 'bias']), instance)].map(
    (c) => approximateLoss(instance, c),
  ) as [Rational, Rational];
  if (there.compare(here) >= 0) invalid('does-not-hold', node.path, `L~ < ${here}`, `L~ = ${there}`);
  return { loss: exactly(here), lower: `${there}` };
};

/** Refuses unless L diag(D) L^T = matrix with D >= 0 entry by entry, which makes the matrix positive semidefinite. */
export function checkDefinite(matrix: Matrix, node: Node): void {
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
export const ldl: Rule = (judgement, node) => {
  const { matrix } = asked(judgement, 'definite', true, node);
  checkDefinite(matrix, node.fields(['rule', 'definite']).definite);
  return {};
};

/** Not positive semidefinite: x^T G x < 0. */
export const negativeDirection: Rule = (judgement, node) => {
  const { matrix } = asked(judgement, 'definite', false, node);
  const x = node.fields(['rule', 'x']).x.vector(matrix.length);
  const value = x.dot(combine(x.entries(), matrix, matrix.length));
  if (value.sign() >= 0) invalid('does-not-hold', node.path, 'x^T G x < 0', `${value}`);
  return { row: entriesOf(x), value: `${value}` };
};

/**
 * A local minimum: the active sets are constant near the point, each feature feeds at most one neuron, and each live neuron's
 * lambda = e^T A e / e^T B e is the largest there is, as lambda B - A >= 0 shows. Then every point with these active sets
 * has L~ >= sum_d M_d |r_d|^2 - sum_i lambda_i, and this one attains it.
 */
export const topEigenvalue: Rule = (judgement, node, { instance: m }) => {
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
  return { loss: exactly(least), lambdas: lambdas.map((x) => `${x}`) };
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
export const descentCurve: Rule = (judgement, node, { instance }) => {
  const { at } = asked(judgement, 'local-minimum', false, node);
  const along = evaluate(instance, readCurve(instance, at, node)).loss;
  const change = minus(along, [approximateLoss(instance, at)]);
  if (sign(change) >= 0) invalid('no-descent', node.path, 'a loss that falls for small t > 0', text(along));
  return { curve: along.map((x) => `${x}`) };
};

/** For every real x, W_D ReLU(W_E W_p x) = W_r x: opposite rows, since ReLU(s) - ReLU(-s) = s, and equal ones that cancel. */
export const pairedRows: Rule = (judgement, node, { instance: m }) => {
  const { at } = asked(judgement, 'reconstructs', true, node);
  if (m.activation.kind !== 'relu') invalid('wrong-rule', `${node.path}.rule`, 'ReLU', m.activation.kind);
  const used = new Set<number>();
  const parts = node.fields(['rule', 'pairs'], ['cancelling']);
  const firsts = (pairs: Node | undefined, sameRow: boolean): number[] =>
    (pairs?.items() ?? []).map((pair) => {
      const [i, j] = pair.items(2).map((item) => item.index(1, m.neurons) - 1) as [number, number];
      if (used.has(i) || used.has(j) || i === j)
        invalid('not-a-pair', pair.path, 'each neuron once', `${i + 1}, ${j + 1}`);
      used.add(i).add(j);
      const [e, u] = [at.we[j], at.wd[j]] as [Matrix[number], Matrix[number]];
      if (!at.we[i]?.equals(sameRow ? e : e.negated()) || !at.wd[i]?.equals(u.negated()))
        invalid('not-a-pair', pair.path, `${sameRow ? 'equal' : 'opposite'} rows, opposite columns`, 'others');
      return i;
    });
  const first = firsts(parts.pairs, false);
  firsts(parts.cancelling, true);
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
  return {};
};

/**
 * A partial minimum on P with positive loss: the point shows P and both gradients vanish. L~ is convex in each block on
 * Omega_P (Theorem 3.2), so each block is optimal given the other.
 */
export const partialMinimum: Rule = (judgement, node, { instance: m }) => {
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
  return { loss: exactly(loss), face: false };
};
