/**
 * The number of chambers of a central arrangement by deletion and restriction (Zaslavsky 1975): a hyperplane h cuts as many
 * chambers of the others in two as the others have chambers on it. So r = 1 + sum_k r(h_1 .. h_(k-1), restricted to h_k), and
 * in the plane r is twice the number of lines. Exact, and no inequality is solved. The order of the hyperplanes is free; where those
 * with zeros in front come first, as here, restrictions are repeated most often.
 */
import { gcd } from './rational.ts';
import { invalid } from './rejection.ts';
import { costOfGeneralPosition, countModulo, generalPosition, primeAbove } from './residues.ts';
import { spend, words } from './work.ts';

type Row = readonly bigint[];

/** Coordinates of restrictions modulo a prime, so that no small text makes a long computation. */
export const MAX_COORDINATES = 250_000_000;

/** What an integer coordinate of one word counts for, in coordinates modulo a prime; one of w words w^2 times that. */
const INTEGER = 50;

/** Text of arrangements of integers kept with their numbers, in characters; what is beyond is counted again. */
const MOST_KEPT = 100_000_000;

/** The hyperplanes of rows not 0, each once: by its primitive normal with a positive first entry. */
function distinct(rows: readonly Row[]): Map<string, Row> {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const lead = row.find((x) => x !== 0n);
    if (lead === undefined) continue;
    let g = 0n;
    for (const x of row) if (g !== 1n) g = gcd(g, x);
    const by = lead < 0n ? -g : g;
    const normal = by === 1n ? row : row.map((x) => x / by);
    const key = normal.join();
    if (!found.has(key)) found.set(key, normal);
  }
  return found;
}

/** The row on the hyperplane of h, in the coordinates without number i, where h_i > 0. */
function restricted(row: Row, h: Row, i: number): Row {
  const [pivot, lead] = [h[i] as bigint, row[i] as bigint];
  spend(row.length * (200 + 2 * words(pivot) * words(lead)));
  return row.flatMap((x, j) => (j === i ? [] : [lead === 0n ? x : pivot * x - lead * (h[j] as bigint)]));
}

const size = (x: bigint): bigint => (x < 0n ? -x : x);

/** Entry by entry, by size and then by sign. */
function byEntries(a: Row, b: Row): number {
  const i = a.findIndex((x, j) => x !== b[j]);
  if (i < 0) return 0;
  const [x, y] = [a[i] as bigint, b[i] as bigint];
  return size(x) === size(y) ? (x < y ? -1 : 1) : size(x) < size(y) ? -1 : 1;
}

/** Rejects with `path` what takes more than MAX_COORDINATES. `atLeast` is told how many are found so far: not more than there are. */
export function chambers(rows: readonly Row[], path: string, atLeast?: (found: bigint) => void): bigint {
  const normals = [...distinct(rows).values()].sort(byEntries);
  const [n, d] = [normals.length, normals[0]?.length ?? 0];
  if (n === 0) return 1n;
  if (d === 2) return 2n * BigInt(n);
  let work = 0;
  const charge = (coordinates: number): void => {
    work += coordinates;
    spend(coordinates);
    if (work > MAX_COORDINATES)
      invalid('too-much-work', path, `at most ${MAX_COORDINATES} coordinates of restrictions`, 'more');
  };
  const prime = primeAbove(normals);
  if ((n <= d || prime === undefined) && costOfGeneralPosition(n, d) <= MAX_COORDINATES)
    if (generalPosition(normals, charge)) return coversNumber(n, d);
  if (prime !== undefined) return countModulo(normals, prime, charge, atLeast);
  work = 0;
  return countIntegers(new Map(normals.map((normal) => [normal.join(), normal])), charge);
}

/** By integers, where these are too long for residues. */
function countIntegers(all: ReadonlyMap<string, Row>, charge: (coordinates: number) => void): bigint {
  const known = new Map<string, bigint>();
  let kept = 0;
  const count = (of: ReadonlyMap<string, Row>): bigint => {
    const normals = [...of.values()];
    const d = normals[0]?.length ?? 0;
    if (normals.length === 0) return 1n;
    if (d === 2) return 2n * BigInt(normals.length);
    const key = [...of.keys()].sort().join(';');
    const before = known.get(key);
    if (before !== undefined) return before;
    let longest = 1;
    for (const normal of normals) for (const x of normal) longest = Math.max(longest, words(x));
    charge(((normals.length * (normals.length - 1)) / 2) * (d - 1) * INTEGER * longest * longest);
    let total = 1n;
    normals.forEach((h, k) => {
      const i = h.findIndex((x) => x !== 0n);
      total += count(distinct(normals.slice(0, k).map((row) => restricted(row, h, i))));
    });
    kept += key.length;
    if (kept <= MOST_KEPT) known.set(key, total);
    return total;
  };
  return count(all);
}

/** The most chambers that n hyperplanes have in dimension p, just those in general position: 2 sum_(k<p) C(n-1, k) (Cover 1965). */
export function coversNumber(n: number, p: number): bigint {
  let [total, binomial] = [0n, 1n];
  for (let k = 0; k < p; k++) {
    total += binomial;
    binomial = (binomial * BigInt(n - 1 - k)) / BigInt(k + 1);
  }
  return 2n * total;
}
