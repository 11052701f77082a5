/**
 * What decides whether a latent is on: margins s_i(x) = <e_i, x> + c_i with c_i = b_i - [b_dec subtracted] <e_i, b_dec> - max(theta_i, 0),
 * all of it from the numbers of the file, which are dyadic. ReLU, JumpReLU: on where s_i > 0. Top-k: and among the k largest.
 */
import { type Rational, ZERO } from '../kernel/numbers/rational.ts';
import type { Floats, Rows } from '../train/backend/backend.ts';
import { TrainProblem } from '../train/backend/problem.ts';
import { double } from '../train/checkpoint/double.ts';
import { exactly } from '../train/checkpoint/exactModel.ts';
import type { FileModel } from '../train/checkpoint/foreign.ts';
import { type ExactRow, exactDot, exactRow } from './exactRow.ts';

export interface Encoder {
  readonly latents: number;
  readonly inputs: number;
  /** e_i, latents x inputs. */
  readonly rows: Float64Array;
  /** c_i, rounded once. */
  readonly constants: Float64Array;
  /** |e_i|, from above. */
  readonly norms: Float64Array;
  /** max(theta_i, 0), as stored. */
  readonly thresholds: Float64Array;
  /** Of Top-k. */
  readonly k?: number;
  /** What Top-k ranks by beside the margin: |u_i| near it, exactly its square. */
  readonly ranks?: { readonly norms: Float64Array; readonly square: (i: number) => Rational };
  readonly exactRow: (i: number) => ExactRow;
  readonly exactConstant: (i: number) => Rational;
}

/** The unit of rounding to nearest, and the least positive double. */
export const UNIT: number = 2 ** -53;
const LEAST = 2 ** -1074;

/** Whether rows of inputs are all it takes to compare outputs with. */
export const reconstructs = ({ shape, weights, across }: FileModel): boolean =>
  shape.np === shape.nr && !weights.skip && across !== true;

export function encoderOf({ method, shape, weights }: FileModel, file = 'model'): Encoder {
  if (method.kind === 'gated') {
    refuse(file, 'gated, where the activation has the irrational factor exp(r_mag)');
  }
  if (method.kind === 'batchtopk' || method.kind === 'matryoshka') {
    refuse(file, `${method.kind}, which ranks across a batch: which latents are on depends on the other rows`);
  }
  const { np: inputs, nq: latents } = shape;
  const { we, wd, be, bd, theta, subtracts, ranksByNorm } = weights;
  const rows = dense(we);
  const own = cached((i) => exactRow(rows.subarray(i * inputs, (i + 1) * inputs)));
  const shift = subtracts === true ? exactRow(bd.subarray(0, inputs)) : undefined;
  const exactConstant = cached((i) => {
    const bias = exactly(be[i] as number).minus(exactly(Math.max(0, theta?.[i] ?? 0)));
    return shift ? bias.minus(exactDot(own(i), shift)) : bias;
  });
  const each = (value: (i: number) => number): Float64Array =>
    Float64Array.from({ length: latents }, (_, i) => value(i));
  const columns = ranksByNorm === true ? dense(wd) : undefined;
  const column = (i: number): Float64Array => (columns as Float64Array).subarray(i * wd.columns, (i + 1) * wd.columns);
  return {
    latents,
    inputs,
    rows,
    constants: each((i) => nearest(exactConstant(i))),
    norms: each((i) => lengthAbove(rows.subarray(i * inputs, (i + 1) * inputs))),
    thresholds: each((i) => Math.max(0, theta?.[i] ?? 0)),
    ...(method.kind === 'topk' && { k: method.k }),
    ...(columns && {
      ranks: {
        norms: each((i) => lengthAbove(column(i))),
        square: cached((i) => {
          const u = exactRow(column(i));
          return exactDot(u, u);
        }),
      },
    }),
    exactRow: own,
    exactConstant,
  };
}

function refuse(file: string, found: string): never {
  const next = 'SAELens saves a finished BatchTopK run as jumprelu; gated models: "dictum metrics --components".';
  throw new TrainProblem('not-read', 'method', 'relu, jumprelu or topk', found, file, next);
}

function dense({ rows, columns, stride, data }: Rows): Float64Array {
  if (stride === columns && data instanceof Float64Array) return data.subarray(0, rows * columns);
  const all = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) all.set(data.subarray(i * stride, i * stride + columns), i * columns);
  return all;
}

function cached<T>(make: (i: number) => T): (i: number) => T {
  const made = new Map<number, T>();
  return (i) => {
    const known = made.get(i);
    if (known !== undefined) return known;
    const value = make(i);
    made.set(i, value);
    return value;
  };
}

/** The length of a row or a little more; entries of any size. */
export function lengthAbove(row: Floats): number {
  let most = 0;
  for (const x of row) most = Math.max(most, Math.abs(x));
  if (most === 0) return 0;
  let squares = 0;
  for (const x of row) squares += (x / most) ** 2;
  // Each quotient, square and sum errs by a few units; the quotient may lose digits below 2^-1022 relative to 1.
  return most * Math.sqrt(squares * (1 + (row.length + 8) * UNIT) + row.length * 2 ** -1000) * (1 + 8 * UNIT) + LEAST;
}

/** The double next to a rational, never 0 for one that is not. */
export function nearest(x: Rational): number {
  const value = double(x);
  return value === 0 && x.num !== 0n ? x.sign() * LEAST : value;
}

/** A row to be decided: its numbers, near them if `rounded`, and exactly. */
export interface Input {
  readonly values: Float64Array;
  /** From above. */
  readonly length: number;
  readonly rounded: boolean;
  readonly exact: () => ExactRow;
}

/** Counted over many rows. */
export interface Tally {
  /** Signs that the bound did not settle: decided in integers. */
  exact: number;
  /** Margins so near 0 that 32-bit arithmetic may see the other sign. */
  near: number;
  /** Comparisons of Top-k that were decided in rationals. */
  compared: number;
}

export const tallyOf = (): Tally => ({ exact: 0, near: 0, compared: 0 });

export const marginOf = (e: Encoder, i: number, x: ExactRow): Rational =>
  exactDot(e.exactRow(i), x).plus(e.exactConstant(i));

/**
 * Makes margins of the products <e_i, x>, in place, each with its exact sign. The product of n terms, in any order of summation and
 * also with fused steps, errs by at most n u/(1 - n u) |e_i||x|, u = 2^-53 (Higham, Accuracy and Stability, section 3.1, and Cauchy
 * and Schwarz); c_i by u |c_i|, the sum by u (|s| + ...): together less than (n + 8) u (|e_i||x| + |c_i|), but for products below 2^-1022,
 * which lose less than 2^-1074 each. A rounded row adds u |e_i||x|. Where |s_i| is not above that, integers decide.
 */
export function settle(e: Encoder, products: Float64Array, x: Input, tally: Tally): void {
  const relative = (e.inputs + (x.rounded ? 12 : 8)) * UNIT;
  const tiny = (e.inputs + 8) * LEAST;
  const { constants, norms } = e;
  const { length } = x;
  for (let i = 0; i < e.latents; i++) {
    const c = constants[i] as number;
    const s = (products[i] as number) + c;
    const size = (norms[i] as number) * length + Math.abs(c);
    const most = relative * size * 1.0000001 + tiny * (x.rounded ? 1 + (norms[i] as number) : 1);
    if (s > most || s < -most) {
      products[i] = s;
      if (Math.abs(s) <= most * FLOAT32) tally.near++;
    } else {
      products[i] = nearest(length === 0 ? e.exactConstant(i) : marginOf(e, i, x.exact()));
      tally.exact++;
      tally.near++;
    }
  }
}

/** A rounding of 32 bits in those of 64. */
const FLOAT32 = 2 ** 29;

/** Of a row: the latents that are on, in increasing order, and those that share the last place of Top-k exactly. */
export interface On {
  readonly on: readonly number[];
  /** As many of the first as there is room for are in `on`. */
  readonly tied?: readonly number[];
}

/** Which latents are on, from margins with exact signs. */
export function latentsOn(e: Encoder, margins: Float64Array, x: Input, tally: Tally): On {
  const on: number[] = [];
  for (let i = 0; i < e.latents; i++) if ((margins[i] as number) > 0) on.push(i);
  return e.k === undefined || on.length <= e.k ? { on } : largest(e, e.k, on, margins, x, tally);
}

/** The k that rank first; what floats cannot tell apart is compared exactly. */
function largest(
  e: Encoder,
  k: number,
  positive: readonly number[],
  margins: Float64Array,
  x: Input,
  tally: Tally,
): On {
  const value = (i: number): number => (margins[i] as number) * (e.ranks?.norms[i] ?? 1);
  const relative = (e.inputs + 32) * UNIT;
  const error = (i: number): number => {
    const rank = e.ranks?.norms[i] ?? 1;
    return (
      relative * ((e.norms[i] as number) * x.length + Math.abs(e.constants[i] as number)) * rank * 1.0000001 +
      (e.inputs + 8) * LEAST * (1 + rank) * (1 + (x.rounded ? (e.norms[i] as number) : 0)) +
      (rank === 1 ? 0 : value(i) * (e.inputs + 32) * UNIT)
    );
  };
  const sorted = [...positive].sort((a, b) => value(b) - value(a) || a - b);
  const worst = sorted.reduce((most, i) => Math.max(most, error(i)), 0);
  const [last, next] = [value(sorted[k - 1] as number), value(sorted[k] as number)];
  if (last - next > 2.5 * worst) return { on: sorted.slice(0, k).sort((a, b) => a - b) };
  // Between the two values, give or take the errors, all is open; above it is on.
  const sure = sorted.filter((i) => value(i) > last + 2.5 * worst);
  const open = sorted.filter((i) => value(i) <= last + 2.5 * worst && value(i) >= next - 2.5 * worst);
  const exact = x.exact();
  const keys = new Map(
    open.map((i) => {
      const s = x.length === 0 ? e.exactConstant(i) : marginOf(e, i, exact);
      // Norms are compared by their squares: all of these are positive.
      return [i, e.ranks ? s.times(s).times(e.ranks.square(i)) : s];
    }),
  );
  tally.compared += open.length;
  const key = (i: number): Rational => keys.get(i) ?? ZERO;
  const ordered = [...open].sort((a, b) => key(b).compare(key(a)) || a - b);
  const room = k - sure.length;
  const level = key(ordered[room - 1] as number);
  const tied = ordered.filter((i) => key(i).equals(level));
  const isTie = room < ordered.length && key(ordered[room] as number).equals(level);
  return {
    on: [...sure, ...ordered.slice(0, room)].sort((a, b) => a - b),
    ...(isTie && { tied: tied.sort((a, b) => a - b) }),
  };
}

/** What latent i gives out where it is on. */
export const activation = (e: Encoder, margins: Float64Array, i: number): number =>
  (margins[i] as number) + (e.thresholds[i] as number);

/** The same exactly, of a latent that is on. */
export const exactActivation = (e: Encoder, i: number, x: ExactRow): Rational =>
  marginOf(e, i, x).plus(exactly(e.thresholds[i] as number));

/** <e_i, x> of one row. */
export function productsOf(e: Encoder, x: Float64Array, out: Float64Array): void {
  const { inputs, latents, rows } = e;
  for (let i = 0; i < latents; i++) {
    let total = 0;
    for (let k = 0, at = i * inputs; k < inputs; k++, at++) total += (rows[at] as number) * (x[k] as number);
    out[i] = total;
  }
}
