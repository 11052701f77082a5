/** The cones into which hyperplanes through 0 cut space, by what generates them (the double description method of Motzkin et al. 1953). */
import { gcd } from './rational.ts';
import { invalid } from './rejection.ts';
import { type Matrix, Vector } from './vector.ts';

/** Sums of any multiples of `lines` and of multiples >= 0 of `rays`. */
export interface Sector {
  readonly lines: Matrix;
  readonly rays: Matrix;
}

const MOST_RAYS = 4_096;

/** A positive multiple in coprime integers: equal for just the vectors of one direction. */
export function directionOf(v: Vector): Vector {
  const common = v.num.reduce(gcd, 0n);
  return Vector.ints(common > 1n ? v.num.map((x) => x / common) : v.num);
}

/** All of them, full-dimensional, each on one side of every hyperplane; together they are the whole space. None of the normals is 0. */
export function sectors(normals: Matrix, dimension: number, path: string): Sector[] {
  const axes = Array.from({ length: dimension }, (_, i) =>
    Vector.ints(Array.from({ length: dimension }, (_, j) => (i === j ? 1n : 0n))),
  );
  let found: Sector[] = [{ lines: axes, rays: [] }];
  for (const w of normals) {
    found = found.flatMap((sector) => cut(sector, w));
    const size = found.reduce((total, { lines, rays }) => total + lines.length + rays.length, 0);
    if (size > MOST_RAYS)
      invalid('too-much-work', path, `at most ${MOST_RAYS} rays of the cones between kinks`, 'more');
  }
  return found;
}

function cut({ lines, rays }: Sector, w: Vector): Sector[] {
  const across = lines.find((line) => line.dot(w).sign() !== 0);
  if (across) {
    // Along this line everything else can be brought into the hyperplane.
    const level = (x: Vector): Vector => directionOf(x.minus(across.times(x.dot(w).over(across.dot(w)))));
    const rest = lines.filter((line) => line !== across).map(level);
    const inside = rays.map(level).filter((ray) => !ray.isZero());
    const up = across.dot(w).sign() > 0 ? across : across.negated();
    return [up, up.negated()].map((ray) => ({ lines: rest, rays: [...inside, ray] }));
  }
  const side = (sign: number): Matrix => rays.filter((ray) => ray.dot(w).sign() === sign);
  const [above, within, below] = [side(1), side(0), side(-1)];
  if (above.length === 0 || below.length === 0) return [{ lines, rays }];
  const between = above.flatMap((x) =>
    below.map((y) => directionOf(x.times(y.dot(w).negated()).plus(y.times(x.dot(w))))),
  );
  const flat = [...within, ...between.filter((ray) => !ray.isZero())];
  return [above, below].map((own) => ({ lines, rays: [...own, ...flat] }));
}
