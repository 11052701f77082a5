/**
 * Exact vectors: integers over one common denominator, so that a dot product runs one gcd and not one per term.
 * Canonical: the denominator is positive and shares no factor with all the entries. A matrix is the list of its rows.
 */
import { gcd, Rational, ZERO } from './rational.ts';
import { malformed } from './rejection.ts';
import { keep, room, spend, words } from './work.ts';

export type Matrix = readonly Vector[];

const MAX_DENOMINATOR = 10n ** 100_000n;

/** Words that an entry takes beside its own. */
const OF_ENTRY = 4;

export class Vector {
  readonly num: readonly bigint[];
  readonly den: bigint;
  /** 64-bit words of the longest of its integers. */
  readonly words: number;

  private constructor(num: readonly bigint[], den: bigint) {
    this.num = num;
    this.den = den;
    spend(50 * num.length);
    let longest = words(den);
    for (const x of num) longest = Math.max(longest, words(x));
    this.words = longest;
  }

  /** The vector num / den. */
  static ints(num: readonly bigint[], den = 1n): Vector {
    let common = den;
    for (const x of num) {
      if (common === 1n) break;
      common = gcd(common, x);
    }
    if (common === 1n) return new Vector(num, den);
    spend(2 * num.length * words(common) * words(den));
    return new Vector(
      num.map((x) => x / common),
      den / common,
    );
  }

  /** Refuses entries whose common denominator is so long (all their text together can be) that arithmetic would not end. */
  static of(entries: readonly Rational[]): Vector {
    let [den, size, longest] = [1n, 1, 1];
    for (const x of entries) {
      if (x.words > longest) longest = x.words;
      if (x.den === 1n) continue;
      spend(100 + 2 * size * x.words);
      if (den % x.den === 0n) continue;
      den *= x.den / gcd(den, x.den);
      size = words(den);
      if (den >= MAX_DENOMINATOR) malformed('too-large', '$', 'a common denominator of at most 100,000 digits', 'more');
    }
    // Two products for an entry.
    spend(entries.length * (50 + 2 * size * longest));
    room(entries.length * (size + longest + OF_ENTRY));
    return new Vector(
      entries.map((x) => x.num * (den / x.den)),
      den,
    );
  }

  static zero(length: number): Vector {
    return new Vector(new Array<bigint>(length).fill(0n), 1n);
  }

  get length(): number {
    return this.num.length;
  }
  at(index: number): Rational {
    const entry = this.num[index];
    if (entry === undefined) throw new RangeError(`index ${index} of ${this.length}`);
    return Rational.of(entry, this.den);
  }
  entries(): Rational[] {
    return this.num.map((x) => Rational.of(x, this.den));
  }
  dot(b: Vector): Rational {
    sameLength(this, b);
    spend(this.length * (50 + this.words * b.words));
    let total = 0n;
    for (let i = 0; i < this.num.length; i++) total += (this.num[i] as bigint) * (b.num[i] as bigint);
    return total === 0n ? ZERO : Rational.of(total, this.den * b.den);
  }
  plus(b: Vector): Vector {
    sameLength(this, b);
    spend(this.length * (150 + 2 * this.words * b.words));
    return Vector.ints(
      this.num.map((x, i) => x * b.den + (b.num[i] as bigint) * this.den),
      this.den * b.den,
    );
  }
  minus(b: Vector): Vector {
    return this.plus(b.negated());
  }
  negated(): Vector {
    spend(this.length * (50 + this.words));
    return new Vector(
      this.num.map((x) => -x),
      this.den,
    );
  }
  times(factor: Rational): Vector {
    spend(this.length * (50 + this.words * factor.words));
    return Vector.ints(
      this.num.map((x) => x * factor.num),
      this.den * factor.den,
    );
  }
  isZero(): boolean {
    return this.num.every((x) => x === 0n);
  }
  equals(b: Vector): boolean {
    spend(10 * this.length);
    return this.length === b.length && this.den === b.den && this.num.every((x, i) => x === b.num[i]);
  }
  /** A text that equal vectors have in common, and no others; kept until the check ends. */
  key(): string {
    spend(this.length * (100 + 12 * this.words * this.words));
    const text = `${this.den}:${this.num.join()}`;
    keep(text.length / 8);
    return text;
  }
  toString(): string {
    return `(${this.entries().join(', ')})`;
  }
}

function sameLength(a: Vector, b: Vector): void {
  if (a.length !== b.length) throw new RangeError(`lengths ${a.length} and ${b.length}`);
}

/** sum_k weights[k] * vectors[k]; `length` is the dimension, which an empty sum does not tell. */
export function combine(weights: readonly Rational[], vectors: Matrix, length: number): Vector {
  if (weights.length !== vectors.length) throw new RangeError(`${weights.length} weights, ${vectors.length} vectors`);
  let [den, size, longest] = [1n, 1, 1];
  spend(vectors.reduce((total, v, k) => total + v.words * (weights[k] as Rational).words, 0));
  const own = vectors.map((v, k) => v.den * (weights[k] as Rational).den);
  for (const [k, v] of vectors.entries()) {
    if (v.length !== length) throw new RangeError(`lengths ${v.length} and ${length}`);
    const [weight, under] = [weights[k] as Rational, own[k] as bigint];
    longest = Math.max(longest, v.words + weight.words);
    if (under === 1n || weight.num === 0n) continue;
    spend(100 + 3 * size * words(under));
    den *= under / gcd(den, under);
    size = words(den);
  }
  room(vectors.length * longest + length * (size + longest + OF_ENTRY));
  const num = new Array<bigint>(length).fill(0n);
  for (const [k, v] of vectors.entries()) {
    const weight = weights[k] as Rational;
    if (weight.num === 0n) continue;
    spend(size * (longest + size));
    const factor = weight.num * (den / (own[k] as bigint));
    spend(length * (50 + words(factor) * v.words));
    for (let i = 0; i < length; i++) num[i] = (num[i] as bigint) + (v.num[i] as bigint) * factor;
  }
  return Vector.ints(num, den);
}

/** The rows, each made in its turn while there is room for all. */
function table<T>(from: readonly T[], row: (of: T, index: number) => Vector): Matrix {
  let total = 0;
  return from.map((of, k) => {
    const made = row(of, k);
    total += made.length * (made.words + OF_ENTRY);
    room(total);
    return made;
  });
}

const range = (length: number): number[] => Array.from({ length }, (_, k) => k);

/** The columns of a matrix with `columns` columns, as rows. */
export function transpose(rows: Matrix, columns: number): Matrix {
  return table(range(columns), (j) => Vector.of(rows.map((row) => row.at(j))));
}

/** A (m x k) times B (k x n). */
export function multiply(a: Matrix, b: Matrix, columns: number): Matrix {
  return table(a, (row) => combine(row.entries(), b, columns));
}

/** sum_d weights[d] * left[d] right[d]^T, of the shape (length of left) x (length of right). */
export function outerSum(weights: readonly Rational[], left: Matrix, right: Matrix, shape: [number, number]): Matrix {
  return table(range(shape[0]), (i) =>
    combine(
      left.map((v, d) => v.at(i).times(weights[d] as Rational)),
      right,
      shape[1],
    ),
  );
}

export function equalMatrices(a: Matrix, b: Matrix): boolean {
  return a.length === b.length && a.every((row, i) => row.equals(b[i] as Vector));
}
