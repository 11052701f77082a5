/**
 * L~ on a box around a configuration, its active sets held fixed: enclosures of pre-activations, residuals, gradients and
 * second derivatives. Coordinates of some neurons are listed neuron by neuron: e_i (n_p of them), then u_i (n_r).
 */
import type { Configuration, Instance } from '../instance.ts';
import type { Rational } from '../rational.ts';
import type { Matrix, Vector } from '../vector.ts';
import { type Box, dot, enclose, encloseRows, type Interval, minus, NOTHING, plus, times } from './interval.ts';

export interface Neighbourhood {
  readonly m: Instance;
  readonly active: readonly (readonly boolean[])[];
  /** Encoder rows and decoder columns. */
  readonly e: Box;
  readonly u: Box;
  /** z_{i,d}: n_q x n. */
  readonly z: Box;
  /** rho_d: n x n_r. */
  readonly residuals: Box;
}

const wide = (v: Vector, radius: Rational): Interval[] =>
  v.entries().map((x) => enclose(x.minus(radius), x.plus(radius)));

/** All configurations whose neuron i is within radii[i] of `at` in every coordinate. */
export function neighbourhood(
  m: Instance,
  at: Configuration,
  active: Neighbourhood['active'],
  radii: readonly Rational[],
): Neighbourhood {
  const e = at.we.map((row, i) => wide(row, radii[i] as Rational));
  const u = at.wd.map((column, i) => wide(column, radii[i] as Rational));
  const w = encloseRows(m.features.map((f) => f.wp));
  const z = e.map((row) => w.map((direction) => dot(row, direction)));
  const residuals = m.features.map((f, d) =>
    f.wr
      .entries()
      .map((target, k) =>
        u.reduce(
          (rho, column, i) => (active[i]?.[d] ? minus(rho, times(z[i]?.[d] as Interval, column[k] as Interval)) : rho),
          enclose(target),
        ),
      ),
  );
  return { m, active, e, u, z, residuals };
}

/** Those of the features on which all of the neurons are active. */
const shared = ({ active }: Neighbourhood, features: readonly number[], ...neurons: readonly number[]): number[] =>
  features.filter((d) => neurons.every((i) => active[i]?.[d]));

const twiceM = ({ m }: Neighbourhood, d: number): Interval => {
  const weight = enclose(m.features[d]?.weight as Rational);
  return plus(weight, weight);
};
const direction = ({ m }: Neighbourhood, d: number): Interval[] => encloseRows([m.features[d]?.wp as Vector])[0] ?? [];

/** The gradient, for the coordinates of neuron i, of what the features contribute to L~. */
export function gradientOf(at: Neighbourhood, features: readonly number[], i: number): Interval[] {
  const gradient = Array.from({ length: at.m.np + at.m.nr }, () => NOTHING);
  for (const d of shared(at, features, i)) {
    const rho = at.residuals[d] as Interval[];
    const along = times(twiceM(at, d), dot(rho, at.u[i] as Interval[]));
    const z = times(twiceM(at, d), at.z[i]?.[d] as Interval);
    direction(at, d).forEach((w, k) => {
      gradient[k] = minus(gradient[k] as Interval, times(along, w));
    });
    rho.forEach((x, k) => {
      gradient[at.m.np + k] = minus(gradient[at.m.np + k] as Interval, times(z, x));
    });
  }
  return gradient;
}

/** Second derivatives of it for all pairs of coordinates of the neurons. */
export function hessianOf(at: Neighbourhood, features: readonly number[], neurons: readonly number[]): Interval[][] {
  const { np, nr } = at.m;
  const size = np + nr;
  const hessian = Array.from({ length: neurons.length * size }, () =>
    Array.from({ length: neurons.length * size }, () => NOTHING),
  );
  neurons.forEach((i, a) => {
    neurons.forEach((j, b) => {
      const add = (row: number, column: number, x: Interval): void => {
        const line = hessian[a * size + row] as Interval[];
        line[b * size + column] = plus(line[b * size + column] as Interval, x);
      };
      const [ui, uj] = [at.u[i] as Interval[], at.u[j] as Interval[]];
      for (const d of shared(at, features, i, j)) {
        const [m, w] = [twiceM(at, d), direction(at, d)];
        const [zi, zj] = [at.z[i]?.[d] as Interval, at.z[j]?.[d] as Interval];
        const columns = times(m, dot(ui, uj));
        for (let k = 0; k < nr; k++) add(np + k, np + k, times(m, times(zi, zj)));
        w.forEach((x, k) => {
          w.forEach((y, l) => {
            add(k, l, times(columns, times(x, y)));
          });
          // d/du_j of -2 M <rho, u_i> w: rho moves by -z_j du_j, and u_i itself moves where i = j.
          for (let l = 0; l < nr; l++) {
            add(k, np + l, times(times(m, x), times(zj, ui[l] as Interval)));
            add(np + l, k, times(times(m, x), times(zi, uj[l] as Interval)));
            if (i === j) {
              const pull = times(times(m, x), at.residuals[d]?.[l] as Interval);
              add(k, np + l, minus(NOTHING, pull));
              add(np + l, k, minus(NOTHING, pull));
            }
          }
        });
      }
    });
  });
  return hessian;
}

/** Derivatives of rho_d, one row for each of its coordinates, feature by feature. */
export function residualSlopes(
  at: Neighbourhood,
  features: readonly number[],
  neurons: readonly number[],
): Interval[][] {
  const { np, nr } = at.m;
  return features.flatMap((d) => {
    const w = direction(at, d);
    return Array.from({ length: nr }, (_, k) =>
      neurons.flatMap((i) => {
        if (!at.active[i]?.[d]) return Array.from({ length: np + nr }, () => NOTHING);
        const u = minus(NOTHING, at.u[i]?.[k] as Interval);
        const z = minus(NOTHING, at.z[i]?.[d] as Interval);
        return [...w.map((x) => times(x, u)), ...Array.from({ length: nr }, (_, l) => (l === k ? z : NOTHING))];
      }),
    );
  });
}

/** The coordinates of the neurons in a row. */
export const coordinates = (at: { we: Matrix; wd: Matrix }, neurons: readonly number[]): Rational[] =>
  neurons.flatMap((i) => [...(at.we[i] as Vector).entries(), ...(at.wd[i] as Vector).entries()]);
