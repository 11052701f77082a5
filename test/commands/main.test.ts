import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { certificates, corpora, dictum, dictumProcess, folder, main } from './run.ts';

const instance = join(corpora, 'valid', 'instance-relu.json');

test('--version is that of package.json', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(dictumProcess(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

test('--help lists the commands; each has help with examples', () => {
  const { code, out } = dictum(['--help']);
  expect(code).toBe(0);
  for (const name of ['audit', 'check', 'certify', 'realize', 'import']) {
    expect(out).toContain(`\n  ${name}`);
    const help = dictum([name, '--help']);
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain(`Usage: dictum ${name}`);
    expect(help.out).toMatch(/Examples:\n {2}dictum /);
    expect(dictum(['help', name]).out).toBe(help.out);
  }
  expect(dictumProcess([])).toMatchObject({ code: 2, out: '', err: out });
});

test('an unknown command or option, as text and as a document', () => {
  expect(dictum(['relize']).err).toMatch(/^dictum: expected a command: audit, check, certify, .*, found "relize" /);
  const { code, out, err } = dictumProcess(['realize', instance, '--patern', '1', '--json']);
  expect(code).toBe(2);
  expect(err).toContain(
    "dictum realize: expected [options] <instance>, found unknown option '--patern' (Did you mean --pattern?)",
  );
  expect(JSON.parse(out)).toMatchObject({ format: 'dictum/error@1', code: 'bad-arguments', file: 'dictum realize' });
});

test('colour neither in a pipe nor with NO_COLOR', () => {
  expect(dictumProcess(['check', join(certificates, 'T1')], { env: { NO_COLOR: '1' } }).out).not.toContain('\u001b');
  expect(dictumProcess(['realize', instance]).out).not.toContain('\u001b');
});

test('a bug: exit 70 and a request to report it; the stack with DICTUM_DEBUG=1', () => {
  // A broken runtime stands for a bug of ours.
  const preload = join(folder(), 'broken.mjs');
  writeFileSync(preload, 'JSON.stringify = () => { throw new Error("planted"); };');
  const run = (debug: string): { status: number | null; stderr: string } =>
    spawnSync(process.execPath, ['--import', `file://${preload}`, main, 'realize', instance, '--json'], {
      encoding: 'utf8',
      env: { ...process.env, DICTUM_DEBUG: debug },
    });
  expect(run('')).toMatchObject({ status: 70 });
  expect(run('').stderr).toMatch(/^dictum: a bug: planted\n {2}Please report it/);
  expect(run('1').stderr).toContain('    at ');
});

test('a reader that stops early is no error', () => {
  const script = '"$0" "$1" check "$2" "$2" | head -n 1; echo "$PIPESTATUS"';
  const { stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, main, certificates], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('0');
});

describe('interrupted', () => {
  test.each([10, 60, 120, 180, 240])(
    'after %i ms: the old file or the whole new one, and nothing beside',
    async (wait) => {
      const at = folder();
      const [words, out] = [join(at, 'words.json'), join(at, 'out.json')];
      const rows = Array.from(
        { length: 400 },
        (_, d) => `"w${d}":[${Array.from({ length: 100 }, (_, k) => d * k + 0.5)}]`,
      );
      writeFileSync(words, `{${rows.join(',')}}`);
      writeFileSync(out, 'old');
      const child = spawn(process.execPath, [main, 'import', words, '--unit', '--out', out], { stdio: 'ignore' });
      setTimeout(() => child.kill('SIGINT'), wait);
      const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
        child.on('exit', (...ended) => resolve(ended));
      });
      expect(signal === 'SIGINT' || code === 130 || code === 0).toBe(true);
      const text = readFileSync(out, 'utf8');
      if (text !== 'old') expect(JSON.parse(text)).toMatchObject({ format: 'dictum/instance@1' });
      expect(readdirSync(at).sort()).toEqual(['out.json', 'words.json']);
    },
  );
});
