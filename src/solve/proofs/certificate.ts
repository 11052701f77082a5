/**
 * Writes certificates, for whoever decided a claim: names of hypotheses and the verdict come from the claim's reading and the decisions,
 * and nothing leaves that the kernel does not accept.
 */
import { Checked, check } from '../../kernel/certificate.ts';
import type { Digest } from '../../kernel/document/canonical.ts';
import type { Subject } from '../../kernel/model/subject.ts';
import { Rejection } from '../../kernel/numbers/rejection.ts';
import type { Claim, Hypothesis, ReadingName, Verdict } from '../../kernel/proof/claim.ts';
import type { Decision } from './decision.ts';
import { type Document, sealed, subjectDocument } from './document.ts';

/** Codes of what is too long for the format or too much for the checker, and not wrong. */
export const BEYOND: ReadonlySet<string> = new Set(['too-much-work', 'too-large', 'too-deep', 'not-a-number']);

/** What a certificate is about. Its text has these keys in the order that they have here. */
export interface Case {
  readonly claim: Claim<Subject>;
  readonly reading: ReadingName;
  /** A hypothesis to leave out, to see whether it is needed. */
  readonly dropped?: string;
  readonly instance: Subject;
}

/** A hypothesis, with what was decided of it. */
export type Settled = Pick<Hypothesis, 'name'> & { readonly decision: Decision };

export type Outcome =
  | { readonly verdict: Verdict; readonly certificate: string; readonly checked: Checked }
  | { readonly verdict: 'undecided'; readonly why: string };

/** The verdict that follows from the hypotheses and, where all of them hold that are not dropped, from the conclusion; with its certificate. */
export function written(
  about: Case,
  hypotheses: readonly Settled[],
  conclude: () => Decision,
  sha256: Digest,
): Outcome {
  const { dropped } = about;
  const needed = hypotheses.filter((h) => h.name !== dropped);
  const failing = needed.find(({ decision }) => decision.truth === false);
  if (failing && 'proof' in failing.decision) {
    return finished(about, 'not-applicable', { fails: failing.name, proof: failing.decision.proof }, sha256);
  }
  const open = needed.find(({ decision }) => decision.truth === 'undecided');
  if (open && 'why' in open.decision) return { verdict: 'undecided', why: `${open.name}: ${open.decision.why}` };
  const conclusion = conclude();
  if (conclusion.truth === 'undecided') return { verdict: 'undecided', why: conclusion.why };
  const proofs = Object.fromEntries(
    needed.flatMap(({ name, decision }) => ('proof' in decision ? [[name, decision.proof]] : [])),
  );
  const left = hypotheses.find((h) => h.name === dropped)?.decision;
  if (left && !('proof' in left)) return { verdict: 'undecided', why: `${dropped}: ${left.why}` };
  if (left?.truth) return { verdict: 'undecided', why: `${dropped} holds: it is not what is missing` };
  const witness = { hypotheses: proofs, ...(left && { dropped: left.proof }), conclusion: conclusion.proof };
  return finished(about, conclusion.truth ? 'holds' : 'refuted', witness, sha256);
}

function finished(about: Case, verdict: Verdict, witness: Document, sha256: Digest): Outcome {
  const { claim, reading, dropped, instance } = about;
  if (dropped !== undefined && verdict !== 'refuted') {
    return { verdict: 'undecided', why: `no counterexample to ${claim.id} without ${dropped}: ${verdict}` };
  }
  const named = { ...about, claim: claim.id, instance: subjectDocument(instance) };
  const certificate = sealed({ format: 'dictum/certificate@1', ...named, verdict, witness }, sha256);
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
