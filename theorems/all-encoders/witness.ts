/**
 * For T6-encoders: encoders with the same W_D and less loss. A neuron alone, the others as they are: on the features F that its new row is to be active on the best row
 * solves sum_F M_d w_d w_d^T e = sum_F M_d <rho_d, u> / |u|^2 w_d, rho_d the residual without it. Where the directions are independent, one code alone can be moved as well, and
 * then codes that are not the best ones always have such an encoder.
 */
import { type Configuration, featureAt, type Instance, inputs } from '../../src/kernel/model/instance.ts';
import { approximateLoss, evaluate } from '../../src/kernel/model/model.ts';
import { type Rational, ZERO } from '../../src/kernel/numbers/rational.ts';
import { combine, outerSum, Vector } from '../../src/kernel/numbers/vector.ts';
import type { Proposals } from '../../src/solve/decide/decision.ts';
import { untied } from '../../src/solve/decide/untied.ts';
import { approximation, criticalRows, deadRow } from '../../src/solve/landscape/criticalPoints.ts';
import { combinations } from '../../src/solve/landscape/decidePattern.ts';
import { analyseSet } from '../../src/solve/landscape/faces.ts';
import { solve } from '../../src/solve/linear/linear.ts';

/** So many features have all their sets tried. */
const FEW = 8;
/** Of more, sets near that of the row: so many. */
const MANY = 40;

function* candidates(m: Instance): Generator<Configuration> {
  const at = m.configuration;
  if (!at) return;
  const from = lossOf(m, at);
  const found: { readonly at: Configuration; readonly loss: Rational }[] = [];
  at.wd.forEach((u, i) => {
    if (u.isZero()) return;
    for (const row of rows(m, at, i)) {
      const next = { ...at, we: at.we.map((e, j) => (j === i ? row : e)) };
      const loss = lossOf(m, next);
      if (loss && from && loss.compare(from) < 0) found.push({ at: next, loss });
    }
  });
  found.sort((a, b) => a.loss.compare(b.loss));
  for (const better of found.slice(0, 4)) yield better.at;
}

/** Where neurons compete a row may tie. */
const lossOf = (m: Instance, at: Configuration): Rational | undefined => untied(() => approximateLoss(m, at));

function* rows(m: Instance, at: Configuration, i: number): Generator<Vector> {
  const [e, u] = [at.we[i] as Vector, at.wd[i] as Vector];
  const { active, residuals, z } = evaluate(m, [at]);
  const length = u.dot(u);
  const code = (d: number): Rational => (active[i]?.[d] ? (z[i]?.[d]?.[0] ?? ZERO) : ZERO);
  /** What the code would best be, if it could be any number: <rho_d, u> / |u|^2 with the own part taken out of rho_d. */
  const best = m.features.map((_, d) => (residuals[d]?.[0]?.dot(u) ?? ZERO).over(length).plus(code(d)));
  const w = inputs(m);
  const own = w.flatMap((_, d) => (active[i]?.[d] ? [d] : []));
  for (const set of sets(m.features.length, own)) {
    const M = set.map((d) => featureAt(m, d).weight);
    const of = set.map((d) => featureAt(m, d).wp);
    const right = combine(
      set.map((d, k) => (M[k] ?? ZERO).times(best[d] ?? ZERO)),
      of,
      m.np,
    );
    const row = solve(outerSum(M, of, of, [m.np, m.np]), right, m.np);
    if (row) yield row;
  }
  for (const [d, target] of best.entries()) {
    const only = Vector.of(
      w.map((_, c) => (c === d ? (target.sign() > 0 ? target : ZERO).minus(e.dot(w[d] as Vector)) : ZERO)),
    );
    const step = solve(w, only, m.np);
    if (step) yield e.plus(step);
  }
}

/** All sets of few features; of more, the neuron's own with one feature more or fewer, and single ones. */
function* sets(n: number, own: readonly number[]): Generator<readonly number[]> {
  const all = Array.from({ length: n }, (_, d) => d);
  if (n <= FEW) {
    for (let mask = 1; mask < 2 ** n; mask++) yield all.filter((d) => (mask >> d) & 1);
    return;
  }
  yield own;
  for (const d of all.slice(0, MANY)) {
    yield own.includes(d) ? own.filter((c) => c !== d) : [...own, d].sort((a, b) => a - b);
    yield [d];
  }
}

export const proposals: Proposals = { configurations: candidates };

/** The instance's own configuration; then critical points of the pattern with rational rows, each with its best columns; dead neurons get a row that is negative where it can be. */
function* critical(m: Instance): Generator<Configuration> {
  const { pattern, activation, configuration } = m;
  if (configuration && lossOf(m, configuration)) yield configuration;
  if (!pattern || !['relu', 'jumprelu'].includes(activation.kind)) return;
  if (new Set(pattern.flat()).size < pattern.flat().length) return;
  const choices = pattern.flatMap((set) => (set.length > 0 ? [criticalRows(analyseSet(m, set, false))] : []));
  const rational = choices.map((rows) => rows.filter(({ e }) => e.length === 1));
  const dead = { e: deadRow(m).e, u: Vector.zero(m.nr) };
  for (const live of combinations(rational, FEW)) {
    const { u } = approximation({ m, live });
    let next = 0;
    const neurons = pattern.map((set) => {
      if (set.length === 0) return dead;
      const k = next++;
      return { e: live[k]?.e[0] ?? dead.e, u: u[k] ?? dead.u };
    });
    yield { we: neurons.map(({ e }) => e), wd: neurons.map((of) => of.u) };
  }
}

export const criticalProposals: Proposals = { configurations: critical };
