/**
 * PW-MCC, the pairwise dictionary mean correlation coefficient (Song et al. 2025, arXiv 2505.20254): how alike are the dictionaries of
 * several runs? Of two decoders with rows u_1 .. u_n and v_1 .. v_m, n <= m,
 *
 *   MCC(U, V) = (1/n) max over one-to-one p of sum_i |<u_i, v_p(i)>| / (|u_i| |v_p(i)|),
 *
 * a row of length 0 counted as 0; PW-MCC is the mean over all pairs of runs. With |cosine| it is the MCC that SynthSAEBench has between
 * a decoder and the true directions. What the authors published as code takes cosines with their signs: `signed`, matched for itself.
 */
import { type Rows, rowOf } from '../backend/backend.ts';
import { matching } from './hungarian.ts';
import { cosines, MOST_PAIRS, TAUS } from './similarity.ts';

export interface Agreement {
  /** Rows matched: those of the smaller dictionary. */
  readonly matched: number;
  /** Null where a matching of so many takes too long, as are the others. */
  readonly mcc: number | null;
  readonly signed: number | null;
  /** Share of the matched |cosines| above tau, for each of TAUS. */
  readonly above: readonly number[] | null;
}

export interface Pair extends Agreement {
  /** Places of the two in the list. */
  readonly a: number;
  readonly b: number;
}

export interface Pairwise {
  readonly pairs: readonly Pair[];
  /** PW-MCC; null where a pair has none. */
  readonly mcc: Spread | null;
  readonly signed: Spread | null;
}

/** Of the pairs; they are not independent of each other, as each run is in several. */
export interface Spread {
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

/** Of two dictionaries whose rows are of one dimension. */
export function agreement(u: Rows, v: Rows): Agreement {
  const [few, many] = u.rows <= v.rows ? [u, v] : [v, u];
  const [n, m] = [few.rows, many.rows];
  const none = { matched: n, mcc: null, signed: null, above: null };
  if (n * m > MOST_PAIRS) return none;
  const directions = Array.from({ length: n }, (_, i) => Float64Array.from(rowOf(few, i)));
  const withSigns = cosines(many, directions);
  const values = bestOf(withSigns.map(Math.abs), n, m);
  const signed = bestOf(withSigns, n, m);
  if (!values || !signed) return none;
  const above = TAUS.map((tau) => values.filter((value) => value > tau).length / n);
  return { matched: n, mcc: mean(values), signed: mean(signed), above };
}

/** All pairs of two dictionaries or more. */
export function pairwise(dictionaries: readonly Rows[]): Pairwise {
  const pairs = dictionaries.flatMap((v, b) => dictionaries.slice(0, b).map((u, a) => ({ a, b, ...agreement(u, v) })));
  return { pairs, mcc: spread(pairs.map(({ mcc }) => mcc)), signed: spread(pairs.map(({ signed }) => signed)) };
}

/** The similarities of a matching of largest sum, row by row. */
function bestOf(similarity: Float64Array, n: number, m: number): number[] | undefined {
  const columns = matching(similarity, n, m);
  return columns && Array.from(columns, (column, i) => similarity[i * m + column] as number);
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function spread(values: readonly (number | null)[]): Spread | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0 || known.length < values.length) return null;
  const [least, most] = [(a: number, b: number) => Math.min(a, b), (a: number, b: number) => Math.max(a, b)].map((of) =>
    known.reduce(of),
  ) as [number, number];
  return { mean: mean(known), least, most };
}
