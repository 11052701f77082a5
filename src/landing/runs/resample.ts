/** Dead neurons, and how they start anew (A2; section 5.3 of the paper). */
import { evaluate, type Tape, tape } from './loss.ts';
import { type SdlProblem, weightCount } from './problem.ts';
import type { Settings } from './settings.ts';

const isOn = ({ active }: Tape, neuron: number, n: number): boolean =>
  active.subarray(neuron * n, neuron * n + n).some((on) => on === 1);

/** Whether some neuron of one run passes nothing on any feature. */
export function hasDead(p: SdlProblem, x: Float64Array): boolean {
  const t = tape(p);
  evaluate(p, x, 0, t);
  return Array.from({ length: p.nq }, (_, i) => i).some((i) => !isOn(t, i, p.n));
}

/** Dead neurons start anew: e_i along the direction of the worst feature, u_i along its residual, both of length 1/2, for unit directions; a bias is 0 but for the input 0. */
export function resample(p: SdlProblem, s: Pick<Settings, 'anchors'>, x: Float64Array, runs: number): void {
  const t = tape(p);
  const { n, np, nr, nq } = p;
  for (let run = 0; run < runs; run++) {
    const from = run * weightCount(p);
    evaluate(p, x, from, t);
    const badness = Array.from({ length: n }, (_, d) => {
      const rho = t.residual.subarray(d * nr, d * nr + nr);
      return (p.weight[d] as number) * rho.reduce((sum, r) => sum + r * r, 0);
    });
    for (let i = s.anchors.length; i < nq; i++) {
      if (isOn(t, i, n)) continue;
      const d = badness.reduce((worst, x, d) => (x > (badness[worst] as number) ? d : worst), 0);
      const size = Math.sqrt((badness[d] as number) / (p.weight[d] || 1)) || 1;
      const w = p.wp.slice(d * np, (d + 1) * np);
      if (p.bias && w.some((value, k) => k < np - 1 && value !== 0)) w[np - 1] = 0;
      for (let k = 0; k < np; k++) x[from + i * np + k] = (w[k] as number) / 2;
      for (let k = 0; k < nr; k++) x[from + nq * np + i * nr + k] = (t.residual[d * nr + k] as number) / (2 * size);
      badness[d] = 0;
    }
  }
}
