/** How a model uses its neurons and how well it reconstructs, on inputs of a source. */
import type { Latents } from '../backend/backend.ts';
import type { Source } from '../data/source.ts';
import type { Objective, Work } from '../work.ts';

export interface Usage {
  readonly inputs: number;
  /** Share of neurons never active. */
  readonly dead: number;
  /** Share of neurons active on more than a tenth of the inputs. */
  readonly dense: number;
  /** Active latents of an input. */
  readonly l0: number;
  /** Mean of |r - r^|^2. */
  readonly error: number;
  /** Fraction of variance unexplained: the mean of |r - r^|^2 over that of |r - mean r|^2. */
  readonly fvu: number;
}

const DENSE = 0.1;

/** Runs over `inputs` samples from `first` on, a whole number of batches; `each` sees every batch with its first sample. */
export async function measureUsage(
  w: Work,
  objective: Objective,
  source: Source,
  { first, inputs }: { first: number; inputs: number },
  each?: (at: number, active: readonly Latents[]) => void,
): Promise<Usage> {
  const batches = Math.max(1, Math.ceil(inputs / w.inputs));
  const fired = new Int32Array(w.shape.nq);
  const sum = new Float64Array(w.shape.nr);
  let [squares, errors, count] = [0, 0, 0];
  for (let k = 0; k < batches; k++) {
    const at = first + k * w.inputs;
    source.fill(at, w.x, w.r);
    w.backend.push(w.x.data, w.r.data);
    objective.forward();
    await w.backend.fetch(objective.sums, ...objective.active);
    errors += objective.loss().error;
    for (const { start, index, inputs: rows } of objective.active) {
      const end = start[rows] as number;
      count += end;
      for (let t = 0; t < end; t++) fired[index[t] as number] = (fired[index[t] as number] as number) + 1;
    }
    for (let b = 0; b < w.inputs; b++) {
      for (let c = 0; c < w.shape.nr; c++) {
        const value = w.r.data[b * w.r.stride + c] as number;
        sum[c] = (sum[c] as number) + value;
        squares += value * value;
      }
    }
    each?.(at, objective.active);
  }
  const n = batches * w.inputs;
  const variance = squares / n - sum.reduce((total, value) => total + (value / n) ** 2, 0);
  const share = (test: (times: number) => boolean): number => fired.filter(test).length / w.shape.nq;
  const error = errors / batches;
  return {
    inputs: n,
    dead: share((times) => times === 0),
    dense: share((times) => times > DENSE * n),
    l0: count / n,
    error,
    fvu: variance > 0 ? error / variance : 0,
  };
}
