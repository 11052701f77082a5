/** Data for rule `minimum`: prices at every kink, multipliers strictly inside their boxes, and the largest root on what is left. */

import { unitVector } from '../../kernel/model/instance.ts';
import { type Element, enclosures, type Root } from '../../kernel/numbers/algebraic.ts';
import { Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { motzkin } from '../inequalities/motzkin.ts';
import { type Document, matrixDocument } from '../proofs/document.ts';
import { rootDocument } from './answers.ts';
import {
  type Approximation,
  approximated,
  approximatePrice,
  approximation,
  type Point,
  pointDocument,
  type Row,
} from './criticalPoints.ts';
import { interior } from './decideRoot.ts';
import { exactSigns } from './exactSigns.ts';
import { directions, faceOf } from './face.ts';
import { gcdOf, refined } from './realRoots.ts';

/** The proof, or undefined where this point is none or not seen to be one. */
export function minimumProof(point: Point): Document | undefined {
  // Crossing a threshold costs a jump that has no price here; a row can be scaled off it.
  if (point.live.some(({ cluster, kinks }) => cluster.threshold && kinks.length > 0)) return undefined;
  const near = approximation(point);
  const u = point.pattern.some((set) => set.length === 0) ? deadDecoder(point, near) : Vector.zero(point.m.nr);
  if (!u) return undefined;
  const rows: { row: Row; more: { [key: string]: Document } }[] = [];
  for (const [k, row] of point.live.entries()) {
    const prices = row.kinks.map((t) => approximatePrice(point.m, near, t, near.u[k] as Vector));
    const found = priced(row, prices, near.s[k] ?? ZERO) ?? together(point, row, prices);
    if (!found) return undefined;
    rows.push(found);
  }
  const { live, dead } = pointDocument({ ...point, live: rows.map(({ row }) => row) }, u);
  return { rule: 'minimum', live: live.map((row, k) => ({ ...row, ...rows[k]?.more })), dead };
}

type Prices = readonly (Rational | undefined)[];

/** Each kink by itself. */
function priced(row: Row, prices: Prices, s: Rational): { row: Row; more: { [key: string]: Document } } | undefined {
  if (prices.some((c) => c !== undefined && c.sign() <= 0)) return undefined;
  return [row, raised(row, prices, s)].flatMap((candidate) => {
    const top = candidate && within(candidate, prices, s) ? topDocument(candidate) : undefined;
    return candidate && top
      ? [{ row: { ...candidate, lambda: top.lambda }, more: { top: top.document } as { [key: string]: Document } }]
      : [];
  })[0];
}

/** mu_t < s c_t, about, where mu_t > 0. */
function within(row: Row, prices: Prices, s: Rational): boolean {
  const mu = enclosures(row.mu, refined(row.lambda, 192), row.cluster.m.features.length).map((x) => approximated(x));
  return row.kinks.every(
    (t, k) => (mu[t] ?? ZERO).sign() <= 0 || (prices[k]?.times(s) ?? ZERO).compare(mu[t] ?? ZERO) > 0,
  );
}

/** Kinks at features of no set, and of this neuron alone, together. */
function together({ pattern, live, deadKinks }: Point, row: Row, prices: Prices) {
  const others = [...live.filter((other) => other !== row).flatMap(({ kinks }) => kinks), ...pattern.flat()];
  if (pattern.some((set) => set.length === 0)) for (const kink of deadKinks) others.push(kink);
  const joint = row.kinks.filter((t) => !others.includes(t));
  const dear = row.kinks.every((t, k) => joint.includes(t) || (prices[k]?.sign() ?? 1) > 0);
  return dear ? { row, more: { joint: joint.map((t) => t + 1) } } : undefined;
}

/** u with <rho_d, u> < 0 at every kink of a dead row where that matters. */
function deadDecoder({ m, deadKinks }: Point, { residuals }: Approximation): Vector | undefined {
  const strict = deadKinks.flatMap((d) => residuals[d]?.negated() ?? []);
  if (strict.length === 0) return Vector.zero(m.nr);
  const answer = motzkin({ dimension: m.nr, strict, weak: [] });
  return answer.solvable ? answer.x : undefined;
}

/** The row with mu raised, where sum_t k_t w_t = 0 allows it, at kinks with a price; undefined where nothing is to be raised. */
function raised(row: Row, prices: readonly (Rational | undefined)[], s: Rational): Row | undefined {
  const { m } = row.cluster;
  const priced = row.kinks.filter((_, k) => prices[k] !== undefined);
  const { signs } = exactSigns(row.mu, row.lambda, m.features.length);
  const w = directions(m, priced);
  const k = interior({
    dimension: priced.length,
    strict: [],
    weak: priced.flatMap((t, i) => (signs[t] === 0 ? [unitVector(priced.length, i)] : [])),
    equal: Array.from({ length: m.np }, (_, j) => Vector.of(w.map((v) => v.at(j)))),
  });
  if (!k || k.isZero()) return undefined;
  // Small enough for 0 < mu_t < s c_t: half of what the tightest box leaves.
  const mu = enclosures(row.mu, row.lambda, m.features.length).map((x) => approximated(x));
  let step = Rational.of(1n);
  priced.forEach((t, i) => {
    const by = k.at(i);
    const at = mu[t] ?? ZERO;
    const price = prices[row.kinks.indexOf(t)] ?? ZERO;
    const room = by.sign() > 0 ? s.times(price).minus(at) : at;
    if (by.sign() === 0 || room.sign() <= 0) return;
    const most = room.over(by.sign() > 0 ? by : by.negated()).times(Rational.of(1n, 2n));
    if (most.compare(step) < 0) step = most;
  });
  const shift = Vector.of(m.features.map((_, d) => (priced.includes(d) ? k.at(priced.indexOf(d)).times(step) : ZERO)));
  const raisedMu: Element = [(row.mu[0] ?? Vector.zero(m.features.length)).plus(shift), ...row.mu.slice(1)];
  return { ...row, mu: raisedMu };
}

/** That lambda is the largest root on V_T, T the kinks with mu > 0. */
function topDocument(row: Row): { document: Document; lambda: Root } | undefined {
  const { cluster, mu, lambda: start } = row;
  const { signs } = exactSigns(mu, start, cluster.m.features.length);
  const tight = row.kinks.filter((t) => signs[t] !== 0);
  const face = tight.join() === row.face.tight.join() ? row.face : faceOf(cluster, tight);
  const factor = gcdOf(face.p, start.f);
  let lambda: Root = start.from.equals(start.to) ? start : { ...start, f: factor };
  const others = face.roots.slice(0, -1).map(({ root }) => root);
  const last = face.roots.at(-1)?.root;
  if (!last || last.to.compare(lambda.from) < 0 || lambda.to.compare(last.from) < 0) return undefined;
  // lambda is a root of face.p; it is the last one unless some other reaches its interval however narrow that gets.
  for (let round = 0; round < 8; round++) {
    if ((others.at(-1)?.to ?? lambda.from.minus(Rational.of(1n))).compare(lambda.from) < 0) {
      return { document: { basis: matrixDocument(face.basis), roots: others.map(rootDocument) }, lambda };
    }
    lambda = refined(lambda, 32);
  }
  return undefined;
}
