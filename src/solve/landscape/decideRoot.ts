/**
 * One face and one eigenvalue of it: is there a critical row, e in the eigenspace with the cone's signs and multipliers mu >= 0, or a
 * Motzkin vector (y, c) against it (rule `no-critical-point`)? Rational eigenvalues: an exact LP over the rationals. Simple irrational
 * ones: the exact eigenvector, or a *rational* y with c affine in lambda, which needs no arithmetic in the number field. Repeated
 * ones and ties: ./decideAlgebraic.ts.
 */

import { thresholdOf } from '../../kernel/model/activation.ts';
import { unitVector, weights } from '../../kernel/model/instance.ts';
import { type Element, isZeroAt, type Root } from '../../kernel/numbers/algebraic.ts';
import { ONE, Rational, sum, ZERO } from '../../kernel/numbers/rational.ts';
import { combine, multiply, Vector } from '../../kernel/numbers/vector.ts';
import {
  aboveThreshold,
  inputCombination,
  minusElement,
  pencilImage,
  preActivations,
} from '../../kernel/rules/criticalPoint.ts';
import { type HomogeneousSystem, motzkin } from '../inequalities/motzkin.ts';
import { largestOf } from '../linear/extremes.ts';
import { inverse, nullSpace } from '../linear/linear.ts';
import type { Answer } from './answers.ts';
import { decideAlgebraic } from './decideAlgebraic.ts';
import { exactEigenvector, floatEigenvector, nearby, toFloat } from './eigenvector.ts';
import { exactSigns } from './exactSigns.ts';
import { directions, type Face } from './face.ts';
import type { RealRoot } from './realRoots.ts';

export function decideRoot(face: Face, { root, multiplicity }: RealRoot): Answer {
  if (root.from.equals(root.to)) return decideRational(face, root);
  if (multiplicity > 1) return rationalRefutation(face, root) ?? decideAlgebraic(face, root);
  return decideSimple(face, root);
}

/**
 * x with the strict rows > 0, the weak ones >= 0, and as many of these > 0 as possible; undefined if there is none. Weak rows in multiples that add up
 * to 0 are 0 at every solution, so they are equations from then on: after as many as there are dimensions no such rows are left.
 */
export function interior(system: HomogeneousSystem): Vector | undefined {
  const { dimension, strict } = system;
  const equal = [...(system.equal ?? [])];
  let weak = system.weak;
  for (;;) {
    const answer = motzkin({ dimension, strict: [...strict, ...weak], weak: [], equal });
    if (answer.solvable) return answer.x;
    if (answer.strict.slice(0, strict.length).some((weight) => weight > 0n)) return undefined;
    for (const [k, row] of weak.entries()) if ((answer.strict[strict.length + k] as bigint) > 0n) equal.push(row);
    const inside = nullSpace(equal, dimension);
    weak = weak.filter((row) => inside.some((b) => b.dot(row).sign() !== 0));
  }
}

/** (v, 0 .. 0, tail) */
const extended = (v: Vector, tail: Vector): Vector => Vector.of([...v.entries(), ...tail.entries()]);

function decideRational(face: Face, root: Root): Answer {
  const { cluster, tight } = face;
  const { m, set, off, a, b, threshold } = cluster;
  const lambda = root.from;
  // Beside e and mu_T an unknown s, where there is a threshold.
  const zeros = Vector.zero(tight.length);
  const level = (v: Vector, s: bigint): Vector => (threshold ? extended(v, Vector.ints([s])) : v);
  const loose = off.filter((t) => !tight.includes(t));
  const w = directions(m, tight);
  const system = {
    dimension: m.np + tight.length + (threshold ? 1 : 0),
    strict: [
      ...directions(m, set).map((v) => level(extended(v, zeros), -1n)),
      ...(threshold ? [level(Vector.zero(m.np + tight.length), 1n)] : []),
    ],
    weak: [
      ...directions(m, loose).map((v) => level(extended(v.negated(), zeros), 1n)),
      ...tight.map((_, k) => level(extended(Vector.zero(m.np), unitVector(tight.length, k)), 0n)),
    ],
    equal: [
      ...a.map((row, i) =>
        level(extended(row.minus((b[i] as Vector).times(lambda)), Vector.of(w.map((t) => t.at(i).negated()))), 0n),
      ),
      ...w.map((t) => level(extended(t, zeros), 0n)),
    ],
  };
  const inside = interior(system);
  if (inside) {
    const scale = threshold ? thresholdOf(m).over(inside.at(m.np + tight.length)) : ONE;
    const x = inside.times(scale).entries();
    const mu = m.features.map((_, d) => (tight.includes(d) ? (x[m.np + tight.indexOf(d)] ?? ZERO) : ZERO));
    const nonzero = mu.some((entry) => entry.sign() !== 0);
    return { is: 'critical', lambda: root, e: [Vector.of(x.slice(0, m.np))], mu: nonzero ? [Vector.of(mu)] : [] };
  }
  const short = rationalRefutation(face, root);
  if (short) return short;
  const answer = motzkin(system);
  if (answer.solvable) throw new Error('a system was solvable only the first time');
  const of = (x: bigint): Rational => Rational.of(x);
  const c = m.features.map((_, d) => {
    if (set.includes(d)) return of(answer.strict[set.indexOf(d)] ?? 0n);
    if (tight.includes(d)) return of(answer.equal[m.np + tight.indexOf(d)] ?? 0n);
    return of(-(answer.weak[loose.indexOf(d)] ?? 0n));
  });
  return { is: 'refuted', lambda: root, y: [Vector.of(answer.equal.slice(0, m.np).map(of))], c: [Vector.of(c)] };
}

/**
 * A rational y and a linear relation sum k_d w_d = 0 of the directions give c_d = k_d + M_d (lambda <y, w_d> - <r_d, C y>) on the
 * features with weight and c_d = k_d elsewhere, for which (A - lambda B) y + sum c_d w_d = 0 whatever lambda is. Looked for at a rational
 * near lambda, with c_d > 0 on all features of the set with weight, and checked on the interval.
 */
function rationalRefutation(face: Face, root: Root): Answer | undefined {
  const { cluster, tight } = face;
  const { m, set, live, off, held, threshold, c, relations } = cluster;
  const near = nearby(root);
  const M = weights(m);
  const none = Vector.zero(relations.length);
  const relation = (d: number): Vector => Vector.of(relations.map((k) => k.at(d)));
  const images = m.features.map((f) => multiply([f.wr], c, m.np)[0] as Vector);
  const row = (d: number, at: Rational): Vector =>
    extended(
      (directions(m, [d])[0] as Vector)
        .times(at)
        .minus(images[d] as Vector)
        .times(M[d] as Rational),
      relation(d),
    );
  const flatRow = (d: number): Vector => extended(Vector.zero(m.np), relation(d));
  const entryAt = (d: number, at: Rational): Vector => (live.includes(d) ? row(d, at) : flatRow(d));
  const total = m.features.reduce((sum, _, d) => sum.plus(entryAt(d, near)), Vector.zero(m.np + relations.length));
  const answer = motzkin({
    dimension: m.np + relations.length,
    strict: live.map((d) => row(d, near)),
    weak: [
      ...set.filter((d) => !live.includes(d)).map(flatRow),
      ...off.filter((t) => !tight.includes(t)).map((t) => flatRow(t).negated()),
      ...directions(m, tight).map((t) => extended(t, none)),
      ...(threshold ? [total] : []),
    ],
    equal: held.map(flatRow),
  });
  if (!answer.solvable) return undefined;
  const y = Vector.of(answer.x.entries().slice(0, m.np));
  const constant = m.features.map((_, d) => entryAt(d, ZERO).dot(answer.x));
  const slope = m.features.map((f, d) => (live.includes(d) ? f.wp.dot(y).times(M[d] as Rational) : ZERO));
  const combination = [Vector.of(constant), Vector.of(slope)];
  let { signs, root: exact } = exactSigns(combination, root, m.features.length);
  if (threshold) {
    const totals = exactSigns(
      combination.map((v) => Vector.of([sum(v.entries())])),
      exact,
      1,
    );
    if (totals.signs[0] === -1) return undefined;
    exact = totals.root;
  }
  return live.every((d) => signs[d] === 1) ? { is: 'refuted', lambda: exact, y: [y], c: combination } : undefined;
}

/** Floats below this size do not tell a sign. */
const TINY = 1e-9;

function decideSimple(face: Face, root: Root): Answer {
  const { cluster, basis } = face;
  const { m, live } = cluster;
  const x = floatEigenvector(face.a, face.b, nearby(root, 64n));
  const rows = basis.map((row) => row.entries().map(toFloat));
  const e = Array.from({ length: m.np }, (_, j) =>
    rows.reduce((sum, row, k) => sum + (row[j] as number) * (x[k] as number), 0),
  );
  const z = directions(m, live).map((w) =>
    w.entries().reduce((sum, entry, j) => sum + toFloat(entry) * (e[j] as number), 0),
  );
  const size = largestOf(z.map(Math.abs));
  const hopeless = z.some((value) => value > TINY * size) && z.some((value) => value < -TINY * size);
  const quick = hopeless ? rationalRefutation(face, root) : undefined;
  return quick ?? exactly(face, root);
}

/** With the eigenvector over Q(lambda): its multiples plus `flat` are all the rows there are. */
function exactly(face: Face, start: Root): Answer {
  const { cluster, tight, basis, flat } = face;
  const { m, set, live, off, held, threshold, a, b } = cluster;
  const n = m.features.length;
  const vector = exactEigenvector(face.a, face.b, basis, start, m.np);
  const found = exactSigns(preActivations(m, vector), start, n);
  const first = live.map((d) => found.signs[d]).find((sign) => sign !== 0) ?? 1;
  const e = first < 0 ? vector.map((c) => c.negated()) : vector;
  const mu = multipliers(face, e);
  const muFound = exactSigns(mu, found.root, n);
  const root = muFound.root;
  const signs = found.signs.map((sign) => sign * first);
  const refuse = (): Answer => rationalRefutation(face, root) ?? decideAlgebraic(face, root);
  if (live.some((d) => signs[d] !== 1) || tight.some((t) => (muFound.signs[t] ?? 0) < 0)) return refuse();
  // Features whose sign no row of `flat` moves are settled by e.
  const free = (d: number): boolean => directions(m, [d]).some((w) => flat.some((row) => row.dot(w).sign() !== 0));
  const loose = off.filter((t) => !tight.includes(t));
  const above = !threshold && loose.some((t) => !free(t) && signs[t] === 1);
  if (above || set.some((d) => !free(d) && signs[d] !== 1)) return refuse();
  // Against a threshold every feature counts, as the scale of e is open.
  const sides = threshold ? { off: loose, on: set } : { off: loose.filter(free), on: set.filter(free) };
  for (const bits of [16n, 64n]) {
    const row = flatPart(face, e, root, { ...sides, bits });
    if (!row) continue;
    const checked = exactSigns(aboveThreshold(m, row), root, n);
    const shows = checked.signs.every((sign, d) => held.includes(d) || set.includes(d) === sign > 0);
    const forces = threshold ? [] : mu;
    const rest = minusElement(pencilImage(a, b, row), inputCombination(m, forces));
    if (shows && isZeroAt(rest, checked.root)) return { is: 'critical', lambda: checked.root, e: row, mu: forces };
  }
  return refuse();
}

/** mu with (A - lambda B) e = sum_T mu_t w_t, for e in the eigenspace of V_T and independent w_t; of length n. */
function multipliers({ cluster, tight }: Face, e: Element): Element {
  if (tight.length === 0) return [];
  const { m, a, b } = cluster;
  const w = directions(m, tight);
  const gram = w.map((t) => Vector.of(w.map((other) => other.dot(t))));
  const inverted = inverse(gram);
  if (!inverted) throw new Error('dependent tight directions');
  return pencilImage(a, b, e).map((c) => {
    const values = inverted.map((row) => row.dot(Vector.of(w.map((t) => t.dot(c)))));
    return Vector.of(m.features.map((_, d) => (tight.includes(d) ? (values[tight.indexOf(d)] ?? ZERO) : ZERO)));
  });
}

interface FreeSides {
  readonly off: readonly number[];
  readonly on: readonly number[];
  /** Of the stand-in for e. */
  readonly bits: bigint;
}

/**
 * e plus a rational row of `flat` that puts the free features strictly on their sides. The LP sees e / scale, of about the size of
 * `flat` and rounded, so that its answer has a margin.
 */
function flatPart({ cluster, flat }: Face, e: Element, root: Root, { off, on, bits }: FreeSides): Element | undefined {
  if (off.length + on.length === 0) return e;
  const { m, threshold } = cluster;
  const near = nearby(root, 96n);
  const approximate = e.reduceRight((value, c) => value.times(near).plus(c), Vector.zero(m.np)).entries();
  const sizes = approximate.map((x) => (x.sign() < 0 ? -x.num : x.num) / x.den);
  const size = sizes.sort((x, y) => (x < y ? 1 : -1))[0] || 1n;
  const rounded = Vector.ints(approximate.map((x) => (x.num << bits) / (x.den * size)));
  const small = rounded.times(Rational.of(1n, 1n << bits));
  const row = (w: Vector): Vector =>
    Vector.of([...flat.map((f) => f.dot(w)), small.dot(w), ...(threshold ? [ONE.negated()] : [])]);
  const dimension = flat.length + (threshold ? 2 : 1);
  const positive = Array.from({ length: dimension - flat.length }, (_, k) => unitVector(dimension, flat.length + k));
  const answer = motzkin({
    dimension,
    strict: [...directions(m, on).map(row), ...directions(m, off).map((w) => row(w).negated()), ...positive],
    weak: [],
  });
  if (!answer.solvable) return undefined;
  const x = answer.x.entries();
  const scale = Rational.of(size).over(x[flat.length] ?? ONE);
  const shift = combine(
    x.slice(0, flat.length).map((k) => k.times(scale)),
    flat,
    m.np,
  );
  const found = [(e[0] ?? Vector.zero(m.np)).plus(shift), ...e.slice(1)];
  if (!threshold) return found;
  // The answer counts in units of scale / size: there the level is s.
  const level = thresholdOf(m).over((x[flat.length + 1] ?? ONE).times(scale));
  return found.map((c) => c.times(level));
}
