/** Which sets of features can one neuron be active on? */

import type { Instance } from '../kernel/model/instance.ts';
import { spend } from '../kernel/numbers/work.ts';
import { type Beyond, beyond } from '../kernel/proof/outside.ts';
import { arrangementOf, isSeparate } from '../solve/patterns/arrangement.ts';
import { firstNode, type Part, runPart, type Task, taskOf } from '../solve/patterns/part.ts';
import { counted } from '../words/names.ts';
import { withBeyond } from '../words/sentence.ts';
import { refuse } from './error.ts';
import {
  featuresFrom,
  type InstanceInput,
  instanceFrom,
  type Limits,
  type ModelOptions,
  type Tell,
  whole,
  withBias,
  within,
} from './instance.ts';

/** Which sets are asked for. */
export interface PatternsRequest {
  /** Only chambers: sets that are shown with no feature at the kink. */
  readonly strict?: boolean;
  /** Only sets of at most so many features. */
  readonly maxSize?: number;
  /** Only sets with these features, by number from 1 or by label. */
  readonly containing?: readonly (number | string)[];
}

/** What {@link patterns} takes beside the instance. */
export interface PatternsOptions extends PatternsRequest, Limits, ModelOptions {
  /** More sets than this are not gone through; without it 1,000,000. */
  readonly limit?: number;
  /** Called with the number of sets found so far. */
  readonly tell?: Tell;
}

/** How many sets one neuron can show. */
export interface PatternCounts {
  /** n, and the dimension of the arrangement's space, n_p. */
  readonly features: number;
  readonly dimension: number;
  /** Of a gated model: the sets that a gate is open on. */
  readonly gates?: true;
  /** What the instance has beyond `dictum/instance@1`. */
  readonly with?: readonly Beyond[];
  /** How many sets there are; with `strict`, how many chambers. */
  readonly found: number;
  /** Entry k counts the sets of k features. */
  readonly bySize: readonly number[];
  /** How many of the sets some neuron shows with no feature at the kink. */
  readonly chambers: number;
}

/** The sets that one neuron can show. */
export interface PatternsResult extends PatternCounts {
  /** Whether these are all: where it is false, `why` says what ended the search, and the counts are of what was found so far. */
  readonly complete: boolean;
  readonly why?: string;
  /** Each set, its features counted from 1, in the order of the search. */
  readonly sets: readonly (readonly number[])[];
  readonly sentence: string;
}

const DEFAULT_LIMIT = 1_000_000;

/**
 * Enumerates the sets of features that one neuron can be active on, exactly, as `dictum patterns --list` does, in this thread. A set is
 * shown by e if <e, w_d> > 0 for its features and for no other; for a threshold and a gate likewise. Chambers are those of the arrangement of
 * the hyperplanes <e, w_d> = 0; Zaslavsky's theorem counts them (docs/claims.md, R-chambers).
 *
 * @param instance `dictum/instance@1` or @2, as text or object, of relu, identity, jumprelu or gated
 * @throws InputError if the instance or an option cannot be read, or the activation lets neurons take part in each other's sets (Top-k)
 * @example
 * ```ts
 * const { found, chambers, sets } = patterns(three, { maxSize: 2 });
 * ```
 */
export function patterns(instance: InstanceInput, options: PatternsOptions = {}): PatternsResult {
  const { configuration: _, ...read } = instanceFrom(instance);
  const m = withBias(read, options.bias);
  if (!isSeparate(m))
    refuse('not-separate', '$.activation.kind', 'relu, identity, jumprelu or gated', m.activation.kind);
  const { limit = DEFAULT_LIMIT, strict = false } = options;
  whole(limit, 'limit', Number.MAX_SAFE_INTEGER);
  const task = taskFor(m, options, { sets: true });
  const tally = new Tally(m);
  const sets: (readonly number[])[] = [];
  const ended = within(options, () => go(task, tally, sets, limit, options.tell));
  const why = ended === undefined ? undefined : ended.why;
  const { features, dimension, found, chambers } = tally.counts;
  const what = strict ? counted(found, 'chamber') : `${counted(found, 'realizable set')}, ${chambers} of them chambers`;
  const about = withBeyond(`${counted(features, 'feature')} in dimension ${dimension}: ${what}`, m);
  return {
    complete: why === undefined,
    ...(why !== undefined && { why }),
    ...tally.counts,
    sets,
    sentence: why === undefined ? about : `${about} so far; ${why}`,
  };
}

/** The enumeration that answers a request. `wanted`: what its parts bring beside counts. */
export function taskFor(
  m: Instance,
  { strict = false, maxSize, containing = [] }: PatternsRequest,
  wanted: Parameters<typeof taskOf>[2],
): Task {
  if (maxSize !== undefined) whole(maxSize, 'maxSize', m.features.length);
  const wish = { signs: strict ? ('chambers' as const) : ('sets' as const), maxSize: maxSize ?? Infinity };
  return taskOf(arrangementOf(m, featuresFrom(m, containing, 'containing')), wish, wanted);
}

/** Adds parts up: what was found until now stays where the work ends. */
export class Tally {
  readonly #m: Instance;
  readonly #bySize: number[];
  #chambers = 0;

  constructor(m: Instance) {
    this.#m = m;
    this.#bySize = new Array<number>(m.features.length + 1).fill(0);
  }

  add(part: Part): void {
    part.bySize.forEach((many, size) => {
      this.#bySize[size] = (this.#bySize[size] as number) + many;
    });
    this.#chambers += part.chambers;
  }

  get counts(): PatternCounts {
    const also = beyond(this.#m);
    return {
      features: this.#m.features.length,
      dimension: this.#m.np,
      ...(this.#m.activation.kind === 'gated' && { gates: true as const }),
      ...(also.length > 0 && { with: also }),
      found: this.#bySize.reduce((sum, many) => sum + many, 0),
      bySize: this.#bySize,
      chambers: this.#chambers,
    };
  }
}

/** Part by part; undefined if it came to the end. */
function go(
  task: Task,
  tally: Tally,
  found: (readonly number[])[],
  limit: number,
  tell?: Tell,
): { readonly why: string } | undefined {
  const open = [firstNode(task)];
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    const part = runPart(task, from);
    const { sets = [] } = part;
    spend(1000 * sets.length);
    tally.add(part);
    for (const set of sets) found.push(set);
    tell?.(found.length);
    for (const later of [...part.rest].reverse()) open.push(later);
    if (open.length > 0 && found.length >= limit) return { why: `more than the limit of ${limit} sets` };
  }
  return undefined;
}
