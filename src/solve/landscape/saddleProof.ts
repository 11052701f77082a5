/** Data for rule `saddle`: ways down from a critical point, best guess first. The kernel tries them. */
import { enclosures } from '../../kernel/algebraic.ts';
import { featureAt } from '../../kernel/instance.ts';
import { Rational, ZERO } from '../../kernel/rational.ts';
import { sectors } from '../../kernel/sectors.ts';
import { combine, Vector } from '../../kernel/vector.ts';
import { type Document, vectorDocument } from '../document.ts';
import { largestOf } from '../extremes.ts';
import { primitive } from '../linear.ts';
import { motzkin } from '../motzkin.ts';
import { floatEigenvector, nearby } from './eigenvector.ts';
import { exactSigns } from './exactSigns.ts';
import { directions, faceOf } from './face.ts';
import {
  type Approximation,
  approximated,
  approximatePrice,
  approximation,
  type Point,
  pointDocument,
  type Row,
} from './points.ts';

export function* saddleProofs(point: Point): Generator<Document> {
  const near = approximation(point);
  const { live, dead } = pointDocument(point, Vector.zero(point.m.nr));
  const numbered = point.pattern.flatMap((set, i) => (set.length > 0 ? [i + 1] : []));
  const proof = (down: Document): Document => ({ rule: 'saddle', live, dead, down });
  for (const [k, row] of point.live.entries()) {
    for (const v of turns(row)) yield proof({ way: 'turn', neuron: numbered[k] ?? 0, v: vectorDocument(v) });
  }
  for (const [k, row] of point.live.entries()) {
    for (const v of between(row)) {
      for (const way of ['cross', 'bend']) yield proof({ way, neuron: numbered[k] ?? 0, v: vectorDocument(v) });
    }
  }
  for (const [k, row] of point.live.entries()) {
    for (const v of crossings(point, near, row, k)) {
      yield proof({ way: 'cross', neuron: numbered[k] ?? 0, v: vectorDocument(v) });
    }
  }
  const neuron = point.pattern.findIndex((set) => set.length === 0) + 1;
  if (neuron === 0) return;
  for (const { v, u } of wakings(point, near)) {
    yield proof({ way: 'wake', neuron, v: vectorDocument(v), u: vectorDocument(u) });
  }
}

/** Small integers in nearly the given direction; where floats overflowed, 0, which the kernel then refuses as a way down. */
function rounded(x: readonly number[], scale: bigint): Vector {
  const finite = x.map((entry) => (Number.isFinite(entry) ? entry : 0));
  const largest = largestOf(finite.map(Math.abs), 1e-300);
  return primitive(finite.map((entry) => BigInt(Math.round((entry / largest) * Number(scale)))));
}

/** Directions towards larger eigenvalues on the face of the row's multipliers, that wake nothing at the other kinks. */
function* turns(row: Row): Generator<Vector> {
  const { cluster, kinks, lambda } = row;
  const { m } = cluster;
  const { signs } = exactSigns(row.mu, lambda, m.features.length);
  const tight = kinks.filter((t) => signs[t] !== 0);
  const others = kinks.filter((t) => signs[t] === 0);
  const face = tight.join() === row.face.tight.join() ? row.face : faceOf(cluster, tight);
  for (const { root } of [...face.roots].reverse()) {
    if (root.from.compare(lambda.to) <= 0) return;
    const approximate = floatEigenvector(face.a, face.b, slightlyOff(nearby(root, 64n)));
    for (const scale of [8n, 64n, 4096n, 1n << 30n]) {
      const v = combine(rounded(approximate, scale).entries(), face.basis, m.np);
      for (const candidate of [v, v.negated()]) {
        if (others.length === 0) yield candidate;
        else yield* pushedOff(candidate, face.flat, directions(m, others));
      }
    }
  }
}

/** Not a root itself, so that one can divide. */
const slightlyOff = (x: Rational): Rational => x.plus(Rational.of(1n, 1n << 60n));

/** v plus a row of `flat`, with no positive product with w. */
function* pushedOff(v: Vector, flat: readonly Vector[], w: readonly Vector[]): Generator<Vector> {
  const row = (t: Vector): Vector => Vector.of([...flat.map((f) => f.dot(t)), v.dot(t)]).negated();
  const tail = Vector.of([...flat.map(() => ZERO), Rational.of(1n)]);
  const answer = motzkin({ dimension: flat.length + 1, strict: [tail], weak: w.map(row) });
  if (answer.solvable) yield combine(answer.x.entries(), [...flat, v], v.length);
}

/** Directions across a kink whose multiplier is above what waking there costs. */
function* crossings({ m }: Point, near: Approximation, row: Row, k: number): Generator<Vector> {
  const mu = enclosures(row.mu, row.lambda, m.features.length).map((x) => approximated(x));
  for (const t of row.kinks) {
    const price = approximatePrice(m, near, t, near.u[k] as Vector) ?? ZERO;
    if ((near.s[k] ?? ZERO).times(price).compare(mu[t] ?? ZERO) >= 0) continue;
    const others = directions(
      m,
      row.kinks.filter((d) => d !== t),
    );
    const strict = directions(m, [t]);
    for (const system of [
      { weak: [], equal: others },
      { weak: others.map((w) => w.negated()), equal: [] },
    ]) {
      const answer = motzkin({ dimension: m.np, strict, ...system });
      if (answer.solvable) yield answer.x;
    }
  }
}

/** Kinks whose cones are gone through for ways down. */
const MOST_KINKS = 8;

/** Rays between the kinks of a row: where the loss falls to first order somewhere, it falls along one of them. */
function* between({ cluster: { m }, kinks }: Row): Generator<Vector> {
  if (kinks.length === 0 || kinks.length > MOST_KINKS) return;
  const seen = new Set<string>();
  for (const { lines, rays } of sectors(directions(m, kinks), m.np, '$')) {
    for (const v of [...rays, ...lines, ...lines.map((line) => line.negated())]) {
      if (!seen.has(`${v}`)) yield v;
      seen.add(`${v}`);
    }
  }
}

/** v for a dead neuron, and the decoder g = sum M_d f_d rho_d that answers it, where it is not about 0. */
function* wakings({ m, live, deadKinks }: Point, { residuals }: Approximation): Generator<{ v: Vector; u: Vector }> {
  const w = m.features.map((f) => f.wp);
  const rows = live.map(({ e, lambda }) => enclosures(e, lambda, m.np).map((x) => Number(approximated(x, 20n).num)));
  const found: { v: Vector; u: Vector; size: number }[] = [];
  const turned = live.flatMap(({ face }, i) =>
    face.basis.flatMap((x) => {
      const e = rounded(rows[i] ?? [], 64n);
      return [e.plus(x), e.minus(x), e.times(Rational.of(4n)).plus(x), e.times(Rational.of(4n)).minus(x)];
    }),
  );
  for (const v of [...turned, ...w, ...w.flatMap((a) => w.map((b) => a.minus(b))), ...w.map((x) => x.negated())]) {
    if (v.isZero()) continue;
    let g = Vector.zero(m.nr);
    for (const d of deadKinks) {
      const f = featureAt(m, d).wp.dot(v);
      const rho = residuals[d];
      if (f.sign() > 0 && rho) g = g.plus(rho.times(f.times(featureAt(m, d).weight)));
    }
    const floats = g.entries().map((x) => Number(x.num) / Number(x.den));
    const size = floats.reduce((sum, x) => sum + x * x, 0) / Number(v.dot(v).num / v.dot(v).den + 1n);
    if (size > 1e-12) found.push({ v, u: rounded(floats, 64n), size });
  }
  found.sort((a, b) => b.size - a.size);
  yield* found.slice(0, 4);
}
