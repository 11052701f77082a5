/**
 * That a group of features and neurons has a critical point near a given one, and what kind of point it is (rule `newton`).
 *
 * Let Phi be the frame's coordinates in which the pre-activations at the faces stay 0, S a list of directions of weights (the
 * slice) that leave every kink at 0, c the given point, g(y) = S^T grad f(c + S y) for the part f of L~ that the group's features
 * contribute.
 * 1. The test of `krawczyk.ts` gives y* with g(y*) = 0. As S moves what the frame sees as it moves weights, that is S^T grad f
 *    in the frame as well.
 * 2. Slice, motions of the gauge and relations together are independent on the box (a left inverse Q shows it), lie in Phi, and are
 *    as many as its dimension. f is constant along motions, and its gradient vanishes along relations: so it vanishes on Phi.
 * 3. H, the second derivatives along slice and relations, less G^T G is strictly diagonally dominant, hence H > 0 on the box: near y* the
 *    flows of the motions carry slice and relations over all of Phi, so it is a minimum within Phi. Or d^T H d < 0 for a direction d
 *    of the slice: a strict saddle.
 * 4. Faces hold (`faces.ts`).
 */

import type { Node } from '../../kernel/document/node.ts';
import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import { ONE } from '../../kernel/numbers/rational.ts';
import { invalid, malformed } from '../../kernel/numbers/rejection.ts';
import { hessianOf } from './curvature.ts';
import { faceCount, holdsFaces, type Kink, readFaces } from './faces.ts';
import { carried, type Frame, type Group, readFrame } from './frame.ts';
import { readMotion } from './gauge.ts';
import {
  type Box,
  columnsOf,
  dot,
  encloseRows,
  encloseVector,
  type Interval,
  isNegative,
  larger,
  magnitude,
  minus,
  product,
  quantity,
  total,
} from './interval.ts';
import { fromIdentity, largest, reach, readInverse, staysInside } from './krawczyk.ts';
import { gradientOf, type Neighbourhood } from './neighbourhood.ts';
import { readRelation } from './relation.ts';

export interface Critical {
  readonly class: 'local-minimum' | 'face-minimum' | 'saddle';
  /** Whether waking neuron i on feature d, a kink, has been dealt with. */
  readonly settles: (i: number, d: number) => boolean;
}

/** Refuses what the four steps do not show. `at` is the point, `center` the same, `box` its neighbourhood. */
export function newton(
  m: Instance,
  group: Group,
  at: Configuration,
  center: Neighbourhood,
  box: Neighbourhood,
  node: Node,
): Critical {
  const { features, neurons, sets } = group;
  const keys = ['rule', 'radius', 'slice', 'inverse', 'gauge', 'span', 'duals'] as const;
  const parts = node.fields(keys, ['lift', 'relations', 'root', 'descent']);
  const frame = readFrame(m, group, parts.lift);
  const { radius, slice } = reach(node, neurons.length * (m.np + m.nr));
  const kinks = frame.flatMap(({ neuron: i, lifted }): Kink[] =>
    lifted ? [] : (sets.kinks[i] ?? []).map((d) => [i, d] as const),
  );
  const held = readFaces(m, kinks, parts.duals);

  // First how many directions there are: what follows takes a table of them.
  const length = frame.reduce((sum, own) => sum + own.size + m.nr, 0);
  const found = slice.length + (parts.relations?.items().length ?? 0) + parts.gauge.items().length;
  const dimension = length - faceCount(held);
  if (found !== dimension) invalid('wrong-size', parts.span.path, `${dimension} directions in all`, `${found}`);
  const span = readInverse(parts.span, dimension, length);

  const relations = (parts.relations?.items() ?? []).map((item) => readRelation(m, group, frame, slice, at, box, item));
  const S = slice.map((s) => carried(m, frame, sets, s));
  const all = [...S, ...relations];
  const curvature = curvatureAlong(all, box, frame);
  const gradient = neurons.flatMap((i) => gradientOf(center, features, i));
  const slopes = encloseRows(slice).map((s) => dot(s, gradient));
  const within = curvature.slice(0, S.length).map((row) => row.slice(0, S.length));
  staysInside(readInverse(parts.inverse, S.length, S.length), within, slopes, radius, parts.inverse);

  const motions = parts.gauge.items().map((item) => readMotion(m, sets, frame, item)(box));
  // Step 2.
  const defect = largest(fromIdentity(product(span, [...all, ...motions])).map(total));
  if (quantity(defect).compare(ONE) >= 0) {
    invalid('too-wide', parts.span.path, 'a left inverse of slice, relations and motions', 'none');
  }

  const settles = (i: number, d: number): boolean =>
    frame.some(({ neuron, lifted, sees }) => neuron === i && (!lifted || sees.includes(d)));
  if (parts.descent !== undefined) {
    if (parts.root !== undefined) malformed('unknown-key', parts.root.path, 'descent or root', 'both');
    const [first] = neurons.flatMap((i) => sets.kinks[i] ?? []);
    if (first !== undefined) invalid('at-a-kink', parts.descent.path, 'no kink at a saddle', `feature ${first + 1}`);
    const d = encloseVector(parts.descent.vector(S.length));
    const change = dot(
      d,
      within.map((row) => dot(row, d)),
    );
    if (isNegative(change)) return { class: 'saddle', settles };
    return invalid('no-descent', parts.descent.path, 'negative curvature', 'none certain');
  }
  dominated(curvature, readInverse(parts.root ?? node, all.length, all.length), parts.root ?? node);
  holdsFaces(m, features, held, box);
  return { class: held.length > 0 ? 'face-minimum' : 'local-minimum', settles };
}

/** Enclosures of one symmetric matrix: both halves say something about it. */
function curvatureAlong(directions: Box, box: Neighbourhood, frame: Frame): Interval[][] {
  const hessian = hessianOf(box, frame);
  const rows = product(product(directions, columnsOf(hessian, hessian.length)), directions);
  return rows.map((row, i) =>
    row.map((x, j) => {
      const y = rows[j]?.[i] as Interval;
      return { least: larger(x.least, y.least), most: -larger(-x.most, -y.most) };
    }),
  );
}

/** matrix - G^T G is strictly diagonally dominant, so the matrix is positive definite. */
function dominated(matrix: Box, root: Box, node: Node): void {
  const columns = columnsOf(root, root.length);
  const rest = product(columns, columns).map((row, i) => row.map((x, j) => minus(matrix[i]?.[j] as Interval, x)));
  rest.forEach((row, i) => {
    const others = total(row) - magnitude(row[i] as Interval);
    const diagonal = (row[i] as Interval).least;
    if (diagonal <= others) {
      invalid(
        'not-definite',
        node.path,
        'second derivatives that are positive',
        `${quantity(diagonal - others)} in row ${i + 1}`,
      );
    }
  });
}
