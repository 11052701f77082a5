/**
 * Motzkin's alternative, decided exactly: either some rational x has a.x > 0 on `strict`, a.x >= 0 on `weak` and a.x = 0
 * on `equal`, or multipliers, >= 0 on strict (not all 0) and on weak and free on equal, add these rows up to 0.
 *
 * Floats propose (`nonNegativeLeastSquares`): a point of large margin, rounded to small integers, or a support of the multipliers, made
 * exact by solving its linear system. What they propose is checked exactly; where they fail an exact simplex decides.
 */
import { gcd } from '../../kernel/numbers/rational.ts';
import { type Matrix, Vector } from '../../kernel/numbers/vector.ts';
import { spend, words } from '../../kernel/numbers/work.ts';
import { integerDot, nullSpace, primitive, solve } from '../linear/linear.ts';
import { nonNegativeLeastSquares } from './nonNegativeLeastSquares.ts';
import { exactWeights, roundedPoint } from './rationalize.ts';
import { floatColumns } from './rowSigns.ts';
import { decideExactly, type Outcome } from './simplex.ts';

type Integers = readonly bigint[];

/** Rows of length `dimension`; any of the three lists may be empty. */
export interface HomogeneousSystem {
  readonly dimension: number;
  readonly strict: Matrix;
  readonly weak: Matrix;
  readonly equal?: Matrix;
}

export type Alternative =
  /** x has coprime integer entries, small ones when there is slack. */
  | { readonly solvable: true; readonly x: Vector }
  /** Coprime integers, one per row. */
  | {
      readonly solvable: false;
      readonly strict: readonly bigint[];
      readonly weak: readonly bigint[];
      readonly equal: readonly bigint[];
    };

export function motzkin(system: HomogeneousSystem): Alternative {
  const { dimension, strict, weak, equal = [] } = system;
  const vectors = [...strict, ...weak];
  const rows = vectors.map((row) => row.num);
  const isStrict = rows.map((_, j) => j < strict.length);
  const outcome =
    strict.length === 0
      ? { x: new Array<bigint>(dimension).fill(0n), free: [] }
      : onSubspace(
          rows,
          isStrict,
          equal.map((row) => row.num),
          dimension,
          0,
        );
  if ('x' in outcome) return { solvable: true, x: primitive(outcome.x) };
  // The multiplier of a = num / den is that of num, times den.
  const multipliers = primitive([
    ...vectors.map((row, j) => (outcome.weights.get(j) ?? 0n) * row.den),
    ...equal.map((row, k) => (outcome.free[k] ?? 0n) * row.den),
  ]).num;
  return {
    solvable: false,
    strict: multipliers.slice(0, strict.length),
    weak: multipliers.slice(strict.length, rows.length),
    equal: multipliers.slice(rows.length),
  };
}

/** An outcome together with the free multipliers of the equations. */
type WithFree = { readonly x: Integers } | { readonly weights: ReadonlyMap<number, bigint>; readonly free: Integers };

/** Decides the inequalities on the null space of `equal`. */
function onSubspace(
  rows: readonly Integers[],
  strict: readonly boolean[],
  equal: readonly Integers[],
  dimension: number,
  depth: number,
): WithFree {
  if (equal.length === 0) {
    const outcome = inequalities(rows, strict, dimension, depth);
    return 'x' in outcome ? outcome : { ...outcome, free: [] };
  }
  const basis = nullSpace(
    equal.map((row) => Vector.ints(row)),
    dimension,
  );
  const inside = rows.map((row) => basis.map((b) => integerDot(b.num, row)));
  const outcome = inequalities(inside, strict, basis.length, depth);
  if ('x' in outcome) {
    return {
      x: sumOf(
        outcome.x.map((y, k) => [y, (basis[k] as Vector).num]),
        dimension,
      ),
    };
  }
  const total = sumOf(
    [...outcome.weights].map(([j, weight]) => [weight, rows[j] as Integers]),
    dimension,
  );
  // The sum is orthogonal to the null space, so it is a combination of the equations.
  const transposed = Array.from({ length: dimension }, (_, i) => Vector.ints(equal.map((row) => row[i] as bigint)));
  const free = solve(transposed, Vector.ints(total).negated(), equal.length);
  if (!free) throw new Error('a vector orthogonal to the null space is not in the row space');
  const scaled = [...outcome.weights].map(([j, weight]) => [j, weight * free.den] as const);
  return { weights: new Map(scaled), free: free.num };
}

function sumOf(terms: readonly (readonly [bigint, Integers])[], dimension: number): bigint[] {
  const total = new Array<bigint>(dimension).fill(0n);
  for (const [factor, row] of terms) {
    spend(row.reduce((units, x) => units + 200 + words(x) * words(factor), 0));
    for (let i = 0; i < dimension; i++) total[i] = (total[i] as bigint) + factor * (row[i] as bigint);
  }
  return total;
}

/** Faces descended to before the exact simplex takes over. */
const MAX_DEPTH = 8;

/** Decides strict and weak inequalities; at least one is strict. */
function inequalities(
  rows: readonly Integers[],
  strict: readonly boolean[],
  dimension: number,
  depth: number,
): Outcome {
  const isZero = rows.map((row) => row.every((x) => x === 0n));
  const nothing = rows.findIndex((_, j) => isZero[j] && strict[j]);
  if (nothing >= 0) return { weights: new Map([[nothing, 1n]]) };
  const used = [...rows.keys()].filter((j) => !isZero[j]);

  // 1. All rows strictly positive: the usual case, and the one with a point to round.
  const m = dimension + 1;
  const interior = nonNegativeLeastSquares(
    floatColumns(rows, used, () => true),
    m,
    used.length,
  );
  const tight = interior.support.map((k) => used[k] as number);
  const rounded = roundedPoint(rows, strict, used, tight, interior.residual);
  if (rounded) return { x: rounded };
  const weights = exactWeights(rows, tight);
  if (weights && [...weights.keys()].some((j) => strict[j])) return { weights };

  // 2. The margin only where it is asked for: multipliers that include a strict row.
  const genuine = nonNegativeLeastSquares(
    floatColumns(rows, used, (j) => strict[j] as boolean),
    m,
    used.length,
  );
  const support = genuine.support.map((k) => used[k] as number);
  const found = exactWeights(rows, support);
  if (found && [...found.keys()].some((j) => strict[j])) return { weights: found };

  // 3. Positive multiples of weak rows alone add up to 0: these rows are 0 at every solution, so go to that face.
  if (weights && depth < MAX_DEPTH) return onFace(rows, strict, dimension, weights, depth);
  const start = support.filter((j) => !isZero[j]);
  const outcome = decideExactly(
    used.map((j) => rows[j] as Integers),
    used.map((j) => strict[j] as boolean),
    start.map((j) => used.indexOf(j)),
  );
  if ('x' in outcome) return outcome;
  return { weights: new Map([...outcome.weights].map(([k, weight]) => [used[k] as number, weight])) };
}

/** Goes on where the weak rows of `vanishing` (positive weights, sum 0) are equations, with the opposite weak pairs. */
function onFace(
  rows: readonly Integers[],
  strict: readonly boolean[],
  dimension: number,
  vanishing: ReadonlyMap<number, bigint>,
  depth: number,
): Outcome {
  const certificates = [vanishing, ...oppositePairs(rows, strict, vanishing)];
  const equalIndices = certificates.flatMap((certificate) => [...certificate.keys()]);
  const isEqual = new Set(equalIndices);
  const rest = [...rows.keys()].filter((j) => !isEqual.has(j));
  const outcome = onSubspace(
    rest.map((j) => rows[j] as Integers),
    rest.map((j) => strict[j] as boolean),
    equalIndices.map((j) => rows[j] as Integers),
    dimension,
    depth + 1,
  );
  if ('x' in outcome) return outcome;
  const weights = new Map([...outcome.weights].map(([k, weight]) => [rest[k] as number, weight]));
  // Free multipliers become >= 0 by adding multiples of the certificate that made their rows equations.
  const free = new Map(equalIndices.map((j, k) => [j, outcome.free[k] ?? 0n]));
  for (const certificate of certificates) {
    let lift = 0n;
    for (const [j, weight] of certificate) {
      const needed = -(free.get(j) ?? 0n);
      if (needed > lift * weight) lift = (needed + weight - 1n) / weight;
    }
    for (const [j, weight] of certificate) {
      const value = (free.get(j) ?? 0n) + lift * weight;
      if (value > 0n) weights.set(j, value);
    }
  }
  return { weights };
}

/** Pairs of weak rows in opposite directions, each with the weights that add it up to 0; disjoint, outside `taken`. */
function oppositePairs(
  rows: readonly Integers[],
  strict: readonly boolean[],
  taken: ReadonlyMap<number, bigint>,
): Map<number, bigint>[] {
  const waiting = new Map<string, number[]>();
  const pairs: Map<number, bigint>[] = [];
  rows.forEach((row, j) => {
    const g = row.reduce(gcd, 0n);
    if (strict[j] || taken.has(j) || g === 0n) return;
    const partner = waiting.get(row.map((x) => -x / g).join())?.pop();
    if (partner === undefined) {
      const key = row.map((x) => x / g).join();
      waiting.set(key, [...(waiting.get(key) ?? []), j]);
      return;
    }
    const other = (rows[partner] as Integers).reduce(gcd, 0n);
    const common = gcd(g, other);
    pairs.push(
      new Map([
        [j, other / common],
        [partner, g / common],
      ]),
    );
  });
  return pairs;
}
