/** The coordinates of a group in a proof (src/landing/check/frame.ts), in floats: neurons with e_i, lifted ones with z_i on G_i. */

import { largestOf } from '../../solve/linear/extremes.ts';
import { decoderOf, dotOf, encoderOf, inputOf, type Part, residualOf, type State } from './state.ts';

/** G_i of the lifted neurons. */
export type Lift = ReadonlyMap<number, readonly number[]>;

/** <rho_d, u_i> below this, relative to both, is 0: what the neuron sees of the residual is nothing. */
const UNSEEN = 1e-8;

export const NO_LIFT: Lift = new Map();

/** Every neuron that has no pull on a pre-activation it uses, with the features of the group on which it has none. */
export function closures(s: State, { neurons, features }: Part): Lift {
  const largest = largestOf(s.p.wr.map(Math.abs));
  const lift = new Map<number, number[]>();
  for (const i of neurons) {
    const u = decoderOf(s, i);
    const bound = UNSEEN * largest * (Math.hypot(...u) + 1e-3);
    const unseen = features.filter((d) => Math.abs(dotOf(residualOf(s, d), u)) <= bound);
    if ([...(s.on[i] as number[]), ...(s.kinks[i] as number[])].every((d) => unseen.includes(d))) lift.set(i, unseen);
  }
  return lift;
}

/** The same neurons with no more than they are active on. */
export const tight = (s: State, lift: Lift): Lift =>
  new Map(
    [...lift.keys()].map((i) => {
      const set = new Set([...(s.on[i] as number[]), ...(s.kinks[i] as number[])]);
      return [i, [...set].sort((a, b) => a - b)];
    }),
  );

export const sizeOf = ({ p }: State, lift: Lift, i: number): number => lift.get(i)?.length ?? p.np;

export const lengthOf = (s: State, { neurons }: Part, lift: Lift): number =>
  neurons.reduce((sum, i) => sum + sizeOf(s, lift, i) + s.p.nr, 0);

/** z_{i,d} if neuron i is active on d, or else 0. */
export const passed = (s: State, i: number, d: number): number =>
  s.on[i]?.includes(d) ? dotOf(encoderOf(s, i), inputOf(s.p, d)) : 0;

/** A direction of weights (neuron by neuron e_i, u_i) in the coordinates of the frame. */
export function carried(s: State, { neurons }: Part, lift: Lift, v: readonly number[]): number[] {
  const { np, nr } = s.p;
  return neurons.flatMap((i, a) => {
    const from = a * (np + nr);
    const de = v.slice(from, from + np);
    const sees = lift.get(i);
    const first = sees ? sees.map((d) => (s.on[i]?.includes(d) ? dotOf(de, inputOf(s.p, d)) : 0)) : de;
    return [...first, ...v.slice(from + np, from + np + nr)];
  });
}

/** `first` for the encoder of neuron i, `second` for the decoder of neuron j. */
export function placed(
  s: State,
  { neurons }: Part,
  lift: Lift,
  i: number,
  first: ArrayLike<number>,
  j: number,
  second: ArrayLike<number>,
): number[] {
  return neurons.flatMap((k) => [
    ...Array.from({ length: sizeOf(s, lift, k) }, (_, x) => (k === i ? (first[x] ?? 0) : 0)),
    ...Array.from({ length: s.p.nr }, (_, x) => (k === j ? (second[x] ?? 0) : 0)),
  ]);
}

/** Second derivatives of what the features add to L~, in the coordinates of the frame. */
export function frameHessian(s: State, part: Part, lift: Lift): number[][] {
  const { p } = s;
  const n = lengthOf(s, part, lift);
  const hessian = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  const bump = (row: number, column: number, by: number): void => {
    (hessian[row] as number[])[column] = (hessian[row]?.[column] as number) + by;
  };
  let start = 0;
  const places = part.neurons.map((i) => {
    const place = { i, start, size: sizeOf(s, lift, i), sees: lift.get(i) ?? (s.on[i] as number[]) };
    start += place.size + p.nr;
    return place;
  });
  const directionOf = ({ i, sees }: (typeof places)[number], d: number): ArrayLike<number> =>
    lift.has(i) ? sees.map((c) => (c === d ? 1 : 0)) : inputOf(p, d);
  for (const d of part.features) {
    const m2 = 2 * (p.weight[d] as number);
    const rho = residualOf(s, d);
    const seeing = places
      .filter(({ sees }) => sees.includes(d))
      .map((place) => ({ ...place, z: passed(s, place.i, d), w: directionOf(place, d), u: decoderOf(s, place.i) }));
    for (const one of seeing) {
      for (const two of seeing) {
        const uu = m2 * dotOf(one.u, two.u);
        for (let k = 0; k < p.nr; k++) bump(one.start + one.size + k, two.start + two.size + k, m2 * one.z * two.z);
        for (let k = 0; k < one.size; k++) {
          const x = one.w[k] as number;
          if (x === 0) continue;
          for (let l = 0; l < two.size; l++) bump(one.start + k, two.start + l, uu * x * (two.w[l] as number));
          for (let l = 0; l < p.nr; l++) {
            const pull = one.i === two.i ? (rho[l] as number) : 0;
            const cross = m2 * x * (two.z * (one.u[l] as number) - pull);
            bump(one.start + k, two.start + two.size + l, cross);
            bump(two.start + two.size + l, one.start + k, cross);
          }
        }
      }
    }
  }
  return hessian;
}
