/** docs/coverage.md: every row has an answer, about claims that exist, as the committed certificates give it. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLAIMS } from '../../theorems/statements.ts';
import { read, repository } from './markdown.ts';

interface Row {
  readonly words: string;
  readonly answer: string;
  readonly because: string;
}

interface Decided {
  readonly claim: string;
  readonly reading: string;
  readonly state: string;
}

const HEAD = '| where | words | answer | because |';

/** The rows of all tables of four columns, their heads left out. */
function rowsOf(text: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|') && line !== HEAD && !/^[|-]+$/.test(line))
    .map((line) => {
      const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
      if (cells.length !== 6) throw new Error(`four cells, not ${cells.length - 2}: ${line}`);
      const [, , words, answer, because] = cells as [string, string, string, string, string, string];
      return { words, answer, because };
    });
}

/** `T1 paper` refuted, `T1 repaired` holds: undefined if it is anything else. */
function decided(answer: string): Decided[] | undefined {
  const parts = answer.split(', ').map((part) => /^`(\S+) (\S+)` (refuted|holds|on instances)$/.exec(part));
  return parts.every((part) => part !== null)
    ? parts.map(([, claim, reading, state]) => ({ claim, reading, state }) as Decided)
    : undefined;
}

/** What is wrong with this text, row by row. */
function faults(text: string): string[] {
  return rowsOf(text).flatMap(({ words, answer, because }) => {
    const found = decided(answer);
    return [
      ...(found || /^(definition|not decidable)$/.test(answer) ? [] : [`no answer: ${answer}`]),
      ...(because === '' ? [`no reason: ${words}`] : []),
      ...[...words.matchAll(/"([^"]*)"/g)]
        .filter(([, quote = '']) => quote.split(/\s+/).length >= 20)
        .map(([quote]) => `a long quote: ${quote}`),
      ...(found ?? [])
        .filter(({ claim, reading }) => !(reading in (CLAIMS.get(claim)?.readings ?? {})))
        .map(({ claim, reading }) => `no such reading: ${claim} ${reading}`),
    ];
  });
}

const text = read('docs/coverage.md');
const all = rowsOf(text).flatMap(({ answer }) => decided(answer) ?? []);

/** The verdicts of a reading as it is stated, on its canonical instances. */
function verdicts(claim: string, reading: string): string[] {
  return readdirSync(join(repository, 'certificates', claim))
    .filter((name) => name.startsWith(`${reading}--`))
    .map((name) => (JSON.parse(read(`certificates/${claim}/${name}`)) as { verdict: string }).verdict);
}

test('every row has a known answer with a reason, about readings that exist, and quotes little', () => {
  expect(rowsOf(text).length).toBeGreaterThan(100);
  expect(faults(text)).toEqual([]);
});

test('an unknown state, a claim or a reading that is not there, a missing reason and a long quote are found', () => {
  const row = (...cells: string[]) => `| ${cells.join(' | ')} |`;
  const long = `"${'word '.repeat(20).trim()}"`;
  const bad = [
    HEAD,
    '|---|---|---|---|',
    row('a', 'b', '`T1 paper` refuted, `T1 repaired` holds', 'c'),
    row('a', 'b', '`T1 paper` proved', 'c'),
    row('a', 'b', 'undecided', 'c'),
    row('a', 'b', '`T0 paper` refuted', 'c'),
    row('a', 'b', '`T1 author` refuted', 'c'),
    row('a', 'x \\| y', 'definition', ''),
    row('a', long, 'definition', 'c'),
  ].join('\n');
  expect(faults(bad)).toEqual([
    'no answer: `T1 paper` proved',
    'no answer: undecided',
    'no such reading: T0 paper',
    'no such reading: T1 author',
    'no reason: x \\| y',
    `a long quote: ${long}`,
  ]);
  expect(() => rowsOf(row('a', 'b', 'definition'))).toThrow('four cells, not 3');
});

test('every reading of the paper and of the page about it is in the table', () => {
  const theirs = [...CLAIMS].flatMap(([claim, { readings }]) =>
    Object.keys(readings)
      .filter((reading) => reading !== 'repaired')
      .map((reading) => `${claim} ${reading}`),
  );
  const named = new Set(all.map(({ claim, reading }) => `${claim} ${reading}`));
  expect(theirs.filter((reading) => !named.has(reading))).toEqual([]);
});

// Certificates of the paper's size are made by their test.
const certified = all.filter(({ claim }) => existsSync(join(repository, 'certificates', claim)));
const cases = [...new Map(certified.map((row) => [Object.values(row).join(' '), row])).entries()];

test.each(cases)('%s: the certificates agree', (_, { claim, reading, state }) => {
  const found = verdicts(claim, reading);
  expect(found).toContain(state === 'refuted' ? 'refuted' : 'holds');
  if (state === 'holds') expect(found).not.toContain('refuted');
});
