/** For A2: the row that lowers L~ most among the directions, their sums and differences; the column is its best. */
import { type Configuration, type Instance, inputs } from '../../src/kernel/model/instance.ts';
import type { Vector } from '../../src/kernel/numbers/vector.ts';
import type { Proposals } from '../../src/solve/decide/decision.ts';
import { primitive } from '../../src/solve/linear/linear.ts';
import { resampled } from './statement.ts';

function rows(m: Instance): Vector[] {
  const w = inputs(m);
  const pairs = w.flatMap((a, k) => w.slice(0, k).flatMap((b) => [a.plus(b), a.minus(b), b.minus(a)]));
  return [...w, ...w.map((a) => a.negated()), ...pairs].filter((v) => !v.isZero()).map((v) => primitive(v.num));
}

function* candidates(m: Instance): Generator<Configuration> {
  const ranked = rows(m)
    .map((v) => resampled(m, v))
    .filter(({ decrease }) => decrease.sign() > 0)
    .sort((a, b) => b.decrease.compare(a.decrease));
  // Where no neuron is dead, the row is a further one's, and no answer.
  for (const { at } of ranked.slice(0, 4)) if (at.we.length === m.neurons) yield at;
}

export const proposals: Proposals = { configurations: candidates };
