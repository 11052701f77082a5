/**
 * A minimum far from kinks, without its eigenvalues: for sets too large for exact roots. A rational row e for each live neuron lies so near to
 * an eigenvector of the largest eigenvalue that this one has the signs of the pattern, too.
 */

import type { Node } from '../document/node.ts';
import { thresholdOf } from '../model/activation.ts';
import { featureAt, type Instance, type Pattern } from '../model/instance.ts';
import { pencil } from '../model/model.ts';
import type { Interval } from '../numbers/algebraic.ts';
import { sum } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { combine, type Vector } from '../numbers/vector.ts';
import { asked, type Pack, pack, type Rule } from '../proof/goal.ts';
import { checkAsleep, checkSeparate, image, lossBounds, wholeLoss } from './criticalPoint.ts';
import { checkDefinite } from './definite.ts';

/**
 * Modulo rows that vanish on F, K = B^-1 A is self-adjoint for x^T B y. With s = e^T B e, rho = e^T A e / s and B y = (A - rho B) e:
 * 1. beta B - A + sigma (B e)(B e)^T >= 0 (`definite`), so all eigenvalues but the largest are <= beta, and beta < rho.
 * 2. e = e' + p, e' an eigenvector of the largest and p B-orthogonal to it: |y|_B = |(K - rho) e|_B >= |(K - rho) p|_B >= (rho - beta) |p|_B, as p
 *    has eigenvalues <= beta only. Take p in the span of F' (features with weight): e' = e - p has e's part outside it.
 * 3. So M_d <p, w_d>^2 <= |p|_B^2 on F', and for any d with w_d - sum_F' a_k w_k orthogonal to F': <p, w_d>^2 <= |p|_B^2 sum a_k^2 / M_k (Cauchy).
 *    Where (<e, w_d> - theta)^2 is larger, <e', w_d> is on the same side of theta as <e, w_d>.
 * 4. e' is not 0 on F, so it is an eigenvector, and (Kato, Temple) rho <= lambda <= rho + |y|_B^2 / ((rho - beta) s).
 * Every neuron is off all kinks and has its largest eigenvalue: a local minimum, as for rule `minimum`.
 */
const enclosedMinimum: Rule = (judgement, node, { instance: m }) => {
  const { pattern, as } = asked(judgement, 'critical', true, node);
  if (as === 'saddle') invalid('wrong-rule', `${node.path}.rule`, 'a rule for a saddle', 'one for a minimum');
  const { live, dead } = node.fields(['rule', 'live', 'dead']);
  const alive = pattern.flatMap((set, i) => (set.length > 0 ? [i] : []));
  checkSeparate(m, pattern, alive, live);
  for (const row of dead.items(pattern.length - alive.length)) checkAsleep(m, row);
  const whole = wholeLoss(
    m,
    m.features.map((_, d) => d),
  );
  const loss = live.items(alive.length).reduce<Interval>(
    (rest, item, k) => {
      const [least, most] = checkRow(m, pattern, alive[k] as number, item);
      return [rest[0].minus(most), rest[1].minus(least)];
    },
    [whole, whole],
  );
  return { loss: lossBounds(loss), face: false };
};

/** An enclosure of lambda. */
function checkRow(m: Instance, pattern: Pattern, neuron: number, node: Node): Interval {
  const parts = node.fields(['e', 'beta', 'sigma', 'y', 'definite', 'parts']);
  const set = pattern[neuron] ?? [];
  const e = parts.e.vector(m.np);
  const { a, b } = pencil(m, set);
  const times = (matrix: readonly Vector[], x: Vector): Vector => image(matrix, [x])[0] as Vector;
  const [ae, be] = [times(a, e), times(b, e)];
  const s = e.dot(be);
  if (s.sign() <= 0) invalid('not-positive', parts.e.path, 'e^T B e > 0', `${s}`);
  const rho = e.dot(ae).over(s);
  const [beta, sigma] = [parts.beta.rational(), parts.sigma.rational()];
  const gap = rho.minus(beta);
  if (gap.sign() <= 0) invalid('not-critical', parts.beta.path, 'beta < rho', `${gap}`);
  checkDefinite(
    b.map((row, i) =>
      row
        .times(beta)
        .minus(a[i] as Vector)
        .plus(be.times(be.at(i).times(sigma))),
    ),
    parts.definite,
  );
  const y = parts.y.vector(m.np);
  const force = ae.minus(be.times(rho));
  if (!times(b, y).equals(force)) invalid('not-critical', parts.y.path, 'B y = (A - rho B) e', 'another vector');
  const size = y.dot(force);
  const live = set.filter((d) => featureAt(m, d).weight.sign() > 0);
  const inputs = live.map((d) => featureAt(m, d).wp);
  parts.parts.items(m.features.length).forEach((item, d) => {
    const { wp } = featureAt(m, d);
    const coefficients = item.vector(live.length);
    const rest = wp.minus(combine(coefficients.entries(), inputs, m.np));
    if (inputs.some((w) => w.dot(rest).sign() !== 0)) {
      invalid('wrong-basis', item.path, `w_${d + 1} - sum a_k w_k orthogonal to F`, 'another vector');
    }
    const reach = sum(coefficients.entries().map((c, k) => c.times(c).over(featureAt(m, live[k] as number).weight)));
    const above = wp.dot(e).minus(thresholdOf(m));
    const right = set.includes(d) ? above.sign() > 0 : above.sign() < 0;
    if (!right || above.times(above).times(gap).times(gap).compare(size.times(reach)) <= 0) {
      invalid(
        'wrong-pattern',
        item.path,
        `<e', w_${d + 1}> settled, > theta on F and < theta off F`,
        `${above} +- too much`,
      );
    }
  });
  return [rho, rho.plus(size.over(gap.times(s)))];
}

export const enclosedRules: Pack = pack({ 'enclosed-minimum': enclosedMinimum });
