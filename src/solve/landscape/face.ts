/**
 * One face of a neuron's cone: rows e with <e, w_t> = 0 for t in T, and the pencil (A, B) of its set restricted to them, modulo rows that
 * vanish on the set. Its eigenvalues are all that a critical row on this face can have (docs/claims.md, T6).
 */

import { thresholdOf } from '../../kernel/model/activation.ts';
import { featureAt, type Instance } from '../../kernel/model/instance.ts';
import { pencil } from '../../kernel/model/model.ts';
import { type Polynomial, primitive } from '../../kernel/numbers/algebraic.ts';
import { characteristic, rank } from '../../kernel/numbers/elimination.ts';
import { type Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { nullSpace } from '../linear/linear.ts';
import { type RealRoot, realRoots } from './realRoots.ts';

/** A neuron's set, the features of it that have weight, and the pencil they make. */
export interface Cluster {
  readonly m: Instance;
  readonly set: readonly number[];
  readonly live: readonly number[];
  /** Where the row has to be <= theta. */
  readonly off: readonly number[];
  /** Where rivals hold the neuron down (Top-k), whatever its row. */
  readonly held: readonly number[];
  /** theta > 0: it is taken as an unknown s > 0, and the row scaled to theta in the end. */
  readonly threshold: boolean;
  readonly a: Matrix;
  readonly b: Matrix;
  readonly c: Matrix;
  /** A basis of the linear relations sum_d k_d w_d = 0, of length n each. */
  readonly relations: Matrix;
}

export interface Face {
  readonly cluster: Cluster;
  readonly tight: readonly number[];
  /** V_T modulo `flat`; r x n_p. */
  readonly basis: Matrix;
  /** Rows of V_T that vanish on the set. */
  readonly flat: Matrix;
  /** A and B restricted to `basis`: r x r. */
  readonly a: Matrix;
  readonly b: Matrix;
  readonly p: Polynomial;
  readonly roots: readonly RealRoot[];
}

export const directions = (m: Instance, features: readonly number[]): Matrix => features.map((d) => featureAt(m, d).wp);

export function clusterOf(m: Instance, set: readonly number[], held: readonly number[] = []): Cluster {
  const all = m.features.map((_, d) => d);
  const inside = new Set([...set, ...held]);
  /** As many as n - n_p vectors of length n: made where a root asks for them. */
  let relations: Matrix | undefined;
  return {
    m,
    set,
    live: set.filter((d) => featureAt(m, d).weight.sign() > 0),
    off: all.filter((d) => !inside.has(d)),
    held: held.filter((d) => !set.includes(d)),
    threshold: thresholdOf(m).sign() > 0,
    ...pencil(m, set),
    get relations() {
      relations ??= nullSpace(columns(directions(m, all), m.np), all.length);
      return relations;
    },
  };
}

const columns = (rows: Matrix, width: number): Matrix =>
  Array.from({ length: width }, (_, j) => Vector.of(rows.map((row) => row.at(j))));

const restricted = (matrix: Matrix, basis: Matrix): Matrix => {
  const images = basis.map((x) => Vector.of(matrix.map((row) => row.dot(x))));
  return basis.map((y) => Vector.of(images.map((x) => x.dot(y))));
};

export function faceOf(cluster: Cluster, tight: readonly number[]): Face {
  const { m, live } = cluster;
  const whole = nullSpace(directions(m, tight), m.np);
  const flat = nullSpace(directions(m, [...tight, ...live]), m.np);
  const values = (e: Vector): Vector => Vector.of(directions(m, live).map((w) => w.dot(e)));
  const basis: Vector[] = [];
  for (const e of whole) {
    if (rank([...basis, e].map(values)) > basis.length) basis.push(e);
  }
  const [a, b] = [restricted(cluster.a, basis), restricted(cluster.b, basis)];
  const p = primitive(characteristic(a, b).num);
  return { cluster, tight, basis, flat, a, b, p, roots: realRoots(p) };
}
