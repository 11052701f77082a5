/**
 * L~ on a box around a configuration, its active sets held fixed: enclosures of pre-activations, residuals and
 * gradients. Coordinates of some neurons are listed neuron by neuron: e_i (n_p of them), then u_i (n_r).
 */
import type { Configuration, Instance } from '../../kernel/model/instance.ts';
import type { Rational } from '../../kernel/numbers/rational.ts';
import type { Matrix, Vector } from '../../kernel/numbers/vector.ts';
import {
  type Box,
  dot,
  enclose,
  encloseRows,
  encloseVector,
  type Interval,
  minus,
  NOTHING,
  plus,
  times,
} from './interval.ts';

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

const wide = (v: Vector, radii: readonly bigint[]): Interval[] =>
  encloseVector(v).map(({ least, most }, k) => {
    const radius = radii[k] as bigint;
    return { least: least - radius, most: most + radius };
  });

/** All configurations whose coordinates (of neuron i: e_i, then u_i) are within `radii[i]`, in units of 2^-128, of those of `at`. */
export function neighbourhood(
  m: Instance,
  at: Configuration,
  active: Neighbourhood['active'],
  radii: readonly (readonly bigint[])[],
): Neighbourhood {
  const e = at.we.map((row, i) => wide(row, radii[i] as bigint[]));
  const u = at.wd.map((column, i) => wide(column, (radii[i] as bigint[]).slice(m.np)));
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

/** Those of the features on which neuron i is active. */
const shared = ({ active }: Neighbourhood, features: readonly number[], i: number): number[] =>
  features.filter((d) => active[i]?.[d]);

export const twiceM = ({ m }: Neighbourhood, d: number): Interval => {
  const weight = enclose(m.features[d]?.weight as Rational);
  return plus(weight, weight);
};
const direction = ({ m }: Neighbourhood, d: number): Interval[] => encloseVector(m.features[d]?.wp as Vector);

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
