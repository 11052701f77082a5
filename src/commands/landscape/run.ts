/** Decides a list of patterns on several threads, in slices, and hands the results on in order. */
import { CLAIMS } from '../../../theorems/statements.ts';
import { MAX_LENGTH } from '../../kernel/document/json.ts';
import type { Instance, Pattern } from '../../kernel/model/instance.ts';
import { type Certified, Surveyor } from '../../solve/landscape/survey.ts';
import { instanceDocument } from '../../solve/proofs/document.ts';
import { sha256 } from '../../terminal/digest.ts';
import { MOST_SEARCH } from '../../terminal/limits.ts';
import { poolOf, workerBeside } from '../../threads/pool.ts';

/** Patterns to a slice, and how many are done in this thread before others start. */
const SLICE = 32;

export interface Survey {
  /** Units of work for one pattern. */
  readonly work?: number;
  readonly jobs: number;
  readonly certificates: boolean;
  /** When to stop, by Date.now(), with what was found so far. */
  readonly end?: number;
  readonly take: (result: Certified, index: number) => Promise<void> | void;
}

export async function survey(
  m: Instance,
  patterns: readonly Pattern[],
  { jobs, certificates, take, end = Infinity, work = MOST_SEARCH }: Survey,
): Promise<void> {
  const { configuration: _, pattern: __, ...shape } = m;
  const instance = JSON.stringify(instanceDocument(shape));
  // Numbers in short form may be longer than a document can be once they are written out.
  if (patterns.length <= SLICE || jobs === 1 || instance.length > MAX_LENGTH) {
    const surveyor = new Surveyor(shape, certificates ? { claims: CLAIMS, sha256 } : undefined, work);
    for (const [k, pattern] of patterns.entries()) {
      await take(surveyor.survey(pattern), k);
      if (Date.now() > end) return;
    }
    return;
  }
  const given = { instance, certificates, work };
  const pool = poolOf<readonly Pattern[], Certified[]>(workerBeside(import.meta.url, 'worker'), jobs, given);
  try {
    const slices = Array.from({ length: Math.ceil(patterns.length / SLICE) }, (_, k) =>
      patterns.slice(k * SLICE, (k + 1) * SLICE),
    );
    let k = 0;
    for await (const results of until(end, pool.inOrder(slices))) for (const result of results) await take(result, k++);
  } finally {
    await pool.close();
  }
}

/** The results until the time has come, when one under way is left behind. */
async function* until<T>(end: number, results: AsyncGenerator<T>): AsyncGenerator<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<'over'>((resolve) => {
    timer = setTimeout(() => resolve('over'), Math.min(end - Date.now(), 2 ** 31 - 1));
  });
  try {
    for (;;) {
      const next = await Promise.race([results.next(), over]);
      if (next === 'over' || next.done) return;
      yield next.value;
    }
  } finally {
    clearTimeout(timer);
  }
}
