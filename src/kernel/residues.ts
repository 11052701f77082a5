/**
 * Chambers counted with residues modulo a prime, as numbers and not as long integers.
 *
 * r counts, for any vectors over any field, the sum of |mu(X)| over the flats X of their matroid; over the reals these are the
 * chambers (Zaslavsky 1975). It obeys r = 1 + sum_k r(h_1 .. h_(k-1), restricted to h_k) over any field, for it is the value T(2, 0) of the
 * Tutte polynomial, which is 0 where a vector is 0 and does not change where a repeated line is left out.
 *
 * Integer vectors and their residues have the same matroid, so the same r, in two cases:
 * 1. p is larger than every minor: `primeAbove`, by Hadamard's bound. Then a minor is 0 modulo p only if it is 0.
 * 2. Every set of at most d vectors of length d is independent modulo p: `generalPosition`. Then so they are over the rationals,
 *    and r is Cover's number.
 */

/** Residues below 2^22: products of two and sums of such are exact, and tables have 16 MiB at most. */
const MOST_PRIME = 2 ** 22;

/** The largest prime below 2^26: products of two residues, and differences of such, are exact. */
const GENERAL_PRIME = 2 ** 26 - 5;

/** Residues of arrangements kept with their numbers; what is beyond is counted again. */
const MOST_KEPT = 40_000_000;

/** A prime near 2^20. */
const HASHES = 1_048_573;

type Residues = readonly number[];
type Spend = (coordinates: number) => void;

/** Exact, since |x| is below 2^44 wherever this is called. */
const small = (x: bigint): number => Number(x);

function isPrime(p: number): boolean {
  for (let k = 2; k * k <= p; k++) if (p % k === 0) return false;
  return true;
}

/** The least prime above all minors of the rows, which are not 0: none is larger than a product of the longest rows. */
export function primeAbove(rows: readonly (readonly bigint[])[]): number | undefined {
  const limit = BigInt(MOST_PRIME);
  const squares: bigint[] = [];
  for (const row of rows) {
    if (row.some((x) => x >= limit || x <= -limit)) return undefined;
    squares.push(row.reduce((sum, x) => sum + x * x, 0n));
  }
  squares.sort((a, b) => (a > b ? -1 : a < b ? 1 : 0));
  let bound = 1n;
  // A minor has at most as many rows as columns.
  for (const square of squares.slice(0, rows[0]?.length)) {
    bound *= square;
    if (bound >= limit * limit) return undefined;
  }
  const most = small(bound);
  let p = 2;
  while (p * p <= most || !isPrime(p)) p++;
  return p < MOST_PRIME ? p : undefined;
}

const residues = (rows: readonly (readonly bigint[])[], p: number): number[][] =>
  rows.map((row) => row.map((x) => (small(x % BigInt(p)) + p) % p));

/** The coordinates of restrictions that `generalPosition` computes for n vectors of length d, at most. */
export function costOfGeneralPosition(n: number, d: number): number {
  const costs = new Array<number>(d + 1).fill(0);
  /** With each vector in turn as the last, not only the last of all. */
  const sums = new Array<number>(d + 1).fill(0);
  // Of m vectors of length e; those of m - 1 are not overwritten before they are read.
  for (let m = 1; m <= n; m++)
    for (let e = d; e > 0; e--) {
      const last = (m - 1) * (e - 1) + (costs[e - 1] as number);
      sums[e] = (sums[e] as number) + last;
      costs[e] = m <= e ? last : (sums[e] as number);
    }
  return costs[d] as number;
}

/** Whether every set of at most d of the vectors of length d is independent modulo GENERAL_PRIME; if so, it is over the rationals. */
export function generalPosition(rows: readonly (readonly bigint[])[], spend: Spend): boolean {
  const p = GENERAL_PRIME;
  // Vectors are independent just if the last one, h, is not 0 and the others are independent on h's hyperplane.
  const independent = (of: readonly Residues[], d: number): boolean => {
    for (let k = of.length <= d ? Math.max(0, of.length - 1) : 0; k < of.length; k++) {
      const h = of[k] as Residues;
      const i = h.findIndex((x) => x !== 0);
      if (i < 0) return false;
      spend(k * (d - 1));
      const pivot = h[i] as number;
      const restricted = of.slice(0, k).map((row) => {
        const lead = row[i] as number;
        const on: number[] = [];
        for (let j = 0; j < d; j++) {
          if (j === i) continue;
          const x = (pivot * (row[j] as number) - lead * (h[j] as number)) % p;
          on.push(x < 0 ? x + p : x);
        }
        return on;
      });
      if (d > 1 && !independent(restricted, d - 1)) return false;
    }
    return true;
  };
  return independent(residues(rows, p), rows[0]?.length ?? 0);
}

function isSame(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}

/** The inverses of 1 .. p - 1, by p = (p div k) k + (p mod k). */
function inverses(p: number): Int32Array {
  const of = new Int32Array(p);
  of[1] = 1;
  for (let k = 2; k < p; k++) of[k] = p - ((((p - (p % k)) / k) * (of[p % k] as number)) % p);
  return of;
}

/** r of the rows, of which no two are on one line, modulo p = primeAbove(rows), by deletion and restriction; `atLeast` as in `chambers`. */
export function countModulo(
  rows: readonly (readonly bigint[])[],
  p: number,
  spend: Spend,
  atLeast?: (found: bigint) => void,
): bigint {
  const inverse = inverses(p);
  /** By a hash of the lines. */
  const known = new Map<number, { readonly d: number; readonly lines: Int32Array; readonly total: bigint }[]>();
  let kept = 0;
  // Lines lie one after the other in an array, each as its d residues, the first of which that is not 0 is 1.
  const longest = rows[0]?.length ?? 0;
  const found = new Int32Array(rows.length * longest);
  /** Where in `found` a line begins, by a hash of its residues; of this round where `rounds` says so. */
  const slots = 4 * rows.length + 1;
  const [begins, rounds] = [new Int32Array(slots), new Int32Array(slots)];
  let round = 0;
  /** By slope, 0 to p: the last round of `plane` that met it. */
  const met = new Int32Array(p + 1);
  let meeting = 0;

  /** Whether the line of d residues at `to` in `found` is not one of those before it in this round. */
  const isNew = (to: number, d: number, hash: number): boolean => {
    for (let slot = hash; ; slot = (slot + 1) % slots) {
      if (rounds[slot] !== round) {
        [rounds[slot], begins[slot]] = [round, to];
        return true;
      }
      const from = begins[slot] as number;
      let c = 0;
      while (c < d && found[from + c] === found[to + c]) c++;
      if (c === d) return false;
      spend(1);
    }
  };

  /** Puts the lines before number k, on its hyperplane, each once, into `found`; returns how many residues these are. */
  const restrict = (all: Int32Array, k: number, d: number): number => {
    round++;
    const h = k * d;
    let pivot = 0;
    while (all[h + pivot] === 0) pivot++;
    let size = 0;
    for (let j = 0; j < k; j++) {
      const row = j * d;
      const lead = all[row + pivot] as number;
      let [to, factor, hash] = [size, 0, 0];
      for (let c = 0; c < d; c++) {
        if (c === pivot) continue;
        let x = all[row + c] as number;
        if (lead !== 0) x = (x + (p - lead) * (all[h + c] as number)) % p;
        if (factor !== 0) x = (x * factor) % p;
        else if (x !== 0) {
          factor = inverse[x] as number;
          x = 1;
        }
        found[to++] = x;
        hash = (hash * 37 + x) % slots;
      }
      if (isNew(size, d - 1, hash)) size = to;
    }
    return size;
  };

  /** r in dimension 3, where h is cut in as many lines as there are slopes on it, or left whole. */
  const plane = (all: Int32Array, n: number): bigint => {
    let total = 1;
    for (let h = 0; h < 3 * n; h += 3) {
      const pivot = all[h] !== 0 ? 0 : all[h + 1] !== 0 ? 1 : 2;
      const [a, b] = [pivot === 0 ? 1 : 0, pivot === 2 ? 1 : 2];
      const [ha, hb] = [all[h + a] as number, all[h + b] as number];
      let slopes = 0;
      meeting++;
      for (let row = 0; row < h; row += 3) {
        const lead = all[row + pivot] as number;
        let x = all[row + a] as number;
        let y = all[row + b] as number;
        if (lead === 1) {
          x = x < ha ? x - ha + p : x - ha;
          y = y < hb ? y - hb + p : y - hb;
        } else if (lead !== 0) {
          x = (x + (p - lead) * ha) % p;
          y = (y + (p - lead) * hb) % p;
        }
        const slope = x === 0 ? p : (y * (inverse[x] as number)) % p;
        if (met[slope] !== meeting) {
          met[slope] = meeting;
          slopes++;
        }
      }
      total += slopes === 0 ? 1 : 2 * slopes;
    }
    return BigInt(total);
  };

  /** The lines in one order, whichever they came in. */
  const inOrder = (all: Int32Array, n: number, d: number): Int32Array => {
    const begins = Array.from({ length: n }, (_, k) => k * d).sort((x, y) => {
      let c = 0;
      while (c < d && all[x + c] === all[y + c]) c++;
      return c === d ? 0 : (all[x + c] as number) - (all[y + c] as number);
    });
    const sorted = new Int32Array(n * d);
    let to = 0;
    for (const from of begins) for (let c = 0; c < d; c++) sorted[to++] = all[from + c] as number;
    return sorted;
  };

  const count = (all: Int32Array, n: number, d: number): bigint => {
    if (n <= 2) return 1n << BigInt(n);
    if (d === 2) return 2n * BigInt(n);
    if (d === 3) spend((n * (n - 1)) / 2);
    if (d === 3) return plane(all, n);
    spend(n * d);
    const lines = inOrder(all, n, d);
    let hash = d;
    for (const x of lines) hash = (hash * 1021 + x) % HASHES;
    const alike = known.get(hash) ?? [];
    spend(alike.length);
    const before = alike.find((other) => other.d === d && isSame(other.lines, lines));
    if (before) return before.total;
    spend(((n * (n - 1)) / 2) * (d - 1));
    let total = 1n;
    for (let k = 0; k < n; k++) {
      const size = restrict(all, k, d);
      total += count(d === 4 ? found : found.slice(0, size), size / (d - 1), d - 1);
      if (d === longest) atLeast?.(total);
    }
    kept += lines.length;
    if (kept <= MOST_KEPT) {
      known.set(hash, known.get(hash) ?? []);
      known.get(hash)?.push({ d, lines, total });
    }
    return total;
  };

  const lines = residues(rows, p).flatMap((row) => {
    const factor = inverse[row.find((x) => x !== 0) as number] as number;
    return row.map((x) => (x * factor) % p);
  });
  return count(Int32Array.from(lines), rows.length, longest);
}
