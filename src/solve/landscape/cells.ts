/**
 * All critical rows of one face and root: is some of them a local minimum of what its neuron costs, is some of them none? Data for the rules
 * `no-minimum` and `no-saddle`, or a row that shows the opposite. The rows are a polyhedral cone over Q(lambda); ways down (../../kernel/slope.ts)
 * are collected at rows found by LPs until none is left, and rows are separated by their kinks only where that matters.
 */
import { EigenvalueDecomposition, Matrix as FloatMatrix } from 'ml-matrix';
import { Node } from '../../kernel/document/node.ts';
import { thresholdOf } from '../../kernel/model/activation.ts';
import { featureAt, unitVector } from '../../kernel/model/instance.ts';
import { type Element, isZeroAt, type Root } from '../../kernel/numbers/algebraic.ts';
import { Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { Rejection } from '../../kernel/numbers/rejection.ts';
import { directionOf, type Sector, sectors } from '../../kernel/numbers/sectors.ts';
import { combine, Vector } from '../../kernel/numbers/vector.ts';
import { wholeLoss } from '../../kernel/rules/criticalPoint.ts';
import { convolution, costs, neverGains, clusterOf as pencilOf, slopeRow } from '../../kernel/rules/slope.ts';
import { type Document, vectorDocument } from '../proofs/document.ts';
import { type AffineRow, type AffineSystem, affineInterior, isRationalRoot, solveAffine } from './affine.ts';
import { elementDocument } from './answers.ts';
import type { Row } from './criticalPoints.ts';
import { nearby, toFloat } from './eigenvector.ts';
import { exactSigns } from './exactSigns.ts';
import { directions, type Face } from './face.ts';
import { NumberField } from './numberField.ts';
import { refined } from './realRoots.ts';

/** Which side of its kink a feature off the set is on; open for the others. */
interface Sides {
  readonly zero: readonly number[];
  readonly below: readonly number[];
}

/** A way down from some row: what it wakes, where that is settled, and whether it gains to second order. */
interface Way {
  readonly v: Vector;
  readonly woken: readonly number[];
  readonly gains: boolean;
}

export type Survey =
  /** A tree for the rule. */
  | { readonly is: 'proved'; readonly rows: Document }
  /** The row is what the rule denies; with the way down, of a saddle. */
  | { readonly is: 'found'; readonly row: Row; readonly v?: Vector }
  | { readonly is: 'open'; readonly why: string };

const open = (why: string): Survey => ({ is: 'open', why });

/** Rows that are looked at in one leaf. */
const MOST_ROWS = 64;
/** Leaves of one root. */
const MOST_LEAVES = 256;

export class Cells {
  readonly #face: Face;
  readonly #field: NumberField;
  readonly #pencil: ReturnType<typeof pencilOf>;
  readonly #covered: (t: number) => boolean;
  #root: Root;
  #leaves = 0;

  /** `covered`: features in other sets of the pattern. */
  constructor(face: Face, root: Root, covered: (t: number) => boolean) {
    this.#face = face;
    this.#field = new NumberField(root);
    this.#root = root;
    this.#pencil = pencilOf(face.cluster.m, face.cluster.set);
    this.#covered = covered;
  }

  /** lambda, as it is known by now: with the factor of f, and on the interval, that the work so far has needed. */
  get root(): Root {
    const [a, b] = [this.#root, this.#field.root];
    if (isRationalRoot(a)) return a;
    if (isRationalRoot(b)) return b;
    const f = a.f.length <= b.f.length ? a.f : b.f;
    return { f, from: a.from.compare(b.from) > 0 ? a.from : b.from, to: a.to.compare(b.to) < 0 ? a.to : b.to };
  }

  noMinimum(sides: Sides = { zero: this.#face.tight, below: [] }): Survey {
    const { m, off } = this.#face.cluster;
    if (++this.#leaves > MOST_LEAVES) return open(`more than ${MOST_LEAVES} kinds of rows to tell apart`);
    const ways: Way[] = [];
    for (let k = 0; k < MOST_ROWS; k++) {
      const system = this.#system(sides, ways);
      const x = affineInterior(this.#field, system);
      if (!x) return { is: 'proved', rows: this.#excluded(sides, system, ways) };
      const row = this.#row(x, sides);
      const found = this.#ways(row, sides);
      if ('why' in found) return open(found.why);
      const [way] = found;
      if (!way) {
        if (thresholdOf(m).sign() > 0) return open('a row that may be a minimum, at a threshold');
        return { is: 'found', row };
      }
      const sideless = this.#raised(way.v).find((t) => !sides.zero.includes(t) && !sides.below.includes(t));
      if (sideless !== undefined) return this.#split(sides, sideless, (part) => this.noMinimum(part));
      ways.push(way);
    }
    return open(`more than ${MOST_ROWS} rows with a way down of their own, of ${off.length} features off the set`);
  }

  noSaddle(sides: Sides = { zero: this.#face.tight, below: [] }): Survey {
    if (++this.#leaves > MOST_LEAVES) return open(`more than ${MOST_LEAVES} kinds of rows to tell apart`);
    const { m, off } = this.#face.cluster;
    const system = this.#system(sides, []);
    const x = affineInterior(this.#field, system);
    if (!x) {
      const { ways: _, ...rows } = this.#excluded(sides, system, []) as { [key: string]: Document };
      return { is: 'proved', rows };
    }
    const sideless = off.find(
      (t) => featureAt(m, t).weight.sign() > 0 && !sides.zero.includes(t) && !sides.below.includes(t),
    );
    if (sideless !== undefined) return this.#split(sides, sideless, (part) => this.noSaddle(part));
    if (sides.zero.some((t) => featureAt(m, t).weight.sign() > 0 && this.#covered(t))) {
      return open('a kink at a feature of another set');
    }
    return this.#minima(sides);
  }

  #split(sides: Sides, t: number, prove: (part: Sides) => Survey): Survey {
    const zero = prove({ ...sides, zero: [...sides.zero, t] });
    if (zero.is !== 'proved') return zero;
    const below = prove({ ...sides, below: [...sides.below, t] });
    if (below.is !== 'proved') return below;
    return { is: 'proved', rows: { split: t + 1, zero: zero.rows, below: below.rows } };
  }

  /** In (e, mu_T) and, with a threshold, s in place of 1: the rows with these sides from which none of the ways leads down. */
  #system({ zero, below }: Sides, ways: readonly Way[]): AffineSystem {
    const { cluster, tight } = this.#face;
    const { m, set, off, a, b, threshold } = cluster;
    const count = tight.length + (threshold ? 1 : 0);
    const theta = thresholdOf(m);
    /** <e, w> - sign theta s */
    const row = (w: Vector, level: Rational): Vector =>
      Vector.of([...w.entries(), ...tight.map(() => ZERO), ...(threshold ? [level] : [])]);
    const over = (t: number): AffineRow => [row(featureAt(m, t).wp, theta.negated())];
    const under = (t: number): AffineRow => [row(featureAt(m, t).wp.negated(), theta)];
    const padded = (v: Vector): Vector => Vector.of([...v.entries(), ...new Array<Rational>(count).fill(ZERO)]);
    const tail = (k: number): Vector => unitVector(m.np + count, m.np + k);
    const unknown = off.filter((t) => !zero.includes(t) && !below.includes(t));
    const down = ways.map(({ v, woken, gains }) => ({ gains, row: slopeRow(this.#pencil, woken, v).map(padded) }));
    const forces = directions(m, tight);
    return {
      dimension: m.np + count,
      strict: [
        ...set.map(over),
        ...below.map(under),
        ...down.filter(({ gains }) => gains).map(({ row: h }) => h),
        ...(threshold ? [[tail(tight.length)]] : []),
      ],
      weak: [
        ...unknown.map(under),
        ...tight.map((_, k) => [tail(k)]),
        ...down.filter(({ gains }) => !gains).map(({ row: h }) => h),
      ],
      equal: [
        ...zero.map(over),
        ...a.map((r, i) => [
          Vector.of([...r.entries(), ...forces.map((w) => w.at(i).negated()), ...(threshold ? [ZERO] : [])]),
          padded((b[i] as Vector).negated()),
        ]),
      ],
    };
  }

  /** y, c and the weights of the ways from the multipliers of a system without solutions. */
  #excluded(sides: Sides, system: AffineSystem, ways: readonly Way[]): Document {
    const answer = solveAffine(this.#field, system);
    if (answer.solvable) throw new Error('rows where there were none');
    const { y, c, weights } = this.#parts(sides, answer.multipliers, ways);
    return {
      y: elementDocument(y),
      c: elementDocument(c),
      ways: ways.map(({ v }, k) => ({ v: vectorDocument(v), weight: elementDocument(weights[k] as Element) })),
    };
  }

  #parts({ zero, below }: Sides, multipliers: Element, ways: readonly Way[]) {
    const { cluster, tight } = this.#face;
    const { m, set, off, threshold } = cluster;
    const unknown = off.filter((t) => !zero.includes(t) && !below.includes(t));
    const strong = ways.filter(({ gains }) => gains);
    const soft = ways.filter(({ gains }) => !gains);
    const starts = [0];
    for (const { length } of [set, below, strong, threshold ? [0] : [], unknown, tight, soft, zero]) {
      starts.push((starts.at(-1) ?? 0) + length);
    }
    const [atSet = 0, atBelow = 0, atStrong = 0, , atUnknown = 0, , atSoft = 0, atZero = 0, atY = 0] = starts;
    const cOf = (v: Vector, d: number): Rational => {
      if (set.includes(d)) return v.at(atSet + set.indexOf(d));
      if (below.includes(d)) return v.at(atBelow + below.indexOf(d)).negated();
      if (zero.includes(d)) return v.at(atZero + zero.indexOf(d));
      return unknown.includes(d) ? v.at(atUnknown + unknown.indexOf(d)).negated() : ZERO;
    };
    const weightOf = (way: Way): Element =>
      trimmed(
        multipliers.map((v) =>
          Vector.of([v.at(way.gains ? atStrong + strong.indexOf(way) : atSoft + soft.indexOf(way))]),
        ),
      );
    return {
      y: trimmed(multipliers.map((v) => Vector.of(v.entries().slice(atY, atY + m.np)))),
      c: trimmed(multipliers.map((v) => Vector.of(m.features.map((_, d) => cOf(v, d))))),
      weights: ways.map(weightOf),
    };
  }

  #row(x: Element, { zero }: Sides): Row {
    const { cluster, tight } = this.#face;
    const { m, set, threshold } = cluster;
    const e = x.map((v) => Vector.of(v.entries().slice(0, m.np)));
    const mu = x.map((v) =>
      Vector.of(m.features.map((_, d) => (tight.includes(d) ? v.at(m.np + tight.indexOf(d)) : ZERO))),
    );
    const level = x.map((v) => (threshold ? v.at(m.np + tight.length).times(thresholdOf(m)) : ZERO));
    const z = e.map((v, k) => Vector.of(m.features.map((f) => f.wp.dot(v).minus(level[k] ?? ZERO))));
    const signs = this.#signs(z, m.features.length);
    const stationary = isZeroAt(mu, this.#root);
    const lambda = this.root;
    return {
      lambda,
      e,
      mu: stationary ? [] : mu,
      cluster,
      face: this.#face,
      kinks: cluster.off.filter((t) => zero.includes(t) || signs[t] === 0),
      stationary,
      lossless: isRationalRoot(lambda) && lambda.from.equals(wholeLoss(m, set)),
    };
  }

  #signs(x: Element, length: number): readonly (-1 | 0 | 1)[] {
    const { signs, root } = exactSigns(x, this.root, length);
    this.#root = root;
    return signs;
  }

  #sign(x: readonly Rational[]): -1 | 0 | 1 {
    return this.#signs(
      x.map((c) => Vector.of([c])),
      1,
    )[0] as -1 | 0 | 1;
  }

  /** The features of weight off the set that v raises. */
  #raised(v: Vector): number[] {
    const { m, off } = this.#face.cluster;
    return off.filter((t) => featureAt(m, t).weight.sign() > 0 && featureAt(m, t).wp.dot(v).sign() > 0);
  }

  #sectors(kinks: readonly number[]): Sector[] | undefined {
    const { m } = this.#face.cluster;
    try {
      return sectors(directions(m, kinks), m.np, '$');
    } catch (thrown) {
      if (thrown instanceof Rejection) return undefined;
      throw thrown;
    }
  }

  #neverGains(woken: readonly number[], sector: Sector): boolean {
    for (let round = 0; ; round++) {
      try {
        return neverGains(this.#pencil, woken, sector, this.root, new Node(null));
      } catch (thrown) {
        if (!(thrown instanceof Rejection) || round > 40) throw thrown;
        this.#root = refined(this.root, 32);
      }
    }
  }

  /** Ways down from a row, those first that ask for the fewest sides; none where it is a local minimum. */
  #ways({ e, kinks }: Row, sides: Sides): Way[] | { readonly why: string } {
    const { m, threshold } = this.#face.cluster;
    const weighted = kinks.filter((t) => featureAt(m, t).weight.sign() > 0);
    const cones = this.#sectors(kinks);
    if (!cones) return { why: 'too many kinks at one row' };
    const found: Way[] = [];
    let why: string | undefined;
    for (const sector of cones) {
      const woken = weighted.filter((t) => sector.rays.some((ray) => featureAt(m, t).wp.dot(ray).sign() > 0));
      if (woken.some((t) => threshold || this.#covered(t))) {
        why ??= threshold ? 'a kink at the threshold' : 'a kink at a feature of another set';
        continue;
      }
      const level: Vector[] = [];
      for (const ray of sector.rays) {
        const awake = woken.filter((t) => featureAt(m, t).wp.dot(ray).sign() > 0);
        const sign = this.#sign(convolution(slopeRow(this.#pencil, awake, ray), e));
        if (sign < 0) found.push({ v: ray, woken: awake, gains: this.#gains(awake, ray) });
        else if (sign === 0) level.push(ray);
      }
      const rest = { lines: sector.lines, rays: level };
      if (this.#neverGains(woken, rest)) continue;
      const v = this.#gaining(woken, rest);
      if (v) found.push({ v, woken: woken.filter((t) => featureAt(m, t).wp.dot(v).sign() > 0), gains: true });
      else why ??= 'a form whose sign on a cone was not settled';
    }
    if (found.length === 0) return why === undefined ? [] : { why };
    const asks = ({ v }: Way): number =>
      this.#raised(v).filter((t) => !sides.zero.includes(t) && !sides.below.includes(t)).length;
    return found.sort((a, b) => asks(a) - asks(b) || Number(b.gains) - Number(a.gains));
  }

  #gains(woken: readonly number[], v: Vector): boolean {
    return this.#sign(costs(this.#pencil, woken, [v]).map((matrix) => (matrix[0] as Vector).at(0))) < 0;
  }

  /**
   * v in the cone with q(v) > 0: a form is positive somewhere on a cone iff, on the span of the lines and some of the rays, an eigenvector of a
   * positive eigenvalue has coordinates >= 0 at these rays (Kaplan 2000). Floats propose.
   */
  #gaining(woken: readonly number[], { lines, rays }: Sector): Vector | undefined {
    const { np } = this.#face.cluster.m;
    for (const chosen of subsets(rays, 3)) {
      const vectors = [...lines, ...chosen];
      if (vectors.length === 0) continue;
      const near = nearby(this.root, 96n);
      const [one, slope] = costs(this.#pencil, woken, vectors) as [readonly Vector[], readonly Vector[]];
      const form = one.map((r, i) =>
        r
          .plus((slope[i] as Vector).times(near))
          .entries()
          .map((x) => -toFloat(x)),
      );
      const { realEigenvalues: values, eigenvectorMatrix } = new EigenvalueDecomposition(new FloatMatrix(form), {
        assumeSymmetric: true,
      });
      for (const [k, value] of values.entries()) {
        if (!(value > 0)) continue;
        const x = eigenvectorMatrix.getColumn(k);
        const sign = x.slice(lines.length).reduce((total, entry) => total + entry, 0) < 0 ? -1 : 1;
        for (const bits of [3, 8, 16, 32]) {
          const weights = x.map((entry, i) => {
            const rounded = BigInt(Math.round(entry * sign * 2 ** bits));
            return Rational.of(i >= lines.length && rounded < 0n ? 0n : rounded);
          });
          const v = combine(weights, vectors, np);
          if (v.isZero()) continue;
          const { m, off } = this.#face.cluster;
          const awake = woken.filter((t) => off.includes(t) && featureAt(m, t).wp.dot(v).sign() > 0);
          if (this.#gains(awake, v)) return directionOf(v);
        }
      }
    }
    return undefined;
  }

  /** That every row with these sides is a local minimum; all sides are settled. */
  #minima(sides: Sides): Survey {
    const { m } = this.#face.cluster;
    const weighted = sides.zero.filter((t) => featureAt(m, t).weight.sign() > 0);
    const cones = this.#sectors(sides.zero);
    if (!cones) return open('too many kinks at one row');
    const known = new Map<string, { strict: boolean; document: Document }>();
    for (const sector of cones) {
      const level: Vector[] = [];
      for (const ray of sector.rays) {
        const key = `${directionOf(ray)}`;
        let proof = known.get(key);
        if (!proof) {
          const woken = weighted.filter((t) => featureAt(m, t).wp.dot(ray).sign() > 0);
          const found = this.#rising(sides, { v: ray, woken, gains: false });
          if ('row' in found) return { is: 'found', row: found.row, v: ray };
          proof = found;
          known.set(key, proof);
        }
        if (!proof.strict) level.push(ray);
      }
      const woken = weighted.filter((t) => sector.rays.some((ray) => featureAt(m, t).wp.dot(ray).sign() > 0));
      const rest = { lines: sector.lines, rays: level };
      if (this.#neverGains(woken, rest)) continue;
      const v = this.#gaining(woken, rest);
      if (!v) return open('a form whose sign on a cone was not settled');
      const awake = woken.filter((t) => featureAt(m, t).wp.dot(v).sign() > 0);
      const system = this.#system(sides, []);
      const flat = solveAffine(this.#field, { ...system, weak: [...system.weak, this.#against({ v, woken: awake })] });
      if (!flat.solvable) return open('slopes that vanish on some of the rows only');
      return { is: 'found', row: this.#row(flat.x, sides), v };
    }
    return { is: 'proved', rows: { rays: [...known.values()].map(({ document }) => document) } };
  }

  /** -h, as a row of the system. */
  #against({ v, woken }: Pick<Way, 'v' | 'woken'>): AffineRow {
    const { tight, cluster } = this.#face;
    const zeros = new Array<Rational>(tight.length + (cluster.threshold ? 1 : 0)).fill(ZERO);
    return slopeRow(this.#pencil, woken, v).map((c) => Vector.of([...c.negated().entries(), ...zeros]));
  }

  /** phi(v) >= 0 on all rows with these sides, and whether it is > 0; or a row on which it is < 0. */
  #rising(sides: Sides, way: Way): { strict: boolean; document: Document } | { row: Row } {
    const system = this.#system(sides, []);
    const against = this.#against(way);
    const weak = solveAffine(this.#field, { ...system, weak: [...system.weak, against] });
    const answer = weak.solvable ? solveAffine(this.#field, { ...system, strict: [...system.strict, against] }) : weak;
    if (answer.solvable) return { row: this.#row(answer.x, sides) };
    // The multiplier of -h stands after the other strict rows, or after the other weak ones.
    const at = system.strict.length + (weak.solvable ? 0 : system.weak.length);
    const rest = answer.multipliers.map((v) => Vector.of(v.entries().filter((_, k) => k !== at)));
    const { y, c } = this.#parts(sides, rest, []);
    const factor = answer.multipliers.map((v) => v.at(at));
    const [scaledY, scaledC] = [this.#over(y, factor), this.#over(c, factor)];
    const document = { v: vectorDocument(way.v), y: elementDocument(scaledY), c: elementDocument(scaledC) };
    return { strict: !weak.solvable, document };
  }

  /** The element over a number over Q(lambda). */
  #over(x: Element, by: readonly Rational[]): Element {
    const { root } = this.#field;
    if (isRationalRoot(root)) {
      const factor = by[0] as Rational;
      return x.map((v) => v.times(Rational.of(1n).over(factor)));
    }
    const inverse = this.#field.inverse(Vector.of(by));
    const entries = Array.from({ length: x[0]?.length ?? 0 }, (_, i) =>
      this.#field.times(Vector.of(x.map((v) => v.at(i))), inverse),
    );
    return this.#field.exactElement(entries);
  }
}

const trimmed = (x: Element): Element => x.slice(0, x.findLastIndex((c) => !c.isZero()) + 1);

/** All choices of at most `most`, the smaller ones first; all of them at once last. */
function subsets<T>(items: readonly T[], most: number): T[][] {
  let all: T[][] = [[]];
  for (const item of items) all = all.concat(all.filter((s) => s.length < most).map((s) => [...s, item]));
  all.sort((a, b) => a.length - b.length);
  return items.length > most ? [...all, [...items]] : all;
}
