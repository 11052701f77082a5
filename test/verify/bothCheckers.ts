/** Both checkers on the same documents. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { check } from '../../src/kernel/certificate.ts';
import { Rejection } from '../../src/kernel/numbers/rejection.ts';
import { checkLanding, isLanding } from '../../src/landing/check/landing.ts';
import { sha256 } from '../../src/terminal/digest.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { resealed, type Value } from '../theorems/mutate.ts';

const SECOND = join(import.meta.dirname, '../../verify/dictum_check.py');
const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;

/** Without Python there is no second checker; in CI that is a failure. */
export const noSecond: boolean = !python && !process.env.CI;

/** A document, and the code of its rejection, or undefined; the kind where the code has two. */
export type Case = readonly [what: string, document: Value, code?: string, kind?: 'malformed' | 'invalid'];

export function told(result: unknown): string {
  return result instanceof Rejection ? `${result.kind} ${result.code}` : 'accepted';
}

/** What each says of the texts, in one call of the second: `accepted`, or kind and code. */
export function both(texts: readonly string[]): (readonly [one: string, other: string])[] {
  const options = { input: texts.join('\n'), encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const lines = spawnSync('python3', [SECOND, '--lines'], options).stdout.trim().split('\n');
  expect(lines).toHaveLength(texts.length);
  return texts.map((text, k) => {
    const second = JSON.parse(lines[k]!) as { accepted: boolean; kind?: string; code?: string };
    const one = isLanding(text) ? checkLanding(text, sha256) : check(text, CLAIMS, sha256);
    return [told(one), second.accepted ? 'accepted' : `${second.kind} ${second.code}`];
  });
}

export function sayTheSame(cases: readonly Case[]): void {
  both(cases.map(([, document]) => resealed(document))).forEach(([one, other], k) => {
    const [what, , code, kind] = cases[k]!;
    expect([what, one, other]).toEqual([what, one, one]);
    if (code === undefined) expect([what, one]).toEqual([what, 'accepted']);
    else expect([what, one]).toEqual([what, expect.stringMatching(new RegExp(`^${kind ?? '\\w+'} ${code}$`))]);
  });
}
