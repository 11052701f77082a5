/** Why a mutant that a checker accepts is a proof. */
import type { Checked } from '../../src/kernel/certificate.ts';
import { parseJson } from '../../src/kernel/document/json.ts';
import { Node } from '../../src/kernel/document/node.ts';
import { readSubject } from '../../src/kernel/model/formats.ts';
import { Rejection } from '../../src/kernel/numbers/rejection.ts';
import type { ReadingName } from '../../src/kernel/proof/claim.ts';
import { outside } from '../../src/kernel/proof/outside.ts';
import { certify } from '../../src/solve/decide/certify.ts';
import { decide } from '../../src/solve/decide/decide.ts';
import { sha256 } from '../../src/terminal/digest.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { proposalsFor } from '../../theorems/witnesses.ts';
import type { Mutant, Value } from './mutate.ts';

/**
 * Why an accepted mutant is still a proof, or undefined. A mutant never carries its goal, so what it proves is what it says:
 * the same verdict of a changed instance, a changed claim or reading, or by a changed witness. The solvers decide the question of
 * the mutant afresh; they must come to its verdict.
 */
export function explanation(
  mutant: Pick<Mutant, 'text' | 'path'>,
  accepted: Pick<Checked['accepted'], 'verdict'>,
): string | undefined {
  const document = JSON.parse(mutant.text) as {
    claim: string;
    reading: ReadingName;
    instance: Value;
    dropped?: string;
  };
  const claim = CLAIMS.get(document.claim);
  if (!claim) return undefined;
  const instance = readSubject(
    new Node(parseJson(JSON.stringify(document.instance))),
    claim.about?.name ?? 'dictum/instance@1',
  );
  const proposals = proposalsFor(document.claim);
  if (accepted.verdict === 'not-applicable') {
    // The hypothesis named fails, whatever else the document lacks.
    const { fails } = (JSON.parse(mutant.text) as { witness: { fails: string } }).witness;
    const reading = claim.readings[document.reading];
    const unfit = reading ? outside(reading, instance) : [];
    const hypothesis = (unfit.length > 0 ? unfit : reading?.hypotheses)?.find((h) => h.name === fails);
    const decision = hypothesis && decide(hypothesis.goal(instance), instance, proposals);
    return decision?.truth === false ? 'the hypothesis fails there too' : undefined;
  }
  const drop = document.dropped === undefined ? {} : { dropped: document.dropped };
  try {
    const afresh = certify({ claim, reading: document.reading, instance, proposals, ...drop }, sha256);
    if (afresh.verdict !== accepted.verdict) {
      return afresh.verdict === 'undecided'
        ? 'true of the changed instance, by a witness the solvers do not look for'
        : undefined;
    }
  } catch (thrown) {
    if (!(thrown instanceof Rejection)) throw thrown;
    return undefined;
  }
  return (
    { instance: 'true of the changed instance too', witness: 'another witness of the same' }[String(mutant.path[0])] ??
    'true as changed'
  );
}
