/** `dictum inspect MODEL --latent N --certificate FILE`: what was found of one latent, as a certificate. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { CLAIMS } from '../../../theorems/statements.ts';
import { questionOf } from '../../inspect/question.ts';
import type { InspectRequest, InspectResult } from '../../inspect/request.ts';
import { certify } from '../../solve/decide/certify.ts';
import { sha256 } from '../../terminal/digest.ts';
import { writeAtomically } from '../../terminal/files.ts';
import { fail } from '../../terminal/problem.ts';
import { reasonText } from '../../words/sentence.ts';

export interface CertificateOptions {
  readonly latent?: string;
  readonly certificate?: string;
  readonly separable?: string;
}

/** The latent asked about, if one is. */
export function latentIn({ latent, certificate, separable }: CertificateOptions, latents: number): number | undefined {
  if (separable !== undefined && latent !== undefined)
    fail('bad-arguments', { file: '--separable' }, 'one question at a time', '--latent beside it');
  if (separable !== undefined || (latent === undefined && certificate === undefined)) return undefined;
  if (latent === undefined || certificate === undefined) {
    const [given, missing] =
      latent === undefined ? ['--certificate', '--latent N'] : ['--latent', '--certificate FILE'];
    fail(
      'bad-arguments',
      { file: given, next: 'Give both: which latent, and the file. --html has a card of each latent.' },
      `${missing} beside it`,
      'none',
    );
  }
  const value = /^[0-9]{1,7}$/.test(latent) ? Number(latent) : latents;
  if (value < latents) return value;
  return fail('bad-arguments', { file: '--latent' }, `an index from 0 to ${latents - 1}`, JSON.stringify(latent));
}

/** Writes the certificate, and returns what it proves. */
export async function writeLatent(
  request: InspectRequest,
  result: InspectResult,
  latent: number,
  model: string,
  to: string,
): Promise<string> {
  const source = `${basename(model)}, SHA-256 ${await digestOf(model)}`;
  const { claim, about } = questionOf(request, result, latent, source);
  const of = CLAIMS.get(claim);
  if (!of) throw new Error(`no claim ${claim}`);
  const outcome = certify({ claim: of, reading: 'ours', instance: about, proposals: {} }, sha256);
  if (outcome.verdict === 'undecided') throw new Error(`${claim} is settled by computing`);
  await writeAtomically(to, outcome.certificate);
  const { accepted } = outcome.checked;
  return `${claim} ${outcome.verdict}: ${reasonText(accepted, accepted.instance)}`;
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
