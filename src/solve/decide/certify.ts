/** Decides one reading of a claim on one instance and writes the certificate, which the kernel has accepted. */

import type { Digest } from '../../kernel/document/canonical.ts';
import { invalid } from '../../kernel/numbers/rejection.ts';
import { outside } from '../../kernel/proof/outside.ts';
import { type Case, type Outcome, written } from '../proofs/certificate.ts';
import { decide } from './decide.ts';
import type { Proposals } from './decision.ts';
import { tooMany } from './tooMany.ts';

export interface Question extends Case {
  readonly proposals: Proposals;
}

/** Throws Rejection where the instance lacks what the claim is about (a pattern, a configuration) or has a tie. */
export function certify({ claim, reading: name, dropped, instance, proposals }: Question, sha256: Digest): Outcome {
  const reading = claim.readings[name];
  if (!reading) throw new RangeError(`${claim.id} has no reading ${name}`);
  const about = claim.about?.name ?? 'dictum/instance@1';
  if (instance.format !== about) invalid('missing-data', '$.instance.format', about, instance.format);
  const unfit = outside(reading, instance);
  const many = tooMany(instance);
  if (many !== undefined) return { verdict: 'undecided', why: many };
  // What is left out has to be one of the reading's own.
  if (unfit.length > 0 && dropped !== undefined)
    return { verdict: 'undecided', why: `${unfit[0]?.name} fails: the reading is not about such an instance` };
  return written(
    { claim, reading: name, ...(dropped !== undefined && { dropped }), instance },
    (unfit.length > 0 ? unfit : reading.hypotheses).map((h) => ({
      name: h.name,
      decision: decide(h.goal(instance), instance, proposals),
    })),
    () => decide(reading.conclusion(instance), instance, proposals),
    sha256,
  );
}
