/**
 * W_E = [Q; -Q; 0], W_D = [T Q^-1, -T Q^-1, 0] with T w_d = r_d: with ReLU it returns T x for every x, whatever Q. Needs
 * n_q >= 2 n_p and such a T, which an autoencoder always has.
 */
import { type Configuration, type Instance, inputs, targets, unitVector } from '../../kernel/model/instance.ts';
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
