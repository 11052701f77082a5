/** The rule for `least-loss` of more neurons than one: bounds on both sides of the infimum of L~, by the rank of what a decoder gives. */

import { type Instance, readConfiguration, targets, unitVector, weights } from '../model/instance.ts';
import { approximateLoss } from '../model/model.ts';
import { Rational, sum, ZERO } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { type Matrix, outerSum, type Vector } from '../numbers/vector.ts';
import { asked, type Rule } from '../proof/goal.ts';
import { checkDefinite } from './definite.ts';

const trace = (matrix: Matrix): Rational => sum(matrix.map((row, k) => row.at(k)));

/** sum_d M_d r_d r_d^T */
const momentOf = (m: Instance): Matrix => outerSum(weights(m), targets(m), targets(m), [m.nr, m.nr]);

/**
 * The infimum of L~ over all encoders and decoders, whatever sigma. *No more* than L~ of the configuration given. *No less* than tr C - n_q t - tr X, with C = sum_d M_d r_d r_d^T and t >= 0, X >= 0,
 * X + t I - C >= 0, by factors (Ky Fan 1949). For whatever passes, the outputs lie in the span of the n_q columns u_i. With P the orthogonal projection on it, L~ >= sum_d M_d |r_d - P r_d|^2 = tr C - tr P C. Now
 * tr P C <= tr P X + t tr P, as P (X + t I - C) P >= 0; and tr P X <= tr X, as X >= 0 and I - P >= 0; and t tr P <= t n_q. Where both bounds are one number, this configuration is a global minimum (Eckart, Young 1936).
 */
export const rankBound: Rule = (judgement, node, { instance: m }) => {
  asked(judgement, 'least-loss', true, node);
  const parts = node.fields(['rule', 't', 'x', 'definite', 'we', 'wd'], ['gate', 'bias']);
  const t = parts.t.rational();
  if (t.sign() < 0) invalid('does-not-hold', parts.t.path, 't >= 0', `${t}`);
  const [x, c] = [parts.x.matrix(m.nr, m.nr), momentOf(m)];
  const factors = parts.definite.items(2);
  checkDefinite(x, factors[0] as (typeof factors)[number]);
  const rest = x.map((row, k) => row.plus(unitVector(m.nr, k).times(t)).minus(c[k] as Vector));
  checkDefinite(rest, factors[1] as (typeof factors)[number]);
  const least = trace(c)
    .minus(trace(x))
    .minus(t.times(Rational.of(BigInt(m.neurons))));
  return { loss: [`${least.sign() < 0 ? ZERO : least}`, `${approximateLoss(m, readConfiguration(parts, m))}`] };
};
