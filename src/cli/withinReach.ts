/** What `dictum import` can calculate with, counted before it does: short files can hold numbers of a million digits together. */
import { gcd, type Rational } from '../kernel/rational.ts';
import { Vector } from '../kernel/vector.ts';
import { words } from '../kernel/work.ts';
import { fail } from './problem.ts';

/** Some seconds and some hundred megabytes; 1,000 word vectors of 300 dimensions take half. */
const MOST = 20_000_000;
/** A number costs the words of 64 bits it has, squared (a greatest common divisor), and what there is to carry even a short one. */
const EACH = 15;

export interface Budget {
  spent: number;
}

type At = { readonly file: string; readonly path: string };

/** The vector, if it and those before it are within reach. */
export function withinReach(entries: readonly Rational[], budget: Budget, at: At): Vector {
  let [den, longest] = [1n, 1];
  for (const x of entries) {
    longest = Math.max(longest, words(x.num));
    if (den % x.den === 0n) continue;
    den *= x.den / gcd(den, x.den);
    afford(entries.length, words(den) + longest, budget, at);
  }
  budget.spent = afford(entries.length, words(den) + longest, budget, at);
  return Vector.of(entries);
}

/** The same for a vector that is there already, and is about to be printed. */
export function printableWithin(v: Vector, budget: Budget, at: At): Vector {
  budget.spent = afford(v.length, v.words, budget, at);
  return v;
}

function afford(count: number, size: number, { spent }: Budget, at: At): number {
  const all = spent + count * (size * size + EACH);
  if (all <= MOST) return all;
  const next = 'Round the numbers, or take fewer features or coordinates (--select, --against none, --dims).';
  return fail('too-large', { ...at, next }, 'about a million short numbers, or fewer long ones', 'more up to here');
}
