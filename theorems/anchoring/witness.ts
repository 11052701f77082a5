/**
 * For A1: the anchors as first neurons, and behind them, for zero L~, small integer rows with a decoder that makes up for what the
 * anchors leave; for zero true loss, neurons that cancel the anchors, and opposite pairs [Q; -Q].
 */
import { type Configuration, featureAt, type Instance, targets } from '../../src/kernel/model/instance.ts';
import { encode, evaluate } from '../../src/kernel/model/model.ts';
import { rank } from '../../src/kernel/numbers/elimination.ts';
import { Rational, ZERO } from '../../src/kernel/numbers/rational.ts';
import { type Matrix, multiply, transpose, Vector } from '../../src/kernel/numbers/vector.ts';
import { zerosBeside } from '../../src/solve/decide/besideFeatures.ts';
import type { Proposals } from '../../src/solve/decide/decision.ts';
import { apart, filledUp, isApart, mixings, oppositePairs, pairsBeside } from '../../src/solve/decide/pairedRows.ts';
import { untied } from '../../src/solve/decide/untied.ts';
import { inverse, solve } from '../../src/solve/linear/linear.ts';

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

/** The features that are no anchors, and the first anchor whose target is not 0: its row and column recover none of the others. */
function setting(m: Instance, { we, wd }: { we: Matrix; wd: Matrix }) {
  const others = m.features.filter((_, d) => !m.anchors?.includes(d));
  const pole = wd.findIndex((r) => !r.isZero());
  return {
    others,
    w: others.map((f) => f.wp),
    ...(pole >= 0 && m.activation.kind === 'relu' && { pole: { e: we[pole] as Vector, u: wd[pole] as Vector } }),
  };
}

/** ReLU: neurons that cancel the anchors, and pairs near one that return T x. */
function* pairsNearAnchor(m: Instance, anchors: { we: Matrix; wd: Matrix }): Generator<Configuration> {
  const { others, w, pole } = setting(m, anchors);
  const r = others.map((f) => f.wr);
  const pairs = pole && pairsBeside(m, pole.e, pole.u, w, r);
  const whole =
    pairs &&
    filledUp(m, {
      we: [...anchors.we, ...anchors.we, ...pairs.we],
      wd: [...anchors.wd, ...anchors.wd.map((u) => u.negated()), ...pairs.wd],
    });
  if (whole) yield whole;
}

/** ReLU: rows with codes of rank n; and each of them twice, its columns far apart along that of an anchor. */
function* rowsTwice(m: Instance, anchors: { we: Matrix; wd: Matrix }): Generator<Configuration> {
  const { w, pole } = setting(m, anchors);
  const rows = m.features.length <= m.neurons ? independentRows(m, w) : undefined;
  if (!rows) return;
  // As `room` asks for them.
  yield { we: [...rows, ...zeros(m.neurons - rows.length, m.np)], wd: zeros(m.neurons, m.nr) };
  if (!pole || anchors.we.length + 2 * rows.length > m.neurons) return;
  const left = m.features.map((f) =>
    anchors.we.reduce((rest, e, a) => {
      const z = e.dot(f.wp);
      return z.sign() > 0 ? rest.minus((anchors.wd[a] as Vector).times(z)) : rest;
    }, f.wr),
  );
  // Columns c_i with sum_i z_i(d) c_i = left_d.
  const codes = m.features.map((f) => codeOf(rows, f.wp));
  const back = inverse(codes);
  if (!back) return;
  const own = multiply(back, left, m.nr);
  for (let power = 1n; power < 1n << 60n; power *= 8n) {
    const pull = pole.u.times(Rational.of(power));
    const at = filledUp(m, {
      we: [...anchors.we, ...rows.flatMap((e) => [e, e])],
      wd: [...anchors.wd, ...own.flatMap((u) => [u.plus(pull), pull.negated()])],
    });
    if (at) yield at;
  }
}

const codeOf = (rows: Matrix, w: Vector): Vector => Vector.of(rows.map((e) => (e.dot(w).sign() > 0 ? e.dot(w) : ZERO)));

/** n rows that recover none of the directions, with codes of rank n. */
function independentRows(m: Instance, directions: Matrix): Vector[] | undefined {
  const [rows, codes]: [Vector[], Vector[]] = [[], []];
  for (const v of apart(directions, m.np)) {
    const code = Vector.of(m.features.map((f) => (v.dot(f.wp).sign() > 0 ? v.dot(f.wp) : ZERO)));
    if (rank([...codes, code]) === codes.length) continue;
    rows.push(v);
    codes.push(code);
    if (rows.length === m.features.length) return rows;
  }
  return undefined;
}

/** Of a true loss 0: pairs beside neurons that cancel the anchors. */
function* trulyLossless(m: Instance): Generator<Configuration> {
  const anchors = anchorRows(m);
  const rest = m.neurons - 2 * anchors.we.length;
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
  yield* pairsNearAnchor(m, anchors);
}

function* candidates(m: Instance): Generator<Configuration> {
  const anchors = anchorRows(m);
  const k = anchors.we.length;
  yield* trulyLossless(m);
  yield* rowsTwice(m, anchors);
  const { others, w } = setting(m, anchors);
  if (!anchors.we.every((e) => allows(e, w))) return;
  for (let seed = 1; seed <= 200; seed++) {
    const rows = integerRows(m.neurons - k, m.np, seed);
    const at = rows.every((e) => allows(e, w)) ? untied(() => completed(m, [...anchors.we, ...rows])) : undefined;
    if (at) yield at;
  }
  yield* zerosBeside(m, anchors, others);
}

const allows = (e: Vector, w: Matrix): boolean => e.isZero() || isApart(e, w);

export const proposals: Proposals = { configurations: candidates };
export const trueProposals: Proposals = { configurations: trulyLossless };
