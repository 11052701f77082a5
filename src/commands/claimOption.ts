/** A claim and one of its readings, as named on a command line. */
import { CLAIMS } from '../../theorems/statements.ts';
import type { Subject } from '../kernel/model/subject.ts';
import { type Claim, READINGS, type ReadingName } from '../kernel/proof/claim.ts';
import { fail } from '../terminal/problem.ts';

export const READINGS_HELP: string = `${READINGS.join(', ')} (default: paper, or the only one that the claim has)`;

export function claimNamed(id: string, at: { file: string }): Claim<Subject> {
  return CLAIMS.get(id) ?? fail('unknown-word', at, `a claim: ${[...CLAIMS.keys()].join(', ')}`, JSON.stringify(id));
}

/** Where none is named: the paper's, or the only one. */
export function readingNamed(claim: Claim<Subject>, named: string | undefined, at: { file: string }): ReadingName {
  const names = Object.keys(claim.readings) as ReadingName[];
  const [only, ...others] = names;
  if (named === undefined && only !== undefined && others.length === 0) return only;
  const wanted = named ?? 'paper';
  return (
    names.find((name) => name === wanted) ??
    fail(
      'unknown-word',
      at,
      `a reading of ${claim.id}: ${names.join(', ')}`,
      named === undefined ? 'none' : JSON.stringify(named),
      others.length === 0 ? `${claim.id} has one reading: leave out --reading.` : undefined,
    )
  );
}
