/**
 * Curves along which the loss may fall from a critical configuration: candidates for rule `descent-curve`, best guess first.
 * Two ways down are known (docs/claims.md, T6): a dead neuron at its kink wakes up, or a neuron turns towards a larger eigenvalue.
 */
import { type Configuration, type Instance, weights } from '../../kernel/model/instance.ts';
import { evaluate, pencil } from '../../kernel/model/model.ts';
import { Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { combine, multiply, transpose, Vector } from '../../kernel/numbers/vector.ts';
import { definite } from '../linear/definite.ts';
import { primitive } from '../linear/linear.ts';
import { type Document, matrixDocument } from '../proofs/document.ts';
import { activeSets, form, gap } from './localMinimum.ts';

/** The curve on which neuron i moves by t de, t du, and all else rests. */
function moving(m: Instance, i: number, de: Vector, du: Vector): Document {
  const we = Array.from({ length: m.neurons }, (_, k) => (k === i ? de : Vector.zero(m.np)));
  const wd = Array.from({ length: m.neurons }, (_, k) => (k === i ? du : Vector.zero(m.nr)));
  return { rule: 'descent-curve', we: [matrixDocument(we)], wd: [matrixDocument(transpose(wd, m.nr))] };
}

/**
 * Neuron i has e_i = 0: along e_i = t v with decoder t g the loss changes by -2 t^2 <g, sum M_d f_d rho_d> + O(t^4), where
 * f_d = ReLU <v, w_d>. Tried: v among the directions, their differences and their opposites.
 */
function* wakings(m: Instance, at: Configuration): Generator<Document> {
  const { residuals } = evaluate(m, [at]);
  const w = m.features.map((f) => f.wp);
  const differences = w.flatMap((a, c) => w.flatMap((b, d) => (c === d ? [] : [a.minus(b)])));
  for (const [i, e] of at.we.entries()) {
    if (!e.isZero()) continue;
    for (const v of [...differences, ...w, ...w.map((x) => x.negated())]) {
      const pull = weights(m).map((weight, d) => {
        const f = v.dot(w[d] ?? v);
        return f.sign() > 0 ? weight.times(f) : ZERO;
      });
      const g = combine(
        pull,
        residuals.map((rho) => rho[0] ?? Vector.zero(m.nr)),
        m.nr,
      );
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

export function* descentCurves(m: Instance, at: Configuration): Generator<Document> {
  yield* wakings(m, at);
  yield* turnings(m, at);
}
