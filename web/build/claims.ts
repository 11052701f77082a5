/** The published certificates as data for the page: every one replayed, the smallest of each reading and verdict kept. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ClaimOf, collect, type Entry, shownBy, verdictText, wordOf } from '../../src/commands/audit/collect.ts';
import { pictureOf } from '../../src/commands/audit/picture.ts';
import { paperWords } from '../../src/commands/explain/paper.ts';
import { explain } from '../../src/explain/explain.ts';
import type { Step } from '../../src/explain/step.ts';
import { sha256 } from '../../src/terminal/digest.ts';
import { MANIFEST, readManifest } from '../../src/terminal/manifest.ts';
import { visible } from '../../src/terminal/printable.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import type { ClaimEntry, ClaimFile, ClaimRow } from '../claims/data.ts';

/** Of each reading and verdict. */
const MOST = 4;

const folder = fileURLToPath(new URL('../../certificates', import.meta.url));

/** Files of the page, by name. */
export async function claimFiles(): Promise<ReadonlyMap<string, string>> {
  const listed = readManifest(readFileSync(`${folder}/${MANIFEST}`, 'utf8')) ?? [];
  const { claims } = await collect(folder, listed, () => undefined);
  const files = new Map<string, string>();
  const rows: ClaimRow[] = [];
  for (const claim of claims) {
    const entry = shownBy(claim);
    if (!entry) continue;
    rows.push(rowOf(claim, entry));
    const paper = await paperWords(claim.id);
    const file: ClaimFile = {
      id: claim.id,
      title: claim.title,
      ...(paper && { paper: { heading: paper.heading, words: paper.words } }),
      entries: kept(claim, entry),
    };
    files.set(`claims/${claim.id}.json`, JSON.stringify(file));
  }
  files.set('claims/index.json', JSON.stringify(rows));
  return files;
}

function rowOf(claim: ClaimOf, entry: Entry): ClaimRow {
  const explanation = explain(entry.text, CLAIMS, sha256);
  if (!('asked' in explanation)) throw new Error(`${entry.file}: ${explanation}`);
  const pattern = excluded(explanation.argument.slice(-1));
  const svg = visible(pictureOf(explanation)?.svg ?? '');
  return {
    id: claim.id,
    title: claim.title,
    readings: claim.readings.map((of) => ({
      reading: of.reading,
      word: claim.asks ? 'holds' : wordOf(of),
      verdict: verdictText(claim, of),
      says: of.says,
      reason: [...of.refuted, ...of.holding, ...of.outside][0]?.reason ?? '',
    })),
    file: entry.file,
    verdict: entry.verdict,
    ...(pattern && { pattern }),
    sentence: explanation.sentence,
    picture: svg.slice(0, svg.indexOf('</svg>') + (svg === '' ? 1 : '</svg>'.length)),
  };
}

/** The pattern that the argument shows to be out of reach, if it is about one: the plane is opened with it. */
function excluded(steps: readonly Step[]): ClaimRow['pattern'] {
  for (const { fact, steps: inner } of steps) {
    const found = fact?.relation === 'realizable' && !fact.truth ? fact.pattern : excluded(inner);
    if (found) return found;
  }
  return undefined;
}

/** What the claim is shown by, and the smallest of the others. */
function kept({ readings }: ClaimOf, shown: Entry): readonly ClaimEntry[] {
  const smallest = readings.flatMap(({ refuted, holding, outside }) =>
    [refuted, holding, outside].flatMap((list) => list.slice(0, MOST)),
  );
  return [...new Set([shown, ...smallest])].map(({ file, reading, verdict, subject, text }) => ({
    file,
    reading,
    verdict,
    name: subject.name,
    text,
  }));
}
