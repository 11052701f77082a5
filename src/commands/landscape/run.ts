/** Decides a list of patterns on several threads, in slices, and hands the results on in order. */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { CLAIMS } from '../../../theorems/statements.ts';
import { parseJson } from '../../kernel/document/json.ts';
import { Node } from '../../kernel/document/node.ts';
import { type Instance, type Pattern, readInstance } from '../../kernel/model/instance.ts';
import { type Certified, Surveyor } from '../../solve/landscape/survey.ts';
import { instanceDocument } from '../../solve/proofs/document.ts';
import { sha256 } from '../../terminal/digest.ts';
import { MOST_SEARCH } from '../../terminal/limits.ts';

/** The compiled worker beside the compiled file, the source beside the source. */
const WORKER = new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href;

/** Patterns to a slice, and how many are done in this thread before others start. */
const SLICE = 32;

export interface Survey {
  /** Units of work for one pattern. */
  readonly work?: number;
  readonly jobs?: number;
  readonly certificates: boolean;
  readonly take: (result: Certified, index: number) => Promise<void> | void;
}

export async function survey(
  m: Instance,
  patterns: readonly Pattern[],
  { jobs, certificates, take, work = MOST_SEARCH }: Survey,
): Promise<void> {
  const { configuration: _, pattern: __, ...shape } = m;
  const instance = JSON.stringify(instanceDocument(shape));
  const threads = jobs ?? Math.min(8, availableParallelism());
  if (patterns.length <= SLICE || threads === 1) {
    const surveyor = new Surveyor(
      readInstance(new Node(parseJson(instance))),
      certificates ? { claims: CLAIMS, sha256 } : undefined,
      work,
    );
    for (const [k, pattern] of patterns.entries()) await take(surveyor.survey(pattern), k);
    return;
  }
  const pool = new Piscina({
    filename: WORKER,
    workerData: { instance, certificates, work },
    minThreads: threads,
    maxThreads: threads,
  });
  try {
    const starts = Array.from({ length: Math.ceil(patterns.length / SLICE) }, (_, k) => k * SLICE);
    const runs = starts.map((from) => pool.run(patterns.slice(from, from + SLICE)) as Promise<Certified[]>);
    for (const run of runs) run.catch(() => undefined);
    for (const [k, run] of runs.entries()) {
      for (const [i, result] of (await run).entries()) await take(result, (starts[k] ?? 0) + i);
    }
  } finally {
    await pool.destroy();
  }
}
