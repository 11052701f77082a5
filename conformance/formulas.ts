/**
 * The definitions, in dual numbers. z = W_E (x - b_d) + b_e, x^ = b_d + sum_i a_i u_i, e = x - x^; sums over inputs b and latents i.
 * Which latents are active counts as constant.
 */
import { ONE, Rational } from '../src/kernel/numbers/rational.ts';
import {
  constant,
  type Dual,
  dot,
  frozen,
  length,
  mean,
  minus,
  none,
  one,
  over,
  plus,
  squared,
  times,
  total,
  whole,
} from './dual.ts';
import type { Settings } from './models.ts';

export type Row = readonly Dual[];
export type Table = readonly Row[];

export interface At {
  readonly we: Table;
  readonly be: Row;
  readonly wd: Table;
  readonly bd: Row;
  readonly theta: Row;
  readonly r_mag: Row;
  readonly b_mag: Row;
  readonly x: Table;
  readonly subtracts: boolean;
  readonly settings: Settings;
  /** Directions of the true features, and on which inputs each is. */
  readonly truth: { readonly directions: Table; readonly active: readonly (readonly number[])[] };
}

const at = (row: Row, i: number): Dual => row[i] ?? none;
const positive = ({ v }: Dual): boolean => v.sign() > 0;
const above = (a: Dual, b: Dual): boolean => a.v.compare(b.v) > 0;
export const given = (text: string | undefined): Dual => constant(Rational.parse(text ?? '') ?? missing());
function missing(): never {
  throw new Error('a setting is missing');
}
const count = (n: number | undefined): number => n ?? missing();

/** W_E (x - b_d), or W_E x where b_d is not subtracted. */
const linear = ({ we, bd, x, subtracts }: At): Table =>
  x.map((input) => {
    const read = subtracts ? input.map((value, k) => minus(value, at(bd, k))) : input;
    return we.map((e) => dot(e, read));
  });
export const preActivations = (m: At): Table => linear(m).map((row) => row.map((value, i) => plus(value, at(m.be, i))));

const rank = (value: Dual, rivals: Row): number => rivals.filter((other) => above(other, value)).length;
const keep = (z: Table, test: (value: Dual, b: number, i: number) => boolean): Table =>
  z.map((row, b) => row.map((value, i) => (test(value, b, i) ? value : none)));

export const relu = (m: At): Table => keep(preActivations(m), positive);

/** After ReLU: fewer than k where fewer are positive. */
export function topK(m: At, k: number): Table {
  const z = preActivations(m);
  return keep(z, (value, b) => positive(value) && rank(value, z[b] ?? []) < k);
}

/** The k B largest of the batch, after ReLU. */
export function batchTopK(m: At): Table {
  const z = preActivations(m);
  return keep(z, (value) => positive(value) && rank(value, z.flat()) < count(m.settings.k) * z.length);
}

/** The k_aux largest among the dead, after ReLU or not. */
function auxiliary(m: At, pure: boolean): Table {
  const { dead = [], k_aux } = m.settings;
  const z = preActivations(m);
  const rivals = z.map((row) => dead.map((i) => at(row, i)));
  return keep(
    z,
    (value, b, i) => dead.includes(i) && (pure || positive(value)) && rank(value, rivals[b] ?? []) < count(k_aux),
  );
}

export const decode = ({ wd, bd }: Pick<At, 'wd' | 'bd'>, a: Table): Table =>
  a.map((row) =>
    bd.map((bias, k) =>
      plus(
        bias,
        dot(
          row,
          wd.map((u) => at(u, k)),
        ),
      ),
    ),
  );
const differences = (x: Table, y: Table): Table =>
  x.map((row, b) => row.map((value, k) => minus(value, at(y[b] ?? [], k))));
export const errors = (m: At, a: Table): Table => differences(m.x, decode(m, a));
export const meanSquare = (e: Table): Dual => mean(e.map(squared));
export const mse = (m: At, a: Table): Dual => meanSquare(errors(m, a));

const centre = (x: Table): Row => (x[0] ?? []).map((_, k) => mean(x.map((row) => at(row, k))));
const centred = (x: Table): Table => {
  const middle = centre(x);
  return x.map((row) => row.map((value, k) => minus(value, at(middle, k))));
};
/** Mean of |x - mean x|^2. */
export const variance = (x: Table): Dual => meanSquare(centred(x));
export const fvu = (m: At, a: Table): Dual => over(mse(m, a), variance(m.x));
export const unexplainedCentred = (m: At, a: Table): Dual => over(variance(errors(m, a)), variance(m.x));
export function explainedLegacy(m: At, a: Table): Dual {
  const spread = centred(m.x);
  return mean(errors(m, a).map((e, b) => minus(one, over(squared(e), squared(spread[b] ?? [])))));
}

export const active = (a: Table): number[] =>
  (a[0] ?? []).map((_, i) => a.filter((row) => positive(at(row, i))).length);
export const l0 = (a: Table): Dual => over(whole(active(a).reduce((x, y) => x + y, 0)), whole(a.length));
export const l1 = (a: Table): Dual => mean(a.map(total));
/** sum_i a_i |u_i| */
export const l1Weighted = ({ wd }: At, a: Table): Dual => mean(a.map((row) => dot(row, wd.map(length))));

export const meanLength = (e: Table): Dual => mean(e.map(length));
export const meanCosine = (x: Table, y: Table): Dual =>
  mean(x.map((row, b) => over(dot(row, y[b] ?? []), times(length(row), length(y[b] ?? [])))));
export const meanRatio = (x: Table, y: Table): Dual => mean(x.map((row, b) => over(length(y[b] ?? []), length(row))));
/** E |x^|^2 / E <x, x^> */
export const reconstructionBias = (x: Table, y: Table): Dual =>
  over(meanSquare(y), mean(x.map((row, b) => dot(row, y[b] ?? []))));

/** Mean of |e - sum_i a_i u_i|^2 over the auxiliary latents: e is a constant, and there is no bias. */
export function auxK(m: At, pure = false): Dual {
  const e = errors(m, topK(m, count(m.settings.k))).map((row) => row.map(frozen));
  const nothing = m.bd.map(() => none);
  return meanSquare(differences(e, decode({ wd: m.wd, bd: nothing }, auxiliary(m, pure))));
}
/** Of the error, which is a constant there. */
export const errorVariance = (m: At): Dual => frozen(variance(errors(m, topK(m, count(m.settings.k)))));

/** sum over prefixes of the mean of |x - b_d - sum_{i < m} a_i u_i|^2 */
export function nested(m: At): Dual {
  const a = batchTopK(m);
  return total(
    (m.settings.prefixes ?? []).map((bound) =>
      mse(
        m,
        a.map((row) => row.map((value, i) => (i < bound ? value : none))),
      ),
    ),
  );
}

/** pi = W_E (x - b_d) + b_gate; a_i = ReLU(exp(r_i) <e_i, x - b_d> + b_mag) where pi_i > 0. exp(s) at 0 is 1 + t. */
export function gated(m: At): { readonly a: Table; readonly gate: Table } {
  const [z, factors] = [preActivations(m), m.r_mag.map(exponential)];
  const magnitudes = linear(m).map((row) => row.map((value, i) => plus(times(at(factors, i), value), at(m.b_mag, i))));
  return {
    a: keep(magnitudes, (value, b, i) => positive(value) && positive(at(z[b] ?? [], i))),
    gate: keep(z, positive),
  };
}
function exponential({ v, d }: Dual): Dual {
  if (v.sign() !== 0) throw new RangeError('exp is rational only at 0');
  return { v: ONE, d };
}
/** What the gate alone makes of the input, by a decoder and bias that are constants. */
export const gateError = (m: At, gate: Table): Dual =>
  mse({ ...m, wd: m.wd.map((u) => u.map(frozen)), bd: m.bd.map(frozen) }, gate);

/** a = z H(z - theta), and H: pseudo-derivatives -(theta / width) K and -(1 / width) K with respect to theta, K = [|z - theta| < width / 2]. */
export function jump(m: At): { readonly a: Table; readonly steps: Table } {
  const width = given(m.settings.bandwidth).v;
  const z = preActivations(m);
  const slope = (value: Dual, i: number): Dual => {
    const twice = value.v.minus(at(m.theta, i).v).times(whole(2).v);
    const inside = twice.compare(width) < 0 && twice.negated().compare(width) < 0;
    return inside ? { v: none.v, d: at(m.theta, i).d.over(width).negated() } : none;
  };
  const on = (value: Dual, i: number): boolean => above(value, at(m.theta, i));
  return {
    a: z.map((row) =>
      row.map((value, i) => plus(on(value, i) ? value : none, times(frozen(at(m.theta, i)), slope(value, i)))),
    ),
    steps: z.map((row) => row.map((value, i) => plus(on(value, i) ? one : none, slope(value, i)))),
  };
}

const size = (a: Dual): Dual => (a.v.sign() < 0 ? minus(none, a) : a);
/** |cos| of each latent's direction with each true one. */
const cosines = ({ wd, truth }: At): Table =>
  wd.map((u) => truth.directions.map((w) => size(over(dot(u, w), times(length(u), length(w))))));
export const nearest = (m: At): number[] =>
  cosines(m).map((row) => row.findIndex((value) => !row.some((other) => above(other, value))));

/** Precision, recall and F1 of each latent as a detector of the feature nearest to it; 0 where a share is of nothing. */
export function detectors(m: At): { readonly precision: Row; readonly recall: Row; readonly f1: Row } {
  const a = relu(m);
  const share = (part: number, of: number): Dual => (of === 0 ? none : over(whole(part), whole(of)));
  const counts = nearest(m).map((d, i) => {
    const on = a.map((row) => positive(at(row, i)));
    const had = m.truth.active.map((list) => list.includes(d));
    const [fired, has] = [on, had].map((list) => list.filter(Boolean).length) as [number, number];
    const both = on.filter((is, b) => is && had[b]).length;
    // 2 p r / (p + r) = 2 both / (fired + has)
    return {
      precision: share(both, fired),
      recall: share(both, has),
      f1: both === 0 ? none : share(2 * both, fired + has),
    };
  });
  return {
    precision: counts.map((count) => count.precision),
    recall: counts.map((count) => count.recall),
    f1: counts.map((count) => count.f1),
  };
}

/** The largest mean of |cos| over matchings of latents with features, by trying them. */
export function mcc(m: At): Dual {
  const table = cosines(m);
  const best = (i: number, taken: readonly number[]): Dual =>
    (table[i] ?? [])
      .map((value, d) => (taken.includes(d) ? none : plus(value, best(i + 1, [...taken, d]))))
      .reduce((x, y) => (above(y, x) ? y : x), none);
  return over(best(0, []), whole(table.length));
}

/** Probability of each input: |e|^4 over the sum of all. */
export function resamplingChances(m: At): Row {
  const chances = errors(m, relu(m)).map((e) => times(squared(e), squared(e)));
  return chances.map((chance) => over(chance, total(chances)));
}
/** What a dead latent gets from each input: x / |x| as its direction, 0.2 times the mean length of living encoder rows as its row. */
export function resampled(m: At): { readonly directions: Table; readonly rows: Table } {
  const { dead = [] } = m.settings;
  const size = times(given('1/5'), meanLength(m.we.filter((_, i) => !dead.includes(i))));
  const directions = m.x.map((row) => row.map((value) => over(value, length(row))));
  return { directions, rows: directions.map((row) => row.map((value) => times(size, value))) };
}

/** sum over dead i of exp(z_i) u_i, without bias. */
export function ghostOutput(m: At): Table {
  const { dead = [] } = m.settings;
  const a = preActivations(m).map((row) => row.map((value, i) => (dead.includes(i) ? exponential(value) : none)));
  return decode({ wd: m.wd, bd: m.bd.map(() => none) }, a);
}
/** Mean of |e - s g|^2, s = |e| / (2 |g|) for each input; e and s are constants. */
export function ghostError(m: At): Dual {
  const e = errors(m, relu(m)).map((row) => row.map(frozen));
  const g = ghostOutput(m);
  const scaled = g.map((row, b) => {
    const s = frozen(over(length(e[b] ?? []), times(whole(2), length(row))));
    return row.map((value) => times(s, value));
  });
  return meanSquare(differences(e, scaled));
}
