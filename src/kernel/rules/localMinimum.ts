/** Rules for `local-minimum`: the largest eigenvalues, a loss of 0, or a way down. */

import type { Node } from '../document/node.ts';
import { kinks } from '../model/activation.ts';
import type { Configuration, Instance } from '../model/instance.ts';
import { approximateLoss, type Curve, evaluate, patternText, pencil } from '../model/model.ts';
import { minus, sign, text } from '../numbers/germ.ts';
import { sum, ZERO } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { combine, type Matrix, multiply, transpose } from '../numbers/vector.ts';
import { exactly } from '../proof/fact.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';
import { checkDefinite } from './definite.ts';

/**
 * A local minimum: the active sets are constant near the point, each feature feeds at most one neuron, and each live neuron's
 * lambda = e^T A e / e^T B e is the largest there is, as lambda B - A >= 0 shows. Then every point with these active sets
 * has L~ >= sum_d M_d |r_d|^2 - sum_i lambda_i, and this one attains it.
 */
const topEigenvalue: Rule = (judgement, node, { instance: m }) => {
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
const descentCurve: Rule = (judgement, node, { instance }) => {
  const { at } = asked(judgement, 'local-minimum', false, node);
  const along = evaluate(instance, readCurve(instance, at, node)).loss;
  const change = minus(along, [approximateLoss(instance, at)]);
  if (sign(change) >= 0) invalid('no-descent', node.path, 'a loss that falls for small t > 0', text(along));
  return { curve: along.map((x) => `${x}`) };
};

/** A local minimum, as L~ is 0 there, and nowhere less. */
const noLoss: Rule = (judgement, node, { instance }) => {
  const { at } = asked(judgement, 'local-minimum', true, node);
  node.fields(['rule']);
  const loss = approximateLoss(instance, at);
  if (loss.sign() !== 0) invalid('does-not-hold', node.path, 'L~ = 0', `L~ = ${loss}`);
  return { loss: exactly(loss) };
};

export const localMinimumRules: Pack = pack({
  'top-eigenvalue': topEigenvalue,
  'descent-curve': descentCurve,
  'no-loss': noLoss,
});
