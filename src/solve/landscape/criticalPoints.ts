/** Critical points of a pattern: one critical row for each live neuron, a dead row for every other, and what follows from them. */

import { thresholdOf } from '../../kernel/model/activation.ts';
import { featureAt, type Instance, type Pattern } from '../../kernel/model/instance.ts';
import { type Element, enclosures, type Interval, isZeroAt, type Root } from '../../kernel/numbers/algebraic.ts';
import { Rational, sum, ZERO } from '../../kernel/numbers/rational.ts';
import { combine, Vector } from '../../kernel/numbers/vector.ts';
import { aboveThreshold, wholeLoss } from '../../kernel/rules/criticalPoint.ts';
import { type Document, vectorDocument } from '../proofs/document.ts';
import { type CriticalRow, elementDocument, rootDocument } from './answers.ts';
import { interior } from './decideRoot.ts';
import { exactSigns } from './exactSigns.ts';
import type { Cluster, Face } from './face.ts';
import type { SetAnalysis } from './faces.ts';
import { refined } from './realRoots.ts';

/** A critical row with the face it was found on, and its kinks. */
export interface Row extends CriticalRow {
  readonly cluster: Cluster;
  readonly face: Face;
  readonly kinks: readonly number[];
  /** (A - lambda B) e = 0: both gradients vanish. */
  readonly stationary: boolean;
  /** lambda = sum_F M_d |r_d|^2. */
  readonly lossless: boolean;
}

/** The critical rows of a set; those on a face whose multipliers are 0 stand under T = {} already. */
export function criticalRows({ cluster, visited, set }: SetAnalysis): Row[] {
  const rows: Row[] = [];
  for (const entry of visited) {
    if ('empty' in entry) continue;
    for (const answer of entry.answers) {
      if (answer.is !== 'critical') continue;
      const stationary = isZeroAt(answer.mu, answer.lambda);
      if (stationary && entry.tight.length > 0) continue;
      const { signs, root } = exactSigns(aboveThreshold(cluster.m, answer.e), answer.lambda, cluster.m.features.length);
      rows.push({
        ...answer,
        lambda: root,
        mu: stationary ? [] : answer.mu,
        cluster,
        face: entry.face,
        kinks: signs.flatMap((sign, d) => (sign === 0 && !cluster.held.includes(d) ? [d] : [])),
        stationary,
        lossless: root.from.equals(root.to) && root.from.equals(wholeLoss(cluster.m, set)),
      });
    }
  }
  return rows;
}

export interface Point {
  readonly m: Instance;
  readonly pattern: Pattern;
  /** For each neuron with a non-empty set, in order. */
  readonly live: readonly Row[];
  /** The row every dead neuron takes: negative on as many features as possible. */
  readonly dead: Vector;
  readonly deadKinks: readonly number[];
}

/** A row that is positive on no feature and negative wherever some such row is (Gordan: on all, or 0 is in their convex hull). */
export function deadRow(m: Instance): { e: Vector; kinks: number[] } {
  // A row of zeros is below a threshold.
  if (thresholdOf(m).sign() > 0) return { e: Vector.zero(m.np), kinks: [] };
  const w = m.features.map((f) => f.wp.negated());
  const e = interior({ dimension: m.np, strict: [], weak: w }) ?? Vector.zero(m.np);
  return { e, kinks: w.flatMap((v, d) => (v.dot(e).sign() === 0 ? [d] : [])) };
}

/** L~ at the point, enclosed. */
export function lossOf({ m, live }: Pick<Point, 'm' | 'live'>): Interval {
  const whole = wholeLoss(
    m,
    m.features.map((_, d) => d),
  );
  const least = whole.minus(sum(live.map(({ lambda }) => lambda.to)));
  return [least.sign() < 0 ? ZERO : least, whole.minus(sum(live.map(({ lambda }) => lambda.from)))];
}

/** A rational within 2^-bits of the middle of the interval; the value itself where it is known. */
export function approximated([least, most]: Interval, bits = 128n): Rational {
  if (least.equals(most)) return least;
  const middle = least.plus(most).times(Rational.of(1n, 2n));
  return Rational.of((middle.num << bits) / middle.den, 1n << bits);
}

/** Rational stand-ins, exact at rational points: the row e, s u = C e, s, and all residuals. They propose; the kernel decides. */
export interface Approximation {
  readonly s: readonly Rational[];
  readonly u: readonly Vector[];
  /** undefined where rho_d = 0 or M_d = 0. */
  readonly residuals: readonly (Vector | undefined)[];
}

export function approximation({ m, live }: Pick<Point, 'm' | 'live'>): Approximation {
  const rows = live.map(({ e, lambda }) =>
    Vector.of(enclosures(e, refined(lambda, 192), m.np).map((x) => approximated(x))),
  );
  const s = live.map(({ cluster }, k) => form(rows[k] as Vector, cluster.b));
  const u = live.map(({ cluster }, k) => {
    const scale = Rational.of(s[k]?.den ?? 1n, s[k]?.num ?? 1n);
    return Vector.of(cluster.c.map((row) => row.dot(rows[k] as Vector).times(scale)));
  });
  const residuals = m.features.map((f, d) => {
    const k = live.findIndex(({ cluster }) => cluster.set.includes(d));
    if (f.weight.sign() === 0 || live[k]?.lossless || (k < 0 && f.wr.isZero())) return undefined;
    return k < 0 ? f.wr : f.wr.minus((u[k] as Vector).times(f.wp.dot(rows[k] as Vector)));
  });
  return { s, u, residuals };
}

export const form = (x: Vector, matrix: readonly Vector[]): Rational => x.dot(combine(x.entries(), matrix, x.length));

/** -M_t <rho_t, u>, about. */
export function approximatePrice(m: Instance, near: Approximation, t: number, u: Vector): Rational | undefined {
  return near.residuals[t]?.dot(u).times(featureAt(m, t).weight.negated());
}

/** One entry of `live` in the rules on critical points. */
export const rowDocument = ({
  lambda,
  e,
  mu,
}: {
  lambda: Root;
  e: Element;
  mu: Element;
}): { [key: string]: Document } => ({
  lambda: rootDocument(lambda),
  e: elementDocument(e),
  mu: elementDocument(mu),
});

/** The keys `live` and `dead` of a point whose dead neurons all have the decoder column `u`. */
export function pointDocument(point: Point, u: Vector): { live: { [key: string]: Document }[]; dead: Document } {
  const dead = { e: vectorDocument(point.dead), u: vectorDocument(u) };
  return {
    live: point.live.map(rowDocument),
    dead: point.pattern.filter((set) => set.length === 0).map(() => dead),
  };
}
