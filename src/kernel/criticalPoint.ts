/**
 * Critical points of L~ on a pattern whose sets do not meet (ReLU): for each live neuron an encoder row e over Q(lambda), and the
 * decoder that is best for it. With A, B, C the pencil of its features F and s = e^T B e, u = C e / s and
 * (A - lambda B) e = sum_t mu_t w_t, where mu_t >= 0 only at the kinks t (off F, <e, w_t> = 0). Then lambda = e^T A e / s, as <e, w_t> = 0
 * where mu_t is not, grad_e L~ = -(2/s) sum mu_t w_t, and L~ = sum_d M_d |r_d|^2 - sum lambda. On Omega_P, where <e', w_t> <= 0, this
 * gradient has a product >= 0 with e' - e: as L~ is convex in each block there (Theorem 3.2), each block is optimal given the other.
 */
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
  readElement,
  readRoot,
  signs,
} from './algebraic.ts';
import { featureAt, type Instance, type Pattern } from './instance.ts';
import { patternText, pencil } from './model.ts';
import type { Node } from './node.ts';
import { ONE, Rational, sum, ZERO } from './rational.ts';
import { invalid } from './rejection.ts';
import { combine, type Matrix, Vector } from './vector.ts';

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
  /** Signs of mu, and enclosures, for every feature. */
  readonly muSigns: readonly (-1 | 0 | 1)[];
  readonly mu: readonly Interval[];
  readonly s: Interval;
  /** All its features are reconstructed: lambda = sum_F M_d |r_d|^2. */
  readonly lossless: boolean;
  /** What the caller's rule asks for beyond the point. */
  readonly more: Node | undefined;
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

/** Refuses unless sigma is ReLU and the sets do not meet; with `neuron`, those that neuron's set meets. */
export function checkSeparate(m: Instance, pattern: Pattern, neurons: readonly number[], node: Node): void {
  if (m.activation.kind !== 'relu') invalid('wrong-rule', `${node.path}.rule`, 'ReLU', m.activation.kind);
  for (const i of neurons) {
    const set = pattern[i] ?? [];
    const alone = set.every((d) => pattern.filter((other) => other.includes(d)).length === 1);
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
  return plusLambda(
    image(a, x),
    image(b, x).map((c) => c.negated()),
  );
}

const inputsOf = (m: Instance): Matrix => m.features.map((f) => f.wp);

/** sum_d x_d w_d for an element x with an entry for each feature. */
export const inputCombination = (m: Instance, x: Element): Element =>
  x.map((c) => combine(c.entries(), inputsOf(m), m.np));

/** <x, w_d> for every feature. */
export const preActivations = (m: Instance, x: Element): Element =>
  x.map((c) => Vector.of(m.features.map((f) => f.wp.dot(c))));

export const minusElement = (x: Element, y: Element): Element =>
  Array.from({ length: Math.max(x.length, y.length) }, (_, k) => {
    const [a, b] = [x[k], y[k]];
    return a && b ? a.minus(b) : (a ?? (b as Vector).negated());
  });

const scaled = (v: Vector, by: Interval): Interval[] => v.entries().map((x) => multiplied(point(x), by));
const minus = (a: Interval, b: Interval): Interval => [a[0].minus(b[1]), a[1].minus(b[0])];

/** Reads one live neuron, and refuses unless its row is critical. */
function readLive(m: Instance, neuron: number, set: readonly number[], node: Node, extra: string | undefined): Live {
  const parts = node.fields(['lambda', 'e', 'mu'], extra === undefined ? [] : [extra]);
  const n = m.features.length;
  const lambda = readRoot(parts.lambda);
  const e = readElement(parts.e, m.np);
  const mu = readElement(parts.mu, n);
  const z = signs(preActivations(m, e), lambda, n, parts.e);
  z.forEach((sign, d) => {
    if (set.includes(d) !== sign > 0) {
      invalid('wrong-pattern', parts.e.path, `<e, w_${d + 1}> ${set.includes(d) ? '> 0' : '<= 0'}`, `sign ${sign}`);
    }
  });
  const muSigns = signs(mu, lambda, n, parts.mu);
  muSigns.forEach((sign, t) => {
    if (sign < 0 || (sign > 0 && z[t] !== 0)) {
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
    kinks: z.flatMap((sign, d) => (sign === 0 ? [d] : [])),
    muSigns,
    mu: enclosures(mu, lambda, n),
    s,
    u: rows(c).map((x) => multiplied(x, inverse)),
    lossless: isRational(lambda) && lambda.from.equals(wholeLoss(m, set)),
    more: extra === undefined ? undefined : node.fields(['lambda', 'e', 'mu', extra])[extra],
  };
}

/** A neuron with an empty set: any row that is positive on no feature, any decoder column. */
function readDead(m: Instance, neuron: number, node: Node): Unit {
  const parts = node.fields(['e', 'u']);
  const e = parts.e.vector(m.np);
  const z = m.features.map((f) => f.wp.dot(e).sign());
  const on = z.findIndex((sign) => sign > 0);
  if (on >= 0) invalid('wrong-pattern', parts.e.path, `<e, w_${on + 1}> <= 0`, 'a positive one');
  const kinks = z.flatMap((sign, d) => (sign === 0 ? [d] : []));
  return { neuron, kinks, u: parts.u.vector(m.nr).entries().map(point) };
}

/** Reads `live` and `dead`, in the order of the neurons; `extra` is a further key of each live neuron. */
export function readCriticalPoint(
  m: Instance,
  pattern: Pattern,
  at: { readonly live: Node; readonly dead: Node },
  extra?: string,
): CriticalPoint {
  const neurons = pattern.map((_, i) => i);
  const liveAt = neurons.filter((i) => (pattern[i]?.length ?? 0) > 0);
  const deadAt = neurons.filter((i) => pattern[i]?.length === 0);
  checkSeparate(m, pattern, liveAt, at.live);
  const live = at.live.items(liveAt.length).map((node, k) => {
    const i = liveAt[k] as number;
    return readLive(m, i, pattern[i] ?? [], node, extra);
  });
  const dead = at.dead.items(deadAt.length).map((node, k) => readDead(m, deadAt[k] as number, node));
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

/** `2/5`, or `0.1339...` for an enclosure narrower than that shows. */
export function lossText([least, most]: Interval): string {
  if (least.equals(most)) return `${least}`;
  const digits = (x: Rational): string => `${(x.num * 1_000_000n) / x.den}`.padStart(7, '0').replace(/(\d{6})$/, '.$1');
  return `in [${digits(least)}, ${digits(most.plus(Rational.of(1n, 1_000_000n)))}]`;
}
