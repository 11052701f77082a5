/** Decides a list of patterns on several threads, in slices, and hands the results on in order. */
import { CLAIMS } from '../../../theorems/statements.ts';
import { parseJson } from '../../kernel/document/json.ts';
import { Node } from '../../kernel/document/node.ts';
import { type Instance, type Pattern, readInstance } from '../../kernel/model/instance.ts';
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
  readonly take: (result: Certified, index: number) => Promise<void> | void;
}

export async function survey(
  m: Instance,
  patterns: readonly Pattern[],
  { jobs, certificates, take, work = MOST_SEARCH }: Survey,
): Promise<void> {
  const { configuration: _, pattern: __, ...shape } = m;
  const instance = JSON.stringify(instanceDocument(shape));
  if (patterns.length <= SLICE || jobs === 1) {
    const surveyor = new Surveyor(
      readInstance(new Node(parseJson(instance))),
      certificates ? { claims: CLAIMS, sha256 } : undefined,
      work,
    );
    for (const [k, pattern] of patterns.entries()) await take(surveyor.survey(pattern), k);
    return;
  }
  const given = { instance, certificates, work };
  const pool = poolOf<readonly Pattern[], Certified[]>(workerBeside(import.meta.url, 'worker'), jobs, given);
  try {
    const slices = Array.from({ length: Math.ceil(patterns.length / SLICE) }, (_, k) =>
      patterns.slice(k * SLICE, (k + 1) * SLICE),
    );
    let k = 0;
    for await (const results of pool.inOrder(slices)) for (const result of results) await take(result, k++);
  } finally {
    await pool.close();
  }
}
