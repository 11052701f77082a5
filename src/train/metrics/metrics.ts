/** All metrics of a model: recovery in every convention, use of the neurons, reconstruction, absorption. */
import type { TrainConfig } from '../config.ts';
import type { Source } from '../data/source.ts';
import { arraysOf } from '../weights.ts';
import type { Objective, Work } from '../work.ts';
import { type Absorption, absorptionWatch } from './absorption.ts';
import { bestMatches, type Recovery, recoveries } from './similarity.ts';
import { measureUsage, type Usage } from './usage.ts';

export interface Metrics {
  readonly usage: Usage;
  /** Without known directions there is none. */
  readonly recovery?: readonly Recovery[];
  readonly bestMatches?: { readonly encoder: readonly number[]; readonly decoder: readonly number[] };
  readonly absorption?: Absorption;
}

type Part = Pick<TrainConfig, 'batch' | 'steps' | 'evaluation' | 'anchoring'>;

/** On `evaluation` inputs after the last one trained on. */
export async function measure(config: Part, work: Work, objective: Objective, source: Source): Promise<Metrics> {
  await work.backend.fetch(...arraysOf(work.weights).values());
  const { truth } = source;
  const watch = truth?.hierarchy && absorptionWatch(work.weights, truth, source);
  const range = { first: config.batch * config.steps, inputs: config.evaluation };
  const usage = await measureUsage(work, objective, source, range, watch?.see);
  return {
    usage,
    ...(truth && {
      recovery: recoveries(work.weights, truth, config.anchoring?.count ?? 0),
      bestMatches: bestMatches(work.weights, truth),
    }),
    ...(watch && { absorption: watch.result() }),
  };
}
