/** For A2: the row that lowers L~ most among the directions, their sums and differences; the column is its best. */
import { type Configuration, configurationOf, type Instance, inputs, weights } from '../../src/kernel/instance.ts';
import { encode, evaluate } from '../../src/kernel/model.ts';
import { sum, ZERO } from '../../src/kernel/rational.ts';
import { combine, type Vector } from '../../src/kernel/vector.ts';
import type { Proposals } from '../../src/solve/decision.ts';
import { primitive } from '../../src/solve/linear.ts';
import { decrease } from './statement.ts';

function rows(m: Instance): Vector[] {
  const w = inputs(m);
  const pairs = w.flatMap((a, k) => w.slice(0, k).flatMap((b) => [a.plus(b), a.minus(b), b.minus(a)]));
  return [...w, ...w.map((a) => a.negated()), ...pairs].filter((v) => !v.isZero()).map((v) => primitive(v.num));
}

function* resampled(m: Instance): Generator<Configuration> {
  const from = configurationOf(m);
  const j = encode(m, [from]).active.findIndex((row) => row.every((active) => !active));
  const ranked = rows(m)
    .map((v) => ({ v, gain: decrease(m, v) }))
    .filter(({ gain }) => gain.sign() > 0)
    .sort((a, b) => b.gain.compare(a.gain));
  for (const { v } of ranked.slice(0, 4)) {
    const f = inputs(m).map((w) => (v.dot(w).sign() > 0 ? v.dot(w) : ZERO));
    const Mf = f.map((value, d) => value.times(weights(m)[d] ?? ZERO));
    const rho = evaluate(m, [from]).residuals.map((r) => r[0] as Vector);
    const size = sum(f.map((value, d) => value.times(Mf[d] ?? ZERO)));
    const u = combine(
      Mf.map((value) => value.over(size)),
      rho,
      m.nr,
    );
    yield {
      we: from.we.map((row, i) => (i === j ? v : row)),
      wd: from.wd.map((column, i) => (i === j ? u : column)),
    };
  }
}

export const proposals: Proposals = { configurations: resampled };
