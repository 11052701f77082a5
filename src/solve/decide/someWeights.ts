/** Weights M > 0 with which a pattern carries a point with both gradients 0, or the multipliers that exclude them: for each set two linear programs in (e, y). */
import { featureAt, type Instance, type Pattern } from '../../kernel/model/instance.ts';
import { ONE, type Rational, sum, ZERO } from '../../kernel/numbers/rational.ts';
import { combine, transpose, Vector } from '../../kernel/numbers/vector.ts';
import { motzkin } from '../inequalities/motzkin.ts';
import { configurationDocument, type Document } from '../proofs/document.ts';

interface Candidates {
  readonly for: readonly Document[];
  readonly against: readonly Document[];
}

/** A row and a column, and the weights of its features; or for each program what excludes it. */
type Found =
  | { readonly e: Vector; readonly u: Vector; readonly weights: readonly Rational[] }
  | { readonly active: readonly string[]; readonly silent: readonly string[] };

export function someWeightsProofs(m: Instance, pattern: Pattern): Candidates {
  if (m.activation.kind !== 'relu' || new Set(pattern.flat()).size < pattern.flat().length) {
    return { for: [], against: [] };
  }
  const M: Rational[] = m.features.map(() => ONE);
  const at: { we: Vector[]; wd: Vector[] } = { we: [], wd: [] };
  for (const [i, set] of pattern.entries()) {
    if (set.length === 0) {
      at.we.push(Vector.zero(m.np));
      at.wd.push(Vector.zero(m.nr));
      continue;
    }
    const found = ofSet(m, set);
    if ('active' in found) return { for: [], against: [{ rule: 'no-weights', neuron: i + 1, ...found }] };
    at.we.push(found.e);
    at.wd.push(found.u);
    set.forEach((d, k) => {
      M[d] = found.weights[k] ?? ONE;
    });
  }
  const proof = { rule: 'partial-minimum', ...configurationDocument(at, m.nr) };
  return { for: [{ rule: 'weights', weights: M.map(String), proof }], against: [] };
}

/** First u not 0, z = G y; then u = 0, sum_F y_d r_d = 0 (src/kernel/rules/weights.ts). */
function ofSet(m: Instance, set: readonly number[]): Found {
  const features = set.map((d) => featureAt(m, d));
  const r = features.map((f) => f.wr);
  const joined = (e: Vector, y: readonly Rational[]): Vector => Vector.of([...e.entries(), ...y]);
  const zeros = set.map(() => ZERO);
  const off = m.features.flatMap((_, d) => (set.includes(d) ? [] : [d]));
  const inequalities = {
    dimension: m.np + set.length,
    strict: [
      ...features.map(({ wp }) => joined(wp, zeros)),
      ...set.map((_, k) => joined(Vector.zero(m.np), zeros.with(k, ONE))),
    ],
    weak: off.map((d) => joined(featureAt(m, d).wp.negated(), zeros)),
  };
  const decide = (
    equal: readonly Vector[],
  ): { readonly point: readonly Rational[] } | { readonly multipliers: readonly string[] } => {
    const outcome = motzkin({ ...inequalities, equal });
    if (outcome.solvable) return { point: outcome.x.entries() };
    const rows = m.features.map((_, d) =>
      set.includes(d) ? (outcome.strict[set.indexOf(d)] ?? 0n) : -(outcome.weak[off.indexOf(d)] ?? 0n),
    );
    return { multipliers: [...outcome.equal, ...rows, ...outcome.strict.slice(set.length)].map(String) };
  };
  const proportional = features.map(({ wp, wr }) =>
    joined(
      wp,
      r.map((v) => v.dot(wr).negated()),
    ),
  );
  const active = decide(proportional);
  if ('point' in active) return pointOf(active.point);
  const silent = decide(transpose(r, m.nr).map((row) => joined(Vector.zero(m.np), row.entries())));
  return 'point' in silent ? pointOf(silent.point) : { active: active.multipliers, silent: silent.multipliers };

  function pointOf(solution: readonly Rational[]): Found {
    const e = Vector.of(solution.slice(0, m.np));
    const y = solution.slice(m.np);
    const z = features.map(({ wp }) => e.dot(wp));
    const s = sum(y.map((x, k) => x.times(z[k] ?? ZERO)));
    return { e, u: combine(y, r, m.nr).times(ONE.over(s)), weights: y.map((x, k) => x.over(z[k] ?? ONE)) };
  }
}
