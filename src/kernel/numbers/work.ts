/**
 * A bound on the work and on the memory of one check. Arithmetic reports what it is about to cost before it does it, in units of
 * roughly a nanosecond or a product of two 64-bit words; a table reports its size before it is made. A certificate that asks for more
 * than the limit is refused, so that a hostile one ends in a rejection, not in hours or without memory. Only what runs inside `bounded`
 * counts: the producers run their solvers so, each with a limit of its own.
 */
import { invalid, Rejection } from './rejection.ts';

/** Half a minute or less. The most that a committed certificate takes is said in docs/certificate-format.md. */
export const MOST_WORK = 10_000_000_000;

/** 64-bit words of one table, 400 MB, and of all numbers read from one file. */
export const MOST_WORDS = 50_000_000;

interface Meter {
  work: number;
  words: number;
  readonly limit: number;
}

/** What is left to the check that is running, if one is. */
let meter: Meter | undefined;

/** Runs one check with `limit` units to spend. Inside another, what it spends is the other's too, but only its own limit ends it. */
export function bounded<T>(check: () => T, limit: number = MOST_WORK): T {
  const outer = meter;
  const inner: Meter = { work: limit, words: MOST_WORDS, limit };
  meter = inner;
  try {
    return check();
  } finally {
    if (outer) outer.work -= limit - inner.work;
    meter = outer;
  }
}

/** Bounds all that this thread does from now on, or no longer; for a command or a worker, not for a check. */
export function boundThread(limit?: number): void {
  meter = limit === undefined ? limit : { work: limit, words: MOST_WORDS, limit };
}

export function spend(units: number): void {
  if (meter === undefined) return;
  meter.work -= units;
  if (meter.work < 0) invalid('too-much-work', '$', `at most ${meter.limit} units of work`, 'more');
}

/** Room for `words` words that are there at one time. */
export function room(words: number): void {
  if (meter !== undefined && words > MOST_WORDS) tooLong();
}

/** Room for `words` words that stay until the check ends. */
export function keep(words: number): void {
  if (meter === undefined) return;
  meter.words -= words;
  if (meter.words < 0) tooLong();
}

const tooLong = (): never => invalid('too-much-work', '$', `tables of at most ${MOST_WORDS} 64-bit words`, 'more');

/** A rejection that says nothing about what was rejected, only that the limit was met. */
export const isTooMuch = (thrown: unknown): boolean => thrown instanceof Rejection && thrown.code === 'too-much-work';

const WORD = 1n << 64n;

/** The 64-bit words of x, or one more. */
export function words(x: bigint): number {
  return x < WORD && x > -WORD ? 1 : (x.toString(16).length >> 4) + 1;
}
