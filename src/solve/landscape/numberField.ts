/**
 * Arithmetic in Q(lambda), lambda a real algebraic number. A number is a polynomial in lambda, reduced modulo f: a vector of its
 * coefficients. f need not be irreducible. A number that turns out to be 0 at lambda, or to have no inverse modulo f, tells a factor
 * of f; from then on f is the factor that lambda is a root of.
 */
import { type Element, isZeroAt, type Root } from '../../kernel/numbers/algebraic.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { solve } from '../linear/linear.ts';
import { content } from './eigenvector.ts';
import { exactSigns } from './exactSigns.ts';
import { gcdOf, quotient } from './realRoots.ts';

/** Coefficients, lowest first, as many as the degree f had when it was made. */
export type Algebraic = Vector;

export class NumberField {
  #root: Root;

  constructor(root: Root) {
    this.#root = root;
  }

  /** lambda, as narrowly as it is known by now. */
  get root(): Root {
    return this.#root;
  }

  of(x: Rational): Algebraic {
    return this.#reduced([x.num], x.den);
  }

  /** x + lambda y */
  affine(x: Rational, y: Rational): Algebraic {
    return this.#reduced([x.num * y.den, y.num * x.den], x.den * y.den);
  }

  minus(a: Algebraic, b: Algebraic): Algebraic {
    return this.#short(a).minus(this.#short(b));
  }

  times(a: Algebraic, b: Algebraic): Algebraic {
    const product = new Array<bigint>(a.length + b.length - 1).fill(0n);
    a.num.forEach((x, i) => {
      if (x === 0n) return;
      b.num.forEach((y, k) => {
        product[i + k] = (product[i + k] as bigint) + x * y;
      });
    });
    return this.#reduced(product, a.den * b.den);
  }

  /** 1 / x, for x not 0 at lambda. */
  inverse(x: Algebraic): Algebraic {
    const own = this.#short(x);
    const common = gcdOf(this.#root.f, trimmed(own.num));
    if (common.length > 1) {
      this.#root = { ...this.#root, f: quotient(this.#root.f, common) };
      return this.inverse(own);
    }
    const degree = this.#root.f.length - 1;
    const columns = Array.from({ length: degree }, (_, k) =>
      this.times(own, this.#reduced([...new Array<bigint>(k).fill(0n), 1n], 1n)),
    );
    const rows = Array.from({ length: degree }, (_, i) => Vector.of(columns.map((column) => column.at(i))));
    const one = this.of(Rational.of(1n));
    const found = solve(rows, one, degree);
    if (!found) throw new Error('a number prime to f has no inverse');
    return found;
  }

  sign(x: Algebraic): -1 | 0 | 1 {
    if (x.isZero()) return 0;
    const element = x.entries().map((c) => Vector.of([c]));
    if (isZeroAt(element, this.#root)) return 0;
    const { signs, root } = exactSigns(element, this.#root, 1);
    this.#root = root;
    return signs[0] ?? 0;
  }

  /** The vector with these entries as an element. */
  exactElement(entries: readonly Algebraic[]): Element {
    const all = entries.map((x) => this.#short(x));
    const terms = Array.from({ length: this.#root.f.length - 1 }, (_, k) => Vector.of(all.map((x) => x.at(k))));
    return terms.slice(0, terms.findLastIndex((c) => !c.isZero()) + 1);
  }

  /** A positive multiple of it without a common factor. */
  element(entries: readonly Algebraic[]): Element {
    return content(this.exactElement(entries));
  }

  #short(x: Algebraic): Algebraic {
    return x.length === this.#root.f.length - 1 ? x : this.#reduced(x.num, x.den);
  }

  #reduced(num: readonly bigint[], den: bigint): Algebraic {
    const { f } = this.#root;
    const degree = f.length - 1;
    const lead = f[degree] as bigint;
    const rest = [...num];
    let below = den;
    while (rest.length > degree) {
      const top = rest.pop() as bigint;
      if (top === 0n) continue;
      const shift = rest.length - degree;
      for (let k = 0; k < rest.length; k++) {
        rest[k] = (rest[k] as bigint) * lead - (k >= shift ? top * (f[k - shift] as bigint) : 0n);
      }
      below *= lead;
    }
    while (rest.length < degree) rest.push(0n);
    return below < 0n
      ? Vector.ints(
          rest.map((x) => -x),
          -below,
        )
      : Vector.ints(rest, below);
  }
}

const trimmed = (p: readonly bigint[]): bigint[] => p.slice(0, p.findLastIndex((c) => c !== 0n) + 1);
