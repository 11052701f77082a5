/**
 * The absorption book of a parent p and its child c: who writes the parent's direction when the parent is alone (P), and who when the child is
 * there (Q). Of P = t w_p latent k writes the share act_k(P) <u_k, r_p> / (t <r_p, r_p>). Of Q = t w_p + t' w_c it writes act_k(Q) <u_k, p#> / t with
 * p# the dual of r_p in the span of both targets: <p#, r_p> = 1, <p#, r_c> = 0. The shares, b_dec's among them, add up to the strength of p
 * in the reconstruction. All of it is exact.
 */
import { ONE, Rational, sum, ZERO } from '../kernel/numbers/rational.ts';
import type { Vector } from '../kernel/numbers/vector.ts';
import { type DecidedAtom, type Dictionary, middle } from './atoms.ts';
import { type Encoder, exactActivation } from './encoder.ts';
import { combined, type ExactRow, exactDot, rationalRow, stretched } from './exactRow.ts';
import type { Pair } from './hierarchy.ts';

/**
 * `lost`: no latent carries the parent even alone. `absorbed`: the carrier falls silent or weak beside the child, others write. `faded`: it does, and
 * none do.
 */
export type Verdict = 'absorbed' | 'faded' | 'kept' | 'lost';

export interface Share {
  readonly latent: number;
  readonly alone: Rational;
  readonly beside: Rational;
  /** On with the child, off without. */
  readonly comes: boolean;
}

export interface Book extends Pair {
  readonly basis: 'directions' | 'labels';
  readonly verdict: Verdict;
  /** The latent with the largest share of the parent alone; none where all are off. */
  readonly carrier?: number;
  /** Of the carrier and of all that come with the child, largest first. */
  readonly shares: readonly Share[];
  /** Of the carrier at P and at Q, and of all that come with the child together. */
  readonly alone: Rational;
  readonly beside: Rational;
  readonly others: Rational;
  /** What b_dec writes. */
  readonly bias: readonly [alone: Rational, beside: Rational];
  /** The carrier's margin is at most 0 beside the child at all strengths; of directions only. */
  readonly silent?: boolean;
  /** The share of the rows with the parent in which the carrier is on, where rows have labels. */
  readonly found?: number;
  /** With labels: rows of the parent alone, and with the child. */
  readonly rows?: readonly [alone: number, beside: number];
}

/** No book: why. */
export interface Closed extends Pair {
  readonly why: string;
}

/** Less than this of the parent alone, and nobody carries it; this much written by those who come makes an absorption. */
export const CARRIED: Rational = Rational.of(1n, 4n);
/** What the carrier keeps beside the child, in parts of what it writes alone: below it, it is not kept. */
export const KEPT: Rational = Rational.of(1n, 2n);

export function verdictOf(alone: Rational, beside: Rational, others: Rational): Verdict {
  if (alone.compare(CARRIED) < 0) return 'lost';
  if (beside.compare(alone.times(KEPT)) >= 0) return 'kept';
  return others.compare(CARRIED) >= 0 ? 'absorbed' : 'faded';
}

/** p# for two targets; undefined where one is a multiple of the other. */
export function dual(p: ExactRow, c: ExactRow): ExactRow | undefined {
  const [pp, pc, cc] = [exactDot(p, p), exactDot(p, c), exactDot(c, c)];
  const det = pp.times(cc).minus(pc.times(pc));
  if (det.sign() === 0) return undefined;
  return combined(p, cc.over(det), c, pc.over(det).negated());
}

/** u_i exactly, and b_dec. */
export interface Decoder {
  readonly exactRow: (i: number) => ExactRow;
  readonly bias: ExactRow;
}

export function bookOf(
  e: Encoder,
  decoder: Decoder,
  d: Dictionary,
  pair: Pair,
  [alone, beside]: readonly [DecidedAtom, DecidedAtom],
): Book | Closed {
  const target = (f: number): ExactRow => rationalRow(d.wr[f] as Vector);
  const [p, c] = [target(pair.parent), target(pair.child)];
  const sharp = dual(p, c);
  if (!sharp)
    return { ...pair, why: 'the two target directions are one line, so that no share can be told from the other' };
  const t = middle(d.strengths);
  const readAlone = stretched(p, ONE.over(t.times(exactDot(p, p))));
  const readBeside = stretched(sharp, ONE.over(t));
  const [on, then] = [new Set(alone.on), new Set(beside.on)];
  const write = (i: number, at: DecidedAtom, is: ReadonlySet<number>, read: ExactRow): Rational =>
    is.has(i) ? exactActivation(e, i, at.input.exact()).times(exactDot(decoder.exactRow(i), read)) : ZERO;
  const all = [...new Set([...alone.on, ...beside.on])].map(
    (latent): Share => ({
      latent,
      alone: write(latent, alone, on, readAlone),
      beside: write(latent, beside, then, readBeside),
      comes: then.has(latent) && !on.has(latent),
    }),
  );
  const bias = [exactDot(decoder.bias, readAlone), exactDot(decoder.bias, readBeside)] as const;
  const book = closeBook(pair, all, bias);
  const silent =
    book.carrier !== undefined &&
    beside.always !== undefined &&
    !beside.always.includes(book.carrier) &&
    !(beside.some ?? []).includes(book.carrier);
  return { ...book, basis: 'directions', ...(beside.always && { silent }) };
}

/** The verdict from the shares. */
export function closeBook(pair: Pair, all: readonly Share[], bias: Book['bias']): Omit<Book, 'basis'> {
  const carrier = all.reduce<Share | undefined>(
    (best, share) => (share.alone.sign() > 0 && (!best || share.alone.compare(best.alone) > 0) ? share : best),
    undefined,
  );
  const others = all.filter(({ comes }) => comes).sort((a, b) => b.beside.compare(a.beside) || a.latent - b.latent);
  const [alone, beside] = [carrier?.alone ?? ZERO, carrier?.beside ?? ZERO];
  const written = sum(others.map((share) => share.beside));
  return {
    ...pair,
    verdict: verdictOf(alone, beside, written),
    ...(carrier && { carrier: carrier.latent }),
    shares: [...(carrier ? [carrier] : []), ...others],
    alone,
    beside,
    others: written,
    bias,
  };
}
