/**
 * One neuron beside a critical row e of its own: which small moves v lower the loss. With its features F, their pencil, g = (A - lambda B) e, and the
 * features S that v wakes (<e, w_t> = 0, <v, w_t> > 0), which respond to no other neuron: the loss of F and S, with the decoder that is best, is
 *   sum M_d |r_d|^2 - (e + v)^T A_S (e + v) / (e + v)^T B_S (e + v),   A_S and B_S of F and S.
 * As (A_S - lambda B_S) e = g + sum_S M_t <r_t, C e> w_t and e^T g = 0, this is less than at e iff 2 phi(v) < q(v), where
 *   phi(v) = -<g, v> - sum_S M_t <r_t, C e> <v, w_t>   and   q(v) = v^T (A_S - lambda B_S) v,
 * without terms of higher order. Both are those of S on the whole cone of the v that wake just S, and phi is continuous across the borders.
 * So e is a local minimum iff in each such cone phi >= 0, and q <= 0 where phi = 0: v there is x + h with phi(x) = 0 and |h| at most a multiple of
 * phi(v) (Hoffman 1952), so q(v) is at most phi(v) times a multiple of |v|.
 */
import { type Element, type Root, signs } from './algebraic.ts';
import { featureAt, type Instance } from './instance.ts';
import { pencil } from './model.ts';
import type { Node } from './node.ts';
import { ONE, Rational, sum, ZERO } from './rational.ts';
import type { Sector } from './sectors.ts';
import { combine, type Matrix, Vector } from './vector.ts';

/** A neuron's set and its pencil. */
export interface Cluster {
  readonly m: Instance;
  readonly a: Matrix;
  readonly b: Matrix;
  readonly c: Matrix;
}

export const clusterOf = (m: Instance, set: readonly number[]): Cluster => ({ m, ...pencil(m, set) });

const image = (matrix: Matrix, v: Vector): Vector => Vector.of(matrix.map((row) => row.dot(v)));

/** h over Q(lambda) with phi(v) = <h, e>, where v wakes S. */
export function slopeRow({ m, a, b, c }: Cluster, woken: readonly number[], v: Vector): Element {
  const gains = woken.map((t) => featureAt(m, t).weight.times(featureAt(m, t).wp.dot(v)));
  const targets = combine(
    gains,
    woken.map((t) => featureAt(m, t).wr),
    m.nr,
  );
  return [
    image(a, v)
      .plus(combine(targets.entries(), c, m.np))
      .negated(),
    image(b, v),
  ];
}

/** -q as a bilinear form on vectors, x^T (lambda B_S - A_S) y, by its coefficients of 1 and lambda. */
export function costs({ m, b, c }: Cluster, woken: readonly number[], vectors: Matrix): readonly Matrix[] {
  const f = woken.map((t) => featureAt(m, t));
  const decoded = vectors.map((v) => {
    const gains = f.map(({ weight, wp }) => weight.times(wp.dot(v)));
    return image(c, v).plus(
      combine(
        gains,
        f.map(({ wr }) => wr),
        m.nr,
      ),
    );
  });
  const flat = vectors.map((v) => image(b, v));
  const own = (x: Vector, k: number): Rational =>
    x
      .dot(flat[k] as Vector)
      .plus(sum(f.map(({ weight, wp }) => weight.times(wp.dot(x)).times(wp.dot(vectors[k] as Vector)))));
  return [
    decoded.map((x) => Vector.of(decoded.map((y) => x.dot(y).negated()))),
    vectors.map((x) => Vector.of(vectors.map((_, k) => own(x, k)))),
  ];
}

/** The sign at lambda of a number, by the coefficients of its powers. */
export function signOf(x: readonly Rational[], root: Root, node: Node): -1 | 0 | 1 {
  return (
    signs(
      x.map((c) => Vector.of([c])),
      root,
      1,
      node,
    )[0] ?? 0
  );
}

/** The coefficients of <x, y>. */
export const convolution = (x: Element, y: Element): Rational[] =>
  Array.from({ length: Math.max(0, x.length + y.length - 1) }, (_, k) =>
    sum(
      x.flatMap((c, i) => {
        const other = y[k - i];
        return other ? [c.dot(other)] : [];
      }),
    ),
  );

/**
 * Is this symmetric matrix over Q(lambda) >= 0? Its eigenvalues are real, so iff no coefficient of det(s I + N) is negative: these are, up to
 * signs, those that Faddeev's and LeVerrier's recursion M_k = N M_(k-1) + c_(k-1) I, c_k = -tr(N M_k) / k gives.
 */
function isSemidefinite(parts: readonly Matrix[], root: Root, node: Node): boolean {
  const size = parts[0]?.length ?? 0;
  const times = (power: readonly Matrix[]): Matrix[] =>
    Array.from({ length: parts.length + power.length - 1 }, (_, k) =>
      Array.from({ length: size }, (_, i) =>
        parts.reduce<Vector>((total, part, j) => {
          const other = power[k - j];
          return other ? total.plus(combine((part[i] as Vector).entries(), other, size)) : total;
        }, Vector.zero(size)),
      ),
    );
  const plusIdentity = (power: readonly Matrix[], c: readonly Rational[]): Matrix[] =>
    power.map((matrix, k) =>
      matrix.map((row, i) =>
        row.plus(Vector.of(Array.from({ length: size }, (_, j) => (i === j ? (c[k] ?? ZERO) : ZERO)))),
      ),
    );
  const nothing = Array.from({ length: size }, () => Vector.zero(size));
  let power = plusIdentity([nothing], [ONE]);
  for (let k = 1; k <= size; k++) {
    const image = times(power);
    const c = image.map((matrix) =>
      sum(matrix.map((row, i) => row.at(i)))
        .negated()
        .over(Rational.of(BigInt(k))),
    );
    const coefficient = k % 2 === 0 ? c : c.map((x) => x.negated());
    if (signOf(coefficient, root, node) < 0) return false;
    power = plusIdentity(image, c);
  }
  return true;
}

/**
 * Is q <= 0 on the sums of multiples of `lines` and multiples >= 0 of `rays`, with S awake? Shown by -q >= 0 on all of their span, or by
 * products: none of the lines with any, and none of two rays (or of one with itself), > 0.
 */
export function neverGains(
  at: Cluster,
  woken: readonly number[],
  { lines, rays }: Sector,
  root: Root,
  node: Node,
): boolean {
  const parts = costs(at, woken, [...lines, ...rays]);
  const entry = (i: number, j: number): -1 | 0 | 1 =>
    signOf(
      parts.map((matrix) => (matrix[i] as Vector).at(j)),
      root,
      node,
    );
  const places = [...lines, ...rays].map((_, i) => i);
  const termwise = places.every((i) =>
    places.every((j) => (i < lines.length || j < lines.length ? entry(i, j) === 0 : entry(i, j) >= 0)),
  );
  return termwise || isSemidefinite(parts, root, node);
}
