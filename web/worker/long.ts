/** In a worker: what may take seconds. */
import {
  certify,
  check,
  type InstanceDocument,
  type LandscapeEntry,
  landscape,
  type PatternsResult,
  patterns,
} from '../../src/browser.ts';
import { explain } from '../../src/explain/explain.ts';
import { sha256 } from '../../src/library/sha256.ts';
import { reasonText } from '../../src/words/sentence.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { breaking, explained, replayed } from './explained.ts';
import { readOf } from './read.ts';
import { serve } from './serve.ts';
import { type WayDown, wayDown } from './wayDown.ts';

export interface Critical {
  readonly entry: LandscapeEntry;
  /** What was proved, and its certificate. */
  readonly proved?: { readonly sentence: string; readonly certificate: string };
  /** From a saddle. */
  readonly down?: WayDown;
}

export interface LandscapeQuestion {
  readonly instance: InstanceDocument;
  readonly patterns: readonly (readonly (readonly number[])[])[];
}

/** About ten seconds. */
const WORK = 5_000_000_000;

function critical(instance: InstanceDocument): Critical {
  const { pattern = [] } = instance;
  const [entry] = landscape(instance, { patterns: [pattern], certificates: true, work: WORK }).patterns;
  if (!entry) throw new Error('a pattern without an answer');
  const found = entry.certificate === undefined ? undefined : check(entry.certificate);
  const down = entry.class === 'saddle' ? downFrom(entry.certificate ?? '') : undefined;
  return {
    entry,
    ...(down && { down }),
    ...(found?.accepted &&
      'facts' in found &&
      entry.verdict === 'critical' && {
        proved: { sentence: reasonText(found, readOf(instance)), certificate: entry.certificate as string },
      }),
  };
}

function downFrom(certificate: string): WayDown | undefined {
  const found = explain(certificate, CLAIMS, sha256);
  return 'asked' in found && found.subject.format === 'dictum/instance@1'
    ? wayDown(found.subject, found.argument)
    : undefined;
}

/** The certificate of what the plane says, with its steps in words. */
function realizability(instance: InstanceDocument): unknown {
  const decided = certify('R', instance, { work: WORK });
  return 'certificate' in decided
    ? { certificate: decided.certificate, explained: explained(decided.certificate) }
    : undefined;
}

/** Patterns of a landscape, a handful at a time, so that the page can show what is there already. */
const landscapeOf = ({ instance, patterns }: LandscapeQuestion): readonly LandscapeEntry[] =>
  landscape(instance, { patterns, work: WORK / 10 }).patterns;

serve({
  critical,
  landscape: landscapeOf,
  realizability,
  explain: explained,
  replay: replayed,
  breaking,
  patterns: (instance: InstanceDocument): PatternsResult => patterns(instance, { work: WORK, limit: 5000 }),
});
