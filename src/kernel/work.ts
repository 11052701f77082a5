/**
 * A bound on the work of one check. Arithmetic reports what it is about to cost, in products of two 64-bit words; a certificate that
 * asks for more than the limit is refused, so that a hostile one ends in a rejection and not in hours. Only a check counts: a
 * solver may calculate as long as it likes.
 */
import { invalid } from './rejection.ts';

/** Some minutes. The most that a committed certificate takes is 160,000. */
export const MOST_WORK = 20_000_000_000;

/** What is left to the check that is running, if one is. */
let left: number | undefined;

/** Runs one check with `limit` units to spend. */
export function bounded<T>(check: () => T, limit: number = MOST_WORK): T {
  left = limit;
  try {
    return check();
  } finally {
    left = undefined;
  }
}

export function spend(units: number): void {
  if (left === undefined) return;
  left -= units;
  if (left < 0) invalid('too-much-work', '$', `at most ${MOST_WORK} products of 64-bit words`, 'more');
}

const WORD = 1n << 64n;

/** The 64-bit words of x, or one more. */
export function words(x: bigint): number {
  return x < WORD && x > -WORD ? 1 : (x.toString(16).length >> 4) + 1;
}
