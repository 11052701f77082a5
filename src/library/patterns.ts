/** Which sets of features can one neuron be active on? */
import { spend } from '../kernel/numbers/work.ts';
import { arrangementOf, isSeparate } from '../solve/patterns/arrangement.ts';
import { firstNode, runPart, type Task, taskOf } from '../solve/patterns/part.ts';
import { counted } from '../words/names.ts';
import { refuse } from './error.ts';
import { featuresFrom, type InstanceInput, instanceFrom, type Limits, whole, within } from './instance.ts';

/** What {@link patterns} takes beside the instance. */
export interface PatternsOptions extends Limits {
  /** Only chambers: sets that are shown with no feature at the kink. */
  readonly strict?: boolean;
  /** Only sets of at most so many features. */
  readonly maxSize?: number;
  /** Only sets with these features, by number from 1 or by label. */
  readonly containing?: readonly (number | string)[];
  /** More sets than this are not gone through; without it 1,000,000. */
  readonly limit?: number;
}

/** The sets that one neuron can show. */
export interface PatternsResult {
  /** Whether these are all: where it is false, `why` says what ended the search, and the counts are of what was found so far. */
  readonly complete: boolean;
  readonly why?: string;
  /** n, and the dimension of the arrangement's space, n_p. */
  readonly features: number;
  readonly dimension: number;
  /** Of a gated model: the sets that a gate is open on. */
  readonly gates?: true;
  /** How many sets there are; with `strict`, how many chambers. */
  readonly found: number;
  /** Entry k counts the sets of k features. */
  readonly bySize: readonly number[];
  /** How many of the sets some neuron shows with no feature at the kink. */
  readonly chambers: number;
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
 * @param instance `dictum/instance@1`, as text or object, of relu, identity, jumprelu or gated
 * @throws InputError if the instance or an option cannot be read, or the activation lets neurons take part in each other's sets (Top-k)
 * @example
 * ```ts
 * const { found, chambers, sets } = patterns(three, { maxSize: 2 });
 * ```
 */
export function patterns(instance: InstanceInput, options: PatternsOptions = {}): PatternsResult {
  const m = instanceFrom(instance);
  if (!isSeparate(m))
    refuse('not-separate', '$.activation.kind', 'relu, identity, jumprelu or gated', m.activation.kind);
  const n = m.features.length;
  const { maxSize, containing = [], limit = DEFAULT_LIMIT, strict = false } = options;
  if (maxSize !== undefined) whole(maxSize, 'maxSize', n);
  whole(limit, 'limit', Number.MAX_SAFE_INTEGER);
  const task = taskOf(
    arrangementOf(m, featuresFrom(m, containing, 'containing')),
    { signs: strict ? 'chambers' : 'sets', maxSize: maxSize ?? Infinity },
    { names: m.features.map((_, d) => `${d + 1}`), before: '[', after: ']' },
  );
  const found = new Found(n);
  const ended = within(options, () => go(task, found, limit));
  const why = ended === undefined ? undefined : ended.why;
  const { sets, bySize, chambers } = found;
  const what = strict
    ? counted(sets.length, 'chamber')
    : `${counted(sets.length, 'realizable set')}, ${chambers} of them chambers`;
  const about = `${counted(n, 'feature')} in dimension ${m.np}: ${what}`;
  return {
    complete: why === undefined,
    ...(why !== undefined && { why }),
    features: n,
    dimension: m.np,
    ...(m.activation.kind === 'gated' && { gates: true as const }),
    found: sets.length,
    bySize,
    chambers,
    sets,
    sentence: why === undefined ? about : `${about} so far; ${why}`,
  };
}

/** What was found until now: it stays where the work ends. */
class Found {
  readonly sets: number[][] = [];
  readonly bySize: number[];
  chambers = 0;

  constructor(n: number) {
    this.bySize = new Array<number>(n + 1).fill(0);
  }
}

/** Part by part; undefined if it came to the end. */
function go(task: Task, found: Found, limit: number): { readonly why: string } | undefined {
  const open = [firstNode(task)];
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    const part = runPart(task, from);
    spend(1000 * part.lines.length);
    for (const line of part.lines) found.sets.push(JSON.parse(line) as number[]);
    part.bySize.forEach((many, size) => {
      found.bySize[size] = (found.bySize[size] as number) + many;
    });
    found.chambers += part.chambers;
    for (const later of [...part.rest].reverse()) open.push(later);
    if (open.length > 0 && found.sets.length >= limit) return { why: `more than the limit of ${limit} sets` };
  }
  return undefined;
}
