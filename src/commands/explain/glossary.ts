/** Entries of docs/glossary.md by their words. */
import { join } from 'node:path';
import { closest } from '../../terminal/closest.ts';
import { readText } from '../../terminal/files.ts';
import { blocksOf, plainText } from '../../terminal/markdown.ts';
import { packageRoot } from '../../terminal/package.ts';
import { fail } from '../../terminal/problem.ts';

export interface Entry {
  readonly word: string;
  /** All words that it explains, its own first. */
  readonly words: readonly string[];
  readonly says: string;
}

export async function glossary(): Promise<readonly Entry[]> {
  const text = await readText(join(packageRoot(), 'docs/glossary.md'), { own: true });
  return blocksOf(text).flatMap((block) =>
    block.kind !== 'list'
      ? []
      : block.items.map((item) => {
          const bold = [...item.matchAll(/\*\*([^*]+)\*\*/g)].map(([, word]) => word ?? '');
          return { word: bold[0] ?? '', words: bold, says: plainText(item) };
        }),
  );
}

const same = (a: string, b: string): boolean => {
  const plain = (word: string): string => word.toLowerCase().replaceAll('-', ' ').trim();
  return [plain(a), plain(a).replace(/e?s$/, ''), plain(a).replace(/s$/, '')].includes(plain(b));
};

export async function entryOf(word: string): Promise<Entry> {
  const entries = await glossary();
  const found = entries.find((e) => same(word, e.word)) ?? entries.find((e) => e.words.some((w) => same(word, w)));
  if (found) return found;
  const all = entries.flatMap(({ words }) => words.map((w) => w.toLowerCase()));
  const near = closest(word, all);
  return fail(
    'unknown-word',
    { file: '--word' },
    `a word of the glossary: ${entries.map((e) => e.word.toLowerCase()).join(', ')}`,
    JSON.stringify(word),
    near === undefined ? undefined : `Did you mean "${near}"?`,
  );
}
