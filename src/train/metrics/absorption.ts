/**
 * Absorption, conditioned on the known hierarchy: a parent is active whenever one of its children is. The parent's neuron is the one
 * whose decoder column is nearest to it, a child's likewise. An input with the child active is absorbed if the parent's neuron is
 * silent and the child's is active: the child's neuron then has to carry the parent.
 */
import type { Active } from '../backend/backend.ts';
import type { Source, Truth } from '../data/source.ts';
import type { ModelWeights } from '../model/weights.ts';
import { similarities } from './similarity.ts';

export interface Absorption {
  /** Absorbed inputs over inputs, for each parent and child; -1 where the child never came. */
  readonly rates: readonly {
    readonly parent: number;
    readonly child: number;
    readonly inputs: number;
    readonly rate: number;
  }[];
  /** Over all inputs with a child active; null where none came. */
  readonly rate: number | null;
}

/** Watches batches as `measureUsage` passes them on; `result` at the end. */
export function absorptionWatch(
  weights: ModelWeights,
  truth: Truth,
  source: Source,
): { see(at: number, active: readonly Active[]): void; result(): Absorption } {
  const nearest = nearestNeurons(weights, truth);
  const pairs = (truth.hierarchy ?? []).flatMap(({ parent, children }) => children.map((child) => ({ parent, child })));
  const counts = pairs.map(() => ({ inputs: 0, absorbed: 0 }));
  const of = new Map(pairs.map(({ child }, k) => [child, k]));
  return {
    see(at, active) {
      const rows = active[0]?.inputs ?? 0;
      for (let b = 0; b < rows; b++) {
        const children = (source.active?.(at + b) ?? []).filter((d) => of.has(d));
        if (children.length === 0) continue;
        const on = activeIn(active, b);
        for (const child of children) {
          const k = of.get(child) as number;
          const count = counts[k] as { inputs: number; absorbed: number };
          count.inputs++;
          const silent = !on.has(nearest[pairs[k]?.parent as number] as number);
          if (silent && on.has(nearest[child] as number)) count.absorbed++;
        }
      }
    },
    result() {
      const total = counts.reduce((sum, { inputs }) => sum + inputs, 0);
      const absorbed = counts.reduce((sum, count) => sum + count.absorbed, 0);
      const rates = pairs.map(({ parent, child }, k) => {
        const { inputs, absorbed: own } = counts[k] as { inputs: number; absorbed: number };
        return { parent, child, inputs, rate: inputs === 0 ? -1 : own / inputs };
      });
      return { rates, rate: total === 0 ? null : absorbed / total };
    },
  };
}

function nearestNeurons({ wd }: ModelWeights, { wr }: Truth): number[] {
  const matrix = similarities(wd, wr, true);
  return wr.map((_, d) => {
    const row = matrix.subarray(d * wd.rows, (d + 1) * wd.rows);
    return row.indexOf(row.reduce((a, b) => Math.max(a, b), 0));
  });
}

function activeIn(active: readonly Active[], b: number): Set<number> {
  const on = new Set<number>();
  for (const { start, index } of active) {
    for (let t = start[b] as number; t < (start[b + 1] as number); t++) on.add(index[t] as number);
  }
  return on;
}
