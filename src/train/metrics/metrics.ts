/** All metrics of a model: recovery in every convention, use of the neurons, reconstruction, absorption. */

import type { FileModel } from '../checkpoint/foreign.ts';
import type { TrainConfig } from '../config/config.ts';
import type { Source } from '../data/source.ts';
import { arraysOf, type ModelWeights } from '../model/weights.ts';
import type { Objective, Work } from '../model/work.ts';
import { type Absorption, absorptionWatch } from './absorption.ts';
import { type Detection, detectionWatch } from './detection.ts';
import { doubleModel, withNorms } from './double.ts';
import { bestMatches, type Recovery, recoveries } from './similarity.ts';
import { type Each, measureDouble, measureUsage, type Range, type Usage } from './usage.ts';

export interface Metrics {
  readonly usage: Usage;
  /** Without known directions there is none. */
  readonly recovery?: readonly Recovery[];
  readonly bestMatches?: { readonly encoder: readonly number[]; readonly decoder: readonly number[] };
  readonly absorption?: Absorption;
  readonly detection?: Detection;
}

type Part = Pick<TrainConfig, 'batch' | 'steps' | 'evaluation' | 'anchoring'>;

/** A run's model, as it was trained. On inputs after the last one trained on. */
export async function measure(config: Part, work: Work, objective: Objective, source: Source): Promise<Metrics> {
  await work.backend.fetch(...arraysOf(work.weights).values());
  const watch = watchOf(work.weights, source);
  const usage = await measureUsage(work, objective, source, rangeOf(config, source), watch?.see);
  return all(usage, work.weights, source, watch, config.anchoring?.count ?? 0);
}

/** A model of a file, in 64 bits. */
export function measureModel(config: Part, model: FileModel, source: Source): Metrics {
  const weights = withNorms(model.weights);
  const watch = watchOf(weights, source);
  // What comes from a file was not trained on here: it begins at its first row.
  const range = rangeOf(source.samples === undefined ? config : { ...config, steps: 0 }, source);
  const double = doubleModel({ ...model, weights }, Math.min(config.batch, range.inputs));
  return all(measureDouble(double, model.shape, source, range, watch?.see), weights, source, watch, 0);
}

/** What comes from a file is seen once, each of it, where nothing else is asked for. */
function rangeOf({ batch, steps, evaluation }: Part, { samples }: Source): Range {
  const seen = batch * steps;
  if (evaluation !== undefined) return { first: seen, inputs: evaluation };
  if (samples === undefined) throw new Error('a source without end needs a number of inputs');
  return { first: Math.ceil(seen / samples) * samples, inputs: samples };
}

interface Watch {
  readonly see: Each;
  result(): Pick<Metrics, 'absorption' | 'detection'>;
}

function watchOf(weights: ModelWeights, source: Source): Watch | undefined {
  const { truth, detects } = source;
  const absorbed = truth?.hierarchy && absorptionWatch(weights, truth, source);
  const detected = truth && detects && detectionWatch(weights, truth, source);
  if (!absorbed && !detected) return undefined;
  return {
    see(at, active, targets) {
      absorbed?.see(at, active);
      detected?.see(at, active, targets);
    },
    result: () => ({
      ...(absorbed && { absorption: absorbed.result() }),
      ...(detected && { detection: detected.result() }),
    }),
  };
}

function all(
  usage: Usage,
  weights: ModelWeights,
  { truth }: Source,
  watch: Watch | undefined,
  anchored: number,
): Metrics {
  return {
    usage,
    ...(truth && { recovery: recoveries(weights, truth, anchored), bestMatches: bestMatches(weights, truth) }),
    ...watch?.result(),
  };
}
