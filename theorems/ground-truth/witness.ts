/** For T3-global: a configuration below the ground-truth one, from opposite pairs of rows, or with columns that solve for random rows. */
import type { Configuration, Instance } from '../../src/kernel/model/instance.ts';
import { zerosBeside } from '../../src/solve/decide/besideFeatures.ts';
import type { Proposals } from '../../src/solve/decide/decision.ts';
import { oppositePairs } from '../../src/solve/decide/pairedRows.ts';

function* below(m: Instance): Generator<Configuration> {
  const pairs = oppositePairs(m);
  if (pairs) yield pairs;
  yield* zerosBeside(m, { we: [], wd: [] }, []);
}

export const proposals: Proposals = { configurations: below };
