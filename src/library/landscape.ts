/** Which partition patterns carry critical points of L~, of what class, at what loss? */
import { CLAIMS } from '../../theorems/statements.ts';
import type { Instance, Pattern } from '../kernel/model/instance.ts';
import { room } from '../kernel/numbers/work.ts';
import { type Counts, countsOf, trapsOf } from '../solve/landscape/counts.ts';
import { partitionPatterns, samplePatterns } from '../solve/landscape/partitionPatterns.ts';
import { type Entry, Surveyor } from '../solve/landscape/survey.ts';
import { counted } from '../words/names.ts';
import { refuse } from './error.ts';
import {
  DEFAULT_WORK,
  type InstanceInput,
  instanceFrom,
  type Limits,
  type PatternInput,
  patternFrom,
  whole,
  within,
  withPattern,
} from './instance.ts';
import { sha256 } from './sha256.ts';

export type { Counts } from '../solve/landscape/counts.ts';
export type { Entry } from '../solve/landscape/survey.ts';

/** What {@link landscape} takes beside the instance; `work` is for each pattern. */
export interface LandscapeOptions extends Limits {
  /** Only these, each with as many sets as the first; without it all partitions of up to 10 features, or a sample. */
  readonly patterns?: readonly PatternInput[];
  /** A sample of so many partition patterns; above 10 features, 200 where nothing is said. */
  readonly sample?: number;
  /** Of the sample; without it 1. */
  readonly seed?: number;
  /** Write a certificate for each pattern decided. */
  readonly certificates?: boolean;
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

const MOST_FEATURES = 10;
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
  const { patterns, m, drawn } = chosen(read, options);
  const { work = DEFAULT_WORK } = options;
  whole(work, 'work', Number.MAX_SAFE_INTEGER);
  const surveyor = new Surveyor(m, options.certificates ? { claims: CLAIMS, sha256 } : undefined, work);
  const entries = patterns.map((pattern): LandscapeEntry => {
    const { entry, certificate } = surveyor.survey(pattern);
    return certificate === undefined ? entry : { ...entry, certificate };
  });
  const { traps, globalMinima } = trapsOf(entries);
  const of = drawn ? ' of a sample' : '';
  const sentence = `${counted(entries.length, 'pattern')}${of}: ${traps} trap, ${globalMinima} of loss 0`;
  return { patterns: entries, counts: countsOf(entries), traps, globalMinima, ...drawn, sentence };
}

interface Chosen {
  readonly patterns: readonly Pattern[];
  readonly m: Instance;
  readonly drawn?: { readonly sample: number; readonly seed: number };
}

function chosen(m: Instance, { patterns, sample, seed = 1 }: LandscapeOptions): Chosen {
  const n = m.features.length;
  if (patterns !== undefined) {
    if (sample !== undefined) refuse('bad-arguments', 'sample', 'patterns or a sample', 'both');
    const read = patterns.map((pattern, k) => patternFrom(m, pattern, `patterns[${k}]`));
    const first = read[0] ?? refuse('wrong-size', 'patterns', 'at least one pattern', 'none');
    const other = read.findIndex(({ length }) => length !== first.length);
    if (other >= 0) refuse('wrong-size', `patterns[${other}]`, `${first.length} sets`, `${read[other]?.length}`);
    return { patterns: read, m: { ...withPattern(m, first), neurons: first.length } };
  }
  const all = sample === undefined && n <= MOST_FEATURES;
  const count = whole(sample ?? DEFAULT_SAMPLE, 'sample', 1_000_000);
  whole(seed, 'seed', MOST_SEED);
  const found = within({}, () => {
    // A set for each neuron of each pattern, six words where it is empty.
    if (m.neurons > n) room(6 * m.neurons * (all ? MOST_PARTITIONS : count));
    return all ? [...partitionPatterns(n, m.neurons)] : samplePatterns(n, m.neurons, count, seed);
  });
  if ('why' in found) return refuse('out-of-range', '$.neurons', 'fewer neurons, or a smaller sample', found.why);
  return { patterns: found, m, ...(!all && { drawn: { sample: found.length, seed } }) };
}
