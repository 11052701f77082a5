/**
 * Rows of several neurons under Top-1: on the features of its set each has to be above all the others. A critical row stays one when it
 * is scaled, and when a row that vanishes on its set is added; an LP on rational stand-ins looks for such changes.
 */

import { type Instance, unitVector } from '../../kernel/model/instance.ts';
import { type Element, enclosures } from '../../kernel/numbers/algebraic.ts';
import { Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { combine, type Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { preActivations } from '../../kernel/rules/criticalPoint.ts';
import { motzkin } from '../inequalities/motzkin.ts';
import { approximated, type Row } from './criticalPoints.ts';
import { directions } from './face.ts';
import { refined } from './realRoots.ts';

/** The rows changed so that they outrank each other as the sets ask; undefined where none were found. */
export function ranked(m: Instance, rows: readonly Row[]): Row[] | undefined {
  if (rows.length < 2) return [...rows];
  const starts = rows.map((_, i) => rows.slice(0, i).reduce((total, { face }) => total + 1 + face.flat.length, 0));
  const dimension = rows.reduce((total, { face }) => total + 1 + face.flat.length, 0);
  // Of the size of `flat` and rounded, so that the answer is of small integers and has a margin.
  const standIns = rows.map((row) => standIn(m, row));
  /** z_{i,d} as a linear form in the scales and the rows added. */
  const form = (i: number, d: number): Vector => {
    const [own] = directions(m, [d]) as [Vector];
    const entries = [standIns[i]?.z[d] ?? ZERO, ...(rows[i] as Row).face.flat.map((f) => f.dot(own))];
    return entries.reduce(
      (sum, x, k) => sum.plus(unitVector(dimension, (starts[i] ?? 0) + k).times(x)),
      Vector.zero(dimension),
    );
  };
  const all = m.features.map((_, d) => d);
  const strict: Vector[] = starts.map((k) => unitVector(dimension, k));
  const equal: Vector[] = [];
  for (const [i, { cluster, kinks, face }] of rows.entries()) {
    for (const d of cluster.set) {
      strict.push(form(i, d));
      for (const j of rows.keys()) if (j !== i) strict.push(form(i, d).minus(form(j, d)));
    }
    // What is added leaves the kinks where they are.
    for (const d of all.filter((t) => !cluster.set.includes(t) && cluster.off.includes(t))) {
      if (!kinks.includes(d)) strict.push(form(i, d).negated());
      else if (!face.tight.includes(d)) equal.push(withoutScale(form(i, d), starts[i] ?? 0));
    }
  }
  const answer = motzkin({ dimension, strict, weak: [], equal });
  if (!answer.solvable) return undefined;
  return rows.map((row, i) => changed(m, row, answer.x, starts[i] ?? 0, standIns[i]?.size ?? 1n));
}

const withoutScale = (v: Vector, at: number): Vector => Vector.of(v.entries().map((x, k) => (k === at ? ZERO : x)));

/** The pre-activations of the row over their size, to 16 bits. */
function standIn(m: Instance, { e, lambda }: Row): { z: Rational[]; size: bigint } {
  const z = enclosures(preActivations(m, e), lambda, m.features.length).map((x) => approximated(x));
  const sizes = z.map((x) => (x.sign() < 0 ? -x.num : x.num) / x.den);
  const size = sizes.reduce((a, b) => (a > b ? a : b), 1n);
  return { z: z.map((x) => Rational.of((x.num << 16n) / (x.den * size), 1n << 16n)), size };
}

function changed(m: Instance, row: Row, x: Vector, start: number, size: bigint): Row {
  const scale = x.at(start).over(Rational.of(size));
  const flat: Matrix = row.face.flat;
  const added = combine(
    flat.map((_, k) => x.at(start + 1 + k)),
    flat,
    m.np,
  );
  const times = (v: Element): Element => v.map((c) => c.times(scale));
  const e = times(row.e);
  const [first = Vector.zero(m.np), ...rest] = e;
  return { ...row, lambda: refined(row.lambda, 64), e: [first.plus(added), ...rest], mu: times(row.mu) };
}
