/**
 * For T4-nonidentifiable: configurations with zero loss that recover nothing. First the instance's own; then opposite pairs [Q; -Q]
 * for several Q, with true loss 0; pairs beside rows and columns that recover nothing; then, for independent directions, W_E = Z W_p^+ and W_D = W_r sigma(Z)^-1 with Z the identity
 * plus a cyclic shift, and -1 elsewhere to stay off the kink.
 */
import { type Configuration, type Instance, inputs, targets } from '../../src/kernel/model/instance.ts';
import { type Matrix, multiply, transpose, Vector } from '../../src/kernel/numbers/vector.ts';
import { zerosBeside } from '../../src/solve/decide/besideFeatures.ts';
import type { Proposals } from '../../src/solve/decide/decision.ts';
import { apart, filledUp, integers, mixings, oppositePairs, pairsBeside } from '../../src/solve/decide/pairedRows.ts';
import { inverse } from '../../src/solve/linear/linear.ts';

/** Z = sigma(Z) + `off` where sigma(Z) is 0: rows of the identity plus a cyclic shift, n x n. */
function shifted(n: number, off: number): { z: Matrix; passed: Matrix } {
  const on = (i: number, j: number): boolean => j === i || j === (i + 1) % n;
  return { z: integers(n, (i, j) => (on(i, j) ? 1 : off)), passed: integers(n, (i, j) => (on(i, j) ? 1 : 0)) };
}

/** W_E = Z W_p^+, W_D = W_r sigma(Z)^-1, zero rows added; undefined where the directions are dependent or n is even. */
function fromPreActivations(m: Instance, off: number): Configuration | undefined {
  const n = m.features.length;
  if (n < 3 || m.neurons < n || n > m.np) return undefined;
  const w = inputs(m);
  const gram = inverse(multiply(w, transpose(w, m.np), n));
  const { z, passed } = shifted(n, off);
  const back = inverse(passed);
  if (!gram || !back) return undefined;
  const spare = m.neurons - n;
  const zeros = (length: number): Vector[] => Array.from({ length: spare }, () => Vector.zero(length));
  const we = multiply(z, multiply(gram, w, m.np), m.np);
  const wd = multiply(transpose(back, n), targets(m), m.nr);
  return { we: [...we, ...zeros(m.np)], wd: [...wd, ...zeros(m.nr)] };
}

/** The first few. */
function* first<T>(of: Iterable<T>): Generator<T> {
  let left = 3;
  for (const x of of) {
    yield x;
    left -= 1;
    if (left === 0) return;
  }
}

function* candidates(m: Instance): Generator<Configuration> {
  if (m.configuration) yield m.configuration;
  for (const q of mixings(m.np)) {
    const pairs = oppositePairs(m, q);
    if (pairs) yield pairs;
  }
  for (const v of first(apart(inputs(m), m.np))) {
    for (const u of first(apart(targets(m), m.nr))) {
      const pairs = pairsBeside(m, v, u, inputs(m), targets(m));
      const whole = pairs && filledUp(m, pairs);
      if (whole) yield whole;
      // Whatever they reconstruct, they show that there is room.
      yield { we: Array.from({ length: m.neurons }, () => v), wd: Array.from({ length: m.neurons }, () => u) };
    }
  }
  for (const off of [-1, 0]) {
    const own = fromPreActivations(m, off);
    if (own) yield own;
  }
  yield* zerosBeside(m, { we: [], wd: [] }, m.features);
}

export const proposals: Proposals = { configurations: candidates };
