/** Feature anchoring (paper, section 4): the first k neurons are drawn to the first k features, or held there. */
import { rowOf } from './backend/backend.ts';
import type { Anchoring } from './config.ts';
import type { Truth } from './data/source.ts';
import type { Weights } from './weights.ts';

/** lambda sum_{i < k} (|e_i - w_i|^2 + |u_i - r_i|^2), its gradient added; 0 where the rows are fixed. */
export function anchorLoss({ count, weight }: Anchoring, truth: Truth, at: Weights, gradient: Weights): number {
  if (weight === 'fixed') return 0;
  let loss = 0;
  for (let i = 0; i < count; i++) {
    for (const [table, slope, wanted] of [
      [at.we, gradient.we, truth.wp[i]],
      [at.wd, gradient.wd, truth.wr[i]],
    ] as const) {
      const [row, down] = [rowOf(table, i), rowOf(slope, i)];
      for (let k = 0; k < row.length; k++) {
        const difference = (row[k] as number) - (wanted?.[k] ?? 0);
        loss += weight * difference * difference;
        down[k] = (down[k] as number) + 2 * weight * difference;
      }
    }
  }
  return loss;
}

/** Puts the anchored rows where they belong: at the start, and after each step where they are fixed. */
export function setAnchors({ count }: Anchoring, truth: Truth, at: Weights): void {
  for (let i = 0; i < count; i++) {
    rowOf(at.we, i).set(truth.wp[i] ?? []);
    rowOf(at.wd, i).set(truth.wr[i] ?? []);
  }
}
