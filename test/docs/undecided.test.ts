/** docs/audit.md names what is missing for each row of the matrix that leaves many instances undecided, and for no other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SearchResult } from '../../src/solve/search/search.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('a row with more than one undecided in twenty', () => {
  const [, ...lines] = read('certificates/matrix.jsonl').trim().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as { cell: string } & SearchResult);
  const open = rows.filter((row) => !row.counterexample && 20 * row.undecided > row.accepted);
  const named = [...read('docs/audit.md').matchAll(/^\| ([\w-]+) \| ([^|]+) \|[^|]+\|$/gm)];
  const says = (cell: string): boolean => {
    const [claim, , column] = cell.split('/') as [string, string, string];
    return named.some(([, id, without = '']) =>
      without.startsWith('all but ')
        ? id === claim && column !== without.slice('all but '.length).trim()
        : id === claim && without.trim().split(', ').includes(column),
    );
  };
  expect(open.filter(({ cell }) => !says(cell)).map(({ cell }) => cell)).toEqual([]);
  for (const [, id] of named.slice(1)) {
    if (id !== '---') expect(open.map(({ cell }) => cell.split('/')[0])).toContain(id);
  }
});
