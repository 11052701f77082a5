/**
 * `dictum-sdl/check`: replays certificates, and loads nothing but the kernel, the checker of landings, the statements, what makes
 * sentences, and SHA-256. It runs in a browser as it does in Node.
 */
import { CLAIMS } from '../../theorems/statements.ts';
import { Checked, decidedOf, check as replay } from '../kernel/certificate.ts';
import type { Rejection } from '../kernel/numbers/rejection.ts';
import type { Fact } from '../kernel/proof/fact.ts';
import type { Beyond } from '../kernel/proof/outside.ts';
import { checkLanding, isLanding, type Landed } from '../landing/check/landing.ts';
import { type LandingDocument, landingDocument, landingText } from '../words/landing.ts';
import { readingText, reasonText } from '../words/sentence.ts';
import type { ReadingName, Verdict } from './names.ts';
import { sha256 } from './sha256.ts';
import { textOf } from './text.ts';

export type {
  Bounds,
  Computed,
  Definite,
  Evidence,
  Exact,
  Fact,
  Judged,
  Order,
  Property,
  Quantity as NamedQuantity,
  Sets,
  Stated,
  Term,
  Texts,
} from '../kernel/proof/fact.ts';
export type { Beyond } from '../kernel/proof/outside.ts';
export type { LandingDocument } from '../words/landing.ts';
export { InputError } from './error.ts';
export type { LandingClass, ReadingName, Verdict } from './names.ts';

/** What was decided of a claim, as the checker found it. */
export interface Decision {
  /** Its id, `T8`. */
  readonly claim: string;
  readonly reading: ReadingName;
  readonly verdict: Verdict;
  /** What the instance has beyond `dictum/instance@1`, if anything: the verdict is with it. */
  readonly with?: readonly Beyond[];
  /** Of inputs: what their loss is beyond L~, whatever the weights. */
  readonly constant?: string;
  /** The hypothesis that fails, of a claim that is not applicable. */
  readonly fails?: string;
  /** The hypothesis left out, and that it fails: the rest is not enough for the conclusion. */
  readonly dropped?: string;
  readonly lacks?: readonly Fact[];
  /** What the proof established, in its order. */
  readonly facts: readonly Fact[];
}

/** A certificate of a claim (`dictum/certificate@1`) that proves what it says. */
export interface AcceptedCertificate extends Decision {
  readonly accepted: true;
  /** What the claim takes for granted beyond the arithmetic. */
  readonly assumes: readonly string[];
  /** The instance that the certificate is about, and the SHA-256 of its canonical form. */
  readonly instance: { readonly name: string; readonly id: string };
  /** SHA-256 of the canonical form of the certificate, in hexadecimal. */
  readonly id: string;
  /** The verdict in words, with the labels of the features. Labels may hold control characters. */
  readonly sentence: string;
}

/** A certificate of a landing (`dictum/landing@1`) that proves what it says. All numbers are exact fractions. */
export interface AcceptedLanding {
  readonly accepted: true;
  readonly landing: LandingDocument;
  readonly instance: { readonly name: string };
  readonly id: string;
  readonly sentence: string;
}

/** Why a certificate is not accepted. */
export interface RejectedCertificate {
  readonly accepted: false;
  /** `malformed`: it cannot be read. `invalid`: it can, and does not prove what it says. */
  readonly kind: 'malformed' | 'invalid';
  /** A word from docs/certificate-format.md, section "Codes". */
  readonly code: string;
  /** JSON path, `$.witness.conclusion`. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
  /** All of this in one line. */
  readonly sentence: string;
}

/** What {@link check} returns; `accepted` tells which. */
export type CheckResult = AcceptedCertificate | AcceptedLanding | RejectedCertificate;

/**
 * Replays a certificate of a claim or of a landing, as `dictum check` does: what has to be shown is recomputed from claim, reading and
 * instance, and the proof is walked in exact arithmetic. Nothing is searched for. Specification: docs/certificate-format.md.
 *
 * @param certificate the text of the file, or the object that it is (quantities are strings in it)
 * @returns what was proved, or why nothing was; a certificate that is wrong is a result, not an exception
 * @throws InputError if it is neither text nor a plain object
 * @example
 * ```ts
 * import { check } from 'dictum-sdl/check';
 *
 * const result = check(await (await fetch('T8.json')).text());
 * console.log(result.accepted, result.sentence); // true 'T8 paper refuted: {between} is not realizable: ...'
 * ```
 */
export function check(certificate: string | object): CheckResult {
  const text = textOf(certificate, 'certificate');
  if (isLanding(text)) {
    const landed = checkLanding(text, sha256);
    return 'components' in landed ? landing(landed) : rejected(landed);
  }
  const outcome = replay(text, CLAIMS, sha256);
  return outcome instanceof Checked ? accepted(outcome) : rejected(outcome);
}

function accepted({ accepted: found }: Checked): AcceptedCertificate {
  const { instance, instanceId, assumes, id, verdict } = found;
  const sentence = `${readingText(found)} ${verdict}: ${reasonText(found, instance)}`;
  return {
    accepted: true,
    ...decidedOf(found),
    assumes,
    instance: { name: instance.name, id: instanceId },
    id,
    sentence,
  };
}

function landing(landed: Landed): AcceptedLanding {
  const { id, instance } = landed;
  return {
    accepted: true,
    landing: landingDocument(landed),
    instance: { name: instance.name },
    id,
    sentence: landingText(landed),
  };
}

const rejected = (rejection: Rejection): RejectedCertificate => {
  const { kind, code, path, expected, found } = rejection;
  return { accepted: false, kind, code, path, expected, found, sentence: `${rejection}` };
};
