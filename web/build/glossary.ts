/** docs/glossary.md as HTML; its links to other documents are words, as the page has only this one. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { htmlOf } from '../../src/terminal/markdown.ts';

export function glossaryHtml(): string {
  const text = readFileSync(fileURLToPath(new URL('../../docs/glossary.md', import.meta.url)), 'utf8');
  return htmlOf(text, () => undefined, 2);
}
