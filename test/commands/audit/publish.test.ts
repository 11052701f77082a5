import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Paper, publish } from '../../../src/commands/audit/publish.ts';
import { manifestText, readManifest } from '../../../src/terminal/manifest.ts';
import { Failure } from '../../../src/terminal/problem.ts';
import { thorough } from '../../thorough.ts';
import { certificates, dictum, folder, main } from '../run.ts';

/** Looks like a certificate to whoever cleans up by looks. */
const MINE = '{"format": "dictum/certificate@1", "verdict": "holds"}';
const paper = (file: string, certificate?: string): Paper => ({
  file,
  verdict: certificate === undefined ? 'undecided' : 'holds',
  ...(certificate !== undefined && { certificate }),
});
const none = { keep: () => false, recorded: [] };

test('without a manifest nothing goes but names of this audit, and nothing through a link', async () => {
  const at = folder();
  const mine = join(at, 'mine');
  for (const name of ['mine/T6', 'mine/sub', 'other', 'mine/T9']) mkdirSync(join(at, name), { recursive: true });
  const kept = ['mine/mine.json', 'mine/sub/also.json', 'mine/T6/other.json', 'other/linked.json', 'other/open.json'];
  for (const name of [...kept, 'mine/T6/open.json']) writeFileSync(join(at, name), MINE);
  symlinkSync(join(at, 'other'), join(mine, 'link'));
  symlinkSync(join(at, 'other', 'linked.json'), join(mine, 'T9', 'open.json'));
  const papers = [paper('T8/a.json', MINE), paper('T6/open.json'), paper('T9/open.json'), paper('link/open.json')];
  expect(await publish(papers, mine, none)).toMatchObject({ files: ['T8/a.json'], removed: ['T6/open.json'] });
  for (const name of kept) expect(existsSync(join(at, name)), name).toBe(true);
  expect(readManifest(readFileSync(join(mine, 'manifest.json'), 'utf8'))).toEqual(['T8/a.json']);

  // The next audit knows what it wrote, and lets go of it alone.
  const second = await publish([paper('T8/b.json', MINE)], mine, none);
  expect(second).toMatchObject({ files: ['T8/b.json'], removed: ['T8/a.json'] });
  for (const name of kept) expect(existsSync(join(at, name)), name).toBe(true);
});

test('a manifest is believed only where it names plain files below the folder that are certificates', async () => {
  const at = folder();
  const mine = join(at, 'mine');
  mkdirSync(mine);
  mkdirSync(join(at, 'out'));
  symlinkSync(join(at, 'out'), join(mine, 'link'));
  for (const name of ['victim.json', 'out/a.json', 'mine/matrix.jsonl']) writeFileSync(join(at, name), MINE);
  writeFileSync(join(mine, 'notes.json'), '{"format": "notes"}');
  const listed = [
    '../victim.json',
    'link/a.json',
    './link/../../victim.json',
    `${at}/victim.json`,
    'notes.json',
    'matrix.jsonl',
    'gone.json',
  ];
  writeFileSync(join(mine, 'manifest.json'), manifestText(listed));
  expect((await publish([], mine, none)).removed).toEqual([]);
  expect(readdirSync(at).sort()).toEqual(['mine', 'out', 'victim.json']);
  expect(readdirSync(mine).sort()).toEqual(['link', 'manifest.json', 'matrix.jsonl', 'notes.json']);
  expect(readdirSync(join(at, 'out'))).toEqual(['a.json']);
});

test("a user's own manifest.json is not written over; what an audit did not look at may stay", async () => {
  const at = folder();
  writeFileSync(join(at, 'manifest.json'), '{"mine": true}');
  await expect(publish([paper('T8/a.json', MINE)], at, none)).rejects.toBeInstanceOf(Failure);
  expect(readdirSync(at)).toEqual(['manifest.json']);
  const other = folder();
  await publish([paper('T8/a.json', MINE), paper('T8/search--x.json', MINE)], other, none);
  const keeping = { keep: (file: string) => file.includes('search--'), recorded: [] };
  expect(await publish([], other, keeping)).toMatchObject({ files: ['T8/search--x.json'], removed: ['T8/a.json'] });
});

test('the committed manifest lists the committed certificates, and no two are one on a file system without capitals', () => {
  const listed = readManifest(readFileSync(join(certificates, 'manifest.json'), 'utf8')) ?? [];
  const there = readdirSync(certificates, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && name !== 'manifest.json')
    .map((name) => name.replaceAll('\\', '/'));
  expect(listed).toEqual(there.sort());
  expect(new Set(listed.map((name) => name.toLowerCase())).size).toBe(listed.length);
});

test('a report is not put below the certificates', () => {
  const at = folder();
  for (const out of [at, join(at, 'sub')]) {
    const ran = dictum(['audit', '--matrix', 'none', '--certificates', at, '--out', out]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('a folder that is not below --certificates');
  }
});

const python = (path: string): { code: number; out: string } => {
  const script = fileURLToPath(new URL('../../../verify/dictum_check.py', import.meta.url));
  try {
    return {
      code: 0,
      out: execFileSync('python3', [script, path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    };
  } catch (thrown) {
    const { status, stdout, stderr } = thrown as { status: number; stdout: string; stderr: string };
    return { code: status, out: stdout + stderr };
  }
};

test('both checkers pass over a manifest, and name a pipe, a link that leads nowhere and a folder that is none', () => {
  const at = folder();
  writeFileSync(join(at, 'manifest.json'), manifestText(['a.json']));
  const lone = dictum(['check', at]);
  expect(lone).toMatchObject({ code: 2 });
  expect(lone.out).toContain('no-files');
  expect(python(at).code).toBe(2);
  const certificate = join(certificates, 'T6', 'paper--face-pair.json');
  const some = existsSync(certificate)
    ? certificate
    : join(certificates, readManifest(readFileSync(join(certificates, 'manifest.json'), 'utf8'))?.[0] ?? '');
  writeFileSync(join(at, 'a.json'), readFileSync(some));
  expect(dictum(['check', at])).toMatchObject({
    code: 0,
    out: expect.stringContaining('1 certificate replayed, 0 rejected'),
  });
  expect(python(at)).toMatchObject({ code: 0 });
  expect(python(at).out).toContain('1 certificate replayed, 0 rejected');
  // By its own name it is a file like any other, and no certificate; so is another file of that name.
  expect(dictum(['check', join(at, 'manifest.json')]).out).toContain('takes the folder that it is in');
  mkdirSync(join(at, 'sub'));
  execFileSync('mkfifo', [join(at, 'sub', 'p.json')]);
  symlinkSync(join(at, 'nowhere'), join(at, 'd.json'));
  mkdirSync(join(at, 'x.json'));
  const ran = dictum(['check', at]);
  expect(ran.code).toBe(2);
  expect(ran.out).toMatch(/p\.json: expected a regular file, found a pipe/);
  expect(ran.out).toMatch(/d\.json: .*no such file/);
  expect(ran.out).toContain('1 certificate replayed, 2 rejected');
  const { code, out } = python(at);
  expect(code).toBe(2);
  expect(out).toContain('p.json: not a regular file');
  expect(out).toContain('1 certificate replayed, 0 rejected');
});

// Writing the files takes most of the time.
test.runIf(thorough)('a folder of very many files: no list of them is ever spread onto the stack', () => {
  const at = folder();
  const many = join(at, 'many', 'sub');
  mkdirSync(many, { recursive: true });
  // As many as overflow the small stack given here where they are arguments of one call.
  const count = 12_000;
  for (let k = 0; k < count; k++) writeFileSync(join(many, `${k}.json`), '');
  const ran = spawnSync(process.execPath, ['--stack-size=200', main, 'check', join(at, 'many'), '--json'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  expect(ran.stderr).toBe('');
  expect(ran.status).toBe(2);
  const { replayed, rejected, results } = JSON.parse(ran.stdout) as {
    replayed: number;
    rejected: number;
    results: { code: string }[];
  };
  expect([replayed, rejected, results.length]).toEqual([count, count, count]);
  expect(results.every(({ code }) => code === 'not-json')).toBe(true);
});
