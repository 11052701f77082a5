import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { certificates, main } from './run.ts';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

/** The files a run of `dictum` loaded, as V8 itself counts them: NODE_V8_COVERAGE lists every script, whoever loaded it. */
function loaded(...args: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'dictum-loads-'));
  const ran = spawnSync(process.execPath, [main, ...args], {
    env: { ...process.env, NODE_V8_COVERAGE: folder },
    encoding: 'utf8',
  });
  expect(ran.stderr).toBe('');
  expect(ran.status).toBe(0);
  const urls = new Set<string>();
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result: { url: string }[] };
    for (const { url } of result) if (url.startsWith('file:')) urls.add(url);
  }
  return [...urls].map((url) => relative(dist, fileURLToPath(url)).replaceAll('\\', '/')).sort();
}

const TERMINAL = [
  'advice',
  'certificateFiles',
  'closest',
  'digest',
  'ended',
  'exitCodes',
  'files',
  'formats',
  'inputs',
  'manifest',
  'paint',
  'printable',
  'problem',
  'streams',
];
const WORDS = ['beyond', 'computed', 'judged', 'landing', 'names', 'number', 'parts', 'property', 'sentence'];

test('dictum check loads the kernel, the statements, and the files of the command line named here', () => {
  // One of each claim: what is loaded depends on the claim at most.
  const one = readdirSync(certificates, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(certificates, name, readdirSync(join(certificates, name)).sort()[0] ?? ''));
  expect(one.length).toBeGreaterThan(40);
  const files = loaded('check', ...one);
  const others = files.filter(
    (f) => !/^src\/(kernel|landing\/check)\/|^theorems\/(?:[^/]+\/(?!witness)[^/]+|statements)\.js$/.test(f),
  );
  expect(others).toEqual([
    'src/commands/check.js',
    'src/commands/main.js',
    ...TERMINAL.map((name) => `src/terminal/${name}.js`),
    // Sentences, made of facts that the kernel has established.
    ...WORDS.map((name) => `src/words/${name}.js`),
  ]);
  expect(files).toContain('src/kernel/certificate.js');
  expect(files).toContain('theorems/statements.js');
});

test('the list sees what other commands load', () => {
  const files = loaded('realize', fileURLToPath(new URL('../corpora/valid/instance-relu.json', import.meta.url)));
  expect(files).toContain('src/solve/realize/realize.js');
  expect(files.some((f) => f.includes('node_modules/ajv/'))).toBe(true);
});
