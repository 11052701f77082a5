/** Which partition patterns carry critical points of L~, of what class, at what loss? */
import { CLAIMS } from '../../theorems/statements.ts';
import type { Instance, Pattern } from '../kernel/model/instance.ts';
import { room } from '../kernel/numbers/work.ts';
import { type Counts, countsOf, trapsOf } from '../solve/landscape/counts.ts';
import { partitionPatterns, samplePatterns } from '../solve/landscape/partitionPatterns.ts';
import { type Entry, Surveyor } from '../solve/landscape/survey.ts';
import { counted } from '../words/names.ts';
import { withBeyond } from '../words/sentence.ts';
import { refuse } from './error.ts';
import {
  DEFAULT_WORK,
  type InstanceInput,
  instanceFrom,
  type Limits,
  type PatternInput,
  patternFrom,
  type Tell,
  whole,
  within,
  withPattern,
} from './instance.ts';
import { sha256 } from './sha256.ts';

export type { Counts } from '../solve/landscape/counts.ts';
export type { Entry } from '../solve/landscape/survey.ts';

/** Which patterns are asked for. */
export interface LandscapeRequest {
  /** Only these, each with as many sets as the first; without it all partitions of up to 10 features, or a sample. */
  readonly patterns?: readonly PatternInput[];
  /** A sample of so many partition patterns; above 10 features, 200 where nothing is said. */
  readonly sample?: number;
  /** Of the sample; without it 1. */
  readonly seed?: number;
}

/** What {@link landscape} takes beside the instance; `work` is for each pattern. */
export interface LandscapeOptions extends LandscapeRequest, Limits {
  /** Write a certificate for each pattern decided. */
  readonly certificates?: boolean;
  /** Called after each pattern. */
  readonly tell?: Tell;
}

/** What is said of one pattern. Numbers are exact strings, or an enclosure in decimals. */
export interface LandscapeEntry extends Entry {
  /** With `certificates`, where it was decided: what `check` takes. */
  readonly certificate?: string;
}

/** What {@link landscape} returns. */
export interface LandscapeResult {
  /** In the order of the patterns. */
  readonly patterns: readonly LandscapeEntry[];
  readonly counts: Counts;
  /** Patterns whose point is a local minimum of positive loss; patterns whose point has loss 0. */
  readonly traps: number;
  readonly globalMinima: number;
  /** Of a sample: how many patterns, drawn with which seed. */
  readonly sample?: number;
  readonly seed?: number;
  readonly sentence: string;
}

/** Up to here every partition is gone through. */
export const MOST_FEATURES = 10;
/** Of 10 features. */
const MOST_PARTITIONS = 115_975;
const DEFAULT_SAMPLE = 200;
const MOST_SEED = 9_999_999;

/**
 * For every partition pattern (each feature in one set) or for those given: is there a critical point of L~ that shows it, of what class,
 * at what loss? As `dictum landscape` does, in this thread. The best critical point found is reported, a minimum if there is one. Every
 * answer has been through the kernel's rules. A trap is a local minimum with L~ > 0 (Theorem 3.6 and its repair: docs/claims.md, T6).
 *
 * @param instance `dictum/instance@1`, as text or object, of relu, jumprelu or topk
 * @throws InputError if the instance or an option cannot be read, or the activation is another
 * @example
 * ```ts
 * const { traps, patterns } = landscape(instance, { patterns: [[[1, 2], [3]]], certificates: true });
 * patterns[0]?.class; // 'local-minimum'
 * ```
 */
export function landscape(instance: InstanceInput, options: LandscapeOptions = {}): LandscapeResult {
  const read = instanceFrom(instance);
  const { kind } = read.activation;
  if (kind !== 'relu' && kind !== 'jumprelu' && kind !== 'topk')
    refuse('wrong-activation', '$.activation.kind', 'relu, jumprelu or topk', kind);
  const found = within({}, () => patternsAsked(read, options));
  if ('why' in found) return refuse('out-of-range', '$.neurons', 'fewer neurons, or a smaller sample', found.why);
  const { patterns, m, drawn } = found;
  const { work = DEFAULT_WORK } = options;
  whole(work, 'work', Number.MAX_SAFE_INTEGER);
  const surveyor = new Surveyor(m, options.certificates ? { claims: CLAIMS, sha256 } : undefined, work);
  const entries = patterns.map((pattern, k): LandscapeEntry => {
    const { entry, certificate } = surveyor.survey(pattern);
    options.tell?.(k + 1, patterns.length);
    return certificate === undefined ? entry : { ...entry, certificate };
  });
  const result = surveyed(entries, drawn);
  const of = drawn ? ' of a sample' : '';
  const { traps, globalMinima } = result;
  const sentence = `${counted(entries.length, 'pattern')}${of}: ${traps} trap, ${globalMinima} of loss 0`;
  return { ...result, sentence: withBeyond(sentence, m) };
}

/** The result for entries in the order of the patterns. */
export const surveyed = (entries: readonly LandscapeEntry[], drawn?: Drawn): Omit<LandscapeResult, 'sentence'> => ({
  ...drawn,
  patterns: entries,
  counts: countsOf(entries),
  ...trapsOf(entries),
});

type Drawn = Required<Pick<LandscapeResult, 'sample' | 'seed'>>;

interface Asked {
  readonly patterns: readonly Pattern[];
  /** With as many neurons as they have sets. */
  readonly m: Instance;
  readonly drawn?: Drawn;
}

/** The patterns of a request; all partitions are taken to be so many. A Rejection, too-much-work, where the sets of neurons without any take too much room. */
export function patternsAsked(
  m: Instance,
  { patterns, sample, seed = 1 }: LandscapeRequest,
  taken: number = MOST_PARTITIONS,
): Asked {
  const n = m.features.length;
  if (patterns !== undefined) {
    if (sample !== undefined) refuse('bad-arguments', 'sample', 'patterns or a sample', 'both');
    const read = patterns.map((pattern, k) => patternFrom(m, pattern, `patterns[${k}]`));
    const first = read[0] ?? refuse('wrong-size', 'patterns', 'at least one pattern', 'none');
    const other = read.findIndex(({ length }) => length !== first.length);
    if (other >= 0) refuse('wrong-size', `patterns[${other}]`, `${first.length} sets`, `${read[other]?.length}`);
    return { patterns: read, m: withPattern(m, first) };
  }
  const all = sample === undefined && n <= MOST_FEATURES;
  const count = whole(sample ?? DEFAULT_SAMPLE, 'sample', 1_000_000);
  whole(seed, 'seed', MOST_SEED);
  // A set for each neuron of each pattern, six words where it is empty.
  if (m.neurons > n) room(6 * m.neurons * (all ? taken : count));
  if (all) return { patterns: [...partitionPatterns(n, m.neurons)], m };
  const found = samplePatterns(n, m.neurons, count, seed);
  return { patterns: found, m, drawn: { sample: found.length, seed } };
}
