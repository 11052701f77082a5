/** Is a pattern realizable? */

import { type RealizationDocument, realizationDocument, replayed } from '../solve/decide/replayed.ts';
import { realize as solve } from '../solve/realize/realize.ts';
import { patternText } from '../words/names.ts';
import { sentence, withBeyond } from '../words/sentence.ts';
import { refuse } from './error.ts';
import {
  askedAbout,
  type InstanceInput,
  instanceFrom,
  type Limits,
  type ModelOptions,
  type PatternInput,
  type Undecided,
  undecided,
  withBias,
  within,
  withPattern,
} from './instance.ts';

export type { RealizationDocument } from '../solve/decide/replayed.ts';
export type { WeightedFeature, WeightedRow } from '../solve/realize/answer.ts';

/** What {@link realize} takes beside the instance. */
export interface RealizeOptions extends Limits, ModelOptions {
  /** In place of the instance's own; it also tells the number of neurons. */
  readonly pattern?: PatternInput;
}

/**
 * An encoder that shows the pattern (`we`, n_q x n_p; of a gated model its gates), or a Farkas combination against all encoders. Numbers are
 * exact strings; features and neurons count from 1.
 */
export type RealizeDecided = RealizationDocument & {
  readonly verdict: 'realizable' | 'not-realizable';
  readonly sentence: string;
};

/** What {@link realize} returns; `verdict` tells which. */
export type RealizeResult = RealizeDecided | Undecided;

/**
 * Decides whether some encoder shows a pattern: each neuron active on its set of features and on no other (Definition 3.1). Solved as linear
 * inequalities, in fractions; the kernel has replayed the answer. Of `identity`, z > 0 counts as active; of `gated`, the sets are those
 * that gates are open on.
 *
 * @param instance `dictum/instance@1` or @2, as text or object; a configuration in it is not looked at
 * @throws InputError if the instance or the pattern cannot be read, or there is no pattern
 * @example
 * ```ts
 * const answer = realize(three, { pattern: [[3]] });
 * answer.sentence; // '{between} is not realizable: w(between) = 3/5 w(north) + 4/5 w(east)'
 * ```
 */
export function realize(instance: InstanceInput, options: RealizeOptions = {}): RealizeResult {
  const { configuration: _, ...model } = instanceFrom(instance);
  const read = askedAbout(withBias(model, options.bias), options, false);
  const pattern = read.pattern ?? refuse('no-pattern', '$.pattern', 'a pattern, here or as an option', 'none');
  const m = withPattern(read, pattern);
  const outcome = within(options, () => replayed(m, pattern, solve(m, pattern)));
  if ('why' in outcome) {
    const about = patternText(
      m.features,
      pattern.map((set) => set.map((d) => d + 1)),
    );
    return undecided(withBeyond(about, m), outcome.why);
  }
  const { answer, fact } = outcome;
  const verdict = answer.realizable ? 'realizable' : 'not-realizable';
  return { verdict, ...realizationDocument(m, answer), sentence: withBeyond(sentence(fact, m), m) };
}
