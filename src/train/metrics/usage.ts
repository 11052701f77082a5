/** How a model uses its neurons and how well it reconstructs, on inputs of a source. */
import type { Active, Rows } from '../backend/backend.ts';
import type { Source } from '../data/source.ts';
import type { Objective, Work } from '../model/work.ts';
import type { DoubleModel } from './double.ts';

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
  /** Fraction of variance unexplained: the mean of |r - r^|^2 over that of |r - mean r|^2; null where all targets are equal. */
  readonly fvu: number | null;
}

/** Samples `first`, `first` + 1, ... */
export interface Range {
  readonly first: number;
  readonly inputs: number;
}

/** Sees every batch with its first sample. */
export type Each = (at: number, active: readonly Active[], targets: Rows) => void;

const DENSE = 0.1;

/** In the precision of training, by its own kernels. */
export async function measureUsage(
  w: Work,
  objective: Objective,
  source: Source,
  range: Range,
  each?: Each,
): Promise<Usage> {
  const tally = tallyOf(w.shape);
  for (let done = 0; done < range.inputs; done += w.inputs) {
    const rows = Math.min(w.inputs, range.inputs - done);
    source.fill(range.first + done, w.x, w.r);
    w.backend.push(w.x.data, w.r.data);
    objective.forward();
    await w.backend.fetch(objective.sums, ...objective.active);
    const active = objective.active.map((latents) => ({ ...latents, inputs: rows }));
    if (rows < w.inputs) await w.backend.fetch(objective.residual.data);
    const errors = rows < w.inputs ? squares(objective.residual, rows) : objective.loss().error * w.inputs;
    tally.see(active, w.r, errors);
    each?.(range.first + done, active, w.r);
  }
  return tally.result();
}

/** In 64 bits. */
export function measureDouble(
  { x, r, run }: DoubleModel,
  shape: { readonly nq: number; readonly nr: number },
  source: Source,
  range: Range,
  each?: Each,
): Usage {
  const tally = tallyOf(shape);
  for (let done = 0; done < range.inputs; done += x.rows) {
    const inputs = Math.min(x.rows, range.inputs - done);
    source.fill(range.first + done, { ...x, rows: inputs }, { ...r, rows: inputs });
    const { active, errors } = run(inputs);
    tally.see(
      [active],
      r,
      errors.reduce((a, b) => a + b, 0),
    );
    each?.(range.first + done, [active], r);
  }
  return tally.result();
}

function squares({ stride, columns, data }: Rows, rows: number): number {
  let sum = 0;
  for (let b = 0; b < rows; b++) {
    for (let c = 0; c < columns; c++) sum += (data[b * stride + c] as number) ** 2;
  }
  return sum;
}

interface Tally {
  /** A batch: its active latents, its targets, and the sum of its squared errors. */
  see(active: readonly Active[], targets: Rows, errors: number): void;
  result(): Usage;
}

function tallyOf({ nq, nr }: { readonly nq: number; readonly nr: number }): Tally {
  const fired = new Float64Array(nq);
  const spread = spreadOf(nr);
  let [n, count, error] = [0, 0, 0];
  return {
    see(active, targets, errors) {
      const rows = active[0]?.inputs ?? 0;
      for (const { start, index } of active) {
        const end = start[rows] as number;
        count += end;
        for (let t = 0; t < end; t++) fired[index[t] as number] = (fired[index[t] as number] as number) + 1;
      }
      for (let b = 0; b < rows; b++) spread.see(targets, b);
      error += errors;
      n += rows;
    },
    result() {
      const share = (test: (times: number) => boolean): number => fired.filter(test).length / nq;
      const variance = spread.squares();
      return {
        inputs: n,
        dead: share((times) => times === 0),
        dense: share((times) => times > DENSE * n),
        l0: count / n,
        error: error / n,
        fvu: variance > 0 ? error / variance : null,
      };
    },
  };
}

/**
 * sum_b |r_b - mean r|^2 by Welford's running means of r - r_1, so that no large mean is squared: of equal rows it is exactly 0, and a
 * mean of a million beside deviations of 1 costs no digits.
 */
function spreadOf(columns: number): { see(rows: Rows, b: number): void; squares(): number } {
  const [first, mean, squares] = [0, 0, 0].map(() => new Float64Array(columns)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let n = 0;
  return {
    see({ data, stride }, b) {
      n++;
      for (let c = 0; c < columns; c++) {
        const value = data[b * stride + c] as number;
        if (n === 1) first[c] = value;
        const from = value - (first[c] as number);
        const before = from - (mean[c] as number);
        mean[c] = (mean[c] as number) + before / n;
        squares[c] = (squares[c] as number) + before * (from - (mean[c] as number));
      }
    },
    squares: () => squares.reduce((a, b) => a + b, 0),
  };
}
