/** `dictum-sdl/land`: trains many small models and certifies where they end. Needs Node: threads and WebAssembly. */
import type { Instance } from '../kernel/model/instance.ts';
import { type Exits, exitsOf } from '../landing/match/exits.ts';
import { study } from '../landing/match/study.ts';
import { type Study, studyResult } from '../landing/match/studyResult.ts';
import { ADAM_RATE, DEFAULTS, type Settings } from '../landing/runs/settings.ts';
import { counted } from '../words/names.ts';
import { refuse } from './error.ts';
import { type InstanceInput, instanceFrom, type Tell, whole } from './instance.ts';
import type { LandingClass } from './names.ts';
import { sha256 } from './sha256.ts';

export type { Exits, WayOut } from '../landing/match/exits.ts';
export { InputError } from './error.ts';
export type { Bias, InstanceDocument, InstanceInput, Quantity, Tell } from './instance.ts';
export type { LandingClass } from './names.ts';

/** What {@link land} takes beside the instance. */
export interface LandOptions {
  /** How many; without it 1,000, at most 1,000,000. */
  readonly runs?: number;
  /** `gd` (default) and `adam`: full batches of L~. `sgd`: inputs sampled with probability M_d / sum M. */
  readonly optimizer?: 'gd' | 'sgd' | 'adam';
  /** Step size, above 0 and below 10; without it 0.05, of Adam 0.01. */
  readonly rate?: number;
  /** Steps before convergence is looked at for the first time; without it 4,000. */
  readonly steps?: number;
  /** Without it 1; the same seed gives the same runs. */
  readonly seed?: number;
  /** How many neurons are held at the first features at first: feature anchoring. */
  readonly anchors?: number;
  /** Dead neurons start anew every so many steps. */
  readonly resample?: number;
  /** Threads, at most 64; without it at most four. */
  readonly threads?: number;
  /** Keep a certificate for each kind of end. */
  readonly certificates?: boolean;
  /** Try what leads out of the traps that runs ended in; `relu` and `jumprelu` only. */
  readonly exits?: boolean;
  /** Called as ends are matched; runs that did not converge have none. */
  readonly tell?: Tell;
}

/** A kind of end: the same sets up to the order of neurons, class and loss. */
export interface LandedEnd {
  /** For each neuron the features it is active on, counted from 1. */
  readonly pattern: readonly (readonly number[])[];
  readonly class: LandingClass;
  /** Of the certified configuration: `0`, or to six digits. */
  readonly loss: string;
  /** How many runs ended there, and the share of converged runs with its 95% interval (Wilson). */
  readonly count: number;
  readonly rate: { readonly lower: number; readonly upper: number };
  /** Whether the theory expects training to stop there: at every minimum, at no strict saddle. */
  readonly predicted: boolean;
  /** Bounds over its runs: distance of the certified configuration from the end weights in any coordinate; |grad L~| at these. */
  readonly apart: number;
  readonly gradient: number;
  /** With `certificates`: `dictum/landing@1`, what `check` takes. */
  readonly certificate?: string;
}

/** A run without a certificate, with its end weights as exact numbers: W_E by rows, W_D n_r x n_q. */
export interface OpenRun {
  readonly kind: 'undecided' | 'not-converged';
  readonly run: number;
  readonly why: string;
  readonly weights: { readonly we: readonly (readonly string[])[]; readonly wd: readonly (readonly string[])[] };
}

/** What {@link land} returns: `dictum/land@1` without its format, with certificates. */
export interface LandResult {
  /** Name of the instance. */
  readonly instance: string;
  readonly runs: number;
  readonly converged: number;
  /** Of these, brought to rest by Newton steps after descent. */
  readonly finished: number;
  /** Runs with a certificate of their own that the kernel has replayed. */
  readonly matched: number;
  /** Converged, and matched to nothing. */
  readonly undecided: number;
  readonly seed: number;
  /** All that decides how a run goes. */
  readonly settings: Readonly<Record<string, string>>;
  /** The most frequent first. */
  readonly ends: readonly LandedEnd[];
  readonly open: readonly OpenRun[];
  /** With `exits`. */
  readonly exits?: Exits;
  readonly sentence: string;
}

const MOST_RUNS = 1_000_000;
const MOST = 9_999_999;

/**
 * Trains many small models from random starts, and proves for each run that it ended near a critical configuration, of which class. As
 * `dictum land` does; runs depend on seed and settings, not on the number of threads.
 * What a certificate of a landing proves: docs/certificate-format.md, "Landings".
 *
 * @param instance `dictum/instance@1`, as text or object, of relu, jumprelu, topk or identity with n, n_p, n_r, n_q up to 16
 * @throws InputError if the instance or an option cannot be read, or there is no training step for it
 * @example
 * ```ts
 * const { ends } = await land(instance, { runs: 100, certificates: true });
 * check(ends[0]?.certificate ?? '').accepted; // true
 * ```
 */
export async function land(instance: InstanceInput, options: LandOptions = {}): Promise<LandResult> {
  const m = instanceFrom(instance);
  if (m.lifted) refuse('unknown-word', '$.format', '"dictum/instance@1"', '"dictum/instance@2"');
  const { runs = 1000, threads, certificates = false, exits = false, tell } = options;
  if (exits && m.activation.kind !== 'relu' && m.activation.kind !== 'jumprelu') {
    return refuse('bad-arguments', 'exits', 'an instance with relu or jumprelu', m.activation.kind);
  }
  whole(runs, 'runs', MOST_RUNS);
  if (threads !== undefined) whole(threads, 'threads', 64);
  const settings = settingsFrom(options, Math.min(m.neurons, m.features.length));
  const found = await study(m, settings, runs, sha256, {
    ...(threads && { threads }),
    ...(tell && { tell: (done: number) => tell(done, runs) }),
    each: certificates,
  });
  if (!found) {
    return refuse(
      'out-of-range',
      '$.activation.kind',
      'relu, jumprelu, topk or identity, and n, n_p, n_r, n_q up to 16',
      m.activation.kind,
    );
  }
  const out = exits ? await exitsOf(m, found, threads ? { threads } : {}) : undefined;
  return { ...resultOf(m, found, certificates), ...(out && { exits: out }) };
}

function settingsFrom(options: LandOptions, mostAnchors: number): Settings {
  const { optimizer = 'gd', steps = DEFAULTS.steps, seed = DEFAULTS.seed, anchors = 0, resample } = options;
  if (!['gd', 'sgd', 'adam'].includes(optimizer)) refuse('bad-arguments', 'optimizer', 'gd, sgd or adam', optimizer);
  const rate = options.rate ?? (optimizer === 'adam' ? ADAM_RATE : DEFAULTS.rate);
  if (!(rate > 0 && rate < 10)) refuse('bad-arguments', 'rate', 'a number above 0 and below 10', `${rate}`);
  if (anchors !== 0) whole(anchors, 'anchors', mostAnchors);
  return {
    ...DEFAULTS,
    optimizer,
    rate,
    steps: whole(steps, 'steps', MOST),
    seed: whole(seed, 'seed', MOST),
    anchors: Array.from({ length: anchors }, (_, d) => d),
    resample: resample === undefined ? 0 : whole(resample, 'resample', MOST),
  };
}

function resultOf(m: Instance, found: Study, certificates: boolean): LandResult {
  const result = studyResult(m, found);
  const certificateOf = (k: number): { certificate?: string } => {
    const certificate = found.landing.ends[k]?.certificate;
    return certificates && certificate !== undefined ? { certificate } : {};
  };
  const many = counted(result.ends.length, 'kind');
  return {
    ...result,
    ends: result.ends.map((end, k) => ({ ...end, ...certificateOf(k) })),
    sentence: `${result.matched} of ${counted(result.runs, 'run')} matched to a configuration certified near the end, ${many} of end`,
  };
}
