/** Decides a claim on a canonical or an ad-hoc instance, for tests: the verdict, what was found on the way, the certificate. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Checked, check } from '../../src/kernel/certificate.ts';
import { parseJson } from '../../src/kernel/document/json.ts';
import { Node } from '../../src/kernel/document/node.ts';
import { INSTANCE, type Instance, readInstance } from '../../src/kernel/model/instance.ts';
import type { Subject } from '../../src/kernel/model/subject.ts';
import type { Rejection } from '../../src/kernel/numbers/rejection.ts';
import type { ReadingName } from '../../src/kernel/proof/claim.ts';
import { certify } from '../../src/solve/decide/certify.ts';
import { sha256 } from '../../src/terminal/digest.ts';
import { reasonText } from '../../src/words/sentence.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { proposalsFor, WITNESSES } from '../../theorems/witnesses.ts';
import { resealed, type Value } from './mutate.ts';

function node(claim: string, name: string): Node {
  const folder = WITNESSES.get(claim)!.folder;
  const file = join(import.meta.dirname, '../../theorems', folder, 'instances', `${name}.json`);
  return new Node(parseJson(readFileSync(file, 'utf8')));
}

/** Of a claim about instances. */
export const canonical = (claim: string, name: string): Instance => readInstance(node(claim, name));

export interface Outcome {
  readonly verdict: string;
  /** Facts of the proof in words, or why it is undecided. */
  readonly facts: string;
  readonly certificate: string;
}

/** `on`: a canonical instance by name, or an instance. */
export function decided(id: string, reading: ReadingName, on: string | Subject, dropped?: string): Outcome {
  const question = {
    claim: CLAIMS.get(id)!,
    reading,
    instance: typeof on === 'string' ? (CLAIMS.get(id)!.about ?? INSTANCE).read(node(id, on)) : on,
    proposals: proposalsFor(id),
    ...(dropped !== undefined && { dropped }),
  };
  const outcome = certify(question, sha256);
  return outcome.verdict === 'undecided'
    ? { verdict: outcome.verdict, facts: outcome.why, certificate: '' }
    : {
        verdict: outcome.verdict,
        facts: reasonText(outcome.checked.accepted, question.instance),
        certificate: outcome.certificate,
      };
}

type Document = { [key: string]: Value };

/** The code a changed certificate is refused with, its id recomputed; `accepted` if it is not. */
export function codeOf(certificate: string, change: (document: Document) => void): string {
  const document = JSON.parse(certificate) as Document;
  change(document);
  const outcome = check(resealed(document), CLAIMS, sha256);
  return outcome instanceof Checked ? 'accepted' : (outcome as Rejection).code;
}
