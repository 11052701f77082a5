/** Paths by steps, for rule `steps`: the best columns, then one row along its gradient as far as its pre-activations keep their sides, and so on. ReLU. */
import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import { evaluate } from '../../kernel/model/model.ts';
import { Rational, sum, ZERO } from '../../kernel/numbers/rational.ts';
import { combine, outerSum, transpose, Vector } from '../../kernel/numbers/vector.ts';
import { solve } from '../linear/linear.ts';
import { type Document, matrixDocument } from '../proofs/document.ts';

/** With each the numbers get several times as long. */
const MOST_STEPS = 4;

/** Undefined where no step lowers L~. */
export function stepsDown(m: Instance, at: Configuration): Document | undefined {
  if (m.activation.kind !== 'relu') return undefined;
  const steps: Document[] = [];
  let from = at;
  while (steps.length < MOST_STEPS) {
    const wd = bestColumns(m, from);
    if (wd) {
      from = { ...from, wd };
      steps.push({ wd: matrixDocument(transpose(wd, m.nr)) });
    }
    const we = turned(m, from);
    if (we) {
      from = { ...from, we };
      steps.push({ we: matrixDocument(we) });
    }
    if (!wd && !we) break;
  }
  return steps.length > 0 ? { rule: 'steps', steps } : undefined;
}

const codeOf = (row: readonly Rational[]): Rational[] => row.map((z) => (z.sign() > 0 ? z : ZERO));

/** The columns with the least L~, if that is less than now. */
function bestColumns(m: Instance, at: Configuration): Vector[] | undefined {
  const { z, residuals } = evaluate(m, [at]);
  const M = m.features.map(({ weight }) => weight);
  const codes = m.features.map((_, d) => Vector.of(codeOf(z.map((row) => row[d]?.[0] ?? ZERO))));
  const rho = residuals.map((of) => of[0] as Vector);
  const gram = outerSum(M, codes, codes, [m.neurons, m.neurons]);
  const pulls = transpose(outerSum(M, codes, rho, [m.neurons, m.nr]), m.nr);
  if (pulls.every((pull) => pull.isZero())) return undefined;
  const change = pulls.map((pull) => solve(gram, pull, m.neurons));
  const found = change.flatMap((row) => (row ? [row] : []));
  if (found.length < m.nr) return undefined;
  return transpose(found, m.neurons).map((step, i) => step.plus(at.wd[i] as Vector));
}

/** The rows with that one moved that lowers L~ most. */
function turned(m: Instance, at: Configuration): Vector[] | undefined {
  const { z, residuals } = evaluate(m, [at]);
  const moves = at.we.flatMap((e, i) => {
    const u = at.wd[i] as Vector;
    const pull = m.features.map(({ weight }, d) => weight.times(residuals[d]?.[0]?.dot(u) ?? ZERO));
    const own = m.features.map((_, d) => z[i]?.[d]?.[0] ?? ZERO);
    // A feature at its kink is woken if that gains.
    const on = own.map((x, d) => x.sign() > 0 || (x.sign() === 0 && (pull[d] ?? ZERO).sign() > 0));
    const v = combine(
      pull.map((x, d) => (on[d] ? x : ZERO)),
      m.features.map(({ wp }) => wp),
      m.np,
    );
    const slope = m.features.map(({ wp }) => v.dot(wp));
    if (v.isZero() || own.some((x, d) => x.sign() === 0 && (slope[d] ?? ZERO).sign() * (on[d] ? 1 : -1) < 0)) return [];
    const size = sum(
      m.features.map(({ weight }, d) => (on[d] ? weight.times(slope[d] ?? ZERO).times(slope[d] ?? ZERO) : ZERO)),
    );
    const best = v.dot(v).over(size.times(u.dot(u)));
    const end = own.reduce<Rational>((least, x, d) => {
      if (x.sign() * (slope[d] ?? ZERO).sign() >= 0) return least;
      const t = x.over((slope[d] ?? ZERO).negated());
      return t.compare(least) < 0 ? t : least;
    }, short(best));
    return end.sign() > 0 ? [{ i, row: e.plus(v.times(end)), gain: v.dot(v).times(end) }] : [];
  });
  const [first] = moves.sort((a, b) => b.gain.compare(a.gain));
  return first && at.we.map((e, i) => (i === first.i ? first.row : e));
}

/** A number of six bits below a positive one, so that paths stay readable. */
function short(t: Rational): Rational {
  let scale = 64n;
  while ((t.num * scale) / t.den < 64n) scale *= 2n;
  const bits = (t.num * scale) / t.den;
  return t.den < 64n && t.num < 64n ? t : Rational.of(bits, scale);
}
