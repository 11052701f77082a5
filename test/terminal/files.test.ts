import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readText, writeAtomically } from '../../src/terminal/files.ts';
import { Failure } from '../../src/terminal/problem.ts';
import { corpora, dictum, dictumProcess, folder } from '../commands/run.ts';

const failure = async (promise: Promise<unknown>): Promise<Failure['problem']> => {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(Failure);
  return (thrown as Failure).problem;
};

test('writes a new file, replaces an old one, keeps its mode, follows a link', async () => {
  const at = folder();
  const file = join(at, 'f.json');
  await writeAtomically(file, 'one');
  chmodSync(file, 0o640);
  symlinkSync(file, join(at, 'link.json'));
  await writeAtomically(join(at, 'link.json'), 'zwei \u00e9');
  expect(readFileSync(file, 'utf8')).toBe('zwei \u00e9');
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(readdirSync(at).sort()).toEqual(['f.json', 'link.json']);
  expect(await readText(join(at, 'link.json'))).toBe('zwei \u00e9');
});

test('a failure leaves nothing behind and says why', async () => {
  const at = folder();
  expect(await failure(writeAtomically(join(at, 'none', 'f'), 'x'))).toMatchObject({
    code: 'cannot-write',
    found: 'no such file or folder',
  });
  mkdirSync(join(at, 'd'));
  expect(await failure(writeAtomically(join(at, 'd'), 'x'))).toMatchObject({ code: 'cannot-write', found: 'a folder' });
  writeFileSync(join(at, 'f'), '');
  expect((await failure(writeAtomically(join(at, 'f', 'g'), 'x'))).found).toBe('a path that leads through a file');
  expect(readdirSync(at).sort()).toEqual(['d', 'f']);
});

test('a full disk is said, where /dev/full plays one; a device stays a device', () => {
  const words = join(corpora, 'valid', 'vectors-map.json');
  const { code, err } = dictum(['import', words, '--out', '/dev/full']);
  expect(code).toBe(2);
  expect(err).toContain('/dev/full: expected a place to write to, found a full disk (cannot-write)');
  expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
});

test('a link is never replaced: neither one to a pipe or a device nor one that leads nowhere', async () => {
  const at = folder();
  symlinkSync('/dev/null', join(at, 'null'));
  await writeAtomically(join(at, 'null'), 'gone');
  symlinkSync(join(at, 'nowhere'), join(at, 'dangling'));
  expect(await failure(writeAtomically(join(at, 'dangling'), 'x'))).toMatchObject({
    found: 'a link that leads nowhere',
  });
  // As /dev/stdout: a link to a descriptor whose own name is no path. A socket cannot be opened by name; that is said.
  symlinkSync('/proc/self/fd/1', join(at, 'stdout'));
  const words = join(corpora, 'valid', 'vectors-map.json');
  const ran = dictumProcess(['import', words, '--out', join(at, 'stdout')]);
  expect([0, 2]).toContain(ran.code);
  if (ran.code === 2) expect(ran.err).toContain('(cannot-write)');
  else expect(JSON.parse(ran.out)).toMatchObject({ format: 'dictum/instance@1' });
  for (const name of ['null', 'dangling', 'stdout']) expect(lstatSync(join(at, name)).isSymbolicLink()).toBe(true);
  expect(readdirSync(at).sort()).toEqual(['dangling', 'null', 'stdout']);
});
