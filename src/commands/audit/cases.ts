/** Everything `dictum audit` decides: each claim, reading and canonical instance, and each hypothesis left out. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CLAIMS } from '../../../theorems/statements.ts';
import { proposalsFor, WITNESSES } from '../../../theorems/witnesses.ts';
import type { Subject } from '../../kernel/model/subject.ts';
import { Rejection } from '../../kernel/numbers/rejection.ts';
import type { Claim, ReadingName } from '../../kernel/proof/claim.ts';
import { certify, type Question } from '../../solve/decide/certify.ts';
import type { Proposals } from '../../solve/decide/decision.ts';
import type { Outcome } from '../../solve/proofs/certificate.ts';
import { sha256 } from '../../terminal/digest.ts';
import { readModelFile } from '../../terminal/door.ts';
import { packageRoot } from '../../terminal/package.ts';

export interface Audited {
  readonly claim: string;
  readonly reading: ReadingName;
  readonly dropped?: string;
  /** The instance's file name without its ending. */
  readonly instance: string;
  /** Relative to the folder of certificates. */
  readonly certificateFile: string;
  readonly outcome: Outcome;
}

interface Case {
  readonly claim: Claim<Subject>;
  readonly name: string;
  readonly instance: Subject;
  readonly proposals: Proposals;
}

/** Everything but what is too large to be decided in moments, or only that. */
export const SCALES = ['instances', 'paper'] as const;
export type Scale = (typeof SCALES)[number];

async function cases(scale: Scale): Promise<Case[]> {
  const found: Case[] = [];
  for (const claim of CLAIMS.values()) {
    if ((claim.about?.name === 'dictum/scale@1') !== (scale === 'paper')) continue;
    const witness = WITNESSES.get(claim.id);
    if (!witness) throw new Error(`claim ${claim.id} has no witness`);
    const folder = join(packageRoot(), 'theorems', witness.folder, 'instances');
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()) {
      const { instance } = await readModelFile(join(folder, file), claim.about?.name);
      found.push({ claim, name: basename(file, '.json'), instance, proposals: proposalsFor(claim.id) });
    }
  }
  return found;
}

/** Undefined where the reading is about something that the instance does not bring, a configuration say. */
function audit(
  { claim, name, instance, proposals }: Case,
  reading: ReadingName,
  dropped?: string,
): Audited | undefined {
  const drop = dropped === undefined ? {} : { dropped };
  const outcome = certifyIfAbout({ claim, reading, instance, proposals, ...drop });
  if (!outcome) return undefined;
  const without = dropped === undefined ? '' : `-without-${dropped}`;
  const certificateFile = `${claim.id}/${reading}${without}--${name}.json`;
  return { claim: claim.id, reading, ...drop, instance: name, certificateFile, outcome };
}

function certifyIfAbout(question: Question): Outcome | undefined {
  try {
    return certify(question, sha256);
  } catch (thrown) {
    if (thrown instanceof Rejection && thrown.code === 'missing-data') return undefined;
    throw thrown;
  }
}

/** Decides everything, in a fixed order. Where a hypothesis fails, the conclusion is also tried without it. */
export async function auditEverything(
  tell: (done: number, total: number, name: string) => void,
  scale: Scale = 'instances',
): Promise<Audited[]> {
  const audited: Audited[] = [];
  const all = await cases(scale);
  for (const [k, one] of all.entries()) {
    tell(k, all.length, `${one.claim.id} ${one.name}`);
    for (const reading of Object.keys(one.claim.readings) as ReadingName[]) {
      const result = audit(one, reading);
      if (!result) continue;
      audited.push(result);
      const fails = 'checked' in result.outcome ? result.outcome.checked.accepted.fails : undefined;
      const without = fails === undefined ? undefined : audit(one, reading, fails);
      if (without?.outcome.verdict === 'refuted') audited.push(without);
    }
    // Lets the progress line and an interruption through.
    await new Promise((resume) => setImmediate(resume));
  }
  return audited;
}
