/**
 * The absorption book from labels alone, where no directions are known: v = mean(rows of the parent without any label below it) - mean(rows
 * without the parent) stands for the parent, w = mean(rows of the child) - mean(rows of the parent alone) for the child, and mean activations over
 * those rows less the mean over rows without the parent for activations. Floats look at all latents; the shares that count are exact.
 */
import { Rational, ZERO } from '../kernel/numbers/rational.ts';
import type { Floats } from '../train/backend/backend.ts';
import { double } from '../train/checkpoint/double.ts';
import { exactly } from '../train/checkpoint/exactModel.ts';
import type { Activity } from './activity.ts';
import { type Bits, both, count, countBoth, members } from './bits.ts';
import { type Book, type Closed, closeBook, type Decoder, dual, type Share } from './book.ts';
import type { Encoder } from './encoder.ts';
import { combined, type ExactRow, exactDot, scaled, stretched } from './exactRow.ts';
import { exactSum } from './exactSum.ts';
import type { Pair } from './hierarchy.ts';

/** A latent comes with the child if it is on in more than half of its rows, and in at most half of those of the parent alone. */
const USUAL = 0.5;
/** Shares below this are left to floats: many latents write next to nothing. */
const COUNTS = 0.005;

export interface LabelRows {
  readonly alone: Bits;
  readonly beside: Bits;
  readonly without: Bits;
}

export interface Grounds {
  readonly encoder: Encoder;
  readonly decoder: Decoder;
  readonly activity: Activity;
  readonly means: Means;
  /** u_i as floats, and the mean activation over a group of rows. */
  readonly writes: (i: number, along: Float64Array) => number;
  readonly mean: (i: number, group: keyof LabelRows) => number;
}

export function labelBookOf(g: Grounds, pair: Pair, rows: LabelRows, names: readonly [string, string]): Book | Closed {
  const [alone, beside, without] = [count(rows.alone), count(rows.beside), count(rows.without)];
  const lacks = (what: string): Closed => ({ ...pair, why: `no row has ${what}: nothing to compare` });
  if (alone === 0) return lacks(`${names[0]} without a label below it`);
  if (beside === 0) return lacks(names[1]);
  if (without === 0) return { ...pair, why: `every row has ${names[0]}: nothing to compare` };
  const { encoder: e } = g;
  const meanRow = (group: keyof LabelRows): ExactRow => g.means.row(rows[group]);
  const v = combined(meanRow('alone'), ONE, meanRow('without'), MINUS);
  const w = combined(meanRow('beside'), ONE, meanRow('alone'), MINUS);
  const size = exactDot(v, v);
  const sharp = dual(v, w);
  if (size.sign() === 0 || !sharp) return { ...pair, why: 'the two differences of means are one line' };
  const [readAlone, readBeside] = [stretched(v, ONE.over(size)), sharp];
  const [floatAlone, floatBeside] = [floats(readAlone), floats(readBeside)];
  const usual = (i: number, bits: Bits, of: number): boolean => countBoth(g.activity.on[i] as Bits, bits) > USUAL * of;
  const shares: Share[] = [];
  for (let i = 0; i < e.latents; i++) {
    const base = g.mean(i, 'without');
    const first = (g.mean(i, 'alone') - base) * g.writes(i, floatAlone);
    const then = (g.mean(i, 'beside') - base) * g.writes(i, floatBeside);
    if (Math.abs(first) < COUNTS && Math.abs(then) < COUNTS) continue;
    const u = g.decoder.exactRow(i);
    const level = g.means.activation(i, rows.without);
    const part = (group: 'alone' | 'beside', along: ExactRow): Rational =>
      g.means.activation(i, rows[group]).minus(level).times(exactDot(u, along));
    shares.push({
      latent: i,
      alone: part('alone', readAlone),
      beside: part('beside', readBeside),
      comes: usual(i, rows.beside, beside) && !usual(i, rows.alone, alone),
    });
  }
  // b_dec is in all means alike: its part is in the differences no more.
  return { ...closeBook(pair, shares, [ZERO, ZERO]), basis: 'labels', rows: [alone, beside] };
}

const ONE = Rational.of(1n);
const MINUS = Rational.of(-1n);

const floats = ({ num, exp, den }: ExactRow): Float64Array =>
  Float64Array.from(num, (x) => double(scaled(x, exp, den)));

/** Exact means of rows and of activations over a set of rows; sets that several pairs share are summed once. */
export class Means {
  readonly #encoder: Encoder;
  readonly #activity: Activity;
  readonly #data: Floats;
  readonly #rows = new Map<Bits, ExactRow>();
  readonly #activations = new Map<Bits, Map<number, Rational>>();

  constructor(encoder: Encoder, activity: Activity, data: Floats) {
    this.#encoder = encoder;
    this.#activity = activity;
    this.#data = data;
  }

  row(of: Bits): ExactRow {
    const known = this.#rows.get(of);
    if (known) return known;
    const all = exactSum(this.#data, this.#encoder.inputs, members(of));
    const mean = { ...all, den: all.den * BigInt(count(of)) };
    this.#rows.set(of, mean);
    return mean;
  }

  /** Where latent i is on its margin and its threshold, 0 elsewhere. */
  activation(i: number, of: Bits): Rational {
    const known = this.#activations.get(of) ?? new Map<number, Rational>();
    this.#activations.set(of, known);
    const mean = known.get(i) ?? this.#mean(i, of);
    known.set(i, mean);
    return mean;
  }

  #mean(i: number, of: Bits): Rational {
    const on = members(both(this.#activity.on[i] as Bits, of));
    if (on.length === 0) return ZERO;
    const e = this.#encoder;
    const each = e.exactConstant(i).plus(exactly(e.thresholds[i] as number));
    const all = exactDot(e.exactRow(i), exactSum(this.#data, e.inputs, on));
    return all.plus(each.times(Rational.of(BigInt(on.length)))).over(Rational.of(BigInt(count(of))));
  }
}
