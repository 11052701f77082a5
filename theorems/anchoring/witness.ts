/**
 * For A1: the anchors as first neurons, and behind them, for zero L~, small integer rows with a decoder that makes up for what the
 * anchors leave; for zero true loss, neurons that cancel the anchors, and opposite pairs [Q; -Q].
 */
import { type Configuration, featureAt, type Instance, targets } from '../../src/kernel/model/instance.ts';
import { encode, evaluate } from '../../src/kernel/model/model.ts';
import { ZERO } from '../../src/kernel/numbers/rational.ts';
import { Rejection } from '../../src/kernel/numbers/rejection.ts';
import { type Matrix, transpose, Vector } from '../../src/kernel/numbers/vector.ts';
import type { Proposals } from '../../src/solve/decide/decision.ts';
import { mixings, oppositePairs } from '../../src/solve/decide/pairedRows.ts';
import { solve } from '../../src/solve/linear/linear.ts';

const zeros = (count: number, length: number): Vector[] => Array.from({ length: count }, () => Vector.zero(length));

function anchorRows(m: Instance): { we: Matrix; wd: Matrix } {
  const anchors = (m.anchors ?? []).map((d) => featureAt(m, d));
  return { we: anchors.map((f) => f.wp), wd: anchors.map((f) => f.wr) };
}

/** Rows of a fixed sequence of integers from -3 to 3 (xorshift32), one sequence per seed. */
function integerRows(count: number, length: number, seed: number): Vector[] {
  let x = seed;
  const next = (): bigint => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return BigInt((x >>> 8) % 7) - 3n;
  };
  return Array.from({ length: count }, () => Vector.ints(Array.from({ length }, next)));
}

/** As `completed`; undefined also where the rows tie. */
function completedUntied(m: Instance, we: Matrix): Configuration | undefined {
  try {
    return completed(m, we);
  } catch (thrown) {
    if (thrown instanceof Rejection && thrown.code === 'tie') return undefined;
    throw thrown;
  }
}

/** W_D with the anchors' columns fixed and W_D sigma(W_E w_d) = r_d for every d, if there is one. */
function completed(m: Instance, we: Matrix): Configuration | undefined {
  const anchors = anchorRows(m);
  const k = anchors.we.length;
  const fixed = { we, wd: [...anchors.wd, ...zeros(m.neurons - k, m.nr)] };
  const { residuals } = evaluate(m, [fixed]);
  const { z, active } = encode(m, [fixed]);
  const codes = m.features.map((_, d) =>
    Vector.of(we.slice(k).map((_, i) => (active[i + k]?.[d] ? (z[i + k]?.[d]?.[0] ?? ZERO) : ZERO))),
  );
  const rows = targets(m)[0]?.num.map((_, r) =>
    solve(codes, Vector.of(residuals.map((rho) => (rho[0] as Vector).at(r))), m.neurons - k),
  );
  if (!rows?.every((row) => row !== undefined)) return undefined;
  return { we, wd: [...anchors.wd, ...transpose(rows, m.neurons - k)] };
}

function* candidates(m: Instance): Generator<Configuration> {
  const anchors = anchorRows(m);
  const k = anchors.we.length;
  const rest = m.neurons - 2 * k;
  if (m.activation.kind === 'relu' && rest >= 2 * m.np) {
    for (const q of mixings(m.np)) {
      const pairs = oppositePairs({ ...m, neurons: rest }, q);
      if (!pairs) continue;
      yield {
        we: [...anchors.we, ...anchors.we, ...pairs.we],
        wd: [...anchors.wd, ...anchors.wd.map((r) => r.negated()), ...pairs.wd],
      };
    }
  }
  for (let seed = 1; seed <= 200; seed++) {
    const at = completedUntied(m, [...anchors.we, ...integerRows(m.neurons - k, m.np, seed)]);
    if (at) yield at;
  }
}

export const proposals: Proposals = { configurations: candidates };
