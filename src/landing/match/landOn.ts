/** Matches the end points of all runs, and counts the kinds of end. */
import type { LandingClass } from '../check/landing.ts';
import type { RunName } from '../propose/document.ts';
import { dyadic } from '../propose/dyadic.ts';
import { isRefused, type Refusal, reasonOf } from '../propose/refusal.ts';
import { type SdlProblem, weightCount } from '../runs/problem.ts';
import type { TrainedRuns } from '../runs/trainOn.ts';
import type { Chunk, Matching } from './chunks.ts';
import type { Match, MatchSettings } from './match.ts';

/** Fixed before any run. */
export const LAND_DEFAULTS: MatchSettings = {
  readings: [
    { width: 1e-6, near: 'off' },
    { width: 1e-6, near: 'kink' },
    { width: 1e-4, near: 'off' },
    { width: 1e-4, near: 'kink' },
    { width: 1e-4, near: 'on' },
    { width: 1e-3, near: 'off' },
    { width: 1e-3, near: 'on' },
  ],
  radius: 1e-2,
};

/** Its bounds are of all its runs. */
export interface End extends Omit<Match, 'text'> {
  readonly count: number;
  /** Its runs; `certificate` is that of the first. */
  readonly runs: readonly number[];
  readonly certificate: string | undefined;
}

/** A run without a certificate, with its end weights: the exact dyadic numbers that they are. */
export interface Open {
  readonly run: number;
  readonly why: string;
  readonly weights: { readonly we: readonly (readonly string[])[]; readonly wd: readonly (readonly string[])[] };
}

export interface Landing {
  readonly runs: number;
  readonly converged: number;
  /** Of these, brought to rest by Newton steps after descent. */
  readonly finished: number;
  /** Runs with a certificate of their own that the kernel has replayed. */
  readonly matched: number;
  readonly ends: readonly End[];
  /** Converged and matched to nothing; not converged at all. */
  readonly unmatched: readonly Open[];
  readonly unconverged: readonly Open[];
}

export interface LandOnOptions {
  /** Keep one certificate for each kind of end. */
  readonly each?: boolean;
  readonly tell?: (done: number) => void;
}

/** Runs given to a thread at once. */
const CHUNK = 100;

/** `matching`: for so many chunks; closed here. */
export async function landOn(
  p: SdlProblem,
  trained: TrainedRuns,
  nameOf: (run: number) => RunName,
  matching: (chunks: number) => Matching,
  { each = false, tell = () => undefined }: LandOnOptions = {},
): Promise<Landing> {
  const count = weightCount(p);
  const weightsOf = (run: number): Float32Array => trained.weights.slice(run * count, (run + 1) * count);
  const ends = new Map<string, { -readonly [K in keyof End]: End[K] } & { readonly runs: number[] }>();
  const [unmatched, unconverged]: [Open[], Open[]] = [[], []];
  const open = (run: number, why: string): Open => ({ run, why, weights: weightsDocument(p, weightsOf(run)) });
  const converged: number[] = [];
  for (let run = 0; run < trained.runs; run++) {
    if (trained.converged[run]) converged.push(run);
    else {
      const size = (trained.gradient[run] as number).toExponential(2);
      const largest = weightsOf(run).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      unconverged.push(
        open(run, `gradient ${size} after ${trained.steps[run]} steps, largest weight ${largest.toPrecision(3)}`),
      );
    }
  }
  const take = (run: number, found: Match | Refusal): void => {
    if (isRefused(found)) {
      unmatched.push(open(run, reasonOf(found)));
      return;
    }
    const { text, ...rest } = found;
    const key = keyOf(found);
    const end = ends.get(key);
    if (end) {
      end.count = end.runs.push(run);
      end.apart = Math.max(end.apart, found.apart);
      end.gradient = Math.max(end.gradient, found.gradient);
    } else ends.set(key, { ...rest, count: 1, runs: [run], certificate: each ? text : undefined });
  };
  const chunks: Chunk[] = [];
  for (let from = 0; from < converged.length; from += CHUNK) {
    const runs = converged.slice(from, from + CHUNK);
    chunks.push({ runs: runs.map((run) => ({ weights: weightsOf(run), name: nameOf(run) })), texts: each });
  }
  const work = matching(chunks.length);
  try {
    let done = 0;
    for await (const found of work.results(chunks)) {
      for (const match of found) take(converged[done++] as number, match);
      tell(done);
    }
  } finally {
    await work.close();
  }
  const list = [...ends.values()].sort((a, b) => b.count - a.count);
  const { runs } = trained;
  return {
    runs,
    converged: converged.length,
    finished: converged.filter((run) => trained.finished[run] === 1).length,
    matched: converged.length - unmatched.length,
    ends: list,
    unmatched,
    unconverged,
  };
}

/** Ends of one kind: the same sets up to the order of neurons, class and loss to five digits. */
const keyOf = ({
  pattern,
  class: word,
  loss,
}: {
  pattern: Match['pattern'];
  class: LandingClass;
  loss: number;
}): string => `${JSON.stringify(pattern)} ${word} ${loss.toPrecision(5)}`;

function weightsDocument({ np, nr, nq }: SdlProblem, x: Float32Array): Open['weights'] {
  const text = (value: number): string => (Number.isFinite(value) ? `${dyadic(value)}` : `${value}`);
  const rows = (from: number, length: number): string[][] =>
    Array.from({ length: nq }, (_, i) => Array.from(x.subarray(from + i * length, from + (i + 1) * length), text));
  return { we: rows(0, np), wd: columns(rows(nq * np, nr), nr) };
}

/** Decoder columns as they stand in documents: W_D by rows, n_r x n_q. */
const columns = (list: readonly (readonly string[])[], length: number): string[][] =>
  Array.from({ length }, (_, k) => list.map((u) => u[k] as string));
