/**
 * Curves along which the loss may fall from a critical configuration: candidates for rule `descent-curve`, best guess first.
 * Ways down that are known (docs/claims.md, T6): a dead neuron at its kink wakes up, a neuron turns towards a larger eigenvalue, or one at 0 sets out
 * like another.
 */
import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import { evaluate, gradients, pencil } from '../../kernel/model/model.ts';
import { Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { combine, type Matrix, multiply, transpose, Vector } from '../../kernel/numbers/vector.ts';
import { definite } from '../linear/definite.ts';
import { primitive } from '../linear/linear.ts';
import { type Document, matrixDocument } from '../proofs/document.ts';
import { downwardLine } from './curvature.ts';
import { activeSets, form, gap } from './localMinimum.ts';
import { rows } from './valleyExit.ts';

/** What neuron i moves by in one power of t. */
interface Term {
  readonly we: Vector;
  readonly wd: Vector;
}

/** The curve on which neuron i moves by terms[0] t + terms[1] t^2 + ..., and all else rests. */
function moved(m: Instance, i: number, terms: readonly Term[]): Document {
  const alone = (v: Vector): Vector[] =>
    Array.from({ length: m.neurons }, (_, k) => (k === i ? v : Vector.zero(v.length)));
  return {
    rule: 'descent-curve',
    we: terms.map(({ we }) => matrixDocument(alone(we))),
    wd: terms.map(({ wd }) => matrixDocument(transpose(alone(wd), m.nr))),
  };
}

const moving = (m: Instance, i: number, de: Vector, du: Vector): Document => moved(m, i, [{ we: de, wd: du }]);

/**
 * Neuron i has e_i = 0: along e_i = t v with decoder t g the loss changes by -2 t^2 <g, sum M_d f_d rho_d> + O(t^4), where
 * f_d = ReLU <v, w_d>. Tried: v among the directions, their differences and their opposites.
 */
function* wakings(m: Instance, at: Configuration): Generator<Document> {
  if (!at.we.some((e) => e.isZero())) return;
  const residuals = evaluate(m, [at]).residuals.map((rho) => rho[0] as Vector);
  const w = m.features.map((f) => f.wp);
  function* tried(): Generator<Vector> {
    for (const [c, a] of w.entries()) for (const [d, b] of w.entries()) if (c !== d) yield a.minus(b);
    yield* w;
    for (const x of w) yield x.negated();
  }
  for (const [i, e] of at.we.entries()) {
    if (!e.isZero()) continue;
    for (const v of tried()) {
      const g = pullOf(m, residuals, v);
      if (!g.isZero()) yield moving(m, i, primitive(v.num), primitive(g.num));
    }
  }
}

/**
 * Neuron i has x with x^T (lambda B - A) x < 0: along e + t x with the decoder's first-order answer u' = (C x - 2 (e^T B x) u) / s,
 * the loss falls to second order.
 */
function* turnings(m: Instance, at: Configuration): Generator<Document> {
  for (const [i, set] of activeSets(m, at).entries()) {
    const e = at.we[i] as Vector;
    const pencilGap = set.length > 0 ? gap(m, set, e) : undefined;
    const answer = pencilGap && definite(pencilGap.matrix);
    if (!answer || 'd' in answer) continue;
    const { b, c } = pencil(m, set);
    const inverse = Rational.of(1n).over(form(e, b, e));
    for (const x of [answer.x, answer.x.negated()]) {
      const image = multiply([x], transpose(c, m.np), m.nr)[0] as Vector;
      const shrink = (at.wd[i] as Vector).times(form(e, b, x).times(Rational.of(2n)));
      yield moving(m, i, x, image.minus(shrink).times(inverse));
    }
  }
}

/** sum_d M_d f_d(v) rho_d. */
const pullOf = (m: Instance, residuals: Matrix, v: Vector): Vector =>
  combine(
    m.features.map(({ weight, wp }) => {
      const f = v.dot(wp);
      return f.sign() > 0 ? weight.times(f) : ZERO;
    }),
    residuals,
    m.nr,
  );

/** e_j = u_j = 0: along e_j = t v, u_j = t phi(v) it falls wherever phi(v) is not 0 (T6-null). */
function* nulls(m: Instance, at: Configuration, residuals: Matrix): Generator<Document> {
  const j = at.we.findIndex((e, i) => e.isZero() && at.wd[i]?.isZero());
  if (j < 0 || residuals.every((rho, d) => rho.isZero() || m.features[d]?.weight.sign() === 0)) return;
  for (const v of rows(m)) {
    const phi = pullOf(m, residuals, v);
    if (phi.isZero()) continue;
    yield moving(m, j, v, primitive(phi.num));
    return;
  }
}

/**
 * e_j = 0 beside a row e_i off every kink: along u_i + t phi(e_i) it falls unless phi(e_i) is 0; and then along e_j = t^3 e_i + t^4 x, u_j + t h, with h = H_i x
 * not 0 and <h, u_j> >= 0 (T6-row).
 */
function* besideZero(m: Instance, at: Configuration, residuals: Matrix): Generator<Document> {
  const j = at.we.findIndex((e) => e.isZero());
  if (j < 0) return;
  for (const [i, e] of at.we.entries()) {
    const signs = m.features.map(({ wp }) => e.dot(wp).sign());
    if (signs.includes(0)) continue;
    const phi = pullOf(m, residuals, e);
    if (!phi.isZero()) {
      yield moving(m, i, Vector.zero(m.np), primitive(phi.num));
      return;
    }
    for (let k = 0; k < m.np; k++) {
      const unit = Vector.ints(Array.from({ length: m.np }, (_, c) => (c === k ? 1n : 0n)));
      const h = combine(
        m.features.map(({ weight, wp }, d) => (signs[d] === 1 ? weight.times(wp.at(k)) : ZERO)),
        residuals,
        m.nr,
      );
      if (h.isZero()) continue;
      const turned = h.dot(at.wd[j] as Vector).sign() < 0;
      const [x, change] = turned ? [unit.negated(), h.negated()] : [unit, h];
      const none = { we: Vector.zero(m.np), wd: Vector.zero(m.nr) };
      yield moved(m, j, [{ ...none, wd: change }, none, { ...none, we: e }, { ...none, we: x }]);
      return;
    }
  }
}

/** Off kinks L~ falls against a gradient that is not 0; where it is 0, perhaps on a line that bends down. */
function* slopes(m: Instance, at: Configuration): Generator<Document> {
  const { we, wd } = gradients(m, at);
  if ([...we, ...wd].every((row) => row.isZero())) {
    const line = downwardLine(m, at);
    if (line)
      yield { rule: 'descent-curve', we: [matrixDocument(line.we)], wd: [matrixDocument(transpose(line.wd, m.nr))] };
    return;
  }
  for (const [i, e] of we.entries()) {
    const u = wd[i] as Vector;
    if (!e.isZero() || !u.isZero()) yield moving(m, i, e.negated(), u.negated());
  }
}

export function* descentCurves(m: Instance, at: Configuration): Generator<Document> {
  const zero = m.activation.kind === 'relu' ? [atZero(m, at)] : [];
  const others = [wakings(m, at), turnings(m, at)];
  // Of inputs there are many: what a theorem says comes before pairs of them, and before the pencils of their sets.
  for (const curves of m.lifted?.inputs ? [...zero, slopes(m, at), ...others] : [...others, ...zero, slopes(m, at)])
    yield* curves;
}

function* atZero(m: Instance, at: Configuration): Generator<Document> {
  const residuals = evaluate(m, [at]).residuals.map((rho) => rho[0] as Vector);
  yield* nulls(m, at, residuals);
  yield* besideZero(m, at, residuals);
}
