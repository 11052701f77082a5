/**
 * The pattern an end point stands for. Where a pre-activation is within `width` of the kink its float sign says nothing: such a
 * pair is on, held on a face, or off, by what the forces there say; what is off is moved off far enough for a proof.
 */
import type { SdlProblem } from '../runs/problem.ts';
import { pullOf, pushOf } from './faces.ts';
import { leastSquares } from './floats.ts';
import { dotOf, encoderOf, inputOf, type State } from './state.ts';

/** Forces below this are 0 to the accuracy of a converged run. */
const WEAK = 3e-6;

function activeSets(p: SdlProblem, x: readonly number[]): { on: number[][]; near: number[][]; z: number[][] } {
  const above = p.activation.kind === 'jumprelu' ? p.activation.theta : 0;
  const z = Array.from({ length: p.nq }, (_, i) =>
    Array.from({ length: p.n }, (_, d) => dotOf(x.slice(i * p.np, i * p.np + p.np), inputOf(p, d))),
  );
  const passes = (i: number, d: number): boolean => {
    const value = z[i]?.[d] as number;
    if (p.activation.kind === 'identity') return true;
    if (!(value > above)) return false;
    if (p.activation.kind !== 'topk') return true;
    return z.filter((row, j) => (row[d] as number) > value || (j < i && row[d] === value)).length < p.activation.k;
  };
  const features = Array.from({ length: p.n }, (_, d) => d);
  const on = z.map((_, i) => features.filter((d) => passes(i, d)));
  return { on, near: z.map(() => []), z };
}

/** How to take the signs of near pairs that no force holds: off or on, or all of the near pairs at 0 as they are. */
export interface Reading {
  /** How near to 0 a pre-activation must be for its sign to be questioned (ReLU). */
  readonly width: number;
  readonly near: 'off' | 'on' | 'kink';
}

/** The state a run ended in. */
export function stateOf(p: SdlProblem, weights: ArrayLike<number>, { width, near: side }: Reading): State {
  const x = Array.from(weights);
  const { on, near, z } = activeSets(p, x);
  if (p.activation.kind !== 'relu' || width === 0) return { p, x, on, kinks: on.map(() => []) };
  z.forEach((row, i) => {
    row.forEach((value, d) => {
      if (Math.abs(value) <= width) near[i]?.push(d);
    });
  });
  const off = on.map((set, i) => set.filter((d) => !near[i]?.includes(d)));
  const start: State = { p, x, on: off, kinks: off.map(() => []) };
  const kinks = near.map((list, i) =>
    side === 'kink' || list.length === 0 ? list : withOpposites(start, i, heldAt(start, i, list), list),
  );
  const waking = near.map((list, i) => list.filter((d) => side === 'on' && !kinks[i]?.includes(d)));
  const taken = off.map((set, i) => [...set, ...(waking[i] as number[])].sort((a, b) => a - b));
  const state: State = { p, x, on: taken, kinks };
  if (side === 'kink') return state;
  const encoder = near.flatMap((list, i) =>
    list.length === 0 ? encoderOf(state, i) : movedAway(state, i, waking[i] as number[], width),
  );
  return { ...state, x: [...encoder, ...x.slice(encoder.length)] };
}

/** The near features of neuron i that hold it: its own features push it over the kink, the feature itself pushes back. */
function heldAt(s: State, i: number, near: readonly number[]): number[] {
  const { p } = s;
  if ((s.on[i] as number[]).length === 0) return [];
  const gradient = pullOf(s, i);
  let held = [...near];
  // Active set method: multipliers of what is held, least squares; drop what pulls the wrong way.
  while (held.length > 0) {
    const columns = Array.from({ length: p.np }, (_, k) => held.map((d) => inputOf(p, d)[k] as number));
    const multipliers = leastSquares(
      columns,
      gradient.map((g) => -g),
    );
    const kept = held.filter((_, k) => (multipliers[k] as number) > WEAK);
    if (kept.length === held.length) return held;
    held = kept;
  }
  return [];
}

/** With the pairs of opposite directions between which e_i is held, each of them pushing back. */
function withOpposites(s: State, i: number, held: readonly number[], near: readonly number[]): number[] {
  if ((s.on[i] as number[]).length === 0) return [...held];
  const w = (d: number): Float64Array => inputOf(s.p, d);
  const opposite = (c: number, d: number): boolean =>
    dotOf(w(c), w(d)) < -(1 - 1e-12) * Math.hypot(...w(c)) * Math.hypot(...w(d));
  const pushing = near.filter((d) => pushOf(s, i, d) > WEAK);
  const between = pushing.filter((d) => pushing.some((c) => opposite(c, d)));
  return [...new Set([...held, ...between])].sort((a, b) => a - b);
}

/** e_i moved, as little as it takes, so that it stays on its faces, keeps its features and is off (or on) by a margin elsewhere. */
function movedAway(s: State, i: number, waking: readonly number[], width: number): number[] {
  const { p } = s;
  let e = encoderOf(s, i);
  const fixed = (s.on[i] as number[]).filter((d) => !waking.includes(d));
  const held = s.kinks[i] as number[];
  const target = (d: number): number => (held.includes(d) ? 0 : waking.includes(d) ? width : -width);
  const constrained = new Set([...held, ...waking]);
  for (let pass = 0; pass <= p.n; pass++) {
    for (let d = 0; d < p.n; d++) {
      const z = dotOf(e, inputOf(p, d));
      if (!fixed.includes(d) && z > -width / 2) constrained.add(d);
    }
    const list = [...fixed, ...constrained];
    const rows = list.map((d) => [...inputOf(p, d)]);
    const b = list.map((d) => (fixed.includes(d) ? 0 : target(d) - dotOf(e, inputOf(p, d))));
    const step = leastSquares(rows, b);
    // No conditions, no step.
    e = e.map((x, k) => x + (step[k] ?? 0));
    const done = Array.from({ length: p.n }, (_, d) => d).every(
      (d) => fixed.includes(d) || constrained.has(d) || dotOf(e, inputOf(p, d)) <= -width / 2,
    );
    if (done) break;
  }
  return e;
}
