/**
 * That a group of features and neurons has a critical point near a given one, and what kind of point it is (rule `newton`).
 *
 * Let Phi be the coordinates in which the pre-activations at a kink stay 0, S a list of directions in Phi (the slice), c the
 * given point, g(y) = S^T grad f(c + S y) for the part f of L~ that the group's features contribute.
 * 1. For |y|_inf <= r: |Y g(0)| + |I - Y S^T H S| r <= r with H the second derivatives on the box. So y - Y g(y) maps the cube
 *    into itself; Brouwer gives y* with Y g(y*) = 0, and Y is regular as |I - Y S^T H S| < 1. (Krawczyk 1969.)
 * 2. Slice and motions of the gauge together are independent on the box (a left inverse Q shows it), lie in Phi, and are as
 *    many as its dimension: so grad f vanishes on Phi, since f is constant along motions.
 * 3. S^T H S minus G^T G is diagonally dominant, hence S^T H S > 0 on the box: with 2, y* is a minimum within Phi. Or d^T S^T H S d < 0
 *    for a direction d of the slice: a strict saddle.
 * 4. At each kink (i, d): grad_{e_i} f = -sum m_d w_d with m_d > 0 and -2 M_d <rho_d, u_i> > m_d: the loss grows to either side of the
 *    face at first order, faster than any second-order gain.
 */

import { rank } from '../elimination.ts';
import type { Instance } from '../instance.ts';
import type { Node } from '../node.ts';
import { Rational } from '../rational.ts';
import { invalid } from '../rejection.ts';
import { type Matrix, Vector } from '../vector.ts';
import { readMotion, type Sets } from './gauge.ts';
import {
  type Box,
  columnsOf,
  dot,
  enclose,
  encloseRows,
  encloseVector,
  type Interval,
  isNegative,
  isPositive,
  larger,
  magnitude,
  minus,
  NOTHING,
  negated,
  plus,
  product,
  quantity,
  times,
  total,
} from './interval.ts';
import { gradientOf, hessianOf, type Neighbourhood, residualSlopes } from './neighbourhood.ts';

/** How far coordinates of the component can be from the given point: r times the largest row sum of |S|. */
export function reach(node: Node, length: number): { radius: Rational; slice: Matrix; coordinates: Rational } {
  const members = node.members();
  const [sliceNode, radiusNode] = [members.get('slice') ?? node, members.get('radius') ?? node];
  const radius = radiusNode.rational();
  if (radius.sign() <= 0) invalid('not-positive', radiusNode.path, 'a radius > 0', `${radius}`);
  const slice = sliceNode.items().map((item) => item.vector(length));
  const sums = columnsOf(encloseRows(slice), length).map(total);
  const most = sums.reduce(larger, 0n);
  return { radius, slice, coordinates: radius.times(quantity(most)) };
}

/** Features, the neurons whose coordinates move, and the sets of these within the features. */
export interface Group {
  readonly features: readonly number[];
  readonly neurons: readonly number[];
  readonly sets: Sets;
}

/**
 * Rule `lossless`: for every choice of the other neurons in the box, some choice of the group's neurons makes rho_d = 0 on the
 * group's features. With J the slopes of these residuals along the slice, |Y rho| + |I - Y J| r <= r, as in step 1 of `newton`.
 * `start`: the group's neurons at the given point, the others anywhere in the box.
 */
export function lossless(
  m: Instance,
  { features, neurons }: Group,
  start: Neighbourhood,
  box: Neighbourhood,
  node: Node,
): void {
  const { inverse } = node.fields(['rule', 'radius', 'slice', 'inverse']);
  const length = neurons.length * (m.np + m.nr);
  const { radius, slice } = reach(node, length);
  const equations = features.length * m.nr;
  if (slice.length !== equations) invalid('wrong-size', node.path, `${equations} directions`, `${slice.length}`);
  const slopes = product(residualSlopes(box, features, neurons), encloseRows(slice));
  const rho = features.flatMap((d) => start.residuals[d] as Interval[]);
  staysInside(encloseRows(inverse.matrix(equations, equations)), slopes, rho, radius, inverse);
}

/** |Y g| + |I - Y J| r <= r and |I - Y J| < 1: then y - Y g(y) maps the cube |y| <= r into itself. */
function staysInside(inverse: Box, slopes: Box, g: readonly Interval[], radius: Rational, node: Node): void {
  const step = largest(inverse.map((row) => magnitude(dot(row, g))));
  const defect = largest(fromIdentity(product(inverse, columnsOf(slopes, g.length))).map(total));
  const room = quantity(defect).times(radius).plus(quantity(step));
  if (quantity(defect).compare(Rational.of(1n)) >= 0 || room.compare(radius) > 0) {
    invalid('too-wide', node.path, `a step that stays within ${radius}`, `a defect of 2^-128 * ${defect}`);
  }
}

/** Returns the class of the point; refuses what the four steps do not show. `center` is the point, `box` its neighbourhood. */
export function newton(
  m: Instance,
  { features, neurons, sets }: Group,
  center: Neighbourhood,
  box: Neighbourhood,
  node: Node,
): 'local-minimum' | 'face-minimum' | 'saddle' {
  const parts = node.fields(['rule', 'radius', 'slice', 'inverse', 'gauge', 'span', 'duals'], ['root', 'descent']);
  const length = neurons.length * (m.np + m.nr);
  const { radius, slice } = reach(node, length);
  const kinks = neurons.flatMap((i) => (sets.kinks[i] ?? []).map((d) => [i, d] as const));
  staysOnFaces(m, neurons, slice, kinks, parts.slice);

  const S = encloseRows(slice);
  const curvature = symmetric(product(product(S, columnsOf(hessianOf(box, features, neurons), length)), S));
  const slopes = S.map((s) =>
    dot(
      s,
      neurons.flatMap((i) => gradientOf(center, features, i)),
    ),
  );
  staysInside(encloseRows(parts.inverse.matrix(slice.length, slice.length)), curvature, slopes, radius, parts.inverse);

  const motions = parts.gauge.items().map((item) => readMotion(m, sets, neurons, item)(box, neurons));
  const dimension = length - kinks.length;
  if (slice.length + motions.length !== dimension) {
    invalid('wrong-size', parts.gauge.path, `${dimension} directions in all`, `${slice.length + motions.length}`);
  }
  const span = encloseRows(parts.span.matrix(dimension, length));
  const independent = largest(fromIdentity(product(span, [...S, ...motions])).map(total));
  if (quantity(independent).compare(Rational.of(1n)) >= 0) {
    invalid('too-wide', parts.span.path, 'a left inverse of slice and motions', 'none');
  }

  if (parts.descent !== undefined) {
    if (kinks.length > 0) invalid('at-a-kink', parts.descent.path, 'no kink at a saddle', `${kinks.length}`);
    const d = encloseVector(parts.descent.vector(slice.length));
    const change = dot(
      d,
      curvature.map((row) => dot(row, d)),
    );
    return isNegative(change)
      ? 'saddle'
      : invalid('no-descent', parts.descent.path, 'negative curvature', 'none certain');
  }
  dominated(curvature, (parts.root ?? node).matrix(slice.length, slice.length), parts.root ?? node);
  holdsFaces(m, features, kinks, box, parts.duals);
  return kinks.length > 0 ? 'face-minimum' : 'local-minimum';
}

const largest = (list: readonly bigint[]): bigint => list.reduce(larger, 0n);

/** Enclosures of one symmetric matrix: both halves say something about it. */
function symmetric(rows: Box): Interval[][] {
  return rows.map((row, i) =>
    row.map((x, j) => {
      const y = rows[j]?.[i] as Interval;
      return { least: larger(x.least, y.least), most: -larger(-x.most, -y.most) };
    }),
  );
}

const ONE = enclose(Rational.of(1n));
const fromIdentity = (rows: Box): Interval[][] =>
  rows.map((row, i) => row.map((x, j) => (i === j ? minus(x, ONE) : x)));

/** The slice moves no pre-activation that is at a kink, and those of one neuron have independent directions. */
function staysOnFaces(
  m: Instance,
  neurons: readonly number[],
  slice: Matrix,
  kinks: readonly (readonly [number, number])[],
  node: Node,
): void {
  const size = m.np + m.nr;
  for (const [i, d] of kinks) {
    const from = neurons.indexOf(i) * size;
    for (const s of slice) {
      const de = Vector.of(s.entries().slice(from, from + m.np));
      const change = de.dot(m.features[d]?.wp ?? de);
      if (change.sign() !== 0) invalid('at-a-kink', node.path, `z_${i + 1},${d + 1} = 0 on the slice`, `${change}`);
    }
  }
  for (const i of neurons) {
    const directions = kinks.flatMap(([j, d]) => (j === i ? [m.features[d]?.wp as Vector] : []));
    if (directions.length > 0 && rank(directions) < directions.length) {
      invalid('at-a-kink', node.path, 'independent directions at the kinks', `${directions.length} that are not`);
    }
  }
}

/** matrix - G^T G is diagonally dominant, so the matrix is positive semidefinite. */
function dominated(matrix: Box, root: Matrix, node: Node): void {
  const columns = columnsOf(encloseRows(root), root.length);
  const rest = product(columns, columns).map((row, i) => row.map((x, j) => minus(matrix[i]?.[j] as Interval, x)));
  rest.forEach((row, i) => {
    const others = total(row) - magnitude(row[i] as Interval);
    const diagonal = (row[i] as Interval).least;
    if (diagonal < others) {
      invalid(
        'not-definite',
        node.path,
        'second derivatives that are positive',
        `${quantity(diagonal - others)} in row ${i + 1}`,
      );
    }
  });
}

/** Step 4; `duals`: for each kink, in order, q with <q, w_d> = 1 and <q, w_c> = 0 for the other kinks c of the neuron. */
function holdsFaces(
  m: Instance,
  features: readonly number[],
  kinks: readonly (readonly [number, number])[],
  box: Neighbourhood,
  node: Node,
): void {
  const duals = node.items(kinks.length);
  kinks.forEach(([i, d], k) => {
    const dual = duals[k] as Node;
    const q = dual.vector(m.np);
    for (const [j, c] of kinks) {
      const value = q.dot(m.features[c]?.wp ?? q);
      if (j === i && !value.equals(Rational.of(c === d ? 1n : 0n))) {
        invalid('wrong-dual', dual.path, `<q, w_${c + 1}> = ${c === d ? 1 : 0}`, `${value}`);
      }
    }
    const pull = negated(dot(gradientOf(box, features, i).slice(0, m.np), encloseVector(q)));
    const weight = enclose(m.features[d]?.weight as Rational);
    const push = times(plus(weight, weight), dot(box.residuals[d] as Interval[], box.u[i] as Interval[]));
    if (!isPositive(pull) || !isPositive(minus(negated(push), pull))) {
      invalid('wrong-multiplier', dual.path, '0 < m < -2 M <rho, u>', `neuron ${i + 1} at feature ${d + 1}`);
    }
  });
}

/** Whether -2 M_d <rho_d, u_i> > 0 is certain: waking neuron i on feature d costs. */
export function costsToWake(box: Neighbourhood, i: number, d: number): boolean {
  return isNegative(dot(box.residuals[d] ?? [NOTHING], box.u[i] ?? []));
}
