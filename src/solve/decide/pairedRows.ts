/**
 * W_E = [Q; -Q; 0], W_D = [T Q^-1, -T Q^-1, 0] with T w_d = r_d: with ReLU it returns T x for every x, whatever Q. Needs
 * n_q >= 2 n_p and such a T, which an autoencoder always has.
 */
import { type Configuration, type Instance, inputs, targets, unitVector } from '../../kernel/model/instance.ts';
import { ONE, Rational } from '../../kernel/numbers/rational.ts';
import { type Matrix, multiply, transpose, Vector } from '../../kernel/numbers/vector.ts';
import { inverse, solve } from '../linear/linear.ts';

export const identity = (size: number): Matrix => Array.from({ length: size }, (_, k) => unitVector(size, k));

export const integers = (size: number, entry: (i: number, j: number) => number): Matrix =>
  Array.from({ length: size }, (_, i) => Vector.ints(Array.from({ length: size }, (_, j) => BigInt(entry(i, j)))));

/** Q to try: the identity, then all ones with a growing diagonal, whose rows and inverse lie between the axes. */
export function* mixings(np: number): Generator<Matrix> {
  yield identity(np);
  for (let c = 1; c <= 6; c++) {
    for (const sign of [1, -1]) yield integers(np, (i, j) => (i === j ? c + 1 : i < j ? sign : 1));
  }
}

/** The rows of T (n_r x n_p): T w_d = r_d for every d, or undefined. */
function linearMap(m: Instance): Matrix | undefined {
  if (m.features.every((f) => f.wp.equals(f.wr))) return identity(m.np);
  const rows = Array.from({ length: m.nr }, (_, k) =>
    solve(inputs(m), Vector.of(targets(m).map((r) => r.at(k))), m.np),
  );
  return rows.every((row) => row !== undefined) ? rows : undefined;
}

/** The configuration for an invertible Q (n_p x n_p), the identity by default; undefined where there is none. */
export function oppositePairs(m: Instance, q: Matrix = identity(m.np)): Configuration | undefined {
  const map = m.neurons >= 2 * m.np ? linearMap(m) : undefined;
  const back = map && inverse(q);
  if (!map || !back) return undefined;
  const columns = transpose(multiply(map, back, m.np), m.np);
  const spare = m.neurons - 2 * m.np;
  const zeros = (length: number): Vector[] => Array.from({ length: spare }, () => Vector.zero(length));
  const both = (rows: Matrix): Matrix => [...rows, ...rows.map((row) => row.negated())];
  return { we: [...both(q), ...zeros(m.np)], wd: [...both(columns), ...zeros(m.nr)] };
}

/** Whether v has a cosine of size 9/10 or more with none of these, and is not 0. */
export const isApart = (v: Vector, directions: Matrix): boolean =>
  !v.isZero() &&
  directions.every((w) => {
    const [product, norms] = [v.dot(w), v.dot(v).times(w.dot(w))];
    return norms.sign() === 0 || product.times(product).times(HUNDRED).compare(norms.times(EIGHTY_ONE)) < 0;
  });
const [HUNDRED, EIGHTY_ONE] = [Rational.of(100n), Rational.of(81n)];

/** Small integer vectors that recover none of the directions: the axes and diagonals first, then a fixed sequence. */
export function* apart(directions: Matrix, length: number): Generator<Vector> {
  for (let seed = 0; seed < 2000; seed++) {
    let x = seed * 2654435761 + 1;
    const entry = (_: unknown, k: number): bigint => {
      if (seed < length) return k === seed ? 1n : 0n;
      x = Math.imul(x ^ (x >>> 15), 2246822519) ^ (x << 7);
      return BigInt((x >>> 8) % 17) - 8n;
    };
    const v = Vector.ints(Array.from({ length }, entry));
    if (isApart(v, directions)) yield v;
  }
}

/**
 * 2 (min(n_p, n_r) + 1) neurons that add up to T x for every x, their rows near v or their columns near u, recovering nothing (theorems/non-identifiability);
 * undefined where there is no T, or no such neurons were found.
 */
export function pairsBeside(
  m: Instance,
  v: Vector,
  u: Vector,
  directions: Matrix,
  columns: Matrix,
): Configuration | undefined {
  const map = linearMap(m);
  if (!map) return undefined;
  const short = m.nr <= m.np;
  const [near, beside, size] = short ? [u, columns, m.nr] : [v, directions, m.np];
  for (let bits = 1; bits <= 40; bits += 3) {
    const delta = Rational.of(1n, 1n << BigInt(bits));
    const basis = identity(size).map((axis) => near.plus(axis.times(delta)));
    const total = basis.reduce((a, b) => a.plus(b));
    const back = [...basis, total].every((b) => isApart(b, beside)) ? inverse(basis) : undefined;
    if (!back) continue;
    // T = sum_k basis_k f_k^T (n_r <= n_p), sum_k h_k basis_k^T otherwise.
    const rest = multiply(transpose(back, size), short ? map : transpose(map, m.np), short ? m.np : m.nr);
    for (let power = 2n; power < 1n << 60n; power *= 8n) {
      const K = Rational.of(power);
      const mixed = rest.map((f) => (short ? v.plus(f.times(ONE.over(K))) : u.times(K).plus(f)));
      if (!mixed.every((f) => isApart(f, short ? directions : columns))) continue;
      const half = short
        ? { we: [...mixed, v], wd: [...basis.map((b) => b.times(K)), total.times(K).negated()] }
        : { we: [...basis, total], wd: [...mixed, u.times(K).negated()] };
      const both = (rows: Matrix): Matrix => rows.flatMap((row) => [row, row.negated()]);
      return { we: both(half.we), wd: both(half.wd) };
    }
  }
  return undefined;
}

/** The configuration with neurons of zeros up to n_q; undefined if it has more. */
export function filledUp(m: Instance, at: Configuration): Configuration | undefined {
  const spare = m.neurons - at.we.length;
  if (spare < 0) return undefined;
  const zeros = (length: number): Vector[] => Array.from({ length: spare }, () => Vector.zero(length));
  return { ...at, we: [...at.we, ...zeros(m.np)], wd: [...at.wd, ...zeros(m.nr)] };
}
