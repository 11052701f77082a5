/** Decides one reading of a claim on one instance and writes the certificate, which the kernel has accepted. */

import { Checked, check } from '../../kernel/certificate.ts';
import type { Digest } from '../../kernel/document/canonical.ts';
import type { Instance } from '../../kernel/model/instance.ts';
import { subjectOf } from '../../kernel/model/subject.ts';
import { invalid, Rejection } from '../../kernel/numbers/rejection.ts';
import type { Claim, ReadingName, Verdict } from '../../kernel/proof/claim.ts';
import { type Document, instanceDocument, sealed } from '../proofs/document.ts';
import { decide } from './decide.ts';
import type { Decision, Proposals } from './decision.ts';

/** Codes of what is too long for the format or too much for the checker, and not wrong. */
export const BEYOND: ReadonlySet<string> = new Set(['too-much-work', 'too-large', 'too-deep', 'not-a-number']);

export interface Question {
  readonly claim: Claim;
  readonly reading: ReadingName;
  /** A hypothesis to leave out, to see whether it is needed. */
  readonly dropped?: string;
  readonly instance: Instance;
  readonly proposals: Proposals;
}

export type Outcome =
  | { readonly verdict: Verdict; readonly certificate: string; readonly checked: Checked }
  | { readonly verdict: 'undecided'; readonly why: string };

/** A hypothesis with a proof of it or, if it fails, of its negation. */
type Settled = { readonly name: string; readonly decision: Decision };

/** Throws Rejection where the instance lacks what the claim is about (a pattern, a configuration) or has a tie. */
export function certify(question: Question, sha256: Digest): Outcome {
  const { claim, reading: name, instance, proposals, dropped } = question;
  const reading = claim.readings[name];
  if (!reading) throw new RangeError(`${claim.id} has no reading ${name}`);
  const about = claim.about?.name ?? 'dictum/instance@1';
  if (subjectOf(instance) !== about) invalid('missing-data', '$.instance.format', about, subjectOf(instance));
  const all = reading.hypotheses.map(
    (h): Settled => ({ name: h.name, decision: decide(h.goal(instance), instance, proposals) }),
  );
  const settled = all.filter((h) => h.name !== dropped);
  const failing = settled.find(({ decision }) => decision.truth === false);
  if (failing && 'proof' in failing.decision) {
    return finished(question, 'not-applicable', { fails: failing.name, proof: failing.decision.proof }, sha256);
  }
  const open = settled.find(({ decision }) => decision.truth === 'undecided');
  if (open && 'why' in open.decision) return { verdict: 'undecided', why: `${open.name}: ${open.decision.why}` };
  const conclusion = decide(reading.conclusion(instance), instance, proposals);
  if (conclusion.truth === 'undecided') return { verdict: 'undecided', why: conclusion.why };
  const hypotheses = Object.fromEntries(
    settled.flatMap(({ name: key, decision }) => ('proof' in decision ? [[key, decision.proof]] : [])),
  );
  const left = all.find((h) => h.name === dropped)?.decision;
  if (left && !('proof' in left)) return { verdict: 'undecided', why: `${dropped}: ${left.why}` };
  if (left?.truth) return { verdict: 'undecided', why: `${dropped} holds: it is not what is missing` };
  const witness = { hypotheses, ...(left && { dropped: left.proof }), conclusion: conclusion.proof };
  return finished(question, conclusion.truth ? 'holds' : 'refuted', witness, sha256);
}

function finished(question: Question, verdict: Verdict, witness: Document, sha256: Digest): Outcome {
  const { claim, reading, dropped, instance } = question;
  if (dropped !== undefined && verdict !== 'refuted') {
    return { verdict: 'undecided', why: `no counterexample to ${claim.id} without ${dropped}: ${verdict}` };
  }
  const document = {
    format: 'dictum/certificate@1',
    claim: claim.id,
    reading,
    ...(dropped !== undefined && { dropped }),
    instance: instanceDocument(instance),
    verdict,
    witness,
  };
  const certificate = sealed(document, sha256);
  const checked = check(certificate, new Map([[claim.id, claim]]), sha256);
  if (checked instanceof Rejection && BEYOND.has(checked.code)) {
    const long = checked.code === 'not-a-number';
    const what = long
      ? 'the proof needs numbers longer than a certificate may have'
      : 'the proof found is more than is checked';
    return { verdict: 'undecided', why: long ? what : `${what}: ${checked.expected}` };
  }
  // The solvers are not trusted, but they must not publish what the kernel refuses.
  if (!(checked instanceof Checked)) throw new Error(`${claim.id} ${reading}: own certificate refused: ${checked}`);
  return { verdict, certificate, checked };
}
