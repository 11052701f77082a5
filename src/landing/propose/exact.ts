/**
 * Exact points where no Newton step can be certified because critical points are not isolated: zero loss (a linear system in the
 * decoder, or in the encoder), and one neuron in a rational eigenspace of its pencil.
 */
import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import { pencil } from '../../kernel/model/model.ts';
import { Rational, sum, ZERO } from '../../kernel/numbers/rational.ts';
import { combine, outerSum, transpose, Vector } from '../../kernel/numbers/vector.ts';
import { form } from '../../solve/decide/localMinimum.ts';
import { definite } from '../../solve/linear/definite.ts';
import { nullSpace, solve } from '../../solve/linear/linear.ts';
import { type Document, matrixDocument, vectorDocument } from '../../solve/proofs/document.ts';
import { toNumber } from '../runs/problem.ts';
import { asked, dependencies } from './dependencies.ts';
import { ofSizeOne, rounded, simplest } from './dyadic.ts';
import { independentOf } from './elimination.ts';
import { leastSquares } from './floats.ts';
import { dotOf, encoderOf, inputOf, type Part, type Point, type State } from './state.ts';

const w = (m: Instance, d: number): Vector => m.features[d]?.wp as Vector;

/** Columns less independent than this are left alone. */
const NULL = 1e-6;

/**
 * A point of exactly zero loss near, or undefined. U Z = R has a solution U iff every n with Z n = 0 has R n = 0, Z the
 * pre-activations that pass. So: the null space of Z is found in floats, among combinations of the exact null space of R;
 * its vectors are rounded; each row e_i is made perpendicular to sum_{F_i} n_d w_d, exactly; then the decoders solve the system.
 */
export function zeroLossPoint(m: Instance, end: Point, part: Part): Configuration | undefined {
  const { neurons } = part;
  const { at } = end;
  const s = resting(end, neurons);
  const dependent = dependencies(m, s, part);
  if (!dependent) return undefined;
  const we = at.we.map((e, i) => {
    if (!neurons.includes(i)) return e;
    const across = dependent.map((n) => asked(m, s, part, i, n));
    const kinks = (s.kinks[i] as number[]).map((d) => w(m, d));
    const conditions = [...across, ...kinks].filter((v) => !v.isZero());
    return conditions.length === 0 ? e : (projected(e, nullSpace(conditions, m.np)) ?? Vector.zero(m.np));
  });
  return byDecoders(m, s, part, { ...at, we });
}

/** Nearer to a kink than this, a row is put at it: a pre-activation of 1e-8 is no pivot. */
const KINK = 1e-5;

/** The same weights, pre-activations near 0 taken for kinks. */
function resting(s: State, neurons: readonly number[]): State {
  if (s.p.activation.kind !== 'relu') return s;
  const features = Array.from({ length: s.p.n }, (_, d) => d);
  const near = s.on.map((_, i) =>
    features.filter((d) => neurons.includes(i) && Math.abs(dotOf(encoderOf(s, i), inputOf(s.p, d))) < KINK),
  );
  return { ...s, on: s.on.map((set, i) => set.filter((d) => !near[i]?.includes(d))), kinks: near };
}

function residual(m: Instance, s: State, at: Configuration, d: number): Vector {
  return at.wd.reduce(
    (rho, u, i) => (s.on[i]?.includes(d) ? rho.minus(u.times((at.we[i] as Vector).dot(w(m, d)))) : rho),
    m.features[d]?.wr as Vector,
  );
}

/** Changes of well-chosen decoders: sum_i z_id du_i = rho_d, one system for each output coordinate. */
function byDecoders(m: Instance, s: State, { neurons, features }: Part, at: Configuration): Configuration | undefined {
  const z = neurons.map((i) => features.map((d) => (s.on[i]?.includes(d) ? (at.we[i] as Vector).dot(w(m, d)) : ZERO)));
  const floats = z.map((row) => row.map(toNumber));
  const moving = independentOf([], floats, NULL, true).after;
  const matrix = features.map((_, k) => Vector.of(moving.map((j) => z[j]?.[k] as Rational)));
  const rho = features.map((d) => residual(m, s, at, d));
  const changes = transpose(rho, m.nr).map((column) => solve(matrix, column, moving.length));
  if (!changes.every((c) => c !== undefined)) return undefined;
  const wd = at.wd.map((u, i) => {
    const k = moving.indexOf(neurons.indexOf(i));
    return k < 0 ? u : u.plus(Vector.of(changes.map((c) => c.at(k))));
  });
  return { ...at, wd };
}

/**
 * One neuron whose largest eigenvalue is a small rational with an eigenspace of dimension > 1, or whose eigenvector is rational:
 * the exact point with the best decoder, and the proof for rule `top-eigenvalue`.
 */
export function eigenspacePoint(m: Instance, s: Point, part: Part): { at: Configuration; proof: Document } | undefined {
  const { at } = s;
  const [i] = part.neurons;
  if (i === undefined || part.neurons.length > 1) return undefined;
  const { a, b, c } = pencil(m, s.on[i] ?? []);
  const e = at.we[i] as Vector;
  const norm = form(e, b, e);
  if (norm.sign() <= 0) return undefined;
  const lambda = simplest(toNumber(form(e, a, e).over(norm)));
  if (!lambda) return undefined;
  const gap = b.map((row, k) => row.times(lambda).minus(a[k] as Vector));
  const answer = definite(gap);
  if (!('d' in answer)) return undefined;
  const moved = projected(e, nullSpace(gap, m.np));
  if (!moved) return undefined;
  const s2 = form(moved, b, moved);
  if (s2.sign() <= 0) return undefined;
  const u = combine(moved.entries(), transpose(c, m.np), m.nr).times(Rational.of(1n).over(s2));
  const replaced = (rows: readonly Vector[], row: Vector): Vector[] => rows.map((old, k) => (k === i ? row : old));
  return {
    at: { we: replaced(at.we, moved), wd: replaced(at.wd, u) },
    proof: { rule: 'top-eigenvalue', definite: { l: matrixDocument(answer.l), d: vectorDocument(answer.d) } },
  };
}

/**
 * Neurons at the least loss that their number allows, where equal eigenvalues of C = sum M r r^T leave a whole family of such
 * points: the best decoders of the rows as they are, exactly, and the proof for rule `eckart-young`.
 */
export function eckartYoungPoint(
  m: Instance,
  s: Point,
  { neurons, features }: Part,
): { at: Configuration; proof: Document } | undefined {
  const { at } = s;
  const weight = (d: number): Rational => m.features[d]?.weight as Rational;
  const target = (d: number): Vector => m.features[d]?.wr as Vector;
  const z = neurons.map((i) =>
    Vector.of(features.map((d) => (s.on[i]?.includes(d) ? (at.we[i] as Vector).dot(w(m, d)) : ZERO))),
  );
  const weighted = z.map((row) => Vector.of(row.entries().map((x, k) => x.times(weight(features[k] as number)))));
  const gram = z.map((row) => Vector.of(weighted.map((other) => row.dot(other))));
  const targets = transpose(features.map(target), m.nr);
  const rows = targets.map((row) => solve(gram, Vector.of(weighted.map((other) => other.dot(row))), neurons.length));
  if (!rows.every((row) => row !== undefined)) return undefined;
  const wd = at.wd.map((u, i) => (neurons.includes(i) ? Vector.of(rows.map((row) => row.at(neurons.indexOf(i)))) : u));
  const better = { ...at, wd };
  const c = outerSum(features.map(weight), features.map(target), features.map(target), [m.nr, m.nr]);
  const loss = sum(
    features.map((d) => {
      const rho = residual(m, s, better, d);
      return rho.dot(rho).times(weight(d));
    }),
  );
  const t = sum(c.map((row, k) => row.at(k)))
    .minus(loss)
    .over(Rational.of(BigInt(neurons.length)));
  const gap = c.map((row, k) => Vector.of(row.entries().map((x, j) => (j === k ? t.minus(x) : x.negated()))));
  const answer = definite(gap);
  if (!('d' in answer)) return undefined;
  const factors = { l: matrixDocument(answer.l), d: vectorDocument(answer.d) };
  return { at: better, proof: { rule: 'eckart-young', t: `${t}`, definite: factors } };
}

/** A vector of the space near e: e itself if it is in it. */
export function projected(e: Vector, integers: readonly Vector[]): Vector | undefined {
  const space = integers.map(ofSizeOne);
  if (space.length === 0) return undefined;
  if (space.length === e.length) return e;
  const columns = Array.from({ length: e.length }, (_, k) => space.map((v) => toNumber(v.at(k))));
  const shares = leastSquares(columns, e.entries().map(toNumber));
  return combine(
    shares.map((x) => rounded(x, 40)),
    space,
    e.length,
  );
}
