/**
 * Paths by steps for configurations of long numbers, such as trained weights: the same steps as `steps.ts` takes, all rows at once, found in floats and rounded. On the
 * way to a least loss along a line each step stops a little short of it, so that rounding does not take it beyond, where the kernel would refuse it.
 */
import { CholeskyDecomposition, Matrix as FloatMatrix } from 'ml-matrix';
import { thresholdOf } from '../../kernel/model/activation.ts';
import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { toFloat } from '../landscape/eigenvector.ts';
import { largestOf } from '../linear/extremes.ts';
import type { Document } from '../proofs/document.ts';
import { matrixDocument } from '../proofs/document.ts';

type Rows = number[][];

/** Columns and rows by turns, so many times each. */
const ROUNDS = 6;
/** Of the way to the least loss on the line. */
const SHORT = 1 - 1e-3;
/** Bits of the largest entry of what is rounded. */
const BITS = 30;
/** A round that lowers L~ by a smaller part of it is the last. */
const SMALL = 1e-4;

interface Floats {
  readonly theta: number;
  readonly weight: readonly number[];
  readonly wp: Rows;
  readonly wr: Rows;
}

const floats = (rows: readonly Vector[]): Rows => rows.map((v) => v.entries().map(toFloat));
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, x, k) => total + x * (b[k] as number), 0);

/** Of size 2^BITS at most, over a power of two. */
function rounded(rows: Rows): { readonly exact: Vector[]; readonly floats: Rows } {
  const size = largestOf(
    rows.map((row) => largestOf(row.map(Math.abs), 0)),
    0,
  );
  const bits = size > 0 ? BITS - Math.ceil(Math.log2(size)) : 0;
  const [num, den] = bits >= 0 ? [1n, 1n << BigInt(bits)] : [1n << BigInt(-bits), 1n];
  const exact = rows.map((row) => {
    const entries = row.map((x) => BigInt(Math.round(x * 2 ** bits)));
    return Vector.of(entries.map((x) => Rational.of(x * num, den)));
  });
  return { exact, floats: rows.map((row) => row.map((x) => Math.round(x * 2 ** bits) / 2 ** bits)) };
}

/** (matrix + a little) X = right; undefined where it is not positive. */
function solved(matrix: Rows, right: Rows): Rows | undefined {
  const trace = matrix.reduce((total, row, k) => total + (row[k] as number), 0);
  if (!(trace > 0)) return undefined;
  // Rounding leaves the two halves a little different.
  const ridge = matrix.map((row, k) =>
    row.map((x, j) => (x + (matrix[j]?.[k] as number)) / 2 + (j === k ? (1e-10 * trace) / matrix.length : 0)),
  );
  const factors = new CholeskyDecomposition(new FloatMatrix(ridge));
  return factors.isPositiveDefinite() ? factors.solve(new FloatMatrix(right)).to2DArray() : undefined;
}

/** Undefined where no step lowers L~, as far as floats tell. ReLU and JumpReLU. */
export function roundedStepsDown(m: Instance, at: Configuration): Document | undefined {
  if (m.activation.kind !== 'relu' && m.activation.kind !== 'jumprelu') return undefined;
  const of = m.features.filter(({ weight }) => weight.sign() > 0);
  const p = {
    theta: toFloat(thresholdOf(m)),
    weight: of.map(({ weight }) => toFloat(weight)),
    wp: floats(of.map(({ wp }) => wp)),
    wr: floats(of.map(({ wr }) => wr)),
  };
  const steps: Document[] = [];
  let [we, wd] = [floats(at.we), floats(at.wd)];
  let loss = lossOf(p, we, wd);
  for (let round = 0; round < ROUNDS; round++) {
    const before = loss;
    const columns = bestColumns(p, we, wd);
    const next = columns && rounded(columns);
    if (next && falls(p, [we, wd], [we, next.floats])) {
      wd = next.floats;
      steps.push({ wd: transposed(next.exact, m.nr) });
    }
    const turned = turnedRows(p, we, wd);
    const rows = turned && rounded(turned);
    if (rows && staysOnSides(p, we, rows.floats) && falls(p, [we, wd], [rows.floats, wd])) {
      we = rows.floats;
      steps.push({ we: matrixDocument(rows.exact) });
    }
    loss = lossOf(p, we, wd);
    if (!(loss < before * (1 - SMALL))) break;
  }
  return steps.length > 0 ? { rule: 'steps', steps } : undefined;
}

const transposed = (columns: readonly Vector[], nr: number): string[][] =>
  Array.from({ length: nr }, (_, r) => columns.map((u) => `${u.at(r)}`));

const codesOf = ({ wp, theta }: Floats, we: Rows): Rows =>
  we.map((e) => wp.map((w) => dot(e, w)).map((z) => (z > theta ? z : 0)));

const residualsOf = ({ wr }: Floats, codes: Rows, wd: Rows): Rows =>
  wr.map((r, d) => r.map((x, k) => codes.reduce((rest, z, i) => rest - (z[d] as number) * (wd[i]?.[k] as number), x)));

const lossOf = (p: Floats, we: Rows, wd: Rows): number =>
  residualsOf(p, codesOf(p, we), wd).reduce((total, rho, d) => total + (p.weight[d] as number) * dot(rho, rho), 0);

/** Whether L~ falls on the step, by enough, and is still falling at its end, by so much that rounding cannot hide it. */
function falls(p: Floats, [we, wd]: readonly [Rows, Rows], [nextWe, nextWd]: readonly [Rows, Rows]): boolean {
  const [from, to] = [residualsOf(p, codesOf(p, we), wd), residualsOf(p, codesOf(p, nextWe), nextWd)];
  const [loss, next] = [lossOf(p, we, wd), lossOf(p, nextWe, nextWd)];
  const slope = to.reduce(
    (all, rho, d) => all + (p.weight[d] as number) * (dot(rho, rho) - dot(rho, from[d] as number[])),
    0,
  );
  return next < loss * (1 - 1e-9) && slope < -1e-12 * loss;
}

/** Towards the columns of least loss. */
function bestColumns(p: Floats, we: Rows, wd: Rows): Rows | undefined {
  const codes = codesOf(p, we);
  const rho = residualsOf(p, codes, wd);
  const weighted = codes.map((z) => z.map((x, d) => x * (p.weight[d] as number)));
  const gram = weighted.map((z) => codes.map((other) => dot(z, other)));
  const pulls = weighted.map((z) =>
    (wd[0] ?? []).map((_, k) => z.reduce((all, x, d) => all + x * (rho[d]?.[k] ?? 0), 0)),
  );
  const change = solved(gram, pulls);
  return change && wd.map((u, i) => u.map((x, k) => x + SHORT * (change[i]?.[k] as number)));
}

/** Each row along its own Newton step, as far as its pre-activations keep their sides; all of them together as far as L~ falls. */
function turnedRows(p: Floats, we: Rows, wd: Rows): Rows | undefined {
  const z = we.map((e) => p.wp.map((w) => dot(e, w)));
  const rho = residualsOf(p, codesOf(p, we), wd);
  const moves = we.map((e, i) => {
    const still = e.map(() => 0);
    const u = wd[i] as number[];
    const own = z[i] as number[];
    const on = own.flatMap((x, d) => (x > p.theta ? [d] : []));
    const slope = e.map((_, k) =>
      on.reduce((all, d) => all + (p.weight[d] as number) * dot(rho[d] as number[], u) * (p.wp[d]?.[k] as number), 0),
    );
    const square = dot(u, u);
    const curvature = e.map((_, k) =>
      e.map((__, l) =>
        on.reduce(
          (all, d) => all + square * (p.weight[d] as number) * (p.wp[d]?.[k] as number) * (p.wp[d]?.[l] as number),
          0,
        ),
      ),
    );
    const way =
      solved(
        curvature,
        slope.map((x) => [x]),
      )?.map(([x]) => x as number) ?? still;
    const end = own.reduce((least, x, d) => {
      const speed = dot(way, p.wp[d] as number[]);
      const room = (p.theta - x) / speed;
      return x > p.theta
        ? speed < 0
          ? Math.min(least, 0.99 * room)
          : least
        : speed > 0
          ? Math.min(least, 0.99 * room)
          : least;
    }, 1);
    return way.map((x) => x * end);
  });
  // How outputs change along all of them: L~ is a parabola.
  const change = p.wp.map((w, d) =>
    (wd[0] ?? []).map((_, k) =>
      moves.reduce(
        (all, move, i) => ((z[i]?.[d] as number) > p.theta ? all + dot(move, w) * (wd[i]?.[k] as number) : all),
        0,
      ),
    ),
  );
  const gain = change.reduce((all, c, d) => all + (p.weight[d] as number) * dot(c, rho[d] as number[]), 0);
  const size = change.reduce((all, c, d) => all + (p.weight[d] as number) * dot(c, c), 0);
  if (!(gain > 0)) return undefined;
  const t = Math.min(1, (gain / size) * SHORT);
  return we.map((e, i) => e.map((x, k) => x + t * (moves[i]?.[k] as number)));
}

const staysOnSides = ({ wp, theta }: Floats, we: Rows, next: Rows): boolean =>
  we.every((e, i) => wp.every((w) => dot(e, w) > theta === dot(next[i] as number[], w) > theta));
