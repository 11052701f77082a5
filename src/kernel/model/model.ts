/**
 * The SDL model on single features: pre-activations, residuals, approximate loss (equation 11) and its gradients, written
 * once for points and for curves of configurations.
 */

import { type Germ, plus, scaled, sign } from '../numbers/germ.ts';
import { ONE, Rational, ZERO } from '../numbers/rational.ts';
import { combine, type Matrix, outerSum, type Vector } from '../numbers/vector.ts';
import { room, spend } from '../numbers/work.ts';
import { activeUnits, type Grid, kinks } from './activation.ts';
import {
  type Configuration,
  type Encoder,
  featureAt,
  type Instance,
  inputs,
  type Pattern,
  weights,
} from './instance.ts';

/** Configurations C_0 + C_1 t + C_2 t^2 + ..., as t -> 0+; a gate does not move. A point is a curve of one term. */
export type Curve = readonly [Configuration, ...Configuration[]];

/** What an encoder does to each feature alone. */
export interface Encoding {
  /** z[i][d] = <e_i, w_d>, n_q x n. */
  readonly z: Grid<Germ>;
  readonly gate?: Grid<Germ>;
  readonly active: Grid<boolean>;
}

export interface Evaluation extends Encoding {
  /** residuals[d] = r_d - sum over active i of z[i][d] u_i: vectors of length n_r, coefficients of t^0, t^1, ... */
  readonly residuals: readonly (readonly Vector[])[];
  /** L~ = sum_d M_d |residual_d|^2 (equation 11). */
  readonly loss: Germ;
}

/** Words that a pair of neuron and feature takes: its germ, whether it is active, and where neurons compete its rank. */
const wordsOfPair = (m: Instance, terms: number): number => ('k' in m.activation ? 40 : 10) + 12 * terms;

export function encode(m: Instance, curve: readonly [Encoder, ...Encoder[]]): Encoding {
  const [{ we }] = curve;
  const longest = (rows: Matrix): number => rows.reduce((most, row) => (row.words > most ? row.words : most), 1);
  const entry = longest(we) + longest(m.features.map((f) => f.wp));
  const pairs = we.length * m.features.length;
  room(pairs * (wordsOfPair(m, curve.length) + 2 * curve.length * (entry - 2)));
  // Of each pair the product of its vectors; what it costs beside that. Competing neurons are sorted.
  spend(pairs * (curve.length * 200 + ('k' in m.activation ? 4000 : 0)));
  // A row that rests costs nothing.
  const rests = curve.map((c) => c.we.map((row) => row.isZero()));
  const z = we.map((_, i) =>
    m.features.map((f) => curve.map((c, k) => (rests[k]?.[i] ? ZERO : (c.we[i] as Vector).dot(f.wp)))),
  );
  const g = curve[0].gate;
  const gate = g?.rows.map((row, i) => m.features.map((f) => [row.dot(f.wp).plus(g.bias.at(i))]));
  return { z, ...(gate && { gate }), active: activeUnits(m.activation, z, gate) };
}

export function evaluate(m: Instance, curve: Curve): Evaluation {
  const encoding = encode(m, curve);
  const { z, active } = encoding;
  const rests = curve.map((c) => c.wd.map((column) => column.isZero()));
  const residuals = m.features.map((f, d) =>
    Array.from({ length: 2 * curve.length - 1 }, (_, k) => {
      const [factors, vectors] = k === 0 ? [[ONE], [f.wr]] : [[], []];
      active.forEach((row, i) => {
        if (!row[d]) return;
        (z[i]?.[d] ?? []).forEach((coefficient, a) => {
          const term = curve[k - a];
          if (term === undefined || rests[k - a]?.[i]) return;
          factors.push(coefficient.negated());
          vectors.push(term.wd[i] as Vector);
        });
      });
      return combine(factors, vectors, m.nr);
    }),
  );
  const loss = m.features.reduce<Germ>((total, f, d) => plus(total, scaled(squared(residuals[d] ?? []), f.weight)), []);
  return { ...encoding, residuals, loss };
}

function squared(v: readonly Vector[]): Germ {
  const square = new Array<Rational>(Math.max(0, 2 * v.length - 1)).fill(ZERO);
  const zero = v.map((a) => a.isZero());
  v.forEach((a, i) => {
    for (let j = i; j < v.length; j++) {
      if (zero[i] || zero[j]) continue;
      const product = a.dot(v[j] as Vector);
      square[i + j] = (square[i + j] ?? ZERO).plus(i === j ? product : product.plus(product));
    }
  });
  return square;
}

/** L~ at one configuration. */
export function approximateLoss(m: Instance, at: Configuration): Rational {
  return evaluate(m, [at]).loss[0] ?? ZERO;
}

/**
 * The gradients of L~ while the active sets stay as they are: for the encoder rows (n_q x n_p) and for the decoder columns
 * (n_q x n_r). `slack`, the products <residual_d, u_i> at the kinks, tells whether the kinks matter to first order.
 */
export function gradients(m: Instance, at: Configuration): { we: Matrix; wd: Matrix; slack: readonly Rational[] } {
  const { z, gate, active, residuals } = evaluate(m, [at]);
  const residual = (d: number): Vector => residuals[d]?.[0] as Vector;
  const minusTwoM = weights(m).map((weight) => weight.times(Rational.of(-2n)));
  const masked = (i: number, value: (d: number) => Rational): Rational[] =>
    minusTwoM.map((factor, d) => (active[i]?.[d] ? factor.times(value(d)) : ZERO));
  const wd = at.wd.map((_, i) => {
    const terms = masked(i, (d) => z[i]?.[d]?.[0] ?? ZERO);
    return combine(
      terms,
      m.features.map((_, d) => residual(d)),
      m.nr,
    );
  });
  const we = at.wd.map((u, i) =>
    combine(
      masked(i, (d) => residual(d).dot(u)),
      inputs(m),
      m.np,
    ),
  );
  const slack = kinks(m.activation, z, active, gate).map(([i, d]) => residual(d).dot(at.wd[i] as Vector));
  return { we, wd, slack };
}

/**
 * The pattern an encoder shows: F_i = {d : sigma(W_E w_d)_i > 0} (Definition 3.1). For topk-pure, where an active
 * pre-activation may be negative, F_i is sigma's own active set: the k largest.
 */
export function patternShown(m: Instance, encoder: Encoder): Pattern {
  const { z, active } = encode(m, [encoder]);
  const signed = m.activation.kind === 'identity';
  return patternOfActive(signed ? z.map((row) => row.map((x) => sign(x) > 0)) : active);
}

/** A(d) neuron by neuron. */
export const patternOfActive = (active: Grid<boolean>): Pattern =>
  active.map((row) => row.flatMap((on, d) => (on ? [d] : [])));

export function samePattern(a: Pattern, b: Pattern): boolean {
  return (
    a.length === b.length && a.every((set, i) => set.length === b[i]?.length && set.every((d, k) => d === b[i]?.[k]))
  );
}

/** How many neurons carry each of n features. */
export function carriers(pattern: Pattern, n: number): readonly number[] {
  const counts = new Array<number>(n).fill(0);
  for (const set of pattern) for (const d of set) counts[d] = (counts[d] ?? 0) + 1;
  return counts;
}

/** `({1,2},{})` */
export function patternText(pattern: Pattern): string {
  return `(${pattern.map((set) => `{${set.map((d) => d + 1).join(',')}}`).join(',')})`;
}

/**
 * The pencil of one neuron that alone carries the features F: B = sum_F M_d w_d w_d^T (n_p x n_p), C = sum_F M_d r_d w_d^T
 * (n_r x n_p) and A = C^T C. With the best decoder u = C e / (e^T B e) its features cost sum_F M_d |r_d|^2 - e^T A e / e^T B e.
 */
export function pencil(m: Instance, set: readonly number[]): { a: Matrix; b: Matrix; c: Matrix } {
  const features = set.map((d) => featureAt(m, d));
  const M = features.map((f) => f.weight);
  const w = features.map((f) => f.wp);
  const b = outerSum(M, w, w, [m.np, m.np]);
  const c = outerSum(
    M,
    features.map((f) => f.wr),
    w,
    [m.nr, m.np],
  );
  const ones = c.map(() => Rational.of(1n));
  return { a: outerSum(ones, c, c, [m.np, m.np]), b, c };
}
