/** The package as others use it: packed, in a project of its own, from TypeScript, from JavaScript, and in a bundle for browsers. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { type BuildOptions, build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { text, three } from './support.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'dictum-project-'));
const installed = join(project, 'node_modules/dictum-sdl');
const instance = JSON.stringify(three, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
const certificate = text('certificates/T8/paper--four-directions.json');

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: project, encoding: 'utf8', maxBuffer: 1 << 28 });
  expect(status, `${stdout}${stderr}`).toBe(0);
  return stdout;
}
const node = (...args: readonly string[]): string => run(process.execPath, args);
/** The command of the installed package. */
const dictum = (...args: readonly string[]): unknown =>
  JSON.parse(node(join(installed, 'dist/src/commands/main.js'), ...args, '--json'));

beforeAll(() => {
  const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', project], {
    cwd: repository,
    encoding: 'utf8',
  });
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', packed.stdout.trim(), '-C', installed, '--strip-components=1']);
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    const at = join(project, 'node_modules', name);
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(join(repository, 'node_modules', name), at);
  }
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'project', type: 'module', private: true }));
  writeFileSync(join(project, 'instance.json'), instance);
  writeFileSync(join(project, 'certificate.json'), certificate);
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

test('from TypeScript, strict', () => {
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: { strict: true, module: 'nodenext', target: 'es2023', types: [], noEmit: true },
      files: ['project.ts'],
    }),
  );
  writeFileSync(
    join(project, 'project.ts'),
    `import { certify, check, InputError, type InstanceDocument, land, landscape, patterns, realize } from 'dictum-sdl';
import { type CheckResult, check as replay } from 'dictum-sdl/check';
import { type LandResult, land as train } from 'dictum-sdl/land';

const instance: InstanceDocument = {
  format: 'dictum/instance@1',
  name: 'pair',
  features: [{ label: 'a', wp: ['1', 0] }, { label: 'b', wp: [0n, '1/2'] }],
  activation: { kind: 'relu' },
  neurons: 2,
};
const answer = realize(instance, { pattern: [['a'], [2]] });
const why: string = answer.verdict === 'undecided' ? answer.why : answer.sentence;
const rows: readonly (readonly string[])[] = answer.verdict !== 'undecided' && answer.realizable ? answer.we : [];
const decided = certify('R', instance, { pattern: [[1], []] });
const result: CheckResult = replay(decided.verdict === 'undecided' ? '' : decided.certificate);
const facts = result.accepted && 'facts' in result ? result.facts.map(({ relation }) => relation) : [];
const counts: number = landscape(instance).counts.patterns ?? patterns(instance, { maxSize: 1 }).found;
const runs: Promise<LandResult>[] = [land(instance, { runs: 1 }), train(instance)];
export const all = [why, rows, facts, counts, runs, check('').accepted, new InputError('a', 'b', 'c', 'd').path];

// @ts-expect-error: a pattern is a list of sets, not the text of the command line
realize(instance, { pattern: '1;2' });
// @ts-expect-error: another format
realize({ ...instance, format: 'dictum/certificate@1' });
// @ts-expect-error: no such reading
certify('R', instance, { reading: 'literal' });
// @ts-expect-error: a rejection has no facts
check('').facts;
`,
  );
  node(join(repository, 'node_modules/typescript/bin/tsc'), '-p', '.');
});

test('from plain JavaScript in Node, with the answers of the command', () => {
  writeFileSync(
    join(project, 'project.js'),
    `import { readFileSync } from 'node:fs';
import { certify, check, land, realize } from 'dictum-sdl';
import { check as replay } from 'dictum-sdl/check';
const instance = JSON.parse(readFileSync('instance.json', 'utf8'));
const certificate = readFileSync('certificate.json', 'utf8');
const { runs, matched } = await land(instance, { runs: 3, steps: 200 });
const require = (await import('node:module')).createRequire(import.meta.url);
const { version } = require('dictum-sdl/package.json');
const { title } = require('dictum-sdl/schemas/instance.schema.json');
console.log(JSON.stringify({
  checked: check(certificate), same: replay(JSON.parse(certificate)), realized: realize(instance, { pattern: [[3]] }),
  certified: certify('T8', instance), runs, matched, version, title,
}));`,
  );
  const found = JSON.parse(node('project.js'));
  const { results } = dictum('check', 'certificate.json') as { results: object[] };
  expect({ file: 'certificate.json', ...found.checked, sentence: undefined }).toEqual({
    ...results[0],
    sentence: undefined,
  });
  expect(found.same).toEqual(found.checked);
  expect(found.realized).toMatchObject(withoutFormat(dictum('realize', 'instance.json', '--pattern', '3')));
  expect(JSON.parse(found.certified.certificate)).toEqual(
    (dictum('certify', 'T8', 'instance.json') as { certificate: object }).certificate,
  );
  expect(found).toMatchObject({ runs: 3, version: '0.1.0' });
  expect(found.title).toBeTypeOf('string');
});

test('the examples of docs/library.md print what it says', () => {
  const blocks = (kind: string): string[] =>
    Array.from(
      text('docs/library.md').matchAll(new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\``, 'gm')),
      ([, block = '']) => block,
    );
  const printed = blocks('text');
  expect(printed).toHaveLength(2);
  const found = blocks('js').map((code) => {
    writeFileSync(join(project, 'example.mjs'), code);
    return node('example.mjs');
  });
  expect(found).toEqual(printed);
});

function withoutFormat(document: unknown): object {
  const { format: _, ...rest } = document as Record<string, unknown>;
  return rest;
}

const bundling = (contents: string): BuildOptions => ({
  stdin: { contents, resolveDir: project },
  bundle: true,
  write: false,
  metafile: true,
  platform: 'browser',
  format: 'iife',
  logLevel: 'silent',
});

test('in a browser bundle, where there is no Node', async () => {
  const { outputFiles = [], metafile } = await build(
    bundling(`import * as dictum from 'dictum-sdl'; globalThis.dictum = dictum;`),
  );
  // esbuild fails on a built-in in a bundle for browsers; that none is left outside either is looked at here.
  const inputs = Object.entries(metafile?.inputs ?? {});
  const imported = inputs.flatMap(([, { imports }]) => imports.map(({ path }) => path.replace(/^node:/, '')));
  expect(inputs.length).toBeGreaterThan(100);
  expect(imported.filter((path) => builtinModules.includes(path))).toEqual([]);
  expect(inputs.some(([path]) => path.includes('@noble/hashes'))).toBe(true);

  // Of the world around a script only what every browser has: no process, no require, no Buffer.
  const window = createContext({ TextEncoder });
  runInContext(outputFiles[0]?.text ?? '', window, { timeout: 60_000 });
  expect(runInContext('[typeof process, typeof require, typeof Buffer]', window)).toEqual(
    expect.objectContaining({ 0: 'undefined', 1: 'undefined', 2: 'undefined' }),
  );
  const ask = (expression: string): object => JSON.parse(runInContext(`JSON.stringify(${expression})`, window));
  const { results } = dictum('check', 'certificate.json') as { results: object[] };
  const checked = ask(`dictum.check(${JSON.stringify(certificate)})`);
  expect({ file: 'certificate.json', ...checked, sentence: undefined }).toEqual({ ...results[0], sentence: undefined });
  expect(ask(`dictum.check(${JSON.stringify(certificate.replace('refuted', 'holds'))})`)).toMatchObject({
    accepted: false,
    code: 'wrong-id',
  });
  expect(ask(`dictum.realize(${instance}, { pattern: [[3]] })`)).toMatchObject(
    withoutFormat(dictum('realize', 'instance.json', '--pattern', '3')),
  );
  expect(ask(`dictum.certify('R', ${instance})`)).toMatchObject({ verdict: 'holds' });
  const { sets } = dictum('patterns', 'instance.json', '--list') as { sets: object };
  expect(ask(`dictum.patterns(${instance})`)).toMatchObject({ sets, complete: true });
  expect(ask(`dictum.landscape(${instance}, { certificates: true })`)).toMatchObject({ counts: { patterns: 1 } });
});

test('a bundle for browsers that asks for land is refused when it is made', async () => {
  await expect(build(bundling(`import { land } from 'dictum-sdl'; land('');`))).rejects.toThrow(/No matching export/);
});

test('dictum-sdl/check brings the checker and its words alone', async () => {
  const { metafile } = await build(bundling(`import { check } from 'dictum-sdl/check'; check('');`));
  const files = Object.keys(metafile?.inputs ?? {}).map((path) =>
    path.replace(/^.*node_modules\/dictum-sdl\/dist\//, ''),
  );
  const trusted = /^(src\/(kernel|words|landing\/check)\/|theorems\/(statements|[^/]+\/(?!witness)[^/]+)\.js$)/;
  const others = files.filter((file) => !trusted.test(file) && !/@noble\/hashes\/|^<stdin>$/.test(file));
  expect(others.sort()).toEqual(['check', 'error', 'sha256', 'text'].map((name) => `src/library/${name}.js`));
});

test('every file that the exports name is in the package', () => {
  const { exports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { exports: object };
  const paths = [...JSON.stringify(exports).matchAll(/"(\.\/[^"*]+\.(?:js|ts|json))"/g)].map(([, path]) => path ?? '');
  expect(paths.length).toBeGreaterThan(8);
  expect(paths.filter((path) => !existsSync(join(installed, path)))).toEqual([]);
  expect(readdirSync(join(installed, 'schemas')).length).toBeGreaterThan(5);
});
