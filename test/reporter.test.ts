import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';

const repository = fileURLToPath(new URL('..', import.meta.url));
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Runs vitest with our reporter on the given test files, in a folder of their own. */
function run(files: Record<string, string>): { lastLine: string | undefined; exitCode: number | null } {
  const folder = mkdtempSync(join(tmpdir(), 'dictum-reporter-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const config = { test: { globals: true, reporters: ['default', join(repository, 'test/reporter.ts')] } };
  writeFileSync(join(folder, 'vitest.config.mjs'), `export default ${JSON.stringify(config)};`);
  const { stdout, status } = spawnSync(
    process.execPath,
    [join(repository, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder, '--maxWorkers', '1'],
    { cwd: folder, encoding: 'utf8', env: outerEnvironment() },
  );
  expect(stdout.endsWith('\n')).toBe(true);
  return { lastLine: stdout.split('\n').at(-2), exitCode: status };
}

/** The environment without what the outer vitest added for its own workers. */
function outerEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$)/.test(name)));
}

describe('the last line of a run', () => {
  test('counts passing tests, also inside suites', () => {
    const files = { 'a.test.js': `test('a', () => {}); describe('s', () => { test('b', () => {}); });` };
    expect(run(files)).toEqual({ lastLine: '2 passed, 0 failed', exitCode: 0 });
  });

  test('counts failing and skipped tests over several files', () => {
    const files = {
      'a.test.js': `test('a', () => {}); test('b', () => { throw new Error('b'); }); test.skip('c', () => {});`,
      'd.test.js': `test('d', () => {}); test.todo('e');`,
    };
    expect(run(files)).toEqual({ lastLine: '2 passed, 1 failed, 2 skipped', exitCode: 1 });
  });

  test('counts a file that cannot load as one failure', () => {
    const files = {
      'a.test.js': `test('a', () => {});`,
      'b.test.js': `import './absent.js'; test('b', () => {});`,
    };
    expect(run(files)).toEqual({ lastLine: '1 passed, 1 failed', exitCode: 1 });
  });

  test('counts a file without a test as one failure', () => {
    const files = { 'a.test.js': `test('a', () => {});`, 'b.test.js': `export {};` };
    expect(run(files)).toEqual({ lastLine: '1 passed, 1 failed', exitCode: 1 });
  });

  test('counts a hook that throws as one failure', () => {
    const files = {
      'a.test.js': `describe('s', () => { afterAll(() => { throw new Error('hook'); }); test('a', () => {}); });`,
    };
    expect(run(files)).toEqual({ lastLine: '1 passed, 1 failed', exitCode: 1 });
  });

  test('counts an error outside every test as one failure', () => {
    const files = {
      'a.test.js': `test('a', async () => {
        Promise.reject(new Error('nobody waits for this'));
        await new Promise((resolve) => setTimeout(resolve, 50));
      });`,
    };
    expect(run(files)).toEqual({ lastLine: '1 passed, 1 failed', exitCode: 1 });
  });

  test('says so when there is no test at all, which is no success', () => {
    expect(run({})).toEqual({ lastLine: '0 passed, 0 failed', exitCode: 1 });
  });
});
