/**
 * The arithmetic of integer points that cones need, twice: in doubles, exact because every result is bounded before it is
 * formed, and in bigints for what does not fit. Entries of a point are coprime.
 */
import { gcd } from '../../kernel/numbers/rational.ts';

/** Points V and their products with the arrangement's vectors, S. */
export interface Arithmetic<V, S> {
  readonly dimension: number;
  /** The unit point number k. */
  unit(k: number): V;
  /** <v_d, x> */
  product(d: number, x: V): S;
  sign(s: S): number;
  negate(x: V): V;
  opposite(s: S): S;
  /** A positive multiple of a y - b x, for b < 0: for a = <v,x>, b = <v,y> the point of their span with <v, .> = 0. */
  combine(x: V, a: S, y: V, b: S): V;
  integers(x: V): bigint[];
}

/** Doubles would not be exact; the caller starts again in bigints. */
export class TooLarge extends Error {}

const EXACT = 2 ** 52;

function gcdNumber(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** Undefined if the vectors themselves are too long for doubles. */
export function doubles(vectors: readonly (readonly bigint[])[]): Arithmetic<number[], number> | undefined {
  const rows = vectors.map((row) => row.map(Number));
  const longest = rows.reduce(
    (most, row) =>
      Math.max(
        most,
        row.reduce((sum, x) => sum + Math.abs(x), 0),
      ),
    1,
  );
  if (!(longest < 2 ** 40)) return undefined;
  const dimension = rows[0]?.length ?? 0;
  // Entries up to this have exact products: |<v, x>| <= |v|_1 max |x|.
  const most = Math.floor(EXACT / longest);
  const largest = (x: readonly number[]): number => {
    let found = 0;
    for (let i = 0; i < dimension; i++) found = Math.max(found, Math.abs(x[i] as number));
    return found;
  };
  return {
    dimension,
    unit: (k) => Array.from({ length: dimension }, (_, i) => (i === k ? 1 : 0)),
    product: (d, x) => {
      const row = rows[d] as number[];
      let total = 0;
      for (let i = 0; i < dimension; i++) total += (row[i] as number) * (x[i] as number);
      return total;
    },
    sign: Math.sign,
    negate: (x) => x.map((entry) => (entry === 0 ? 0 : -entry)),
    opposite: (s) => -s,
    combine: (x, a, y, b) => {
      const g = gcdNumber(a, b);
      const [p, q] = [-b / g, a / g];
      if (p * largest(x) + Math.abs(q) * largest(y) > EXACT) throw new TooLarge();
      const point = new Array<number>(dimension).fill(0);
      let common = 0;
      let found = 0;
      for (let i = 0; i < dimension; i++) {
        const entry = p * (x[i] as number) + q * (y[i] as number);
        point[i] = entry;
        if (entry === 0) continue;
        if (common !== 1) common = gcdNumber(common, entry);
        found = Math.max(found, Math.abs(entry));
      }
      if (common > 1) for (let i = 0; i < dimension; i++) point[i] = (point[i] as number) / common;
      if (found / common > most) throw new TooLarge();
      return point;
    },
    integers: (x) => x.map((entry) => BigInt(entry)),
  };
}

export function bigints(vectors: readonly (readonly bigint[])[]): Arithmetic<bigint[], bigint> {
  const dimension = vectors[0]?.length ?? 0;
  return {
    dimension,
    unit: (k) => Array.from({ length: dimension }, (_, i) => (i === k ? 1n : 0n)),
    product: (d, x) => {
      const row = vectors[d] as readonly bigint[];
      let total = 0n;
      for (let i = 0; i < dimension; i++) total += (row[i] as bigint) * (x[i] as bigint);
      return total;
    },
    sign: (s) => (s > 0n ? 1 : s < 0n ? -1 : 0),
    negate: (x) => x.map((entry) => -entry),
    opposite: (s) => -s,
    combine: (x, a, y, b) => {
      const point = x.map((entry, i) => a * (y[i] as bigint) - b * entry);
      const common = point.reduce(gcd, 0n);
      return common > 1n ? point.map((entry) => entry / common) : point;
    },
    integers: (x) => [...x],
  };
}
