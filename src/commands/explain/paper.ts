/** The words of the paper, from the one place that has them: the page of the claim in docs/claims/. */
import { join } from 'node:path';
import { WITNESSES } from '../../../theorems/witnesses.ts';
import { readText } from '../../terminal/files.ts';
import { blocksOf, plainText } from '../../terminal/markdown.ts';
import { packageRoot } from '../../terminal/package.ts';

export interface ClaimPage {
  /** Relative to the package: `docs/claims/absorption.md`. */
  readonly file: string;
  readonly text: string;
}

/** A folder of instances may lie within that of the page. */
export const pageName = (folder: string): string => folder.split('/')[0] ?? folder;

export async function claimPage(claim: string): Promise<ClaimPage | undefined> {
  const witness = WITNESSES.get(claim);
  if (!witness) return undefined;
  const file = `docs/claims/${pageName(witness.folder)}.md`;
  return { file, text: await readText(join(packageRoot(), file), { own: true }) };
}

/** What a page says that is said of one claim: the part under its name, where the page has parts, or all of it. */
export function partOf(text: string, claim: string): string {
  // The first part is under the title of the page, which names all its claims.
  const [first, ...parts] = text.split(/^(?=## )/m);
  const own = [...parts, first].find((part) =>
    part
      ?.split('\n')[0]
      ?.split(/[ ,:]+/)
      .includes(claim),
  );
  return own ?? text;
}

/** `**What the paper says.**`, or what the claim asks, where it stands in no paper. */
const OPENING = /^\*\*(What (?:the paper|it|they) (?:says|say|asks|ask)|What is decided)\.\*\*\s*/;

export interface PaperWords {
  readonly heading: string;
  readonly words: string;
  readonly page: string;
}

export async function paperWords(claim: string): Promise<PaperWords | undefined> {
  const page = await claimPage(claim);
  if (!page) return undefined;
  for (const text of [partOf(page.text, claim), page.text]) {
    for (const block of blocksOf(text)) {
      const opening = block.kind === 'paragraph' ? OPENING.exec(block.text) : null;
      if (block.kind !== 'paragraph' || !opening) continue;
      return { heading: opening[1] ?? '', words: plainText(block.text.replace(OPENING, '')), page: page.file };
    }
  }
  return undefined;
}
