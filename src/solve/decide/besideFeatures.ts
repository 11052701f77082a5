/**
 * Configurations with L~ = 0 that recover none of some features: rows that recover none, by a fixed sequence of choices, columns that solve
 * W_D sigma(W_E w_d) = r_d for every d, and to these, from a relation nu of the codes, K p nu^T, which for large K turns the columns towards a p that recovers none.
 */
import { type Configuration, type Feature, type Instance, targets } from '../../kernel/model/instance.ts';
import { encode, evaluate } from '../../kernel/model/model.ts';
import { Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { type Matrix, transpose, Vector } from '../../kernel/numbers/vector.ts';
import { nullSpace, solve } from '../linear/linear.ts';
import { apart, isApart } from './pairedRows.ts';
import { untied } from './untied.ts';

const TRIALS = 24;
/** Rows to choose from. */
const POOL = 40;

/** The first rows and columns are those of `fixed`. */
export function* zerosBeside(
  m: Instance,
  fixed: { readonly we: Matrix; readonly wd: Matrix },
  hidden: readonly Feature[],
): Generator<Configuration> {
  const free = m.neurons - fixed.we.length;
  const [inputs, outputs] = [hidden.map((f) => f.wp), hidden.map((f) => f.wr)];
  if (m.activation.kind === 'gated' || free <= 0 || !fixed.wd.every((u) => allows(u, outputs))) return;
  const [rows, [pole]] = [first(apart(inputs, m.np), POOL), first(apart(outputs, m.nr), 1)];
  if (rows.length === 0 || !pole) return;
  let x = 88675123;
  const below = (count: number): number => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 8) % count;
  };
  for (let trial = 0; trial < TRIALS; trial++) {
    const chosen = Array.from({ length: free }, () => rows[below(rows.length)] as Vector);
    // Rows that come twice have a relation on their own.
    const own = trial % 2 === 0 ? chosen : chosen.map((e, i) => (i % 2 === 0 ? e : (chosen[i - 1] as Vector)));
    const we = [...fixed.we, ...own];
    const wd = untied(() => columns(m, we, fixed.wd, outputs, pole));
    if (wd) yield { we, wd };
  }
}

const allows = (u: Vector, outputs: Matrix): boolean => u.isZero() || isApart(u, outputs);

function columns(m: Instance, we: Matrix, fixed: Matrix, outputs: Matrix, pole: Vector): Matrix | undefined {
  const k = fixed.length;
  const free = m.neurons - k;
  const zeros = Array.from({ length: free }, () => Vector.zero(m.nr));
  const start = { we, wd: [...fixed, ...zeros] };
  const { residuals } = evaluate(m, [start]);
  const { z, active } = encode(m, [start]);
  const weighted = m.features.flatMap((f, d) => (f.weight.sign() > 0 ? [d] : []));
  const left = weighted.map((d) => (residuals[d] as Vector[])[0] as Vector);
  const codes = weighted.map((d) =>
    Vector.of(Array.from({ length: free }, (_, i) => (active[i + k]?.[d] ? (z[i + k]?.[d]?.[0] ?? ZERO) : ZERO))),
  );
  const rows = (targets(m)[0] as Vector).num.map((_, r) => solve(codes, Vector.of(left.map((rho) => rho.at(r))), free));
  if (!rows.every((row) => row !== undefined)) return undefined;
  const own = transpose(rows, free);
  if (own.every((u) => allows(u, outputs))) return [...fixed, ...own];
  const relation = sumOf(nullSpace(codes, free));
  if (!relation || !own.every((u, i) => relation.at(i).sign() !== 0 || allows(u, outputs))) return undefined;
  for (let power = 1n; power < 1n << 40n; power *= 16n) {
    const turned = own.map((u, i) => u.plus(pole.times(relation.at(i).times(Rational.of(power)))));
    if (turned.every((u) => allows(u, outputs))) return [...fixed, ...turned];
  }
  return undefined;
}

/** With multiples that are unlikely to cancel. */
const sumOf = (vectors: Matrix): Vector | undefined =>
  vectors.length === 0
    ? undefined
    : vectors.map((v, j) => v.times(Rational.of(BigInt(2 * j + 1)))).reduce((a, b) => a.plus(b));

function first<T>(of: Iterable<T>, count: number): T[] {
  const found: T[] = [];
  for (const x of of) if (found.push(x) === count) break;
  return found;
}
