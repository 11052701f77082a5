/**
 * Regions as cones by their extreme rays (the double description method: Motzkin et al. 1953, Fukuda and Prodon 1996). Where the
 * next hyperplane meets a region is read off the signs of its products with the rays, so that neither side needs an LP.
 *
 * The closure of the points with <v_d, x> > 0 on F and <= 0 off F, where there are any, is the cone <v_d, x> >= 0 on F, <= 0 off F:
 * a lineality space plus the positive combinations of its extreme rays. Conversely the sum of the rays is in the cone's relative
 * interior, and positive on F iff each of F is positive on some ray.
 */
import type { Arithmetic } from './arithmetic.ts';
import type { Region, Sides, Signs } from './region.ts';

/** A set of vectors' numbers, 32 to an entry. */
type Bits = readonly number[];

interface Ray<V> {
  readonly x: V;
  /** The vectors so far whose product with x is 0. */
  readonly zero: Bits;
}

/** More rays than this and an LP is the better way. */
const MOST_RAYS = 4000;

/** The cone has too many rays. */
export class TooManyRays extends Error {}

function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function withBit(bits: Bits, d: number): Bits {
  const copy = bits.slice();
  copy[d >>> 5] = (copy[d >>> 5] as number) | (1 << (d & 31));
  return copy;
}

/** The vectors 0 .. d-1. */
const before = (d: number, words: number): Bits =>
  Array.from({ length: words }, (_, k) => (d >= 32 * (k + 1) ? -1 : d <= 32 * k ? 0 : (1 << (d & 31)) - 1));

/** The vectors that are 0 on all rays. */
function common<V>(rays: readonly Ray<V>[], words: number): number[] {
  const bits = new Array<number>(words).fill(-1);
  for (const { zero } of rays) for (let k = 0; k < words; k++) bits[k] = (bits[k] as number) & (zero[k] as number);
  return bits;
}

const disjoint = (a: Bits, b: Bits): boolean => a.every((word, k) => (word & (b[k] as number)) === 0);

class Cone<V, S> implements Region {
  readonly #arithmetic: Arithmetic<V, S>;
  readonly #signs: Signs;
  readonly #depth: number;
  readonly #lines: readonly V[];
  readonly #rays: readonly Ray<V>[];
  /** The vectors so far that are positive here. */
  readonly #positive: Bits;

  constructor(
    of: Arithmetic<V, S>,
    signs: Signs,
    depth: number,
    lines: readonly V[],
    rays: readonly Ray<V>[],
    positive: Bits,
  ) {
    this.#arithmetic = of;
    this.#signs = signs;
    this.#depth = depth;
    this.#lines = lines;
    this.#rays = rays;
    this.#positive = positive;
    if (rays.length > MOST_RAYS) throw new TooManyRays();
  }

  #child(plus: boolean, lines: readonly V[], rays: readonly Ray<V>[]): Cone<V, S> {
    const positive = plus ? withBit(this.#positive, this.#depth) : this.#positive;
    return new Cone(this.#arithmetic, this.#signs, this.#depth + 1, lines, rays, positive);
  }

  split(wanted: Sides<boolean>): Partial<Sides<Region>> {
    const of = this.#arithmetic;
    const d = this.#depth;
    const along = this.#lines.findIndex((l) => of.sign(of.product(d, l)) !== 0);
    if (along >= 0) return this.#splitLines(along, wanted);
    const values: S[] = [];
    const plus: number[] = [];
    const minus: number[] = [];
    const zero: Ray<V>[] = [];
    const rays = this.#rays;
    for (let k = 0; k < rays.length; k++) {
      const ray = rays[k] as Ray<V>;
      const value = of.product(d, ray.x);
      const sign = of.sign(value);
      values.push(value);
      if (sign > 0) plus.push(k);
      else if (sign < 0) minus.push(k);
      else zero.push({ x: ray.x, zero: withBit(ray.zero, d) });
    }
    const side = (indices: readonly number[]): Ray<V>[] => indices.map((k) => rays[k] as Ray<V>);
    if (plus.length > 0 && minus.length > 0) {
      const cut = [...zero, ...this.#cut(plus, minus, values)];
      return {
        ...(wanted.minus && { minus: this.#child(false, this.#lines, [...side(minus), ...cut]) }),
        ...(wanted.plus && { plus: this.#child(true, this.#lines, [...side(plus), ...cut]) }),
      };
    }
    const whole = zero.length === 0 ? rays : [...side(plus), ...side(minus), ...zero];
    if (minus.length > 0) return wanted.minus ? { minus: this.#child(false, this.#lines, whole) } : {};
    // The vector is >= 0 here: where it is not positive it is 0, on a face, which for `sets` belongs to the side minus.
    const face =
      wanted.minus && this.#signs === 'sets' && disjoint(common(zero, this.#positive.length), this.#positive);
    return {
      ...(face && { minus: this.#child(false, this.#lines, zero) }),
      ...(wanted.plus && plus.length > 0 && { plus: this.#child(true, this.#lines, whole) }),
    };
  }

  /** The hyperplane cuts line number `along`, which becomes a ray on each side; all else is moved onto it. */
  #splitLines(along: number, wanted: Sides<boolean>): Partial<Sides<Region>> {
    const of = this.#arithmetic;
    const d = this.#depth;
    const found = this.#lines[along] as V;
    const up = of.sign(of.product(d, found)) > 0 ? found : of.negate(found);
    const down = of.opposite(of.product(d, up));
    const moved = (x: V): V => of.combine(x, of.opposite(of.product(d, x)), up, down);
    const lines = this.#lines.filter((_, k) => k !== along).map(moved);
    const rays = this.#rays.map(({ x, zero }) => ({ x: moved(x), zero: withBit(zero, d) }));
    const all = before(d, this.#positive.length);
    return {
      ...(wanted.minus && { minus: this.#child(false, lines, [...rays, { x: of.negate(up), zero: all }]) }),
      ...(wanted.plus && { plus: this.#child(true, lines, [...rays, { x: up, zero: all }]) }),
    };
  }

  /** The rays on the hyperplane: one in each two-dimensional face spanned by a ray on either side. */
  #cut(plus: readonly number[], minus: readonly number[], values: readonly S[]): Ray<V>[] {
    const of = this.#arithmetic;
    const rays = this.#rays;
    const words = this.#positive.length;
    const least = this.#rankLeft() - 2;
    const cut: Ray<V>[] = [];
    const shared = new Array<number>(words).fill(0);
    for (const i of plus) {
      const a = rays[i] as Ray<V>;
      for (const j of minus) {
        const b = rays[j] as Ray<V>;
        let count = 0;
        for (let k = 0; k < words; k++) {
          const word = (a.zero[k] as number) & (b.zero[k] as number);
          shared[k] = word;
          count += ones(word);
        }
        if (count < least || !this.#adjacent(i, j, shared)) continue;
        cut.push({ x: of.combine(a.x, values[i] as S, b.x, values[j] as S), zero: withBit(shared, this.#depth) });
      }
    }
    return cut;
  }

  /** The dimension of the space modulo the lines: active constraints of a two-dimensional face have this rank less 2. */
  #rankLeft(): number {
    return this.#arithmetic.dimension - this.#lines.length;
  }

  /** Two extreme rays span a face iff no third one is on all hyperplanes that both are on. */
  #adjacent(i: number, j: number, shared: Bits): boolean {
    const rays = this.#rays;
    const words = shared.length;
    for (let r = 0; r < rays.length; r++) {
      if (r === i || r === j) continue;
      const { zero } = rays[r] as Ray<V>;
      let k = 0;
      while (k < words && ((shared[k] as number) & ~(zero[k] as number)) === 0) k++;
      if (k === words) return false;
    }
    return true;
  }

  witness(): bigint[] {
    const of = this.#arithmetic;
    const sum = new Array<bigint>(of.dimension).fill(0n);
    for (const { x } of this.#rays) {
      of.integers(x).forEach((entry, k) => {
        sum[k] = (sum[k] as bigint) + entry;
      });
    }
    return sum;
  }

  open(): boolean {
    return disjoint(common(this.#rays, this.#positive.length), before(this.#depth, this.#positive.length));
  }
}

/** The whole space; `count` is the number of vectors. */
export function wholeSpace<V, S>(of: Arithmetic<V, S>, signs: Signs, count: number): Region {
  const lines = Array.from({ length: of.dimension }, (_, k) => of.unit(k));
  return new Cone(of, signs, 0, lines, [], before(0, Math.max(1, Math.ceil(count / 32))));
}
