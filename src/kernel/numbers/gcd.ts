/**
 * The greatest common divisor (Lehmer 1938; Knuth, TAOCP 2, algorithm 4.5.2 L). The leading bits of both numbers tell the next
 * quotients of Euclid's algorithm; what they make together is one matrix, applied to the long numbers once. Every such matrix is a product
 * of exchanges and subtractions of multiples, so the divisors in common stay the same whatever the leading bits told.
 */
import { spend, words } from './work.ts';

/** Leading bits taken, so that every product below stays under 2^53. */
const LEADING = 50;
const SMALL = 1n << 53n;
const FEW = 2 ** 25;

function ofNumbers(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

const size = (x: bigint): bigint => (x < 0n ? -x : x);

export function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [size(a), size(b)];
  if (x < y) [x, y] = [y, x];
  if (x < SMALL) {
    spend(200);
    return BigInt(ofNumbers(Number(x), Number(y)));
  }
  const [longer, shorter] = [words(x), words(y)];
  // Once x by y; then two and a half matrices to a word of y, each of four products by a short number.
  spend(2 * (longer - shorter + 1) * shorter + shorter * (4000 + 20 * shorter));
  /** How far the leading bits of x are from the last. */
  let from = 64 * longer - LEADING;
  while (y >= SMALL) {
    let top = Number(x >> BigInt(from));
    while (top < FEW) {
      from -= 25;
      top = Number(x >> BigInt(from));
    }
    const [p, q, r, s] = quotients(top, Number(y >> BigInt(from)));
    if (q === 0) [x, y] = [y, x % y];
    else {
      const [P, Q, R, S] = [BigInt(p), BigInt(q), BigInt(r), BigInt(s)];
      [x, y] = [size(P * x + Q * y), size(R * x + S * y)];
      if (x < y) [x, y] = [y, x];
    }
  }
  return y === 0n ? x : BigInt(ofNumbers(Number(y), Number(x % y)));
}

/** The matrix ((p, q), (r, s)) of as many steps of Euclid's algorithm as the leading bits are sure of; q = 0 if of none. */
function quotients(x: number, y: number): [p: number, q: number, r: number, s: number] {
  let [top, next] = [x, y];
  let [p, q, r, s] = [1, 0, 0, 1];
  while (next + r !== 0 && next + s !== 0) {
    const rest = (top + p) % (next + r);
    const by = (top + p - rest) / (next + r);
    if (by !== (top + q - ((top + q) % (next + s))) / (next + s)) break;
    [p, q, r, s] = [r, s, p - by * r, q - by * s];
    [top, next] = [next, top - by * next];
  }
  return [p, q, r, s];
}
