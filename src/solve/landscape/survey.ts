/** One pattern of `dictum landscape`: what is said of it, as plain data, and its certificate. */
import type { Digest } from '../../kernel/document/canonical.ts';
import type { Instance, Pattern } from '../../kernel/model/instance.ts';
import type { Subject } from '../../kernel/model/subject.ts';
import type { Rational } from '../../kernel/numbers/rational.ts';
import type { Rejection } from '../../kernel/numbers/rejection.ts';
import { bounded, isTooMuch } from '../../kernel/numbers/work.ts';
import type { Claim } from '../../kernel/proof/claim.ts';
import type { Goal } from '../../kernel/proof/goal.ts';
import { written } from '../proofs/certificate.ts';
import type { Decision } from '../proofs/decision.ts';
import { type Document, encoderDocument, patternDocument } from '../proofs/document.ts';
import { realize, realizeSet } from '../realize/realize.ts';
import { Landscape, type PatternAnswer } from './decidePattern.ts';

/** What is said of one pattern. Numbers are exact strings, or an enclosure in decimals. */
export interface Entry {
  /** One-based. */
  readonly pattern: readonly (readonly number[])[];
  readonly verdict: 'critical' | 'none' | 'unrealizable' | 'undecided';
  /** Whether there is a critical point: a partial minimum over the pattern's region, on a face of it or not. */
  readonly stationary: boolean | null;
  /** Whether both gradients vanish at the point shown. */
  readonly gradients: 'zero' | 'not zero' | null;
  readonly class: 'local-minimum' | 'face-minimum' | 'saddle' | 'degenerate' | null;
  readonly loss: { readonly exact: string } | { readonly lower: string; readonly upper: string } | null;
  /** For each set that is not empty: exact, or an enclosure. */
  readonly eigenvalues:
    | readonly ({ readonly exact: string } | { readonly lower: string; readonly upper: string })[]
    | null;
  /** Why it is undecided, or why the kind of a `degenerate` point is open. */
  readonly why?: string;
  /** Said where a search ended before all critical points of the pattern were looked at: a minimum may have been missed. */
  readonly cut?: string;
}

export interface Certified {
  readonly entry: Entry;
  readonly certificate?: string;
}

/** Features up to which the faces of a set are looked at before its realizability. */
const MANY = 12;

const DIGITS = 12n;

/** The interval, widened to a few decimals. */
function enclosure(least: Rational, most: Rational): { exact: string } | { lower: string; upper: string } {
  if (least.equals(most)) return { exact: `${least}` };
  const scale = 10n ** DIGITS;
  const floor = (x: Rational): bigint => {
    const [num, q] = [x.num * scale, (x.num * scale) / x.den];
    return num < 0n && q * x.den !== num ? q - 1n : q;
  };
  const text = (x: bigint): string => {
    const digits = `${x < 0n ? -x : x}`.padStart(Number(DIGITS) + 1, '0');
    return `${x < 0n ? '-' : ''}${digits.slice(0, -Number(DIGITS))}.${digits.slice(-Number(DIGITS))}`;
  };
  return { lower: text(floor(least)), upper: text(floor(most) + 1n) };
}

/** What certificates are written with: claims by their ids. */
export interface Writing {
  readonly claims: ReadonlyMap<string, Claim<Subject>>;
  readonly sha256: Digest;
}

/** Decides patterns of one instance, with certificates where asked for. */
export class Surveyor {
  readonly #landscape: Landscape;
  readonly #m: Instance;
  readonly #writing: Writing | undefined;
  readonly #work: number | undefined;

  /** With `writing`, certificates are written. `work`: units for one pattern; without, as much as it takes. */
  constructor(m: Instance, writing?: Writing, work?: number) {
    this.#work = work;
    const { configuration: _, ...shape } = m;
    this.#m = shape;
    this.#landscape = new Landscape(shape);
    this.#writing = writing;
  }

  survey(pattern: Pattern): Certified {
    if (this.#work === undefined) return this.#survey(pattern);
    try {
      return bounded(() => this.#survey(pattern), this.#work);
    } catch (thrown) {
      if (!isTooMuch(thrown)) throw thrown;
      const why = `it takes more than the limit, ${(thrown as Rejection).expected}`;
      return { entry: { pattern: patternDocument(pattern), ...described({ is: 'undecided', why }, false) } };
    }
  }

  #survey(pattern: Pattern): Certified {
    // With many features first whether any row shows the sets at all: that takes less than their faces.
    const early = this.#m.features.length > MANY ? this.#refutation(pattern) : undefined;
    const answer: PatternAnswer = early ? { is: 'undecided', why: 'not realizable' } : this.#landscape.decide(pattern);
    const unrealizable = early ?? (answer.is === 'critical' ? undefined : this.#refutation(pattern));
    const entry = { pattern: patternDocument(pattern), ...described(answer, unrealizable !== undefined) };
    const certificate = this.#certificate(pattern, answer, unrealizable);
    return { entry, ...(certificate !== undefined && { certificate }) };
  }

  #refutation(pattern: Pattern): Document | undefined {
    if (!('k' in this.#m.activation)) return this.#alone(pattern);
    const answer = realize({ ...this.#m, neurons: pattern.length }, pattern);
    return answer.realizable ? undefined : answer.refutation;
  }

  /** A set that its neuron cannot show, whatever the others do. */
  #alone(pattern: Pattern): Document | undefined {
    for (const [i, set] of pattern.entries()) {
      const answer = set.length > 0 ? realizeSet(this.#m, set) : undefined;
      if (answer && !answer.realizable) return { rule: 'farkas', neuron: i + 1, on: answer.on, off: answer.off };
    }
    return undefined;
  }

  #certificate(pattern: Pattern, answer: PatternAnswer, unrealizable: Document | undefined): string | undefined {
    if (!this.#writing || (answer.is === 'undecided' && !unrealizable)) return undefined;
    const { claims, sha256 } = this.#writing;
    const claim = claims.get(unrealizable ? ANY : claimFor(answer));
    const hypotheses = claim?.readings.repaired?.hypotheses;
    if (!claim || !hypotheses) throw new Error('the claims about critical points are not listed');
    const instance = { ...this.#m, pattern };
    const realizable = unrealizable ? { truth: false, proof: unrealizable } : this.#shown(pattern);
    const settled = hypotheses.map(({ name, goal }) => ({ name, decision: settle(goal(instance), realizable) }));
    const outcome = written(
      { reading: 'repaired', instance, claim },
      // Where nothing shows the pattern it is not said which other hypotheses hold.
      unrealizable ? settled.filter(({ decision }) => decision === realizable) : settled,
      () => conclusionOf(answer),
      sha256,
    );
    return 'certificate' in outcome ? outcome.certificate : undefined;
  }

  #shown(pattern: Pattern): Decision {
    const shown = realize({ ...this.#m, neurons: pattern.length }, pattern);
    if (!shown.realizable) throw new Error('a critical point that shows nothing');
    return { truth: true, proof: { rule: 'realizes', ...encoderDocument(shown.encoder) } };
  }
}

/** A hypothesis about critical points: computed, or that the pattern is realizable. */
const settle = (goal: Goal, realizable: Decision): Decision =>
  goal.kind === 'computed' ? { truth: goal.holds, proof: 'compute' } : realizable;

/** Of the claim that fits the answer. */
const conclusionOf = (answer: PatternAnswer): Decision =>
  answer.is === 'undecided'
    ? { truth: 'undecided', why: answer.why }
    : { truth: answer.is === 'critical', proof: answer.proof };

const ANY = 'T6-critical';

function claimFor(answer: PatternAnswer): string {
  if (answer.is !== 'critical' || answer.class === 'degenerate') return ANY;
  return answer.class === 'saddle' ? 'T6-saddle' : 'T6-minimum';
}

function described(answer: PatternAnswer, unrealizable: boolean): Omit<Entry, 'pattern'> {
  const nothing = { class: null, loss: null, eigenvalues: null, gradients: null };
  if (answer.is === 'undecided' && !unrealizable)
    return { verdict: 'undecided', stationary: null, ...nothing, why: answer.why };
  if (answer.is !== 'critical') {
    return { verdict: unrealizable ? 'unrealizable' : 'none', stationary: false, ...nothing };
  }
  return {
    verdict: 'critical',
    stationary: true,
    gradients: answer.stationary ? 'zero' : 'not zero',
    class: answer.class,
    ...(answer.why !== undefined && { why: answer.why }),
    ...(answer.cut && { cut: `no minimum in ${answer.cut.looked} of ${answer.cut.of} combinations of critical rows` }),
    loss: enclosure(...answer.loss),
    eigenvalues: answer.eigenvalues.map((lambda) => enclosure(...lambda)),
  };
}
