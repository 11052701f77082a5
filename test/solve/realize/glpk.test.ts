/** Another solver's answers: glpk.js decides the margin LP in floats; where its margin is clear, ours must agree. */
import GLPK, { type LP } from 'glpk.js/node';
import { describe, expect, it } from 'vitest';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { motzkin } from '../../../src/solve/inequalities/motzkin.ts';

const glpk = await GLPK();

/** Maximize t with e.w >= t for `on` and e.w <= -t for `off`, entries of e within [-1, 1]. Presolving off: with it, glpk.js calls infeasible LPs undefined. */
function margin(on: readonly number[][], off: readonly number[][], dimension: number): number {
  const names = Array.from({ length: dimension }, (_, k) => `e${k}`);
  const row = (w: readonly number[], sign: number, name: string): LP['subjectTo'][number] => ({
    name,
    vars: [...w.map((coef, k) => ({ name: names[k]!, coef: sign * coef })), { name: 't', coef: -1 }],
    bnds: { type: glpk.GLP_LO, lb: 0, ub: 0 },
  });
  const lp: LP = {
    name: 'margin',
    objective: { direction: glpk.GLP_MAX, name: 't', vars: [{ name: 't', coef: 1 }] },
    subjectTo: [...on.map((w, k) => row(w, 1, `on${k}`)), ...off.map((w, k) => row(w, -1, `off${k}`))],
    bounds: [
      ...names.map((name) => ({ name, type: glpk.GLP_DB, lb: -1, ub: 1 })),
      { name: 't', type: glpk.GLP_DB, lb: -1, ub: 1 },
    ],
  };
  const { result } = glpk.solve(lp, { msglev: glpk.GLP_MSG_OFF, presol: false });
  return result.z;
}

/** A small linear congruential generator, so that the instances are the same everywhere. */
function* integers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield ((state >>> 16) % 19) - 9;
  }
}

describe('strict separation', () => {
  it.each([
    [8, 3],
    [12, 5],
    [30, 8],
    [40, 20],
  ])('of %i random directions in dimension %i agrees with glpk where its margin is clear', (n, p) => {
    const random = integers(n * 1000 + p);
    const clear = { yes: 0, no: 0 };
    for (let run = 0; run < 60; run++) {
      const w = Array.from({ length: n }, () => Array.from({ length: p }, () => random.next().value));
      // Half of the sets are those that some e shows: of 30 at random in dimension 8 next to none can be separated.
      const e = Array.from({ length: p }, () => random.next().value);
      const shown = w.map((row) => row.reduce((sum, x, k) => sum + x * e[k]!, 0) > 0);
      const chosen = run % 2 === 0 ? shown : w.map(() => random.next().value > 0);
      const on = w.filter((_, d) => chosen[d]);
      const off = w.filter((_, d) => !chosen[d]);
      const t = margin(on, off, p);
      const vector = (v: readonly number[]): Vector => Vector.ints(v.map(BigInt));
      const { solvable } = motzkin({
        dimension: p,
        strict: [...on.map(vector), ...off.map((v) => vector(v).negated())],
        weak: [],
      });
      if (t >= 1e-9 && t <= 1e-6) continue;
      expect(solvable, `margin ${t}`).toBe(t > 1e-6);
      clear[solvable ? 'yes' : 'no']++;
    }
    expect(clear.yes).toBeGreaterThanOrEqual(12);
    expect(clear.no).toBeGreaterThanOrEqual(12);
  });
});
