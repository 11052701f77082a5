import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FileNames, namePart } from '../../src/terminal/fileNames.ts';
import { outputs, readText, writeAtomically } from '../../src/terminal/files.ts';
import { writeInside } from '../../src/terminal/folders.ts';
import { Failure, type Problem } from '../../src/terminal/problem.ts';
import { corpora, dictum, folder } from '../commands/run.ts';

const refused = async (promise: Promise<unknown>): Promise<Problem> => {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(Failure);
  return (thrown as Failure).problem;
};

describe('an output is no input', () => {
  test('by the same path, another path, a link, a hard link; a copy is another file', async () => {
    const at = folder();
    const file = join(at, 'in.json');
    writeFileSync(file, 'precious');
    mkdirSync(join(at, 'sub'));
    symlinkSync(file, join(at, 'soft.json'));
    symlinkSync(at, join(at, 'around'));
    linkSync(file, join(at, 'hard.json'));
    copyFileSync(file, join(at, 'copy.json'));
    expect(await readText(join(at, 'around', 'in.json'))).toBe('precious');
    const same = ['in.json', 'sub/../in.json', 'soft.json', 'around/in.json', 'around/around/soft.json', 'hard.json'];
    for (const name of same) {
      const path = `${at}/${name}`;
      expect(await refused(writeAtomically(path, 'gone'))).toMatchObject({ code: 'overwrites-input', file: path });
      expect(await refused(outputs(path))).toMatchObject({ code: 'overwrites-input' });
    }
    await outputs(join(at, 'copy.json'), join(at, 'new.json'));
    await writeAtomically(join(at, 'copy.json'), 'new');
    expect(readFileSync(file, 'utf8')).toBe('precious');
    // What a command means to write anew it may.
    await writeAtomically(file, 'anew', true);
    expect(readFileSync(file, 'utf8')).toBe('anew');
  });

  test('two outputs are two files; a folder, a read-only file, a missing folder and a dangling link are told at once', async () => {
    const at = folder();
    expect(await refused(outputs(join(at, 'x'), undefined, join(at, '.', 'x')))).toMatchObject({
      code: 'cannot-write',
      found: 'the same file twice',
    });
    writeFileSync(join(at, 'kept'), 'old');
    chmodSync(join(at, 'kept'), 0o444);
    symlinkSync(join(at, 'nowhere'), join(at, 'dangling'));
    for (const [name, found] of [
      ['.', 'a folder'],
      ['kept', 'a read-only file'],
      ['none/f', 'no such file or folder'],
      ['dangling', 'a link that leads nowhere'],
      ['kept/f', 'a path that leads through a file'],
    ] as const) {
      expect(await refused(outputs(join(at, name)))).toMatchObject({ code: 'cannot-write', found });
      expect(await refused(writeAtomically(join(at, name), 'x'))).toMatchObject({ code: 'cannot-write', found });
    }
    expect(readFileSync(join(at, 'kept'), 'utf8')).toBe('old');
    expect(readdirSync(at).sort()).toEqual(['dangling', 'kept']);
  });

  test('into a folder of ours nothing is written through a link', async () => {
    const at = folder();
    mkdirSync(join(at, 'proofs'));
    mkdirSync(join(at, 'theirs'));
    writeFileSync(join(at, 'theirs', 'end-1.json'), 'theirs');
    symlinkSync(join(at, 'theirs', 'end-1.json'), join(at, 'proofs', 'end-1.json'));
    symlinkSync(join(at, 'theirs'), join(at, 'proofs', 'T6'));
    for (const name of ['end-1.json', 'T6/end-1.json', 'T6/new.json'])
      expect((await refused(writeInside(join(at, 'proofs'), name, 'ours'))).code).toBe('cannot-write');
    expect(readFileSync(join(at, 'theirs', 'end-1.json'), 'utf8')).toBe('theirs');
    expect(readdirSync(join(at, 'theirs'))).toEqual(['end-1.json']);
    await writeInside(join(at, 'proofs'), 'T8/a.json', 'ours');
    expect(readFileSync(join(at, 'proofs', 'T8', 'a.json'), 'utf8')).toBe('ours');
  });

  const valid = (name: string): string => join(corpora, 'valid', name);
  const FOREIGN = new URL('../train/checkpoint/foreign/', import.meta.url).pathname;
  // Each command that writes to a file named, with the option that names its input.
  const commands: readonly (readonly [string, string, (file: string, at: string) => readonly string[]])[] = [
    ['certify', valid('instance-relu.json'), (f) => ['certify', 'T3', f, '--out', f]],
    ['import', valid('vectors-map.json'), (f) => ['import', f, '--out', f]],
    ['realize', valid('instance-relu.json'), (f) => ['realize', f, '-p', '1', '--certificate', f]],
    ['patterns --certify', valid('instance-relu.json'), (f) => ['patterns', f, '--certify', f]],
    ['patterns --resume', valid('instance-relu.json'), (f) => ['patterns', f, '--resume', f]],
    [
      'metrics --instance',
      join(FOREIGN, 'words.json'),
      (f) => [
        'metrics',
        join(FOREIGN, 'saelens-words', 'sae_weights.safetensors'),
        '-f',
        f,
        '--augment',
        '--instance',
        f,
      ],
    ],
    [
      'regress --report',
      new URL('../../regress/suite.json', import.meta.url).pathname,
      (f) => ['regress', f, '--report', f],
    ],
  ];
  test.each(commands)('%s', (_, from, args) => {
    const file = join(folder(), 'input.json');
    if (_ === 'metrics --instance') {
      expect(dictum(['import', from, '--against', 'all', '--unit', '--out', file]).code).toBe(0);
    } else copyFileSync(from, file);
    const before = readFileSync(file, 'utf8');
    const ran = dictum(args(file, file));
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/found the input .* \(overwrites-input\)/);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('land keeps its input, where the folder of certificates is that of the input', () => {
    const at = folder();
    const file = join(at, 'end-1.json');
    copyFileSync(valid('instance-relu.json'), file);
    const landed = dictum(['land', file, '--runs', '3', '--certificates', at]);
    expect(landed.err).toContain('(overwrites-input)');
    expect(landed.code).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(valid('instance-relu.json'), 'utf8'));
  });
});

describe('names of certificates', () => {
  test('as many as there are things, on any file system', () => {
    const ids = fc.array(fc.string({ unit: fc.constantFrom('a', 'A', '1', '-', '_', ' ', '/', '.', '\u00e9', '2') }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(ids, (given) => {
        const names = new FileNames();
        const made = given.map((id) => names.next(`table-${namePart(id)}`, '.json'));
        expect(new Set(made.map((name) => name.toLowerCase())).size).toBe(given.length);
        for (const name of made) expect(name).toMatch(/^table-[A-Za-z0-9._-]*\.json$/);
      }),
    );
    const names = new FileNames();
    const long = ['x'.repeat(5000), `${'x'.repeat(4999)}y`].map((id) => names.next(`table-${namePart(id)}`, '.json'));
    expect(new Set(long).size).toBe(2);
    for (const name of long) expect(name.length).toBeLessThan(100);
  });

  test('dictum tables writes one file for each finding it counts', () => {
    const at = folder();
    const row = (percent: string): unknown[] => ['x', false, 'y', percent, '0.5'];
    const columns = ['method', 'anchored', 'condition', 'gtRecoveryPercent', 'meanBestMatch'];
    const ids = ['4-a', '4_a', '4 a', '4-A', '4-a', 'con', '../up', 'x'.repeat(300)];
    const tables = ids.map((id) => ({ id, params: { n: 1000 }, columns, rows: [row('99.00')] }));
    writeFileSync(join(at, 'tables.json'), JSON.stringify({ source: 's', metric: { tau: '0.95' }, tables }));
    const ran = dictum(['tables', join(at, 'tables.json'), '--certificates', join(at, 'found'), '--json']);
    expect(ran.code).toBe(0);
    const { rows } = JSON.parse(ran.out) as { rows: { findings: { file: string; id: string }[] }[] };
    const named = rows.flatMap(({ findings }) => findings);
    expect(named.length).toBe(ids.length);
    expect(readdirSync(join(at, 'found')).sort()).toEqual(named.map(({ file }) => file).sort());
    for (const { file, id } of named)
      expect(JSON.parse(readFileSync(join(at, 'found', file), 'utf8'))).toMatchObject({ id });
    expect(readdirSync(at).sort()).toEqual(['found', 'tables.json']);
  });
});
