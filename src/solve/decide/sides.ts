/** The sides of a cell of `least-loss`, as a cone: which of them say something, what they say of a subspace, its rays. */

import { ONE, type Rational } from '../../kernel/numbers/rational.ts';
import type { Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { complement, dot, type Floats, unitOf } from '../inequalities/coneForm.ts';
import { nullSpace } from '../linear/linear.ts';
import { floats } from './leastGain.ts';

export interface Side {
  /** Inward; > 0 there if strict, else >= 0. */
  readonly g: Vector;
  readonly floats: Floats;
  readonly strict: boolean;
  /** Of a sum of sides, the numbers of these in the cell and how much of each. */
  readonly parts?: readonly (readonly [number, Rational])[];
}

/** From coordinates in the basis. */
export const inSpace = (y: Floats, basis: readonly Floats[]): number[] =>
  (basis[0] ?? []).map((_, i) => basis.reduce((total, b, k) => total + (b[i] ?? 0) * (y[k] ?? 0), 0));

/** Sides in different directions. */
export function apart(sides: readonly Side[]): Side[] {
  return sides.filter(
    (side, k) =>
      sides.slice(0, k).every((other) => dot(unitOf(side.floats), unitOf(other.floats)) < 1 - 1e-12) &&
      side.floats.some((x) => x !== 0),
  );
}

/** The sides that vanish on the vectors, and positive sums of two that do (Fourier, Motzkin). */
export function seen(sides: readonly Side[], blind: Matrix): Side[] {
  const own = sides.map((side, k): Side => ({ ...side, parts: [[k + 1, ONE]] }));
  return blind.reduce<Side[]>((left, v) => {
    const at = left.map(({ g }) => g.dot(v));
    const [up, down] = [1, -1].map((sign) => left.map((_, k) => k).filter((k) => at[k]?.sign() === sign)) as [
      number[],
      number[],
    ];
    const sums = up.flatMap((i) =>
      down.map((j): Side => {
        const [a, b] = [(at[j] as Rational).negated(), at[i] as Rational];
        const [x, y] = [left[i] as Side, left[j] as Side];
        const g = x.g.times(a).plus(y.g.times(b));
        const scaled = (side: Side, c: Rational) => (side.parts ?? []).map(([k, old]) => [k, old.times(c)] as const);
        return { g, floats: floats(g), strict: false, parts: [...scaled(x, a), ...scaled(y, b)] };
      }),
    );
    return [...left.filter((_, k) => at[k]?.sign() === 0), ...sums];
  }, own);
}

/** The same span, each vector orthogonal to the others. */
export function orthogonal(vectors: Matrix): Vector[] {
  const own: Vector[] = [];
  for (const v of vectors) own.push(withoutShadow(v, own));
  return own;
}
export const withoutShadow = (v: Vector, basis: Matrix): Vector =>
  basis.reduce((rest, x) => rest.minus(x.times(rest.dot(x).over(x.dot(x)))), v);
export const minusShadow = (x: Floats, basis: readonly Floats[]): number[] =>
  basis.reduce<number[]>((rest, b) => rest.map((a, i) => a - (dot(rest, b) / dot(b, b)) * (b[i] ?? 0)), [...x]);

/** Those that others do not imply, which have as many rays on them as they have dimensions; all, if the cone has lines in the space. */
export function facets(sides: readonly Side[], basis: readonly Floats[]): readonly Side[] {
  const size = basis.length;
  const normals = sides.map(({ floats: g }) => unitOf(basis.map((b) => dot(b, g))));
  const rays = raysOf(normals, size);
  const needed = sides.filter(
    (_, k) => rays.filter((x) => Math.abs(dot(x, normals[k] as Floats)) < 1e-8).length >= size - 1,
  );
  // A cone without an inside needs others too.
  return needed.length >= size && rays.length >= size ? needed : sides;
}

/** Extreme rays of the cone; if it has lines, some of these too. */
export function raysOf(normals: readonly Floats[], size: number): number[][] {
  const rays: number[][] = [];
  const note = (x: Floats): void => {
    if (normals.some((g) => dot(g, x) < -1e-8) || rays.some((ray) => dot(ray, x) > 1 - 1e-10)) return;
    rays.push([...x]);
  };
  const full = normals.length >= size;
  for (const support of [[], ...supports(normals.length, size - 1)]) {
    if (full && support.length < size - 1) continue;
    const lines = complement(
      support.map((k) => normals[k] as Floats),
      size,
    );
    for (const x of lines ?? []) for (const sign of [1, -1]) note(x.map((c) => sign * c));
  }
  return rays;
}

/**
 * The normal of a plane through rays of the cone that leaves others on both sides, crossing as few edges as any does. Cuts along such planes take a cone apart into simplicial
 * ones, where a form that is positive has a proof in up to four dimensions. None for a cone that is simplicial; `blind` are directions that no side sees.
 */
export function throughRays(sides: readonly Side[], blind: Matrix, basis: readonly Floats[]): Vector | undefined {
  const size = basis.length;
  const needed = facets(sides, basis);
  if (needed.length <= size) return undefined;
  const normals = needed.map(({ floats: g }) => unitOf(basis.map((b) => dot(b, g))));
  const rays = raysOf(normals, size);
  const tight = rays.map((x) => normals.flatMap((g, k) => (Math.abs(dot(g, x)) < 1e-8 ? [k] : [])));
  let best: { readonly support: readonly number[]; readonly crossed: number; readonly fewer: number } | undefined;
  for (const support of supports(rays.length, size - 1)) {
    if (support.length < size - 1) continue;
    const [y, ...more] =
      complement(
        support.map((k) => rays[k] as Floats),
        size,
      ) ?? [];
    if (!y || more.length > 0) continue;
    const [above, below] = [1, -1].map((sign) => rays.flatMap((x, k) => (sign * dot(x, y) > 1e-7 ? [k] : []))) as [
      number[],
      number[],
    ];
    const fewer = Math.min(above.length, below.length);
    if (fewer === 0) continue;
    const isEdge = (a: number, b: number): boolean =>
      (tight[a] ?? []).filter((k) => tight[b]?.includes(k)).length >= size - 2;
    const crossed = above.reduce((count, a) => count + below.filter((b) => isEdge(a, b)).length, 0);
    if (!best || crossed < best.crossed || (crossed === best.crossed && fewer > best.fewer))
      best = { support, crossed, fewer };
  }
  const length = blind[0]?.length ?? needed[0]?.g.length ?? 0;
  const exact = best?.support.map((ray) =>
    nullSpace([...(tight[ray] ?? []).map((k) => (needed[k] as Side).g), ...blind], length),
  );
  if (!exact?.every((found) => found.length === 1)) return undefined;
  const plane = nullSpace([...exact.flat(), ...blind], length);
  return plane.length === 1 ? plane[0] : undefined;
}

export function* supports(n: number, most: number, from = 0): Generator<number[]> {
  for (let k = from; k < n; k++) {
    yield [k];
    if (most > 1) for (const rest of supports(n, most - 1, k + 1)) yield [k, ...rest];
  }
}

/** Whether y is in the span of the vectors. */
export function fits(vectors: readonly Floats[], y: Floats): boolean {
  const rest = complement(vectors, y.length);
  const size = Math.sqrt(dot(y, y));
  return rest?.every((b) => Math.abs(dot(b, y)) < 1e-7 * size) ?? false;
}
