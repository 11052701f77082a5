/** Candidates for `strict-trap`: the instance's own configuration, one with L~ = 0, a critical point whose eigenvalues are rational. */
import { thresholdOf } from '../../kernel/model/activation.ts';
import type { Configuration, Instance, Pattern } from '../../kernel/model/instance.ts';
import { targets } from '../../kernel/model/instance.ts';
import { ONE, Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { transpose, Vector } from '../../kernel/numbers/vector.ts';
import { motzkin } from '../inequalities/motzkin.ts';
import { approximation } from '../landscape/criticalPoints.ts';
import { Landscape } from '../landscape/decidePattern.ts';
import { solve } from '../linear/linear.ts';
import { configurationDocument, type Document } from '../proofs/document.ts';
import { topEigenvalueProof } from './localMinimum.ts';
import { untied } from './untied.ts';

/** A row that is above the threshold on the set, and negative off it; 0 for an empty set where none is negative on every feature. */
function strictRow(m: Instance, set: readonly number[]): Vector | undefined {
  const signed = m.features.map((f, d) => (set.includes(d) ? f.wp : f.wp.negated()));
  const found = motzkin({ dimension: m.np, strict: signed, weak: [] });
  if (!found.solvable) return set.length === 0 ? Vector.zero(m.np) : undefined;
  // Entries are integers, and a multiple of the row shows the same set.
  const least = set
    .map((d) => m.features[d]?.wp.dot(found.x) ?? ZERO)
    .reduce((a, b) => (a.compare(b) < 0 ? a : b), ONE);
  const needed = thresholdOf(m).over(least).num / thresholdOf(m).over(least).den + 1n;
  return found.x.times(Rational.of(needed));
}

/** One with L~ = 0, if the rows found allow it. */
function lossless(m: Instance, pattern: Pattern): Configuration | undefined {
  const we: Vector[] = [];
  for (const set of pattern) {
    const row = strictRow(m, set);
    if (!row) return undefined;
    we.push(row);
  }
  const asked = m.features.flatMap((f, d) => (f.weight.sign() > 0 ? [d] : []));
  const codes = asked.map((d) =>
    Vector.of(we.map((e, i) => (pattern[i]?.includes(d) ? (m.features[d]?.wp.dot(e) ?? ZERO) : ZERO))),
  );
  const wanted = transpose(
    asked.map((d) => targets(m)[d] as Vector),
    m.nr,
  );
  const rows = wanted.flatMap((b) => solve(codes, b, m.neurons) ?? []);
  return rows.length === m.nr ? { we, wd: transpose(rows, m.neurons) } : undefined;
}

/** The best critical point of the pattern, where it is rational. */
function critical(m: Instance, pattern: Pattern): Configuration | undefined {
  const answer = new Landscape(m).decide(pattern);
  if (answer.is !== 'critical' || !answer.point) return undefined;
  const { live, dead } = answer.point;
  if (live.some(({ e, lambda }) => e.length !== 1 || !lambda.from.equals(lambda.to))) return undefined;
  const { u } = approximation(answer.point);
  const at = pattern.flatMap((set, i) => (set.length > 0 ? [i] : []));
  const of = (i: number, own: (k: number) => Vector | undefined, other: Vector): Vector => own(at.indexOf(i)) ?? other;
  return {
    we: pattern.map((_, i) => of(i, (k) => live[k]?.e[0], dead)),
    wd: pattern.map((_, i) => of(i, (k) => u[k], Vector.zero(m.nr))),
  };
}

export function* strictMinima(m: Instance, pattern: Pattern): Iterable<Document> {
  const gates = m.configuration?.gate;
  const make = [() => m.configuration, () => lossless(m, pattern), () => critical(m, pattern)];
  for (const found of make) {
    const configuration = untied(found);
    if (!configuration) continue;
    const at = gates && !configuration.gate ? { ...configuration, gate: gates } : configuration;
    const top = untied(() => topEigenvalueProof(m, at));
    for (const proof of [{ rule: 'no-loss' }, ...(top ? [top] : [])]) {
      yield { rule: 'strict-minimum', ...configurationDocument(at, m.nr), proof };
    }
  }
}
