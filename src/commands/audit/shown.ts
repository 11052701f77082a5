/** The certificate that each claim is shown by, explained, and for claims about patterns and points the other looks at it. */
import { CLAIMS } from '../../../theorems/statements.ts';
import { explain } from '../../explain/explain.ts';
import type { Explanation } from '../../explain/explanation.ts';
import type { Step } from '../../explain/step.ts';
import { sha256 } from '../../terminal/digest.ts';
import { evidenceOf } from '../explain/evidence/evidence.ts';
import type { Look } from '../explain/evidence/look.ts';
import { type ClaimOf, type Collected, type Entry, shownBy } from './collect.ts';

export interface Shown {
  readonly claim: ClaimOf;
  readonly entry: Entry;
  readonly explanation: Explanation;
  readonly evidence?: readonly Look[];
}

/** What linear programs, gradients and training can say something about. */
const ABOUT_POINTS: ReadonlySet<string> = new Set([
  'realizable',
  'partial-minimum',
  'critical',
  'local-minimum',
  'some-weights',
  'strict-trap',
]);

const isAboutPoints = (steps: readonly Step[]): boolean =>
  steps.some(
    ({ fact, steps: inner }) => (fact !== undefined && ABOUT_POINTS.has(fact.relation)) || isAboutPoints(inner),
  );

/** `runs` of 0: no other looks. */
export async function showAll(
  { claims }: Collected,
  runs: number,
  tell: (done: number, total: number, name: string) => void,
): Promise<readonly Shown[]> {
  const shown: Shown[] = [];
  for (const [k, claim] of claims.entries()) {
    tell(k, claims.length, `report: ${claim.id}`);
    const entry = shownBy(claim);
    if (!entry) continue;
    const explanation = explain(entry.text, CLAIMS, sha256);
    if (!('asked' in explanation)) throw new Error(`${entry.file}: ${explanation}`);
    const looked = runs > 0 && isAboutPoints(explanation.argument);
    shown.push({ claim, entry, explanation, ...(looked && { evidence: await evidenceOf(explanation, { runs }) }) });
    await new Promise((resume) => setImmediate(resume));
  }
  return shown;
}
