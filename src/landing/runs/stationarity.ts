/**
 * How far a run is from being critical: the sup norm of the smallest element of the generalized gradient. At a kink (ReLU,
 * z_{i,d} within `width` of 0) the feature may pull on e_i with any share between none and all of its force.
 */
import { evaluate, type Tape } from './loss.ts';
import type { SdlProblem } from './problem.ts';

const SWEEPS = 60;
/** A squared force below this does not make descent overshoot. */
const FELT = 1e-6;

export interface Stationarity {
  readonly loss: number;
  /** NaN or infinite where the run diverged. */
  readonly gradient: number;
  /** Some kink pulls with a share strictly between: the run sits on a face, where steps come to rest slowly. */
  readonly held: boolean;
}

export function stationarity(p: SdlProblem, x: Float64Array, from: number, t: Tape, width: number): Stationarity {
  const loss = evaluate(p, x, from, t);
  let held = false;
  if (p.activation.kind === 'relu') {
    for (let i = 0; i < p.nq; i++) held = relax(p, x, from, t, i, width) || held;
  }
  // Weights that are NaN activate nothing, and nothing has gradient 0: a run that diverged must not pass for converged.
  let most = x.subarray(from, from + t.gradient.length).every(Number.isFinite) ? 0 : Number.NaN;
  for (const g of t.gradient) most = Math.max(most, Math.abs(g));
  return { loss, gradient: most, held };
}

interface Kink {
  readonly d: number;
  readonly force: Float64Array;
  share: number;
  readonly square: number;
}

const isHeld = ({ share, square }: Kink, felt: number): boolean => share > 0 && share < 1 && square > felt;

/** The features at which neuron i is held: kinks within `width` that pull with a share strictly between none and all. */
export function heldAt(p: SdlProblem, x: Float64Array, from: number, t: Tape, i: number, width: number): number[] {
  return kinksOf(p, x, from, t, i, width)
    .filter((kink) => isHeld(kink, 0))
    .map(({ d }) => d);
}

/** Replaces the gradient of e_i by the smallest one that the kinks allow. True if some hold. */
const relax = (p: SdlProblem, x: Float64Array, from: number, t: Tape, i: number, width: number): boolean =>
  kinksOf(p, x, from, t, i, width).some((kink) => isHeld(kink, FELT));

/** The kinks of neuron i with the shares that make the gradient of e_i smallest, by coordinate descent; the tape gets that one. */
function kinksOf(p: SdlProblem, x: Float64Array, from: number, t: Tape, i: number, width: number): Kink[] {
  const { n, np, nr, nq, wp, weight } = p;
  const near: Kink[] = [];
  for (let d = 0; d < n; d++) {
    if (Math.abs(t.z[i * n + d] as number) > width) continue;
    let along = 0;
    for (let k = 0; k < nr; k++) {
      along += (t.residual[d * nr + k] as number) * (x[from + nq * np + i * nr + k] as number);
    }
    const force = wp.slice(d * np, d * np + np).map((w) => -2 * (weight[d] as number) * along * w);
    const square = force.reduce((total, f) => total + f * f, 0);
    if (square > 0) near.push({ d, force, share: t.active[i * n + d] as number, square });
  }
  const g = t.gradient.subarray(i * np, i * np + np);
  for (let sweep = 0; sweep < SWEEPS && near.length > 0; sweep++) {
    for (const kink of near) {
      const along = kink.force.reduce((total, f, k) => total + f * (g[k] as number), 0);
      const share = Math.min(1, Math.max(0, kink.share - along / kink.square));
      kink.force.forEach((f, k) => {
        g[k] = (g[k] as number) + (share - kink.share) * f;
      });
      kink.share = share;
    }
  }
  return near;
}
