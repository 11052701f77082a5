/** docs/claims/: a page for each folder of theorems/, and in it each claim of the folder. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readManifest } from '../../src/terminal/manifest.ts';
import { CLAIMS } from '../../theorems/statements.ts';
import { links, markdownUnder, read, repository } from './markdown.ts';

const folders = readdirSync(join(repository, 'theorems'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const pages = markdownUnder('docs/claims').filter((file) => file !== join('docs/claims', 'README.md'));

/** The ids in the title: `# T8, T8-loss: Feature absorption`. */
function idsOf(page: string): string[] {
  const [, ids] = /^# ([^:\n]+): \S/.exec(read(page)) ?? [];
  return ids?.split(', ') ?? [];
}

test('each folder of theorems/ has a page, and each page a folder', () => {
  expect(pages.map((page) => page.slice('docs/claims/'.length, -'.md'.length)).sort()).toEqual([...folders].sort());
});

test('each claim is in the title of one page', () => {
  expect(pages.flatMap(idsOf).sort()).toEqual([...CLAIMS.keys()].sort());
});

test.each(pages)('%s links to the statement it is about, which has its ids', (page) => {
  const folder = page.slice('docs/claims/'.length, -'.md'.length);
  expect(links(read(page))).toContain(`../../theorems/${folder}/statement.ts`);
  // A claim that rests on other rules than its neighbours has a file of its own.
  const statement = readdirSync(join(repository, 'theorems', folder))
    .filter((file) => file.endsWith('.ts') && !file.startsWith('witness'))
    .map((file) => read(`theorems/${folder}/${file}`))
    .join('');
  expect(idsOf(page).filter((id) => !statement.includes(`id: '${id}'`))).toEqual([]);
});

test('the index has a line for each page, with its ids', () => {
  const lines = read('docs/claims/README.md').split('\n');
  for (const page of pages) {
    const name = page.slice('docs/claims/'.length);
    expect(lines.filter((line) => line.startsWith(`| [${idsOf(page).join(', ')}](${name}) |`))).toHaveLength(1);
  }
});

test('documents count the certificates that there are', () => {
  const { length } = readManifest(read('certificates/manifest.json')) ?? [];
  for (const file of ['docs/audit.md', 'verify/README.md']) {
    const counted = [...read(file).matchAll(/(\d+) certificates replayed/g)].map(([, count]) => Number(count));
    expect([file, ...new Set(counted)]).toEqual([file, length]);
  }
});
