/**
 * Proofs for `least-loss` by the rank of the outputs (src/kernel/rules/rankBound.ts). The best bound has X = (C - t I)_+, t from the (n_q + 1)-th to the n_q-th eigenvalue of C. Exactly, X = P (C - t I) P with P the
 * projection on the columns of a configuration, where these span n_q dimensions that C maps to themselves; else floats propose X, a little more is added, and it is rounded.
 */
import { type Configuration, type Instance, targets, unitVector, weights } from '../../kernel/model/instance.ts';
import { approximateLoss } from '../../kernel/model/model.ts';
import { Rational, sum, ZERO } from '../../kernel/numbers/rational.ts';
import { combine, type Matrix, multiply, outerSum, transpose, Vector } from '../../kernel/numbers/vector.ts';
import { eigen } from '../inequalities/coneForm.ts';
import { toFloat } from '../landscape/eigenvector.ts';
import { definite } from '../linear/definite.ts';
import { inverse, rank } from '../linear/linear.ts';
import { configurationDocument, type Document, matrixDocument, vectorDocument } from '../proofs/document.ts';
import { floatForm } from './leastGain.ts';
import { untied } from './untied.ts';

/** Numerators over 2^BITS. */
const BITS = 40;
const rounded = (x: number): Rational => Rational.of(BigInt(Math.round(x * 2 ** BITS)), 1n << BigInt(BITS));

/** A rational from `low` to `high` with a small denominator. */
function between(low: number, high: number): Rational {
  for (let den = 1; den <= 64; den++) {
    const num = Math.ceil(low * den - 1e-9);
    if (num / den <= high + 1e-9) return Rational.of(BigInt(num), BigInt(den));
  }
  return rounded((low + high) / 2);
}

/** The orthogonal projection on the span of the columns, n_r x n_r. */
function projection(columns: Matrix, nr: number): Matrix | undefined {
  const basis: Vector[] = [];
  for (const u of columns) if (rank([...basis, u], nr) > basis.length) basis.push(u);
  const gram = inverse(basis.map((u) => Vector.of(basis.map((v) => u.dot(v)))));
  return gram && basis.length > 0
    ? transpose(basis, nr).map((row) => combine(combine(row.entries(), gram, basis.length).entries(), basis, nr))
    : undefined;
}

const minusMultiple = (matrix: Matrix, t: Rational): Matrix =>
  matrix.map((row, k) => row.minus(unitVector(matrix.length, k).times(t)));

interface Bound {
  readonly least: Rational;
  readonly proof: Document;
}

const trace = (matrix: Matrix): Rational => sum(matrix.map((row, k) => row.at(k)));

function boundOf(m: Instance, at: Configuration, c: Matrix, t: Rational, x: Matrix): Bound[] {
  const shifted = minusMultiple(c, t);
  const factors = [x, x.map((row, k) => row.minus(shifted[k] as Vector))].map(definite);
  const found = factors.flatMap((f) => ('d' in f ? [{ l: matrixDocument(f.l), d: vectorDocument(f.d) }] : []));
  if (found.length < factors.length) return [];
  const least = trace(c)
    .minus(trace(x))
    .minus(t.times(Rational.of(BigInt(m.neurons))));
  const point = configurationDocument(at, m.nr);
  return [{ least, proof: { rule: 'rank-bound', t: `${t}`, x: matrixDocument(x), definite: found, ...point } }];
}

/** The less of L~ of the instance's configuration and with a decoder of 0. */
function bestKnown(m: Instance): Configuration | undefined {
  const zeros = (length: number): Matrix => Array.from({ length: m.neurons }, () => Vector.zero(length));
  const nothing = m.activation.kind === 'gated' ? [] : [{ we: zeros(m.np), wd: zeros(m.nr) }];
  const known = [...(m.configuration ? [m.configuration] : []), ...nothing].flatMap((at) => {
    const loss = untied(() => approximateLoss(m, at));
    return loss ? [{ at, loss }] : [];
  });
  return known.sort((a, b) => a.loss.compare(b.loss))[0]?.at;
}

export function rankBoundProof(m: Instance): Document | undefined {
  const at = bestKnown(m);
  if (!at) return undefined;
  const c = outerSum(weights(m), targets(m), targets(m), [m.nr, m.nr]);
  if (m.neurons >= rank(c, m.nr)) return boundOf(m, at, c, ZERO, c)[0]?.proof;
  const values = eigen(floatForm(c)).sort((a, b) => b.value - a.value);
  const value = (k: number): number => values[k]?.value ?? 0;
  const t = between(Math.max(0, value(m.neurons)), value(m.neurons - 1));
  const about = toFloat(t);
  /** (C - t I)_+ and `more` of the largest eigenvalue beside it. */
  const positivePart = (more: number): Matrix =>
    c.map((_, i) =>
      Vector.of(
        c.map((_, j) => {
          const terms = values.map(({ value: v, vector }) => {
            const [a, b] = i < j ? [i, j] : [j, i];
            return Math.max(0, v - about) * (vector[a] ?? 0) * (vector[b] ?? 0);
          });
          return rounded(terms.reduce((total, x) => total + x, i === j ? more * value(0) : 0));
        }),
      ),
    );
  const p = projection(at.wd, m.nr);
  const exact = p ? [multiply(multiply(p, minusMultiple(c, t), m.nr), p, m.nr)] : [];
  const bounds = [
    ...exact.flatMap((x) => boundOf(m, at, c, t, x)),
    ...[2 ** -30, 2 ** -15].flatMap((more) => boundOf(m, at, c, t, positivePart(more))),
    ...boundOf(
      m,
      at,
      c,
      trace(c),
      minusMultiple(c, ZERO).map((row) => row.times(ZERO)),
    ),
  ];
  return bounds.sort((a, b) => b.least.compare(a.least))[0]?.proof;
}
