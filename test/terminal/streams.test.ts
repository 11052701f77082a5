import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { printable, visible } from '../../src/terminal/printable.ts';
import { corpora, dictum, folder, main } from '../commands/run.ts';

/** C0, DEL, C1, and what turns the direction of text. */
const UNSEEN: readonly number[] = [
  ...Array.from({ length: 0x20 }, (_, k) => k),
  0x7f,
  ...Array.from({ length: 0x20 }, (_, k) => 0x80 + k),
  0x61c,
  0x200e,
  0x200f,
  0x2028,
  0x2029,
  ...Array.from({ length: 5 }, (_, k) => 0x202a + k),
  ...Array.from({ length: 4 }, (_, k) => 0x2066 + k),
];
const HOSTILE = String.fromCharCode(...UNSEEN);

/** The characters of that list which a text has, but for line feeds. */
const unseenIn = (text: string): string[] =>
  [...text].filter((c) => c !== '\n' && UNSEEN.includes(c.charCodeAt(0))).map((c) => c.charCodeAt(0).toString(16));

test('every character of the list is escaped, and no other', () => {
  for (let code = 0; code < 0x3000; code++) {
    const char = String.fromCharCode(code);
    const escapes = `\\u${code.toString(16).padStart(4, '0')}`;
    const listed = UNSEEN.includes(code);
    expect(printable(char)).toBe(listed ? escapes : char);
    expect(visible(char)).toBe(listed && char !== '\n' ? escapes : char);
    expect(JSON.parse(visible(JSON.stringify(char)))).toBe(char);
  }
});

test('nothing in the sources goes to a stream but through streams.ts', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const files = ['src', 'theorems'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map((name) => join(top, name)),
  );
  /** Without comments: the examples of the library's documentation print. */
  const code = (name: string): string =>
    readFileSync(join(root, name), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const direct = files.filter(
    (name) => name.endsWith('.ts') && /process\.std(out|err)\.(write|end|pipe)|console\.\w+\(/.test(code(name)),
  );
  expect(direct).toEqual([join('src', 'terminal', 'streams.ts')]);
});

describe('text of a file reaches no terminal raw', () => {
  const at = folder();
  const label = (name: string): string => `${name}${HOSTILE}\nFORGED ${name}`;
  const features = [
    { label: label('a'), wp: ['1', '0'] },
    { label: label('b'), wp: ['0', '1'] },
    { label: label('c'), wp: ['-1', '0'] },
  ];
  const instance = join(at, 'instance.json');
  const kind = { activation: { kind: 'relu' }, neurons: 2, pattern: [[1, 2], []] };
  writeFileSync(instance, JSON.stringify({ format: 'dictum/instance@1', name: label('i'), features, ...kind }));
  const vectors = join(at, 'vectors.json');
  writeFileSync(vectors, JSON.stringify({ [label('a')]: [1, 0], [label('b')]: [0, 1] }));
  const tables = join(at, 'tables.json');
  const columns = ['method', 'anchored', 'condition', 'gtRecoveryPercent', 'meanBestMatch'];
  const rows = [[label('m'), false, label('y'), '99.00', '0.5']];
  const table = { id: label('t'), params: { n: 1000 }, columns, rows };
  writeFileSync(tables, JSON.stringify({ source: label('s'), metric: { tau: '0.95' }, tables: [table] }));
  const other = join(at, 'other.json');
  writeFileSync(other, JSON.stringify({ format: label('f'), [label('k')]: 1 }));
  const broken = join(at, 'broken.json');
  writeFileSync(broken, `{"format":"dictum/instance@1","${'\u202e\u009b'}": ]`);
  const named = join(at, `n${HOSTILE.replace('\0', '').replace('/', '')}.json`);
  writeFileSync(named, '{}');

  test.each<readonly [string, readonly string[]]>([
    ['realize', ['realize', instance]],
    ['realize, refuted', ['realize', instance, '-p', '1,3']],
    ['patterns with labels', ['patterns', instance, '--list', '--labels']],
    ['neighbours', ['patterns', instance, '--neighbours', '1,2;', '--labels']],
    ['partitions', ['patterns', instance, '--partitions', '--list', '--labels']],
    ['landscape', ['landscape', instance, '--given', '--jobs', '1']],
    ['certify', ['certify', 'R', instance]],
    ['import', ['import', vectors]],
    ['land', ['land', instance, '--runs', '2', '--threads', '1']],
    ['tables', ['tables', tables]],
    ['an unknown format', ['certify', 'T6', other]],
    ['an unknown key', ['check', other]],
    ['broken JSON', ['realize', broken]],
    ['a file name', ['check', named]],
    ['a missing file', ['realize', named.replace('.json', 'x.json').replace('\0', '')]],
    ['a label that is none', ['realize', instance, '-p', `z${HOSTILE.slice(1)}`]],
    ['a word of the command line', ['certify', `z${HOSTILE.slice(1)}`, instance]],
    ['an option', ['realize', instance, `--z${HOSTILE.slice(1)}`]],
  ])('%s', (_, args) => {
    for (const more of [[], ['--json']]) {
      const { code, out, err } = dictum([...args, ...more]);
      expect(code).not.toBe(70);
      expect(unseenIn(out + err)).toEqual([]);
      expect(`\n${out}${err}`).not.toContain('\nFORGED');
    }
  });
});

describe('standard output that cannot be written', () => {
  const valid = join(corpora, 'valid', 'instance-relu.json');
  const shell = (script: string, ...args: readonly string[]): { code: string; out: string; err: string } => {
    const { stdout, stderr } = spawnSync('bash', ['-c', `${script}`, process.execPath, main, ...args], {
      encoding: 'utf8',
    });
    return { code: stdout.trimEnd().split('\n').at(-1) ?? '', out: stdout, err: stderr };
  };

  test.each([
    ['realize', ['realize', valid, '-p', '1']],
    ['certify', ['certify', 'T3', valid]],
    ['certify --json', ['certify', 'T3', valid, '--json']],
    ['patterns --list', ['patterns', valid, '--list']],
    ['check', ['check', valid]],
    ['help', ['--help']],
  ])('a full disk: exit 2 and said, no bug (%s)', (_, args) => {
    const { code, err } = shell('"$0" "$@" > /dev/full; echo "$?"', ...args);
    expect(err).toMatch(/standard output: .*no space left on device \(cannot-write\)/);
    expect(err).not.toContain('a bug');
    expect(code).toBe('2');
  });

  test('a reader that goes away ends a long list at once and in silence', () => {
    const at = folder();
    const n = 16;
    const features = Array.from({ length: n }, (_, i) => ({
      label: `${i + 1}`,
      wp: Array.from({ length: n }, (__, j) => (i === j ? '1' : '0')),
    }));
    const units = join(at, 'units.json');
    const kind = { activation: { kind: 'relu' }, neurons: 1 };
    writeFileSync(units, JSON.stringify({ format: 'dictum/instance@1', name: 'units', features, ...kind }));
    const lines = join(at, 'patterns.txt');
    writeFileSync(lines, '1,2\n'.repeat(20_000));
    for (const args of [
      ['patterns', units, '--list', '--jobs', '1'],
      ['patterns', units, '--list', '--json', '--jobs', '1'],
      ['realize', units, '--patterns', lines, '--jobs', '1'],
    ]) {
      const { code, err } = shell('"$0" "$@" | head -c 30 > /dev/null; echo "$PIPESTATUS"', ...args);
      expect(err).toBe('');
      expect(code).toBe('0');
    }
  });
});
