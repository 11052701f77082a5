/** What the documents link to, as GitHub resolves it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository: string = fileURLToPath(new URL('../..', import.meta.url));
export const read = (file: string): string => readFileSync(join(repository, file), 'utf8');

/** Text outside of fenced blocks and code spans: what is in them is no link and no heading. */
const prose = (text: string): string =>
  text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]]/g, ' '));

/** The targets of `[text](target)` and `![text](target)`. */
export const links = (text: string): string[] =>
  [...prose(text).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target as string);

/** The names after `#` that a document can be entered by: its headings, and `<a id="...">`. */
export function anchors(text: string): Set<string> {
  const headings = [...prose(text).matchAll(/^#{1,6} +(.+)$/gm)].map(([, title]) =>
    (title as string)
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
  const given = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id as string);
  return new Set([...headings, ...given]);
}

/** Links of this text, standing in `file`, that lead nowhere; links to other hosts are not followed. */
export function broken(file: string, text: string): string[] {
  return links(text).filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path = '', fragment] = target.split('#');
    const to = path === '' ? join(repository, file) : resolve(repository, dirname(file), path);
    if (relative(repository, to).startsWith('..') || !existsSync(to)) return true;
    if (fragment === undefined) return false;
    const entered = path === '' ? text : statSync(to).isFile() ? readFileSync(to, 'utf8') : '';
    return !anchors(entered).has(fragment);
  });
}

/** Markdown files of a folder, and of the folders in it. */
export const markdownUnder = (folder: string): string[] =>
  readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
