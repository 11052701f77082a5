/** Dictionaries that code what the w_d code, for HS-dictionary and HS-wide: sums w_1 + .. + w_d, and that of the header of dictionary.ts for each direction left out. Columns of 0 fill up; what codes is no matter. */
import { type Configuration, type Instance, inputs } from '../../src/kernel/model/instance.ts';
import { Vector } from '../../src/kernel/numbers/vector.ts';
import type { Proposals } from '../../src/solve/decide/decision.ts';

function* candidates(m: Instance): Generator<Configuration> {
  const w = inputs(m);
  const zero = Vector.zero(m.np);
  const sums = w.map((_, d) => w.slice(0, d + 1).reduce((a, b) => a.plus(b)));
  const without = w.map((lost, d) => {
    const rest = w.filter((_, j) => j !== d);
    return [...rest, ...rest.map((v) => v.plus(lost))];
  });
  for (const columns of [...sums.keys()].map((turn) => [...sums.slice(turn), ...sums.slice(0, turn)]))
    yield* filled(columns);
  for (const columns of without) yield* filled(columns);

  function* filled(columns: Vector[]): Generator<Configuration> {
    const wd = Array.from({ length: m.neurons }, (_, i) => columns[i] ?? zero);
    yield { we: wd.map(() => zero), wd };
  }
}

export const proposals: Proposals = { configurations: candidates };
