/** A point in floats: weights, and what they are taken to be active on. What moves returns another one. */
import type { Configuration, Pattern } from '../../kernel/model/instance.ts';
import { type Component, componentsOf } from '../../train/checkpoint/components.ts';
import type { SdlProblem } from '../runs/problem.ts';

export interface State {
  readonly p: SdlProblem;
  /** Weights of one run, laid out as in training. */
  readonly x: readonly number[];
  /** F_i, and the features at which neuron i is held at a kink. */
  readonly on: readonly number[][];
  readonly kinks: readonly number[][];
}

/** The exact point that is proposed. `x` is near it: what is proved where the floats are near, but not at, is put there in `at` alone. */
export interface Point extends State {
  readonly at: Configuration;
}

/** Neurons and features of one group. */
export type Part = Component;

export const encoderOf = ({ p, x }: State, i: number): number[] => x.slice(i * p.np, i * p.np + p.np);
export const decoderOf = ({ p, x }: State, i: number): number[] => {
  const from = p.nq * p.np + i * p.nr;
  return x.slice(from, from + p.nr);
};
export const inputOf = (p: SdlProblem, d: number): Float64Array => p.wp.subarray(d * p.np, d * p.np + p.np);
const targetOf = (p: SdlProblem, d: number): Float64Array => p.wr.subarray(d * p.nr, d * p.nr + p.nr);

export function dotOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}

/** rho_d under the state's own pattern. */
export function residualOf(s: State, d: number): Float64Array {
  const rho = Float64Array.from(targetOf(s.p, d));
  s.on.forEach((set, i) => {
    if (!set.includes(d)) return;
    const z = dotOf(encoderOf(s, i), inputOf(s.p, d));
    decoderOf(s, i).forEach((u, k) => {
      rho[k] = (rho[k] as number) - z * u;
    });
  });
  return rho;
}

/** Connected components of neurons and the features they are active on, by their least neuron. */
export const partsOf = (on: Pattern, { n }: SdlProblem): Part[] =>
  [...componentsOf(on, n).parts].sort((a, b) => (a.neurons[0] as number) - (b.neurons[0] as number));

/** Coordinates of the neurons in a row: e_i, then u_i. Positions within the weights. */
export function coordinatesOf(p: SdlProblem, neurons: readonly number[]): number[] {
  return neurons.flatMap((i) => [
    ...Array.from({ length: p.np }, (_, k) => i * p.np + k),
    ...Array.from({ length: p.nr }, (_, k) => p.nq * p.np + i * p.nr + k),
  ]);
}

export const coordinatesAt = (s: State, neurons: readonly number[]): number[] =>
  coordinatesOf(s.p, neurons).map((index) => s.x[index] as number);

/** The point at which the neurons have these coordinates. */
export function movedTo(s: State, neurons: readonly number[], coordinates: readonly number[]): State {
  const x = [...s.x];
  coordinatesOf(s.p, neurons).forEach((index, j) => {
    x[index] = coordinates[j] as number;
  });
  return { ...s, x };
}

/** Gradient and second derivatives of the part of L~ that a component carries, its sets held fixed. */
export function derivatives(s: State, { neurons, features }: Part): { gradient: number[]; hessian: number[][] } {
  const { p } = s;
  const size = p.np + p.nr;
  const n = neurons.length * size;
  const gradient = new Array<number>(n).fill(0);
  const hessian = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  for (const d of features) {
    const m2 = 2 * (p.weight[d] as number);
    const w = inputOf(p, d);
    const rho = residualOf(s, d);
    const active = neurons.flatMap((i, a) =>
      s.on[i]?.includes(d) ? [{ i, a: a * size, z: dotOf(encoderOf(s, i), w), u: decoderOf(s, i) }] : [],
    );
    const bump = (row: number, column: number, by: number): void => {
      (hessian[row] as number[])[column] = (hessian[row]?.[column] as number) + by;
    };
    for (const { i, a, z, u } of active) {
      const along = dotOf(rho, u);
      for (let k = 0; k < p.np; k++) gradient[a + k] = (gradient[a + k] as number) - m2 * along * (w[k] as number);
      for (let k = 0; k < p.nr; k++)
        gradient[a + p.np + k] = (gradient[a + p.np + k] as number) - m2 * z * (rho[k] as number);
      for (const other of active) {
        const uv = dotOf(u, other.u);
        for (let k = 0; k < p.nr; k++) bump(a + p.np + k, other.a + p.np + k, m2 * z * other.z);
        for (let k = 0; k < p.np; k++) {
          const wk = w[k] as number;
          for (let l = 0; l < p.np; l++) bump(a + k, other.a + l, m2 * uv * wk * (w[l] as number));
          for (let l = 0; l < p.nr; l++) {
            const cross = m2 * wk * (other.z * (u[l] as number) - (other.i === i ? (rho[l] as number) : 0));
            bump(a + k, other.a + p.np + l, cross);
            bump(other.a + p.np + l, a + k, cross);
          }
        }
      }
    }
  }
  return { gradient, hessian };
}
