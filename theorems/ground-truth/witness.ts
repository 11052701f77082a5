/** For T3-global: a configuration below the ground-truth one, from opposite pairs of rows. */
import type { Configuration, Instance } from '../../src/kernel/model/instance.ts';
import type { Proposals } from '../../src/solve/decide/decision.ts';
import { oppositePairs } from '../../src/solve/decide/pairedRows.ts';

function* below(m: Instance): Generator<Configuration> {
  const pairs = oppositePairs(m);
  if (pairs) yield pairs;
}

export const proposals: Proposals = { configurations: below };
