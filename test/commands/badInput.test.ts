import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { corpora, dictum, dictumProcess, folder } from './run.ts';

/** `FILE: PATH: expected ..., found ... (CODE)`, a line for each file in malformed/. */
const messages = readFileSync(join(corpora, 'messages.txt'), 'utf8').trimEnd().split('\n');
const malformed = join(corpora, 'malformed/');

describe('malformed instances', () => {
  test('the corpus and its messages are of one size', () => {
    expect(messages.map((line) => line.split(':')[0])).toEqual(readdirSync(malformed).sort());
  });

  test.each(messages)('%s', (message) => {
    const [file = ''] = message.split(':');
    const ran = dictum(['realize', malformed + file, '--pattern', '1', '--json']);
    expect(ran.code).toBe(2);
    expect(ran.err.split('\n')[0]).toBe(malformed + message);
    const document = JSON.parse(ran.out) as Record<string, string>;
    expect(document).toMatchObject({ format: 'dictum/error@1', kind: 'malformed', file: malformed + file });
    const path = document.path === undefined ? '' : ` ${document.path}:`;
    expect(message).toBe(
      `${file}:${path} expected ${document.expected}, found ${document.found?.replaceAll('\u2028', '')} (${document.code})`,
    );
    expect(document.next).toMatch(/\w+[.?]?$/);
  });

  test.each(['not-json.json', 'duplicate-key.json', 'nan.json', 'not-utf-8.json', 'array.json'])(
    'as a certificate: %s',
    (file) => {
      const ran = dictum(['check', malformed + file]);
      expect(ran.code).toBe(2);
      expect(ran.out).toContain(`${file}: `);
      expect(ran.out).toContain(
        file === 'not-utf-8.json' ? '0 certificates replayed, 1 rejected' : '1 certificate replayed, 1 rejected',
      );
    },
  );
});

describe('generated', () => {
  const cases: readonly [string, string, RegExp][] = [
    ['deep nesting', '['.repeat(100_000), /: \$(\[0\])+: expected at most 64 levels, found more \(too-deep\)/],
    ['deep objects', '{"a":'.repeat(100_000), /\(too-deep\)/],
    [
      'a number of 30,000 digits',
      `[${'7'.repeat(30_000)}]`,
      /: \$\[0\]: expected at most 20000 digits, found 30000 \(too-large\)/,
    ],
    ['an escape sequence for the terminal', '{"\u001b[31m\\u001b":1,"\\u001b":2}', /expected .* \(not-json\)/],
  ];
  test.each(cases)('%s', (_, text, message) => {
    const file = join(folder(), 'generated.json');
    writeFileSync(file, text);
    for (const args of [
      ['realize', file, '-p', '1'],
      ['import', file, '-s', 'a'],
      ['check', file],
    ]) {
      const ran = dictum(args);
      expect(ran.code).toBe(2);
      expect(ran.out + ran.err).toMatch(message);
      expect(ran.out + ran.err).not.toContain('\u001b');
    }
  });

  test('50 MB', () => {
    const file = join(folder(), 'large.json');
    writeFileSync(file, '');
    truncateSync(file, 50_000_000);
    for (const args of [
      ['realize', file],
      ['import', file, '-s', 'a'],
      ['check', file],
    ]) {
      const ran = dictum(args);
      expect(ran.code).toBe(2);
      expect(ran.out + ran.err).toContain(
        `${file}: expected at most 33554432 bytes (32 MiB), found 50000000 bytes (too-large)`,
      );
    }
  });

  test('an endless pipe is not read to its end', () => {
    const ran = dictumProcess(['check', '-'], { input: ' '.repeat(34_000_000) });
    expect(ran.code).toBe(2);
    expect(ran.out).toContain('-: expected at most 33554432 bytes (32 MiB), found more (too-large)');
  });

  test('no such file, a folder, a path through a file', () => {
    const at = folder();
    const file = join(at, 'f.json');
    writeFileSync(file, '{}');
    expect(dictum(['realize', join(at, 'none.json')]).err).toContain(
      'expected a readable file, found no such file or folder (unreadable)',
    );
    expect(dictum(['realize', at]).err).toContain('expected a file, found a folder (unreadable)');
    expect(dictum(['realize', join(file, 'x')]).err).toContain('found a path that leads through a file (unreadable)');
  });
});
