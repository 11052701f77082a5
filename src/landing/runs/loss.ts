/**
 * L~ and its gradients of one run in 64-bit floats (equation 11; src/kernel/model/model.ts is the definition, test/train/backend/parity.mocked.test.ts
 * compares the two). The training step computes the same in SIMD lanes.
 */
import type { SdlProblem } from './problem.ts';

/** Buffers for one run; `evaluate` overwrites them. */
export interface Tape {
  /** z_{i,d} and the active sets as 0 or 1: n_q x n. */
  readonly z: Float64Array;
  readonly active: Uint8Array;
  /** rho_d: n x n_r. */
  readonly residual: Float64Array;
  /** Of L~, laid out as the weights. */
  readonly gradient: Float64Array;
}

export const tape = (p: SdlProblem): Tape => ({
  z: new Float64Array(p.nq * p.n),
  active: new Uint8Array(p.nq * p.n),
  residual: new Float64Array(p.n * p.nr),
  gradient: new Float64Array(p.nq * (p.np + p.nr)),
});

/** Of equal pre-activations Top-k passes the one of smaller index: a tie is an accident of floats, not a statement. */
function activate(p: SdlProblem, t: Tape): void {
  const { n, nq, activation } = p;
  const above = activation.kind === 'jumprelu' ? activation.theta : 0;
  for (let j = 0; j < nq * n; j++) t.active[j] = activation.kind === 'identity' || (t.z[j] as number) > above ? 1 : 0;
  if (activation.kind !== 'topk') return;
  for (let d = 0; d < n; d++) {
    for (let i = 0; i < nq; i++) {
      const z = t.z[i * n + d] as number;
      let rivals = 0;
      for (let j = 0; j < nq; j++) {
        const other = t.z[j * n + d] as number;
        if (other > z || (j < i && other === z)) rivals++;
      }
      if (rivals >= activation.k) t.active[i * n + d] = 0;
    }
  }
}

/** L~ at the weights `x[from ..]`; fills the tape. */
export function evaluate(p: SdlProblem, x: Float64Array, from: number, t: Tape): number {
  const { n, np, nr, nq, wp, wr } = p;
  const u = from + nq * np;
  for (let i = 0; i < nq; i++) {
    for (let d = 0; d < n; d++) {
      let z = 0;
      for (let k = 0; k < np; k++) z += (x[from + i * np + k] as number) * (wp[d * np + k] as number);
      t.z[i * n + d] = z;
    }
  }
  activate(p, t);
  let loss = 0;
  t.gradient.fill(0);
  for (let d = 0; d < n; d++) {
    const weight = p.weight[d] as number;
    for (let k = 0; k < nr; k++) {
      let rho = wr[d * nr + k] as number;
      for (let i = 0; i < nq; i++) {
        if (t.active[i * n + d]) rho -= (t.z[i * n + d] as number) * (x[u + i * nr + k] as number);
      }
      t.residual[d * nr + k] = rho;
      loss += weight * rho * rho;
    }
    for (let i = 0; i < nq; i++) if (t.active[i * n + d]) pull(p, x, u, t, i, d);
  }
  return loss;
}

/** Adds what feature d, active on neuron i, does to the gradients of e_i and u_i. */
function pull(
  { n, np, nr, nq, wp, weight }: SdlProblem,
  x: Float64Array,
  u: number,
  t: Tape,
  i: number,
  d: number,
): void {
  const minusTwoM = -2 * (weight[d] as number);
  const z = t.z[i * n + d] as number;
  let along = 0;
  for (let k = 0; k < nr; k++) {
    const rho = t.residual[d * nr + k] as number;
    along += rho * (x[u + i * nr + k] as number);
    const j = nq * np + i * nr + k;
    t.gradient[j] = (t.gradient[j] as number) + minusTwoM * z * rho;
  }
  for (let k = 0; k < np; k++) {
    const j = i * np + k;
    t.gradient[j] = (t.gradient[j] as number) + minusTwoM * along * (wp[d * np + k] as number);
  }
}
