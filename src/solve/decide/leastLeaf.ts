/**
 * Leaves of the tree of `least-loss` (src/kernel/rules/leastLoss.ts): that a form lambda B - A is nowhere below 0 on a cell, as squares and products of sides that add up to it.
 * Floats propose; weights and factors are then rational, or in Q(lambda), and have their signs there.
 */

import { ONE, Rational, ZERO } from '../../kernel/numbers/rational.ts';
import { type Matrix, Vector } from '../../kernel/numbers/vector.ts';
import {
  applied,
  belowForm,
  combined,
  complement,
  dot,
  eigen,
  type Floats,
  type Form,
  outerOf,
  unitOf,
  valueAt,
} from '../inequalities/coneForm.ts';
import type { Algebraic, NumberField } from '../landscape/numberField.ts';
import { definite } from '../linear/definite.ts';
import { largestOf, smallestOf } from '../linear/extremes.ts';
import { nullSpace } from '../linear/linear.ts';
import { type Document, vectorDocument } from '../proofs/document.ts';
import { aboutOf, floatForm, floats, plus, rational } from './leastGain.ts';
import { formOf, type Product, pairsOf, rounded } from './products.ts';
import { apart, facets, fits, inSpace, minusShadow, orthogonal, raysOf, type Side, seen, supports } from './sides.ts';

/** Beside forms with entries of about 1, a float this near to 0 may be 0. */
export const NEAR = 1e-9;

/** H = lambda B - A. */
export interface Pencil {
  readonly a: Matrix;
  readonly b: Matrix;
}

/** A point of the largest gain, where the form of its cell is 0. */
export interface Touching {
  readonly exact: readonly Algebraic[];
  readonly floats: Floats;
}

export class Leaves {
  /** As far as they were met. */
  readonly touching: Touching[] = [];
  readonly #field: NumberField;
  readonly #lambda: number;
  readonly #size: number;

  /** `size`: of the space that the cells are in. */
  constructor(field: NumberField, lambda: number, size: number) {
    this.#field = field;
    this.#lambda = lambda;
    this.#size = size;
  }

  /** What rounding of its form is measured by. */
  #scale({ a, b }: Pencil): number {
    const most = (rows: Matrix): number => largestOf(floatForm(rows).flat().map(Math.abs), 0);
    return Math.max(1e-12, this.#lambda * most(b), most(a));
  }

  #floatForm({ a, b }: Pencil): number[][] {
    return combined(
      [
        [this.#lambda, floatForm(b)],
        [-1, floatForm(a)],
      ],
      a.length,
    );
  }

  /** Squares that add up to the form less the products, if their least eigenvalue lets one hope. */
  positive(
    form: Pencil,
    products: readonly Product[] = [],
    basis: readonly Floats[] = form.a.map((_, i) => form.a.map((__, j) => (i === j ? 1 : 0))),
  ): { factors: Document; below?: { below: string } } | undefined {
    const h = this.#floatForm(form);
    const taken = products.map(
      ({ g, h: other, about }) =>
        [
          -about,
          combined(
            [
              [1, outerOf(g.floats, other.floats)],
              [1, outerOf(other.floats, g.floats)],
            ],
            h.length,
          ),
        ] as const,
    );
    const scale = this.#scale(form);
    const rest = combined([[1, h], ...taken], h.length);
    const least = smallestOf(
      eigen(basis.map((b) => basis.map((c) => dot(applied(rest, b), c)))).map(({ value }) => value),
      1,
    );
    if (least < -1e-7 * scale) return undefined;
    const { from, to } = this.#field.root;
    const exact = from.equals(to);
    if (products.every(({ exactly }) => exactly instanceof Rational)) {
      // A little below lambda, where that is irrational.
      const room = (least * 0.25) / largestOf(floatForm(form.b).flat().map(Math.abs), 1) / h.length;
      const below = exact ? from : room > 1e-8 * this.#lambda ? lower(this.#lambda - room, room) : undefined;
      if (below && below.compare(from) <= 0 && below.sign() >= 0) {
        const matrix = form.b.map((row, i) =>
          products.reduce(
            (rest, { g, h: other, exactly }) =>
              rest.minus(
                other.g
                  .times(g.g.at(i))
                  .plus(g.g.times(other.g.at(i)))
                  .times(exactly as Rational),
              ),
            row.times(below).minus(form.a[i] as Vector),
          ),
        );
        const answer = definite(matrix);
        if ('d' in answer) {
          const factors = answer.d
            .entries()
            .flatMap((d, k) => (d.sign() === 0 ? [] : [{ d: [[`${d}`]], l: [answer.l.map((row) => `${row.at(k)}`)] }]));
          return { factors, ...(!exact && { below: { below: `${below}` } }) };
        }
        if (exact) return undefined;
      }
    }
    if (exact) return undefined;
    return this.#fieldFactors(form, products);
  }

  #fieldFactors(form: Pencil, products: readonly Product[]): { factors: Document } | undefined {
    const field = this.#field;
    const size = form.a.length;
    const rest = form.a.map((row, i) =>
      Array.from({ length: size }, (_, j) => field.affine(row.at(j).negated(), (form.b[i] as Vector).at(j))),
    );
    for (const { g, h, exactly } of products) {
      const weight = this.#inField(exactly);
      for (const [i, row] of rest.entries()) {
        for (const [j, x] of row.entries()) {
          const c = g.g
            .at(i)
            .times(h.g.at(j))
            .plus(h.g.at(i).times(g.g.at(j)));
          row[j] = field.minus(x, field.times(weight, field.of(c)));
        }
      }
    }
    const factors: Document[] = [];
    for (let k = 0; k < size; k++) {
      const pivot = rest[k]?.[k] as Algebraic;
      const sign = field.sign(pivot);
      const column = rest.map((row) => row[k] as Algebraic);
      if (sign < 0) return undefined;
      if (sign === 0) {
        if (column.some((x) => field.sign(x) !== 0)) return undefined;
        continue;
      }
      const inverse = field.inverse(pivot);
      const l = column.map((x) => field.times(x, inverse));
      for (const [i, row] of rest.entries()) {
        for (let j = 0; j < size; j++) {
          row[j] = field.minus(
            row[j] as Algebraic,
            field.times(field.times(l[i] as Algebraic, l[j] as Algebraic), pivot),
          );
        }
      }
      factors.push({
        d: field.exactElement([pivot]).map(vectorDocument),
        l: field.exactElement(l).map(vectorDocument),
      });
    }
    return { factors };
  }

  /** Rows that no feature of the set sees change nothing: what is left is a cone in the space of the others. */
  leaf(form: Pencil, cell: readonly Side[], blind: Matrix): Document | undefined {
    const basis = complement(orthogonal(blind).map(floats), this.#size) as number[][];
    const plain = this.positive(form, [], basis);
    if (plain) return { factors: plain.factors, ...plain.below };
    const sides = facets(apart(seen(cell, blind)), basis);
    const h = this.#floatForm(form);
    const near = this.held(sides, blind);
    const scale = 1e-8 * this.#scale(form);
    if (near.some(({ floats: x }) => valueAt(h, x) < -scale)) return undefined;
    const held = near.filter(({ floats: x }) => valueAt(h, x) < scale);
    for (const products of this.#ways(form, h, sides, held, blind, basis)) {
      const leaf = this.positive(form, products, basis);
      if (leaf) return this.#leafOf(products, leaf);
    }
    return undefined;
  }

  *#ways(
    form: Pencil,
    h: Form,
    sides: readonly Side[],
    held: readonly Touching[],
    blind: Matrix,
    basis: readonly Floats[],
  ): Generator<Product[]> {
    const [touch, ...more] = held;
    if (!touch) {
      yield* this.#untouched(h, sides, basis);
      return;
    }
    const touched = more.length === 0 && this.#touched(form, h, sides, touch, blind);
    if (touched) yield touched;
    const atRays = this.#atRays(form, h, sides, blind, basis);
    if (atRays) yield atRays;
  }

  #leafOf(
    products: readonly Product[],
    leaf: { readonly factors: Document; readonly below?: { readonly below: string } },
  ): Document {
    const weights = new Map<string, Algebraic>();
    for (const { g, h: other, exactly } of products) {
      for (const [left, a] of g.parts ?? []) {
        for (const [right, b] of other.parts ?? []) {
          const key = left < right ? `${left},${right}` : `${right},${left}`;
          const more = this.#field.times(this.#field.of(a.times(b)), this.#inField(exactly));
          const old = weights.get(key);
          weights.set(key, old ? plus(this.#field, old, more) : more);
        }
      }
    }
    const own = [...weights].map(([key, weight]) => {
      const [left, right] = key.split(',').map(Number) as [number, number];
      return { left, right, weight: this.#field.exactElement([weight]).map(vectorDocument) };
    });
    return { products: own, factors: leaf.factors, ...leaf.below };
  }

  /** The points met that are in the cell, each once but for what no feature sees. */
  held(sides: readonly Side[], blind: Matrix): Touching[] {
    const hidden = orthogonal(blind).map(floats);
    const shadow = (x: Floats): number[] => unitOf(minusShadow(x, hidden));
    const inside = this.touching.filter(({ floats: x }) => {
      const own = minusShadow(x, hidden);
      return dot(own, own) > 1e-12 && sides.every(({ floats: g }) => dot(unitOf(g), x) > -NEAR);
    });
    return inside.filter(
      ({ floats: x }, k) => !inside.slice(0, k).some(({ floats: y }) => dot(shadow(x), shadow(y)) > 1 - 1e-10),
    );
  }

  #inField(x: Rational | Algebraic): Algebraic {
    return x instanceof Rational ? this.#field.of(x) : x;
  }

  *#untouched(h: Form, sides: readonly Side[], basis: readonly Floats[]): Generator<Product[]> {
    const pairs = pairsOf(sides);
    if (pairs.length === 0) return;
    for (const own of [basis, this.#edges(h, sides, basis)]) {
      if (!own) continue;
      const onto = (f: Form): number[][] => own.map((b) => own.map((c) => dot(applied(f, b), c)));
      const found = belowForm(
        onto(h),
        pairs.map((p) => onto(formOf(p))),
        [],
      );
      const products =
        found.t > 0 && rounded(h, pairs, found, (rest) => smallestOf(eigen(onto(rest)).map(({ value }) => value)));
      if (products) yield products;
    }
  }

  /** The rays of a simplicial cone, each as long as makes the form 1 on it: beside each other what is nearly 0 on one and thousands on another is seen. */
  #edges(h: Form, sides: readonly Side[], basis: readonly Floats[]): Floats[] | undefined {
    if (sides.length !== basis.length) return undefined;
    const rays = raysOf(
      sides.map(({ floats: g }) => unitOf(basis.map((b) => dot(b, g)))),
      basis.length,
    ).map((y) => inSpace(y, basis));
    const values = rays.map((x) => valueAt(h, x));
    if (rays.length !== basis.length || values.some((value) => value <= 0)) return undefined;
    return rays.map((x, k) => x.map((c) => c / Math.sqrt(values[k] as number)));
  }

  /**
   * On a simplicial cell whose form is 0 on some of its rays, be it on a face between them: there nothing is left for squares, so that what the form has between such a ray and
   * another is their product, exactly. The other rays are as those of a cell that is not touched.
   */
  #atRays(
    { a, b }: Pencil,
    h: Form,
    sides: readonly Side[],
    blind: Matrix,
    basis: readonly Floats[],
  ): Product[] | undefined {
    if (sides.length !== basis.length) return undefined;
    const field = this.#field;
    const hidden = orthogonal(blind);
    const rays = sides.flatMap(({ g }, k) => {
      const others = sides.filter((_, j) => j !== k).map((side) => side.g);
      const [x, ...more] = nullSpace([...others, ...hidden], this.#size);
      return x && more.length === 0 ? [g.dot(x).sign() < 0 ? x.negated() : x] : [];
    });
    if (rays.length !== sides.length) return undefined;
    const entry = (k: number, l: number): Algebraic => {
      const [x, y] = [rays[k] as Vector, rays[l] as Vector];
      const between = (matrix: Matrix): Rational => x.dot(Vector.of(matrix.map((row) => row.dot(y))));
      return field.affine(between(a).negated(), between(b));
    };
    const signs = rays.map((_, k) => field.sign(entry(k, k)));
    const zero = signs.flatMap((sign, k) => (sign === 0 ? [k] : []));
    if (zero.length === 0 || signs.some((sign) => sign < 0)) return undefined;
    const across = sides.map(({ g }, k) => g.dot(rays[k] as Vector));
    const { from, to } = field.root;
    const products: Product[] = [];
    for (const k of zero) {
      for (const l of sides.keys()) {
        if (l === k || (l < k && zero.includes(l))) continue;
        const x = entry(k, l);
        const sign = field.sign(x);
        if (sign < 0) return undefined;
        if (sign === 0) continue;
        const weight = field.times(x, field.of(ONE.over((across[k] as Rational).times(across[l] as Rational))));
        const exactly = from.equals(to) ? rationalOf(weight, from) : weight;
        products.push({ g: sides[k] as Side, h: sides[l] as Side, exactly, about: aboutOf(field, weight) });
      }
    }
    const left = combined([[1, h], ...products.map((p) => [-p.about, formOf(p)] as const)], h.length);
    const rest = [...sides.keys()].filter((k) => !zero.includes(k));
    if (rest.length < 2) return products;
    const own = rest.map((k) => floats(rays[k] as Vector)).map((x) => x.map((c) => c / Math.sqrt(valueAt(left, x))));
    const onto = (f: Form): number[][] => own.map((x) => own.map((y) => dot(applied(f, x), y)));
    const pairs = pairsOf(rest.map((k) => sides[k] as Side));
    const found = belowForm(
      onto(left),
      pairs.map((p) => onto(formOf(p))),
      [],
    );
    const free =
      found.t > 0 && rounded(left, pairs, found, (f) => smallestOf(eigen(onto(f)).map(({ value }) => value)));
    return free ? [...products, ...free] : undefined;
  }

  /** At the point the form is 0 on the cell: so are its derivatives, and each product that is taken. */
  #touched(
    form: Pencil,
    h: Form,
    sides: readonly Side[],
    { exact, floats: x }: Touching,
    blind: Matrix,
  ): Product[] | undefined {
    const field = this.#field;
    const tight = sides.filter(({ floats: g }) => Math.abs(dot(unitOf(g), x)) < NEAR);
    const loose = sides.filter((side) => !tight.includes(side));
    const gradient = form.a.map((row, i) => {
      const affine = exact.map((c, j) =>
        field.times(c, field.affine(row.at(j).negated(), (form.b[i] as Vector).at(j))),
      );
      return affine.reduce((total, c) => plus(field, total, c));
    });
    let slopes: { side: Side; mu: Algebraic }[] = [];
    if (gradient.some((c) => field.sign(c) !== 0)) {
      const found = this.#multipliers(gradient, tight);
      if (!found || loose.length === 0) return undefined;
      slopes = found;
    }
    const across = (side: Side): Algebraic =>
      side.g
        .entries()
        .reduce((total, c, k) => plus(field, total, field.times(field.of(c), exact[k] as Algebraic)), field.of(ZERO));
    const hidden = orthogonal(blind).map(floats);
    const basis = complement([...hidden, minusShadow(x, hidden)], h.length) as number[][];
    const onto = (f: Form): number[][] => basis.map((b) => basis.map((c) => dot(applied(f, b), c)));
    // mu g = sum of weights <h, e> g over loose h.
    const groups = slopes.map(({ side, mu }) =>
      loose.map((other) => {
        const weight = field.times(mu, field.inverse(across(other)));
        return { g: side, h: other, exactly: weight, about: aboutOf(field, weight) };
      }),
    );
    const fixed = groups.map((group) => group.at(-1) as Product);
    const base = combined([[1, h], ...fixed.map((p) => [-p.about, formOf(p)] as const)], h.length);
    const moving = groups.flatMap((group, k) =>
      group.slice(0, -1).map((p) => ({
        form: combined(
          [
            [p.about, formOf(p)],
            [-(fixed[k] as Product).about, formOf(fixed[k] as Product)],
          ],
          h.length,
        ),
      })),
    );
    const pairs = pairsOf(tight);
    let at = 0;
    const numbers = groups.map((group) => group.slice(0, -1).map(() => at++));
    const found = belowForm(
      onto(base),
      [...moving.map((one) => onto(one.form)), ...pairs.map((p) => onto(formOf(p)))],
      numbers,
    );
    const inGroups = groups.flatMap((group, k) => {
      // Shares of 1: rounding must not leave less than nothing for the last.
      let last = ONE;
      const shares = (numbers[k] ?? []).map((j) => {
        const about = rational(Math.max(0, found.c[j] ?? 0), 12);
        const share = about.compare(last) > 0 ? last : about;
        last = last.minus(share);
        return share;
      });
      return [...shares, last].map((share, j) => {
        const p = group[j] as Product;
        const weight = field.times(field.of(share), p.exactly as Algebraic);
        return { ...p, exactly: weight, about: aboutOf(field, weight) };
      });
    });
    const used = inGroups.filter(({ exactly }) => field.sign(exactly as Algebraic) !== 0);
    const { from, to } = field.root;
    const simple = from.equals(to)
      ? used.map((p) => ({ ...p, exactly: rationalOf(p.exactly as Algebraic, from) }))
      : used;
    const left = combined([[1, h], ...used.map((p) => [-p.about, formOf(p)] as const)], h.length);
    const free = rounded(left, pairs, { c: found.c.slice(at), t: Math.max(found.t, 0) }, (rest) =>
      basis.length === 0 ? 1 : smallestOf(eigen(onto(rest)).map(({ value }) => value)),
    );
    return [...simple, ...(free ?? [])];
  }

  /** gradient = sum of mu g over tight sides, mu >= 0, independent g. */
  #multipliers(gradient: readonly Algebraic[], tight: readonly Side[]): { side: Side; mu: Algebraic }[] | undefined {
    const field = this.#field;
    const size = gradient.length;
    const y = gradient.map((c) => aboutOf(field, c));
    for (const support of supports(tight.length, size)) {
      const own = support.map((k) => tight[k] as Side);
      const rows = Array.from({ length: size }, (_, i) => [
        ...own.map(({ g }) => field.of(g.at(i))),
        gradient[i] as Algebraic,
      ]);
      const shape = own.map(({ floats: g }) => g);
      if (!complement(shape, size) || !fits(shape, y)) continue;
      const mu = solveField(field, rows, own.length);
      if (mu?.every((c) => field.sign(c) >= 0)) {
        return own.map((side, k) => ({ side, mu: mu[k] as Algebraic })).filter((one) => field.sign(one.mu) > 0);
      }
    }
    return undefined;
  }
}

/** x with few digits, at most that and at least that less `room`. */
function lower(x: number, room: number): Rational {
  const bits = Math.max(0, Math.ceil(-Math.log2(room)) + 2);
  const scaled = Math.floor(x * 2 ** bits);
  return Rational.of(BigInt(scaled), 1n << BigInt(bits));
}

const rationalOf = (x: Algebraic, lambda: Rational): Rational =>
  x.entries().reduceRight((value, c) => value.times(lambda).plus(c), ZERO);

/** The solution of rows [coefficients, right], which has at most one. */
function solveField(field: NumberField, rows: Algebraic[][], unknowns: number): Algebraic[] | undefined {
  for (let c = 0; c < unknowns; c++) {
    const at = rows.findIndex((row, i) => i >= c && field.sign(row[c] as Algebraic) !== 0);
    if (at < 0) return undefined;
    [rows[c], rows[at]] = [rows[at] as Algebraic[], rows[c] as Algebraic[]];
    const inverse = field.inverse((rows[c] as Algebraic[])[c] as Algebraic);
    rows[c] = (rows[c] as Algebraic[]).map((x) => field.times(x, inverse));
    for (const [i, row] of rows.entries()) {
      const factor = row[c] as Algebraic;
      if (i === c || field.sign(factor) === 0) continue;
      rows[i] = row.map((x, j) => field.minus(x, field.times(factor, (rows[c] as Algebraic[])[j] as Algebraic)));
    }
  }
  if (rows.slice(unknowns).some((row) => field.sign(row[unknowns] as Algebraic) !== 0)) return undefined;
  return rows.slice(0, unknowns).map((row) => row[unknowns] as Algebraic);
}
