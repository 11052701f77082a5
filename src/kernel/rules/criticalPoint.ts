/**
 * Critical points of L~ on a pattern whose sets do not meet: for each live neuron an encoder row e over Q(lambda), and the
 * decoder that is best for it. ReLU first; what differs for Top-k is at `held`. With A, B, C the pencil of its features F and s = e^T B e, u = C e / s and
 * (A - lambda B) e = sum_t mu_t w_t, where mu_t >= 0 only at the kinks t (off F, <e, w_t> = 0). Then lambda = e^T A e / s, as <e, w_t> = 0
 * where mu_t is not, grad_e L~ = -(2/s) sum mu_t w_t, and L~ = sum_d M_d |r_d|^2 - sum lambda. On Omega_P, where <e', w_t> <= 0, this
 * gradient has a product >= 0 with e' - e: as L~ is convex in each block there (Theorem 3.2), each block is optimal given the other.
 *
 * JumpReLU, theta > 0: every mu is 0 at a critical point. As u is best, <grad_e, e> = 0 and e^T (A - lambda B) e = 0, while the right side gives
 * theta sum mu_t. Crossing the threshold costs a jump, which no rule prices.
 */
import { readElement, readRoot } from '../document/algebraic.ts';
import type { Node } from '../document/node.ts';
import { thresholdOf } from '../model/activation.ts';
import { featureAt, type Instance, type Pattern } from '../model/instance.ts';
import { carriers, patternText, pencil } from '../model/model.ts';
import {
  dot,
  type Element,
  enclosures,
  type Interval,
  isZeroAt,
  multiplied,
  plusLambda,
  point,
  type Root,
  signs,
} from '../numbers/algebraic.ts';
import { ONE, type Rational, sum, ZERO } from '../numbers/rational.ts';
import { invalid } from '../numbers/rejection.ts';
import { plus } from '../numbers/system.ts';
import { combine, type Matrix, Vector } from '../numbers/vector.ts';
import type { Bounds } from '../proof/fact.ts';

/** What a live neuron and a dead one have in common: where they are at a kink, and the decoder column. */
interface Unit {
  readonly neuron: number;
  readonly kinks: readonly number[];
  readonly u: readonly Interval[];
}

export interface Live extends Unit {
  readonly set: readonly number[];
  readonly lambda: Root;
  readonly e: readonly Interval[];
  /** e and mu exactly. */
  readonly row: Element;
  readonly force: Element;
  /** <e, w_d> for every feature. */
  readonly z: readonly Interval[];
  /** Signs of mu, and enclosures, for every feature. */
  readonly muSigns: readonly (-1 | 0 | 1)[];
  readonly mu: readonly Interval[];
  readonly s: Interval;
  /** All its features are reconstructed: lambda = sum_F M_d |r_d|^2. */
  readonly lossless: boolean;
  /** What the caller's rule asks for beyond the point: the value of one of its keys. */
  readonly more: { readonly key: string; readonly node: Node } | undefined;
}

export interface CriticalPoint {
  readonly live: readonly Live[];
  readonly dead: readonly Unit[];
  /** An enclosure of rho_d for every feature; undefined where rho_d = 0 or M_d = 0. */
  readonly residuals: readonly (readonly Interval[] | undefined)[];
  readonly loss: Interval;
}

/** sum_F M_d |r_d|^2 */
export const wholeLoss = (m: Instance, set: readonly number[]): Rational =>
  sum(set.map((d) => featureAt(m, d).weight.times(featureAt(m, d).wr.dot(featureAt(m, d).wr))));

export const isRational = ({ from, to }: Root): boolean => from.equals(to);

type Held = readonly boolean[];
type Keys = readonly string[];

/**
 * The features on which the pattern holds an inactive neuron down only by its rivals: under Top-k, where k are active. There z may
 * be positive, below theirs; the inequalities are strict, so they have no multipliers and small changes wake nothing.
 */
export function held({ activation, features }: Instance, pattern: Pattern): Held {
  const k = activation.kind === 'topk' ? activation.k : undefined;
  return carriers(pattern, features.length).map((count) => k !== undefined && count >= k);
}

/** Refuses unless sigma is ReLU, JumpReLU or Top-k and the sets of these neurons meet no other. */
export function checkSeparate(m: Instance, pattern: Pattern, neurons: readonly number[], node: Node): void {
  if (!['relu', 'jumprelu', 'topk'].includes(m.activation.kind)) {
    invalid('wrong-rule', `${node.path}.rule`, 'ReLU, JumpReLU or Top-k', m.activation.kind);
  }
  const counts = carriers(pattern, m.features.length);
  for (const i of neurons) {
    const set = pattern[i] ?? [];
    const alone = set.every((d) => counts[d] === 1);
    const weighted = set.some((d) => featureAt(m, d).weight.sign() > 0);
    if (!alone || !weighted) {
      invalid('not-a-partition', node.path, 'sets with some positive weight that do not meet', patternText(pattern));
    }
  }
}

/** x -> matrix x on elements, for a symmetric matrix. */
export const image = (matrix: Matrix, x: Element): Element =>
  x.map((c) => combine(c.entries(), matrix, matrix[0]?.length ?? 0));

/** (A - lambda B) x */
export function pencilImage(a: Matrix, b: Matrix, x: Element): Element {
  return plusLambda(image(a, x), negated(image(b, x)));
}

const inputsOf = (m: Instance): Matrix => m.features.map((f) => f.wp);

/** sum_d x_d w_d for an element x with an entry for each feature. */
export const inputCombination = (m: Instance, x: Element): Element =>
  x.map((c) => combine(c.entries(), inputsOf(m), m.np));

/** <x, w_d> for every feature. */
export const preActivations = (m: Instance, x: Element): Element =>
  x.map((c) => Vector.of(m.features.map((f) => f.wp.dot(c))));

/** <x, w_d> - theta for every feature. */
export const aboveThreshold = (m: Instance, x: Element): Element =>
  minusElement(preActivations(m, x), [Vector.of(m.features.map(() => thresholdOf(m)))]);

const negated = (x: Element): Element => x.map((c) => c.negated());
export const minusElement = (x: Element, y: Element): Element => plus(x, negated(y));

/** Refuses unless the row of a neuron with an empty set is below the threshold, off all kinks. */
export function checkAsleep(m: Instance, node: Node): void {
  const e = node.vector(m.np);
  const d = m.features.findIndex((f) => f.wp.dot(e).compare(thresholdOf(m)) >= 0);
  if (d >= 0) invalid('at-a-kink', node.path, `<e, w_${d + 1}> < theta`, 'another');
}

const scaled = (v: Vector, by: Interval): Interval[] => v.entries().map((x) => multiplied(point(x), by));
const minus = (a: Interval, b: Interval): Interval => [a[0].minus(b[1]), a[1].minus(b[0])];

/** Reads one live neuron, and refuses unless its row is critical; rivals are compared afterwards. */
function readLive(m: Instance, set: Pattern[number], rivals: Held, neuron: number, node: Node, extra: Keys): Live {
  const parts = node.fields(['lambda', 'e', 'mu'], extra);
  // Just one of the keys.
  const key = extra.find((name) => node.members().has(name)) ?? extra[0];
  const more = key === undefined ? undefined : node.fields(['lambda', 'e', 'mu', key])[key];
  const n = m.features.length;
  const lambda = readRoot(parts.lambda);
  const e = readElement(parts.e, m.np);
  const mu = readElement(parts.mu, n);
  const above = signs(aboveThreshold(m, e), lambda, n, parts.e);
  above.forEach((sign, d) => {
    if (set.includes(d) ? sign <= 0 : sign > 0 && !rivals[d]) {
      const side = set.includes(d) ? '> theta' : '<= theta';
      invalid('wrong-pattern', parts.e.path, `<e, w_${d + 1}> ${side}, or > 0, <= 0`, `sign ${sign}`);
    }
  });
  const kinks = above.flatMap((sign, d) => (sign === 0 && !rivals[d] ? [d] : []));
  const muSigns = signs(mu, lambda, n, parts.mu);
  muSigns.forEach((sign, t) => {
    if (sign < 0 || (sign > 0 && (!kinks.includes(t) || thresholdOf(m).sign() > 0))) {
      invalid('wrong-multiplier', parts.mu.path, `mu_${t + 1} >= 0, and 0 off the kinks`, `sign ${sign}`);
    }
  });
  const { a, b, c } = pencil(m, set);
  if (!isZeroAt(minusElement(pencilImage(a, b, e), inputCombination(m, mu)), lambda)) {
    invalid('not-critical', node.path, '(A - lambda B) e = sum of mu_t w_t', 'another vector');
  }
  const row = enclosures(e, lambda, m.np);
  const rows = (matrix: Matrix): Interval[] => matrix.map((v) => dot(scaled(v, point(ONE)), row));
  const s = dot(row, rows(b));
  if (s[0].sign() <= 0) invalid('too-wide', node.path, 'an interval that shows e^T B e > 0', `${s[0]}`);
  const inverse: Interval = [ONE.over(s[1]), ONE.over(s[0])];
  return {
    neuron,
    set,
    lambda,
    e: row,
    row: e,
    force: mu,
    z: enclosures(preActivations(m, e), lambda, n),
    kinks,
    muSigns,
    mu: enclosures(mu, lambda, n),
    s,
    u: rows(c).map((x) => multiplied(x, inverse)),
    lossless: isRational(lambda) && lambda.from.equals(wholeLoss(m, set)),
    more: key !== undefined && more ? { key, node: more } : undefined,
  };
}

/** A neuron with an empty set: any row that is above the threshold on no feature, any decoder column. */
function readDead(m: Instance, rivals: Held, neuron: number, node: Node): Unit {
  const parts = node.fields(['e', 'u']);
  const e = parts.e.vector(m.np);
  const above = m.features.map((f) => f.wp.dot(e).compare(thresholdOf(m)));
  const on = above.findIndex((sign) => sign > 0);
  if (on >= 0) invalid('wrong-pattern', parts.e.path, `<e, w_${on + 1}> <= 0, or theta`, 'a larger one');
  const kinks = above.flatMap((sign, d) => (sign === 0 && !rivals[d] ? [d] : []));
  return { neuron, kinks, u: parts.u.vector(m.nr).entries().map(point) };
}

/** Refuses unless, where rivals hold the others down (Top-1, as the sets do not meet), each neuron is above the others on its set. */
function checkRanks(rivals: Held, live: readonly Live[], node: Node): void {
  for (const { neuron, set, z } of live) {
    for (const other of live) {
      const d = set.find(
        (d) => other.neuron !== neuron && rivals[d] && z[d]?.[0].compare(other.z[d]?.[1] ?? ZERO) !== 1,
      );
      if (d === undefined) continue;
      invalid('wrong-pattern', node.path, `z of neuron ${neuron + 1} above ${other.neuron + 1}`, `on feature ${d + 1}`);
    }
  }
}

/** Reads `live` and `dead`, in the order of the neurons; each live neuron has one of the keys `extra` besides, if there are any. */
export function readCriticalPoint(
  m: Instance,
  pattern: Pattern,
  at: { readonly live: Node; readonly dead: Node },
  extra: readonly string[] = [],
): CriticalPoint {
  const neurons = pattern.map((_, i) => i);
  const liveAt = neurons.filter((i) => (pattern[i]?.length ?? 0) > 0);
  const deadAt = neurons.filter((i) => pattern[i]?.length === 0);
  checkSeparate(m, pattern, liveAt, at.live);
  const rivals = held(m, pattern);
  const items = at.live.items(liveAt.length);
  const live = liveAt.map((i, k) => readLive(m, pattern[i] ?? [], rivals, i, items[k] as Node, extra));
  const dead = at.dead.items(deadAt.length).map((node, k) => readDead(m, rivals, deadAt[k] as number, node));
  checkRanks(rivals, live, at.live);
  const residuals = m.features.map((f, d): readonly Interval[] | undefined => {
    const owner = live.find(({ set }) => set.includes(d));
    if (f.weight.sign() === 0 || owner?.lossless || (!owner && f.wr.isZero())) return undefined;
    const target = f.wr.entries().map(point);
    if (!owner) return target;
    const z = dot(f.wp.entries().map(point), owner.e);
    return target.map((r, k) => minus(r, multiplied(z, owner.u[k] as Interval)));
  });
  const whole = wholeLoss(
    m,
    m.features.map((_, d) => d),
  );
  const loss = live.reduce<Interval>((rest, { lambda }) => minus(rest, [lambda.from, lambda.to]), point(whole));
  return { live, dead, residuals, loss: [loss[0].sign() < 0 ? ZERO : loss[0], loss[1]] };
}

/** -M_t <rho_t, u> at a kink of a neuron: half the first-order price of waking there; undefined where nothing can be gained. */
export function price(
  m: Instance,
  { residuals }: CriticalPoint,
  t: number,
  u: readonly Interval[],
): Interval | undefined {
  const rho = residuals[t];
  return rho && multiplied(dot(rho, u), point(featureAt(m, t).weight.negated()));
}

/** Whether the point is on a face of Omega_P: with a multiplier mu_t > 0, so that its gradient is not 0. */
export const onFace = ({ live }: CriticalPoint): boolean =>
  live.some(({ muSigns }) => muSigns.some((sign) => sign !== 0));

/** Ends of L~, which is at least 0. */
export const lossBounds = ([least, most]: Interval): Bounds => [`${least.sign() < 0 ? ZERO : least}`, `${most}`];
