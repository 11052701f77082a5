/**
 * Groups whose part of L~ is the least there is, shown at the given point exactly.
 *
 * `top-eigenvalue`: one neuron with F_i; its part is sum M |r|^2 - e^T A e / e^T B e with the best decoder, and lambda B - A >= 0.
 * `eckart-young`: k neurons. Whatever they are active on, their predictions have rank k at most, so with C = sum M_d r_d r_d^T their
 * part is at least the sum of all but the k largest eigenvalues of C (Eckart and Young 1936), so at least tr C - k t where t I - C >= 0.
 */

import type { Node } from '../../kernel/document/node.ts';
import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import { pencil } from '../../kernel/model/model.ts';
import { Rational, sum, ZERO } from '../../kernel/numbers/rational.ts';
import { invalid } from '../../kernel/numbers/rejection.ts';
import { combine, equalMatrices, type Matrix, outerSum, transpose, Vector } from '../../kernel/numbers/vector.ts';
import type { Group } from './frame.ts';

export function topEigenvalue(m: Instance, at: Configuration, { neurons, sets }: Group, proof: Node): void {
  const { definite } = proof.fields(['rule', 'definite']);
  if (neurons.length !== 1) invalid('not-a-partition', proof.path, 'one neuron', `${neurons.length}`);
  const i = neurons[0] as number;
  const { a, b, c } = pencil(m, sets.on[i] ?? []);
  const e = at.we[i] as Vector;
  const s = e.dot(combine(e.entries(), b, m.np));
  if (s.sign() <= 0) invalid('does-not-hold', proof.path, 'a positive weight in the set', `e^T B e = ${s}`);
  const image = combine(e.entries(), transpose(c, m.np), m.nr);
  if (!image.equals((at.wd[i] as Vector).times(s))) invalid('does-not-hold', proof.path, 'the best decoder', 'another');
  const lambda = image.dot(image).over(s);
  const gap = b.map((row, k) => row.times(lambda).minus(a[k] as Vector));
  isDefinite(gap, definite, 'lambda B - A');
}

/** `residuals`: rho_d of the group's features, at the point. */
export function eckartYoung(
  m: Instance,
  { features, neurons }: Group,
  residuals: readonly Vector[],
  proof: Node,
): void {
  const { t, definite } = proof.fields(['rule', 't', 'definite']);
  const weights = features.map((d) => m.features[d]?.weight ?? ZERO);
  const targets = features.map((d) => m.features[d]?.wr as Vector);
  const c = outerSum(weights, targets, targets, [m.nr, m.nr]);
  const bound = t.rational();
  const gap = c.map((row, k) => Vector.of(row.entries().map((x, j) => (j === k ? bound.minus(x) : x.negated()))));
  isDefinite(gap, definite, 't I - C');
  const loss = sum(residuals.map((rho, k) => rho.dot(rho).times(weights[k] as Rational)));
  const least = sum(c.map((row, k) => row.at(k))).minus(bound.times(Rational.of(BigInt(neurons.length))));
  if (!loss.equals(least)) invalid('does-not-hold', t.path, `loss tr C - ${neurons.length} t = ${least}`, `${loss}`);
}

/** The matrix is L diag(d) L^T with d >= 0. */
function isDefinite(matrix: Matrix, node: Node, name: string): void {
  const { l, d } = node.fields(['l', 'd']);
  const n = matrix.length;
  const pivots = d.items(n).map((item) => {
    const pivot = item.rational();
    return pivot.sign() >= 0 ? pivot : invalid('negative-pivot', item.path, 'a pivot >= 0', `${pivot}`);
  });
  const left = transpose(l.matrix(n, n), n);
  if (!equalMatrices(outerSum(pivots, left, left, [n, n]), matrix)) {
    invalid('wrong-factors', node.path, `L diag(D) L^T equal to ${name}`, 'another matrix');
  }
}
