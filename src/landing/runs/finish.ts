/**
 * Brings a run that gradient descent leaves on its way to rest: damped Newton steps (Levenberg 1944; the damping keeps second
 * derivatives positive, so saddles repel as they do in descent) that are taken only where L~ itself falls. What is held at a
 * kink by forces from both sides is kept at 0, which is where descent would end.
 */
import { takeAway } from '../../solve/linear/takeAway.ts';
import { evaluate, type Tape } from './loss.ts';
import { type SdlProblem, weightCount } from './problem.ts';
import { heldAt } from './stationarity.ts';

const STEPS = 120;
/** Squared gradients below this are rest. */
const REST = 1e-28;
/** Below this squared gradient, falls of the loss are lost in its rounding. */
const FINE = 1e-12;
/** The damping where there is no way on. */
const STUCK = 1e9;

/** Moves the weights of one run, in place, to no larger loss. */
export function finish(p: SdlProblem, x: Float64Array, from: number, t: Tape, width: number): void {
  const start = x.slice(from, from + weightCount(p));
  const most = evaluate(p, x, from, t) * (1 + 1e-9) + 1e-20;
  descend(p, x, from, t, width);
  if (!(evaluate(p, x, from, t) <= most)) x.set(start, from);
}

function descend(p: SdlProblem, x: Float64Array, from: number, t: Tape, width: number): void {
  let loss = evaluate(p, x, from, t);
  let damping = 1e-3;
  for (let step = 0; step < STEPS; step++) {
    const held = heldByNeuron(p, x, from, t, width);
    putOnFaces(p, x, from, held);
    loss = evaluate(p, x, from, t);
    const basis = basisOf(p, held);
    const { gradient, hessian } = derivatives(p, x, from, t, held);
    const slopes = basis.map((b) => b.reduce((sum, [j, v]) => sum + v * (gradient[j] as number), 0));
    const square = slopes.reduce((sum, g) => sum + g * g, 0);
    if (!(square > REST)) return;
    const curvature = basis.map((a) =>
      basis.map((b) => {
        let sum = 0;
        for (const [j, v] of a) for (const [k, y] of b) sum += v * y * (hessian[j]?.[k] as number);
        return sum;
      }),
    );
    const before = x.slice(from, from + weightCount(p));
    for (;;) {
      const move = descent(curvature, slopes, damping + Math.min(1e-3, Math.sqrt(square)) * 1e-3);
      if (move) {
        basis.forEach((b, a) => {
          for (const [j, v] of b) x[from + j] = (x[from + j] as number) - v * (move[a] as number);
        });
        const now = evaluate(p, x, from, t);
        if (now < loss || (square < FINE && now <= loss * (1 + 1e-14))) break;
        x.set(before, from);
      }
      damping = Math.max(damping, 1e-12) * 8;
      if (damping > STUCK) {
        evaluate(p, x, from, t);
        return;
      }
    }
    damping = damping < 1e-13 ? 0 : damping / 8;
  }
}

/** Solves (matrix + damping) y = b by Cholesky's factors; undefined if the sum is not positive definite. */
function descent(matrix: readonly number[][], b: readonly number[], damping: number): number[] | undefined {
  const n = b.length;
  const l: Float64Array[] = [];
  for (let i = 0; i < n; i++) {
    const row = new Float64Array(n);
    for (let j = 0; j <= i; j++) {
      let sum = (matrix[i]?.[j] as number) + (i === j ? damping : 0);
      const other = j === i ? row : (l[j] as Float64Array);
      for (let k = 0; k < j; k++) sum -= (row[k] as number) * (other[k] as number);
      if (i === j) {
        if (!(sum > 1e-14)) return undefined;
        row[i] = Math.sqrt(sum);
      } else row[j] = sum / (other[j] as number);
    }
    l.push(row);
  }
  const y = [...b];
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) y[i] = (y[i] as number) - (l[i]?.[k] as number) * (y[k] as number);
    y[i] = (y[i] as number) / (l[i]?.[i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) y[i] = (y[i] as number) - (l[k]?.[i] as number) * (y[k] as number);
    y[i] = (y[i] as number) / (l[i]?.[i] as number);
  }
  return y;
}

const heldByNeuron = (p: SdlProblem, x: Float64Array, from: number, t: Tape, width: number): number[][] =>
  Array.from({ length: p.nq }, (_, i) => (p.activation.kind === 'relu' ? heldAt(p, x, from, t, i, width) : []));

const directionOf = ({ np, wp }: SdlProblem, d: number): Float64Array => wp.subarray(d * np, d * np + np);

/** Orthonormal directions of the held features of one neuron. */
function orthonormal(p: SdlProblem, held: readonly number[]): Float64Array[] {
  const list: Float64Array[] = [];
  for (const d of held) {
    const v = Float64Array.from(directionOf(p, d));
    const size = Math.hypot(...v);
    for (const q of list) takeAway(v, q);
    const rest = Math.hypot(...v);
    if (rest > 1e-9 * size) list.push(v.map((y) => y / rest));
  }
  return list;
}

function putOnFaces(p: SdlProblem, x: Float64Array, from: number, held: readonly number[][]): void {
  held.forEach((list, i) => {
    const e = x.subarray(from + i * p.np, from + (i + 1) * p.np);
    for (const q of orthonormal(p, list)) takeAway(e, q);
  });
}

/** Sparse directions (weight, entry) that keep what is held at 0; anchored neurons do not move. */
function basisOf(p: SdlProblem, held: readonly number[][]): [number, number][][] {
  const basis: [number, number][][] = [];
  for (let i = 0; i < p.nq; i++) {
    const across = orthonormal(p, held[i] as number[]);
    const taken = [...across];
    for (let k = 0; k < p.np && taken.length < p.np; k++) {
      const v = new Float64Array(p.np);
      v[k] = 1;
      for (const q of taken) takeAway(v, q);
      const rest = Math.hypot(...v);
      if (rest < 1e-3) continue;
      const unit = v.map((y) => y / rest);
      taken.push(unit);
      basis.push([...unit].flatMap((y, c): [number, number][] => (y === 0 ? [] : [[i * p.np + c, y]])));
    }
    for (let k = 0; k < p.nr; k++) basis.push([[p.nq * p.np + i * p.nr + k, 1]]);
  }
  return basis;
}

/** Gradient and second derivatives of L~ with the active sets of the tape, less what is held. */
function derivatives(
  p: SdlProblem,
  x: Float64Array,
  from: number,
  t: Tape,
  held: readonly number[][],
): { gradient: Float64Array; hessian: Float64Array[] } {
  const { n, np, nr, nq } = p;
  const size = weightCount(p);
  const gradient = new Float64Array(size);
  const hessian = Array.from({ length: size }, () => new Float64Array(size));
  const bump = (j: number, k: number, by: number): void => {
    const row = hessian[j] as Float64Array;
    row[k] = (row[k] as number) + by;
  };
  const u = (i: number, k: number): number => x[from + nq * np + i * nr + k] as number;
  for (let d = 0; d < n; d++) {
    const m2 = 2 * (p.weight[d] as number);
    const w = directionOf(p, d);
    const on: number[] = [];
    for (let i = 0; i < nq; i++) if (t.active[i * n + d] && !held[i]?.includes(d)) on.push(i);
    const rho = Array.from({ length: nr }, (_, k) =>
      on.reduce((sum, i) => sum - (t.z[i * n + d] as number) * u(i, k), p.wr[d * nr + k] as number),
    );
    for (const i of on) {
      const zi = t.z[i * n + d] as number;
      const along = rho.reduce((sum, r, k) => sum + r * u(i, k), 0);
      const [e, v] = [i * np, nq * np + i * nr];
      for (let k = 0; k < np; k++) gradient[e + k] = (gradient[e + k] as number) - m2 * along * (w[k] as number);
      for (let k = 0; k < nr; k++) gradient[v + k] = (gradient[v + k] as number) - m2 * zi * (rho[k] as number);
      for (const j of on) {
        const zj = t.z[j * n + d] as number;
        const [e2, v2] = [j * np, nq * np + j * nr];
        let uu = 0;
        for (let k = 0; k < nr; k++) {
          uu += u(i, k) * u(j, k);
          bump(v + k, v2 + k, m2 * zi * zj);
        }
        for (let k = 0; k < np; k++) {
          for (let l = 0; l < np; l++) bump(e + k, e2 + l, m2 * uu * (w[k] as number) * (w[l] as number));
          for (let l = 0; l < nr; l++) {
            const cross = m2 * (w[k] as number) * (zj * u(i, l) - (i === j ? (rho[l] as number) : 0));
            bump(e + k, v2 + l, cross);
            bump(v2 + l, e + k, cross);
          }
        }
      }
    }
  }
  return { gradient, hessian };
}
