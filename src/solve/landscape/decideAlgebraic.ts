/**
 * One face and one irrational eigenvalue, by an exact LP over Q(lambda): repeated eigenvalues, where the eigenspace has more than one
 * direction, and ties. It always has an answer; ./decideRoot.ts has quicker ways for most roots.
 */

import { thresholdOf } from '../../kernel/model/activation.ts';
import { type Instance, unitVector } from '../../kernel/model/instance.ts';
import type { Element, Root } from '../../kernel/numbers/algebraic.ts';
import { ONE, type Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { aboveThreshold, preActivations } from '../../kernel/rules/criticalPoint.ts';
import type { Answer } from './answers.ts';
import { exactSigns } from './exactSigns.ts';
import { directions, type Face } from './face.ts';
import { type FieldSystem, fieldMotzkin } from './fieldMotzkin.ts';
import { type Algebraic, NumberField } from './numberField.ts';

type Row = readonly Algebraic[];

export function decideAlgebraic(face: Face, start: Root): Answer {
  const { m, set, off, threshold } = face.cluster;
  const { tight } = face;
  const field = new NumberField(start);
  const system = systemOf(face, field);
  const loose = off.filter((t) => !tight.includes(t));
  const found = fieldMotzkin(field, system);
  const zero = field.of(ZERO);
  if (!found.solvable) {
    const c = m.features.map((_, d) => {
      if (set.includes(d)) return found.strict[set.indexOf(d)] ?? zero;
      if (tight.includes(d)) return found.equal[m.np + tight.indexOf(d)] ?? zero;
      return (found.weak[loose.indexOf(d)] ?? zero).negated();
    });
    // One factor for both, so that (A - lambda B) y + sum c_d w_d stays 0.
    const both = field.element([...found.equal.slice(0, m.np), ...c]);
    const part = (from: number, to: number) => both.map((v) => Vector.of(v.entries().slice(from, to)));
    const [y, weights] = [part(0, m.np), part(m.np, m.np + c.length)];
    return { is: 'refuted', lambda: settled(m, field.root, weights, preActivations(m, y)), y, c: weights };
  }
  const inside = interior(field, system, found.x);
  const level = threshold ? field.inverse(inside[m.np + tight.length] as Algebraic) : field.of(ONE);
  const scale = threshold ? field.times(field.of(thresholdOf(m)), level) : level;
  // A threshold fixes the scale; else the element sheds common factors.
  const scaled = inside.map((entry) => field.times(entry, scale));
  const x = threshold ? field.exactElement(scaled) : field.element(scaled);
  const e = x.map((v) => Vector.of(v.entries().slice(0, m.np)));
  const mu = x.map((v) =>
    Vector.of(m.features.map((_, d) => (tight.includes(d) ? v.at(m.np + tight.indexOf(d)) : ZERO))),
  );
  const lambda = settled(m, field.root, aboveThreshold(m, e), preActivations(m, e), mu);
  return { is: 'critical', lambda, e, mu: mu.every((v) => v.isZero()) ? [] : mu };
}

/** The root with an interval on which the signs of these elements, with an entry for each feature, show. */
const settled = (m: Instance, start: Root, ...elements: readonly Element[]): Root =>
  elements.reduce((root, x) => exactSigns(x, root, m.features.length).root, start);

/** In (e, mu_T): positive on the set, <= 0 off it, 0 on T, mu >= 0, (A - lambda B) e = sum_T mu_t w_t. */
function systemOf({ cluster, tight }: Face, field: NumberField): FieldSystem {
  const { m, set, off, a, b, threshold } = cluster;
  const rational = (v: readonly Rational[]): Row => v.map((x) => field.of(x));
  /** With its entry for s, the unknown that stands for theta. */
  const level = (v: readonly Rational[], s: Rational): Row => rational(threshold ? [...v, s] : v);
  const zeros = tight.map(() => ZERO);
  const padded = (v: Vector, s = ZERO): Row => level([...v.entries(), ...zeros], s);
  const w = directions(m, tight);
  const loose = off.filter((t) => !tight.includes(t));
  return {
    dimension: m.np + tight.length + (threshold ? 1 : 0),
    strict: [
      ...directions(m, set).map((v) => padded(v, ONE.negated())),
      ...(threshold ? [padded(Vector.zero(m.np), ONE)] : []),
    ],
    weak: [
      ...directions(m, loose).map((v) => padded(v.negated(), ONE)),
      ...tight.map((_, k) => level([...Vector.zero(m.np).entries(), ...unitVector(tight.length, k).entries()], ZERO)),
    ],
    equal: [
      ...a.map((row, i) => [
        ...row.entries().map((x, j) => field.affine(x, (b[i] as Vector).at(j).negated())),
        ...w.map((t) => field.of(t.at(i).negated())),
        ...(threshold ? [field.of(ZERO)] : []),
      ]),
      ...w.map((t) => padded(t)),
    ],
  };
}

/** A solution on which as many weak rows as possible are positive, starting from one. */
function interior(field: NumberField, system: FieldSystem, start: Row): Row {
  const all = fieldMotzkin(field, { ...system, strict: [...system.strict, ...system.weak], weak: [] });
  if (all.solvable) return all.x;
  let x = start;
  for (const row of system.weak) {
    const value = row.reduce((sum, c, k) => plus(field, sum, field.times(c, x[k] as Algebraic)), field.of(ZERO));
    if (field.sign(value) > 0) continue;
    const more = fieldMotzkin(field, { ...system, strict: [...system.strict, row] });
    if (more.solvable) x = x.map((entry, k) => plus(field, entry, more.x[k] as Algebraic));
  }
  return x;
}

const plus = (field: NumberField, a: Algebraic, b: Algebraic): Algebraic =>
  field.minus(a, field.times(field.of(ONE.negated()), b));
