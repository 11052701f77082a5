/** The largest gain of one neuron: by floats over many starts, then as an exact point of Q(lambda) (src/kernel/rules/leastLoss.ts). */

import type { Instance } from '../../kernel/model/instance.ts';
import { pencil } from '../../kernel/model/model.ts';
import { primitive } from '../../kernel/numbers/algebraic.ts';
import { characteristic } from '../../kernel/numbers/elimination.ts';
import { ONE, Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { combine, type Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { dot, type Floats, largestOnCone, unitOf } from '../inequalities/coneForm.ts';
import { toFloat } from '../landscape/eigenvector.ts';
import { type Algebraic, NumberField } from '../landscape/numberField.ts';
import { randomNumbers } from '../landscape/partitionPatterns.ts';
import { realRoots } from '../landscape/realRoots.ts';
import { largestOf } from '../linear/extremes.ts';
import { nullSpace } from '../linear/linear.ts';

/** Below it a float is taken for 0, beside lengths of about 1. */
const NEAR = 1e-7;
const STARTS = 200;
/** Rows drawn for the sets that a neuron can show. */
const SAMPLES = 3_000;
const MOST_SETS = 400;

export const floats = (v: Vector): number[] => v.entries().map(toFloat);
export const floatForm = (rows: Matrix): number[][] => rows.map(floats);

/** The features that weigh, in floats. */
export interface Task {
  readonly m: Instance;
  /** An SAE: gains are those of tied weights, so columns are enough. */
  readonly by: 'row' | 'column';
  readonly weights: Floats;
  readonly w: readonly Floats[];
  readonly r: readonly Floats[];
}

export function taskOf(m: Instance): Task {
  const tied = m.features.every((f) => f.weight.sign() === 0 || f.wr.equals(f.wp));
  return {
    m,
    by: tied && m.np === m.nr ? 'column' : 'row',
    weights: m.features.map((f) => toFloat(f.weight)),
    w: m.features.map((f) => floats(f.wp)),
    r: m.features.map((f) => floats(f.wr)),
  };
}

export interface Candidate {
  readonly gain: number;
  readonly e: number[];
}

export function gainAt({ weights, w, r }: Task, e: Floats): number {
  const z = w.map((wd, d) => Math.max(0, dot(wd, e)) * (weights[d] ?? 0));
  const p = (r[0] ?? []).map((_, q) => r.reduce((total, rd, d) => total + (z[d] ?? 0) * (rd[q] ?? 0), 0));
  const s = w.reduce((total, wd, d) => total + (z[d] ?? 0) * Math.max(0, dot(wd, e)), 0);
  return s > 1e-14 ? dot(p, p) / s : 0;
}

/** The features with weight that are on at e, and those at their kink there. */
function sidesAt({ weights, w }: Task, e: Floats): { on: number[]; kinks: number[] } {
  const [on, kinks]: [number[], number[]] = [[], []];
  for (const [d, wd] of w.entries()) {
    const z = dot(wd, e) / Math.sqrt(dot(wd, wd) * dot(e, e));
    if (!((weights[d] ?? 0) > 0)) continue;
    if (z > NEAR) on.push(d);
    else if (z > -NEAR) kinks.push(d);
  }
  return { on, kinks };
}

/** In falling order, apart from each other. */
export function candidates(task: Task): Candidate[] {
  const random = randomNumbers(1);
  const { m, by, w } = task;
  const draw = (): number[] => unitOf(Array.from({ length: m.np }, () => random() + random() + random() - 1.5));
  const found: Candidate[] = [{ gain: 0, e: w[0]?.map(() => 0) ?? [] }];
  const note = (e: Floats): void => {
    const gain = gainAt(task, e);
    const same = found.some((c) => dot(c.e, c.e) > 0 && dot(unitOf(c.e), unitOf(e)) > 1 - 1e-10);
    if (gain > 1e-12 && !same) found.push({ gain, e: unitOf(e) });
  };
  if (by === 'column') {
    for (let k = 0; k < STARTS + w.length; k++) note(climbed(task, k < w.length ? unitOf(w[k] as Floats) : draw()));
  } else {
    const seen = new Set<string>();
    for (let k = 0; k < SAMPLES && seen.size < MOST_SETS; k++) {
      const e = draw();
      const set = w.flatMap((wd, d) => (dot(wd, e) > 0 ? [d] : []));
      if (seen.has(`${set}`)) continue;
      seen.add(`${set}`);
      const best = bestShowing(task, set, []);
      if (best) note(best.x);
    }
  }
  return found.sort((a, b) => b.gain - a.gain);
}

/** u <- sum M <w,u>+ w, which never lowers sum M <w,u>+^2. */
function climbed({ weights, w }: Task, start: Floats): number[] {
  let u = [...start];
  for (let k = 0; k < 2_000; k++) {
    const next = unitOf(
      u.map((_, i) =>
        w.reduce((total, wd, d) => total + (weights[d] ?? 0) * Math.max(0, dot(wd, u)) * (wd[i] ?? 0), 0),
      ),
    );
    const moved = Math.sqrt(next.reduce((total, x, i) => total + (x - (u[i] ?? 0)) ** 2, 0));
    u = next;
    if (moved < 1e-15) break;
  }
  return u;
}

/** The best row with <w, e> >= 0 on the set and <= 0 off it, and within other inward normals. */
export function bestShowing(
  task: Task,
  set: readonly number[],
  normals: readonly Floats[],
): ReturnType<typeof largestOnCone> {
  const { m, w, weights } = task;
  const { a, b } = pencil(
    m,
    set.filter((d) => (weights[d] ?? 0) > 0),
  );
  const own = w.flatMap((wd, d) => ((weights[d] ?? 0) > 0 ? [set.includes(d) ? wd : wd.map((x) => -x)] : []));
  return largestOnCone(floatForm(a), floatForm(b), [...own, ...normals]);
}

/** A row in Q(lambda) whose gain is lambda exactly, near e. */
export interface ExactPoint {
  readonly field: NumberField;
  readonly e: readonly Algebraic[];
  /** About. */
  readonly lambda: number;
}

/** The features that are on, and what is orthogonal to the row. */
export interface Place {
  readonly on: readonly number[];
  readonly tight: Matrix;
}
function placeOf(task: Task, e: Floats): Place {
  const { on, kinks } = sidesAt(task, e);
  return { on, tight: kinks.map((d) => task.m.features[d]?.wp as Vector) };
}

/** The pencil of the row's set on the rows that keep its kinks: B lambda - A, with a basis. */
function restricted(task: Task, e: Floats, place: Place | undefined): { a: Matrix; b: Matrix; basis: Matrix } {
  const { m, by } = task;
  const { on, tight } = place ?? placeOf(task, e);
  const { a, b } = pencil(m, on);
  const at = tight;
  const units = Array.from({ length: m.np }, (_, k) => unit(m.np, k));
  const basis = by === 'row' && at.length > 0 ? nullSpace(at, m.np) : units;
  const form = (f: Matrix): Matrix =>
    basis.map((x) => {
      const image = combine(x.entries(), f, m.np);
      return Vector.of(basis.map((y) => image.dot(y)));
    });
  return { a: form(a), b: form(b), basis };
}

/** `known`: the field, where lambda is known already. */
export function exactPoint(
  task: Task,
  { gain, e }: Candidate,
  known?: NumberField,
  place?: Place,
): ExactPoint | undefined {
  const { m } = task;
  if (gain === 0) {
    const field = known ?? new NumberField({ f: [0n, 1n], from: ZERO, to: ZERO });
    return { field, e: Array.from({ length: m.np }, () => field.of(ZERO)), lambda: 0 };
  }
  const { a, b, basis } = restricted(task, e, place);
  // Rows that no feature of the set sees are fixed: their part of e is rounded.
  const blind = nullSpace(b, basis.length);
  const seen = blind.length === 0 ? basis.map((_, k) => unit(basis.length, k)) : nullSpace(blind, basis.length);
  const onto = (f: Matrix): Matrix =>
    seen.map((x) => {
      const image = combine(x.entries(), f, basis.length);
      return Vector.of(seen.map((y) => image.dot(y)));
    });
  const [own, against] = [onto(a), onto(b)];
  let field = known;
  if (!field) {
    const p = primitive(characteristic(own, against).num);
    if (p.length < 2) return undefined;
    const near = realRoots(p)
      .map(({ root }) => root)
      .sort((x, y) => Math.abs(toFloat(x.from) - gain) - Math.abs(toFloat(y.from) - gain))[0];
    if (!near || Math.abs(toFloat(near.from) - gain) > 1e-6 * Math.max(1, gain)) return undefined;
    field = new NumberField(near);
  }
  const kernel = fieldKernel(field, own, against);
  const rows = kernel.map((x) => lifted(field, x, seen, basis, m.np));
  if (rows.length === 0) return undefined;
  // The nearest to e among them, with rational coefficients.
  const shapes = rows.map((row) => row.map((x) => aboutOf(field, x)));
  const fit = leastSquares(shapes, unitOf(e));
  const largest = largestOf(fit.map(Math.abs));
  let exact = rows[0]?.map(() => field.of(ZERO)) as Algebraic[];
  for (const [k, row] of rows.entries()) {
    const c = rows.length === 1 ? rational(Math.sign(fit[0] ?? 1), 0) : rational((fit[k] ?? 0) / largest, 20);
    exact = exact.map((x, i) => plus(field, x, field.times(field.of(c), row[i] as Algebraic)));
  }
  if (blind.length > 0 && !place) {
    const size = Math.sqrt(exact.reduce((total, x) => total + aboutOf(field, x) ** 2, 0)) || 1;
    for (const x of lift(blind, basis, m.np)) {
      const v = floats(x);
      const share =
        (dot(v, unitOf(e)) -
          dot(
            v,
            exact.map((c) => aboutOf(field, c) / size),
          )) /
        dot(v, v);
      const c = rational(share * size, 20);
      exact = exact.map((y, i) => plus(field, y, field.of(x.at(i).times(c))));
    }
  }
  return { field, e: exact, lambda: aboutOf(field, field.affine(ZERO, ONE)) };
}

export const plus = (field: NumberField, x: Algebraic, y: Algebraic): Algebraic => field.minus(x, y.negated());
const unit = (n: number, k: number): Vector => Vector.of(Array.from({ length: n }, (_, i) => (i === k ? ONE : ZERO)));
const lift = (rows: Matrix, basis: Matrix, np: number): Vector[] => rows.map((x) => combine(x.entries(), basis, np));

function lifted(field: NumberField, x: readonly Algebraic[], seen: Matrix, basis: Matrix, np: number): Algebraic[] {
  const rows = lift(seen, basis, np);
  return Array.from({ length: np }, (_, i) =>
    rows.reduce(
      (total, row, k) => plus(field, total, field.times(field.of(row.at(i)), x[k] as Algebraic)),
      field.of(ZERO),
    ),
  );
}

export function aboutOf(field: NumberField, x: Algebraic): number {
  const { from, to } = field.root;
  const middle = toFloat(from.plus(to).times(Rational.of(1n, 2n)));
  return x.entries().reduceRight((value, c) => value * middle + toFloat(c), 0);
}

/** The nearest with `bits` binary places. */
export function rational(x: number, bits: number): Rational {
  return Rational.of(BigInt(Math.round(x * 2 ** bits)), 1n << BigInt(bits));
}

/** Vectors that span the kernel of A - lambda B. */
function fieldKernel(field: NumberField, a: Matrix, b: Matrix): Algebraic[][] {
  const n = a.length;
  const rows = a.map((row, i) =>
    Array.from({ length: n }, (_, j) => field.affine(row.at(j), (b[i] as Vector).at(j).negated())),
  );
  const pivots: number[] = [];
  let top = 0;
  for (let c = 0; c < n; c++) {
    const at = rows.findIndex((row, i) => i >= top && field.sign(row[c] as Algebraic) !== 0);
    if (at < 0) continue;
    [rows[top], rows[at]] = [rows[at] as Algebraic[], rows[top] as Algebraic[]];
    const inverse = field.inverse((rows[top] as Algebraic[])[c] as Algebraic);
    rows[top] = (rows[top] as Algebraic[]).map((x) => field.times(x, inverse));
    for (const [i, row] of rows.entries()) {
      const factor = row[c] as Algebraic;
      if (i === top || field.sign(factor) === 0) continue;
      rows[i] = row.map((x, j) => field.minus(x, field.times(factor, (rows[top] as Algebraic[])[j] as Algebraic)));
    }
    pivots.push(c);
    top++;
  }
  const free = a.map((_, c) => c).filter((c) => !pivots.includes(c));
  return free.map((f) =>
    a.map((_, c) => {
      const at = pivots.indexOf(c);
      return c === f ? field.of(ONE) : at < 0 ? field.of(ZERO) : ((rows[at] as Algebraic[])[f] as Algebraic).negated();
    }),
  );
}

function leastSquares(columns: readonly Floats[], y: Floats): number[] {
  const n = columns.length;
  const rows = columns.map((x) => [...columns.map((z) => dot(x, z)), dot(x, y)]);
  for (let c = 0; c < n; c++) {
    const at = rows
      .slice(c)
      .reduce((best, row, i) => (Math.abs(row[c] ?? 0) > Math.abs(rows[best]?.[c] ?? 0) ? c + i : best), c);
    [rows[c], rows[at]] = [rows[at] as number[], rows[c] as number[]];
    for (const [i, row] of rows.entries()) {
      if (i === c) continue;
      const factor = (row[c] ?? 0) / (rows[c]?.[c] || 1);
      rows[i] = row.map((x, j) => x - factor * (rows[c]?.[j] ?? 0));
    }
  }
  return rows.map((row, k) => (row[n] ?? 0) / (row[k] || 1));
}
