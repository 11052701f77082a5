/**
 * The counterexamples that were found by hand, found by search alone from seed 0, and none larger: n, n_p and n_q of each are
 * those of the instance printed in the theory (docs/claims.md). A planted claim that holds must have none.
 */
import { describe, expect, it } from 'vitest';
import type { SearchResult } from '../../../src/solve/search/search.ts';
import { compareSizes, type Size } from '../../../src/solve/search/size.ts';
import { amount } from '../../thorough.ts';
import { replayed, searchIn } from './searchIn.ts';

/** Claim, reading and column; then the printed sizes. */
const BY_HAND: readonly (readonly [cell: string, n: number, np: number, nq: number])[] = [
  // T1: dependent features; JumpReLU
  ['T1/paper/independent', 2, 2, 1],
  ['T1/paper/homogeneous', 1, 1, 1],
  ['T1/repaired/independent', 2, 2, 1],
  ['T1/repaired/homogeneous', 1, 1, 1],
  // T2: pure Top-k
  ['T2/paper/as stated', 1, 1, 2],
  // T3: long targets; a threshold; negative pre-activations
  ['T3/paper/targets-within-unit', 2, 2, 2],
  ['T3/paper/own-neuron-active', 2, 2, 2],
  ['T3/paper/negatives-cut', 3, 3, 3],
  ['T3/repaired/targets-within-unit', 2, 2, 2],
  ['T3/repaired/own-neuron-active', 2, 2, 2],
  ['T3/repaired/negatives-cut', 3, 3, 3],
  // T3: a lower loss exists
  ['T3-global/paper/as stated', 2, 2, 4],
  // T4: weights that are 0
  ['T4/paper/positive-weights', 2, 2, 2],
  // T6: unequal weights, beyond the parallel targets
  ['T6/paper/as stated', 2, 2, 2],
  ['T6/paper/supposing non-parallel-targets', 2, 2, 2],
  ['T6/walkthrough/supposing non-parallel-targets', 2, 2, 2],
  // T8: any sub-concept, even with a threshold and distinct directions; some sub-concept, with ReLU's threshold 0
  ['T8/walkthrough/as repaired', 3, 2, 1],
  ['T8/paper/positive-threshold', 4, 2, 1],
  ['T8/repaired/positive-threshold', 4, 2, 1],
];

/** Found by search, and not in the theory when it was written. */
const NEW: readonly (readonly [cell: string, n: number, np: number, nq: number])[] = [
  // Two directions that coincide cannot be split; neither can a middle one, as in the walkthrough, with only one of its sides.
  ['T8/paper/distinct-directions', 2, 1, 1],
  ['T8/paper/positive-threshold', 3, 2, 1],
  ['T8/paper/unit-norm', 2, 1, 1],
  // The plane is enough for negative pre-activations, and a line for long targets.
  ['T3/paper/negatives-cut', 3, 2, 3],
  ['T3/paper/targets-within-unit', 2, 1, 2],
  ['T3/paper/unit-norm', 2, 1, 2],
  ['T4/paper/positive-weights', 1, 1, 1],
  ['T1/paper/independent', 2, 1, 1],
];

const RUNS = amount(30, 300);

/** Two tests may ask for the same search. */
const SEARCHES = new Map<string, SearchResult>();
function counterexampleIn(cell: string): SearchResult {
  const result = SEARCHES.get(cell) ?? searchIn(cell, 2000);
  SEARCHES.set(cell, result);
  return result;
}

describe('counterexamples found by search alone', () => {
  it.each(
    amount(
      [...BY_HAND, ...NEW].filter((_, k) => k % 3 === 0),
      [...BY_HAND, ...NEW],
    ),
  )('%s: at most n=%i, n_p=%i, n_q=%i', (cell, n, np, nq) => {
    const result = counterexampleIn(cell);
    const { instance, verdict } = replayed(result);
    expect(verdict).toBe('refuted');
    expect([instance.features.length, instance.np, instance.neurons]).toEqual(result.counterexample!.size.slice(0, 3));
    const printed: Size = [n, np, nq, Number.POSITIVE_INFINITY];
    expect(compareSizes(result.counterexample!.size, printed)).toBeLessThan(0);
  });

  it('finds three distinct directions for T8, where four were thought to be the fewest', () => {
    const { instance, dropped } = replayed(counterexampleIn('T8/repaired/positive-threshold'));
    expect(dropped).toBe('positive-threshold');
    expect(new Set(instance.features.map((f) => `${f.wp}`)).size).toBe(3);
  });

  it.each([
    'T3/repaired/as stated',
    'T3/paper/as repaired',
    'T4/repaired/as stated',
    'T1/repaired/as stated',
    'T8/paper/as repaired',
  ])('%s: none', (cell) => {
    const { counterexample, accepted, undecided, broken } = searchIn(cell, RUNS);
    expect(counterexample).toBeUndefined();
    expect(accepted).toBeGreaterThanOrEqual(RUNS);
    expect([undecided, broken]).toEqual([0, 0]);
  });
});
