/** Lines along which L~ falls from a configuration off its kinks whose gradient is 0: least second derivatives, in floats, rounded. Candidates for `descent-curve`. */
import { EigenvalueDecomposition, Matrix as FloatMatrix } from 'ml-matrix';
import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import { evaluate } from '../../kernel/model/model.ts';
import { Rational } from '../../kernel/numbers/rational.ts';
import { Vector } from '../../kernel/numbers/vector.ts';
import { toFloat } from '../landscape/eigenvector.ts';

/** Coordinates of all neurons: the third power of their number is what it takes. */
const MOST_COORDINATES = 400;
/** A second derivative nearer to 0 than this part of the largest is not told from 0. */
const FLAT = 1e-9;
const BITS = 20;

export interface Line {
  readonly we: readonly Vector[];
  readonly wd: readonly Vector[];
}

/** Undefined where no second derivative is negative, as far as floats tell. */
export function downwardLine(m: Instance, at: Configuration): Line | undefined {
  const size = m.np + m.nr;
  if (m.neurons * size > MOST_COORDINATES) return undefined;
  const { values, vectors } = eigen(hessian(m, at));
  const [least = 0, most = 0] = [values[0], Math.max(Math.abs(values[0] ?? 0), Math.abs(values.at(-1) ?? 0))];
  if (least >= -FLAT * most) return undefined;
  const exact = (vectors.getColumn(0) as number[]).map((x) =>
    Rational.of(BigInt(Math.round(x * 2 ** BITS)), 1n << BigInt(BITS)),
  );
  const of = (from: number, length: number): Vector[] =>
    Array.from({ length: m.neurons }, (_, i) => Vector.of(exact.slice(i * size + from, i * size + from + length)));
  return { we: of(0, m.np), wd: of(m.np, m.nr) };
}

function eigen(rows: number[][]): { readonly values: number[]; readonly vectors: FloatMatrix } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new FloatMatrix(rows), {
    assumeSymmetric: true,
  });
  return { values: realEigenvalues, vectors: eigenvectorMatrix };
}

/** Second derivatives of L~ / 2 with the active sets as they are, neuron by neuron: e_i, then u_i. */
function hessian(m: Instance, at: Configuration): number[][] {
  const { z, active, residuals } = evaluate(m, [at]);
  const size = m.np + m.nr;
  const columns = at.wd.map((u) => u.entries().map(toFloat));
  const rows = Array.from({ length: m.neurons * size }, () => new Array<number>(m.neurons * size).fill(0));
  const add = (row: number, column: number, by: number): void => {
    (rows[row] as number[])[column] = (rows[row]?.[column] as number) + by;
  };
  m.features.forEach(({ wp, weight }, d) => {
    const [M, w] = [toFloat(weight), wp.entries().map(toFloat)];
    const rho = (residuals[d]?.[0]?.entries() ?? []).map(toFloat);
    const on = at.we.flatMap((_, i) =>
      active[i]?.[d] ? [{ i, z: toFloat(z[i]?.[d]?.[0] as Rational), u: columns[i] as number[] }] : [],
    );
    for (const a of on) {
      for (const b of on) {
        const both = a.u.reduce((sum, x, k) => sum + x * (b.u[k] as number), 0);
        for (let k = 0; k < m.nr; k++) add(a.i * size + m.np + k, b.i * size + m.np + k, M * a.z * b.z);
        w.forEach((x, k) => {
          w.forEach((y, l) => {
            add(a.i * size + k, b.i * size + l, M * both * x * y);
          });
          for (let l = 0; l < m.nr; l++) {
            const cross = M * x * (b.z * (a.u[l] as number) - (a.i === b.i ? (rho[l] as number) : 0));
            add(a.i * size + k, b.i * size + m.np + l, cross);
            add(b.i * size + m.np + l, a.i * size + k, cross);
          }
        });
      }
    }
  });
  return rows;
}
