/** Decides claims on instances: `certify`, and the list of claims. */
import { CLAIMS } from '../../theorems/statements.ts';
import { proposalsFor } from '../../theorems/witnesses.ts';
import { decidedOf } from '../kernel/certificate.ts';
import type { Subject } from '../kernel/model/subject.ts';
import { type Claim, READINGS } from '../kernel/proof/claim.ts';
import { certify as decide } from '../solve/decide/certify.ts';
import { isLong, tooManyIn } from '../solve/decide/tooMany.ts';
import { readingText, reasonText } from '../words/sentence.ts';
import type { Decision } from './check.ts';
import { refuse } from './error.ts';
import {
  askedAbout,
  type InstanceInput,
  instanceOf,
  jsonFrom,
  type Limits,
  type ModelOptions,
  type PatternInput,
  type Undecided,
  undecided,
  withBias,
  within,
} from './instance.ts';
import type { ReadingName } from './names.ts';
import { sha256 } from './sha256.ts';
import { textOf } from './text.ts';

/** What {@link certify} takes beside the claim and the instance. */
export interface CertifyOptions extends Limits, ModelOptions {
  /** `walkthrough`, `paper` or `repaired`; without it `paper`, or the only one that the claim has. */
  readonly reading?: ReadingName;
  /** In place of the instance's own; it also tells the number of neurons. */
  readonly pattern?: PatternInput;
  /** A hypothesis to leave out, to look for a refutation without it. */
  readonly drop?: string;
}

/** A claim that was decided, with its certificate. */
export interface CertifyDecided extends Decision {
  /** SHA-256 of the canonical form of the certificate. */
  readonly id: string;
  /** The text of the certificate, `dictum/certificate@1`: what `check` and `dictum check` take. */
  readonly certificate: string;
  readonly sentence: string;
}

/** What {@link certify} returns; `verdict` tells which. */
export type CertifyResult = CertifyDecided | (Undecided & { readonly claim: string; readonly reading: ReadingName });

/** A claim, as docs/claims.md specifies it. */
export interface ClaimSummary {
  /** `T8`. */
  readonly id: string;
  readonly title: string;
  /** The format of the instances that it is about. */
  readonly about: string;
  readonly readings: readonly {
    readonly reading: ReadingName;
    readonly says: string;
    readonly hypotheses: readonly string[];
  }[];
}

/**
 * The claims that {@link certify} decides, in the order of the paper; docs/claims.md has them to the word.
 *
 * @example
 * ```ts
 * claims().map(({ id }) => id); // ['T1', 'T2', 'T3', ...]
 * ```
 */
export const claims = (): readonly ClaimSummary[] =>
  [...CLAIMS.values()].map(({ id, title, about, readings }) => ({
    id,
    title,
    about: about?.name ?? 'dictum/instance@1',
    readings: READINGS.flatMap((reading) => {
      const found = readings[reading];
      return found ? [{ reading, says: found.says, hypotheses: found.hypotheses.map(({ name }) => name) }] : [];
    }),
  }));

/**
 * Decides one reading of a claim on one instance, as `dictum certify` does. Floats only propose; the certificate was accepted by the kernel.
 *
 * @param claim its id, `'T8'`
 * @param instance in the format that the claim is about: `dictum/instance@1` or @2; `dictum/report@1` for B1, `dictum/scale@1` for T4-scale
 * @returns `holds`, `refuted` or `not-applicable` (a hypothesis fails) with a certificate, or `undecided` with the reason
 * @throws InputError if there is no such claim, reading, hypothesis or feature, the instance cannot be read, lacks what the claim is about
 * (a pattern, a configuration, ...), or has a tie that Top-k would break
 * @example
 * ```ts
 * const result = certify('T8', await readFile('three.json', 'utf8'), { reading: 'paper' });
 * if (result.verdict === 'undecided') console.log(result.why);
 * else await writeFile('T8.json', result.certificate);
 * ```
 */
export function certify(claim: string, instance: InstanceInput | object, options: CertifyOptions = {}): CertifyResult {
  const found = CLAIMS.get(claim) ?? refuse('unknown-word', 'claim', [...CLAIMS.keys()].join(', '), `${claim}`);
  const reading = readingOf(found, options.reading);
  const { drop: dropped } = options;
  const names = found.readings[reading]?.hypotheses.map((h) => h.name) ?? [];
  if (dropped !== undefined && !names.includes(dropped)) refuse('unknown-word', 'drop', names.join(', '), dropped);
  const text = textOf(instance, 'instance');
  const json = jsonFrom(text);
  const many = isLong(text) ? tooManyIn(json, options.pattern?.length) : undefined;
  const about = `${readingText({ claim, reading, ...(dropped !== undefined && { dropped }) })}`;
  if (many !== undefined) return { claim, reading, ...undecided(about, many) };
  const m = shaped(instanceOf(json, found.about?.name ?? 'dictum/instance@1'), options);
  const proposals = proposalsFor(claim);
  const question = { claim: found, reading, ...(dropped !== undefined && { dropped }), instance: m, proposals };
  const outcome = within(options, () => decide(question, sha256));
  if (!('checked' in outcome)) return { claim, reading, ...undecided(about, outcome.why) };
  const { accepted } = outcome.checked;
  const sentence = `${about} ${accepted.verdict}: ${reasonText(accepted, m)}`;
  return { ...decidedOf(accepted), id: accepted.id, certificate: outcome.certificate, sentence };
}

/** What has no features has no pattern. */
function shaped(m: Subject, { pattern, bias }: CertifyOptions): Subject {
  if (m.format === 'dictum/instance@1')
    return askedAbout(withBias(m, bias), { ...(pattern !== undefined && { pattern }) }, true);
  return pattern === undefined ? m : refuse('bad-arguments', 'pattern', `no pattern, of ${m.format}`, 'a pattern');
}

function readingOf(claim: Claim<Subject>, named: string | undefined): ReadingName {
  const names = READINGS.filter((name) => claim.readings[name]);
  const [only, ...others] = names;
  if (named === undefined && only !== undefined && others.length === 0) return only;
  const wanted = named ?? 'paper';
  return names.find((name) => name === wanted) ?? refuse('unknown-word', 'reading', names.join(', '), `${named}`);
}
