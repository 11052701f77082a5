/**
 * Exact points where no Newton step can be certified because critical points are not isolated: zero loss (a linear system in the
 * decoder, or in the encoder), and one neuron in a rational eigenspace of its pencil.
 */
import type { Configuration, Instance } from '../../kernel/instance.ts';
import { pencil } from '../../kernel/model.ts';
import { Rational, ZERO } from '../../kernel/rational.ts';
import { combine, transpose, Vector } from '../../kernel/vector.ts';
import { definite } from '../../solve/definite.ts';
import { type Document, matrixDocument, vectorDocument } from '../../solve/document.ts';
import { nullSpace, solve } from '../../solve/linear.ts';
import { form } from '../../solve/localMinimum.ts';
import { toNumber } from '../tiny/problem.ts';
import { rounded } from './dyadic.ts';
import { leastSquares } from './floats.ts';
import type { Part, State } from './state.ts';

const w = (m: Instance, d: number): Vector => m.features[d]?.wp as Vector;

/** The part's residuals are 0 after the least change of decoders (or encoders) that a rational solution allows; or undefined. */
export function zeroLossPoint(m: Instance, s: State, part: Part, at: Configuration): Configuration | undefined {
  return byDecoders(m, s, part, at) ?? byEncoders(m, s, part, at) ?? byEncoders(m, s, part, aligned(m, s, part, at));
}

/**
 * A feature with few active neurons needs its target in the span of their decoders, which floats miss by a hair: by number of
 * active neurons, one of them that no earlier feature has used gets the decoder that reconstructs the feature exactly.
 */
function aligned(m: Instance, s: State, { neurons, features }: Part, at: Configuration): Configuration {
  const wd = [...at.wd];
  const used = new Set<number>();
  const activeOn = (d: number): number[] => neurons.filter((i) => s.on[i]?.includes(d));
  const ordered = [...features].sort((c, d) => activeOn(c).length - activeOn(d).length);
  const share = (i: number, d: number): Rational => rounded(toNumber((at.we[i] as Vector).dot(w(m, d))), 40);
  for (const d of ordered) {
    const active = activeOn(d);
    if (active.length >= m.nr) break;
    const free = active.filter((i) => !used.has(i));
    const [first] = free.sort((i, j) => toNumber(share(j, d)) - toNumber(share(i, d)));
    for (const i of active) used.add(i);
    if (first === undefined || share(first, d).sign() === 0) continue;
    const others = active.filter((i) => i !== first);
    const rest = others.reduce(
      (sum, i) => sum.minus((wd[i] as Vector).times(share(i, d))),
      m.features[d]?.wr as Vector,
    );
    wd[first] = rest.times(Rational.of(1n).over(share(first, d)));
  }
  return { ...at, wd };
}

function residual(m: Instance, s: State, at: Configuration, d: number): Vector {
  return at.wd.reduce(
    (rho, u, i) => (s.on[i]?.includes(d) ? rho.minus(u.times((at.we[i] as Vector).dot(w(m, d)))) : rho),
    m.features[d]?.wr as Vector,
  );
}

/** Changes of the decoders: sum_i z_id du_i = rho_d, one system for each output coordinate. */
function byDecoders(m: Instance, s: State, { neurons, features }: Part, at: Configuration): Configuration | undefined {
  const z = features.map((d) =>
    Vector.of(neurons.map((i) => (s.on[i]?.includes(d) ? (at.we[i] as Vector).dot(w(m, d)) : ZERO))),
  );
  const rho = features.map((d) => residual(m, s, at, d));
  const changes = transpose(rho, m.nr).map((column) => solve(z, column, neurons.length));
  if (!changes.every((c) => c !== undefined)) return undefined;
  const wd = at.wd.map((u, i) => {
    const k = neurons.indexOf(i);
    return k < 0 ? u : u.plus(Vector.of(changes.map((c) => c.at(k))));
  });
  return { ...at, wd };
}

/** Changes of the encoders: sum_i <de_i, w_d> u_i = rho_d, one system for all. */
function byEncoders(m: Instance, s: State, { neurons, features }: Part, at: Configuration): Configuration | undefined {
  const width = neurons.length * m.np;
  const equations: Vector[] = [];
  const right: Rational[] = [];
  for (const d of features) {
    const rho = residual(m, s, at, d);
    for (let k = 0; k < m.nr; k++) {
      const row = neurons.flatMap((i) => {
        const u = s.on[i]?.includes(d) ? (at.wd[i] as Vector).at(k) : ZERO;
        return w(m, d).times(u).entries();
      });
      equations.push(Vector.of(row));
      right.push(rho.at(k));
    }
  }
  // What is held off must not be moved onto a feature: only the features' own coordinates change.
  const change = solve(equations, Vector.of(right), width);
  if (!change) return undefined;
  const we = at.we.map((e, i) => {
    const k = neurons.indexOf(i);
    return k < 0 ? e : e.plus(Vector.of(change.entries().slice(k * m.np, (k + 1) * m.np)));
  });
  return { ...at, we };
}

/**
 * One neuron whose largest eigenvalue is a small rational with an eigenspace of dimension > 1, or whose eigenvector is rational:
 * the exact point with the best decoder, and the proof for rule `top-eigenvalue`.
 */
export function eigenspacePoint(
  m: Instance,
  s: State,
  part: Part,
  at: Configuration,
): { at: Configuration; proof: Document } | undefined {
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

/** A vector of the space near e: e itself if it is in it. */
function projected(e: Vector, space: readonly Vector[]): Vector | undefined {
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

const NEAR = 1e-9;

/** The fraction of least denominator (below 10^6) within NEAR of x: continued fractions. */
function simplest(x: number): Rational | undefined {
  let [h0, h1, k0, k1, rest] = [0, 1, 1, 0, x];
  for (let step = 0; step < 30; step++) {
    const whole = Math.floor(rest);
    [h0, h1] = [h1, whole * h1 + h0];
    [k0, k1] = [k1, whole * k1 + k0];
    if (k1 > 1e6) return undefined;
    if (Math.abs(x - h1 / k1) < NEAR * Math.max(1, Math.abs(x))) return Rational.of(BigInt(h1), BigInt(k1));
    rest = 1 / (rest - whole);
  }
  return undefined;
}
