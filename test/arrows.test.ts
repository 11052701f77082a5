import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { arrowsIn, arrowsOf, arrowText, dotOf, floors, type Module, pictureOf } from '../bench/rooms.ts';
import { thorough } from './thorough.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));
const program = join(repository, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const config = join(repository, '.dependency-cruiser.cjs');
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

type Violation = { readonly rule: string; readonly from: string; readonly to: string };

/** What dependency-cruiser reports for a tree. Its exit code is 0 in this format, whatever it finds. */
function cruise(root: string): { violations: Violation[]; errors: number; files: string[]; modules: Module[] } {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [program, '--config', config, '--progress', 'none', '--output-type', 'json', '.'],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  expect(stderr).toBe('');
  const { modules, summary } = JSON.parse(stdout);
  return {
    violations: summary.violations.map((v: { rule: { name: string }; from: string; to: string }) => ({
      rule: v.rule.name,
      from: v.from,
      to: v.to,
    })),
    errors: summary.error,
    modules,
    files: modules.map((m: { source: string }) => m.source),
  };
}

/** A small house in which every arrow is as it should be. */
const house: Record<string, string> = {
  'package.json': JSON.stringify({
    type: 'module',
    dependencies: { '@noble/hashes': '1.0.0', commander: '1.0.0', 'glpk.js': '1.0.0' },
    devDependencies: { tester: '1.0.0' },
  }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: { module: 'nodenext', allowImportingTsExtensions: true },
  }),
  'node_modules/commander/package.json': JSON.stringify({ name: 'commander', main: 'index.js' }),
  'node_modules/commander/index.js': '',
  'node_modules/@noble/hashes/package.json': JSON.stringify({
    name: '@noble/hashes',
    exports: { './sha2.js': './sha2.js' },
  }),
  'node_modules/@noble/hashes/sha2.js': '',
  'node_modules/glpk.js/package.json': JSON.stringify({
    name: 'glpk.js',
    exports: { './node': { types: './dist/node.d.ts', default: './dist/node.js' } },
  }),
  'node_modules/glpk.js/dist/node.js': '',
  'node_modules/glpk.js/dist/node.d.ts': 'export {};',
  'node_modules/tester/package.json': JSON.stringify({ name: 'tester', main: 'index.js' }),
  'node_modules/tester/index.js': '',
  'src/kernel/numbers/rational.ts': `export type Rational = bigint;`,
  'src/kernel/numbers/vector.ts': `import type { Rational } from './rational.ts'; export type Vector = Rational[];`,
  'src/kernel/model/instance.ts': `import '../numbers/vector.ts'; export {};`,
  'src/solve/inequalities/simplex.ts': `import type { Vector } from '../../kernel/numbers/vector.ts'; export const x: Vector = [];`,
  'src/solve/margin.ts': `import 'commander'; import './inequalities/simplex.ts';`,
  'src/train/data/bench.ts': `import '../../kernel/numbers/vector.ts'; import '../../solve/margin.ts'; import 'node:fs'; import 'commander';`,
  'src/landing/check/landing.ts': `import '../../kernel/model/instance.ts';`,
  'src/landing/match/land.ts': `import '../check/landing.ts'; import '../../train/data/bench.ts'; import '../../solve/margin.ts'; import '../../threads/pool.ts'; import 'node:os';`,
  'src/threads/pool.ts': `import 'node:os'; import 'commander';`,
  'src/words/sentence.ts': `import '../kernel/numbers/rational.ts';`,
  'src/terminal/table.ts': `import '../kernel/numbers/rational.ts'; import '../words/sentence.ts'; import 'node:fs';`,
  'src/terminal/files.ts': `import { readFileSync } from 'node:fs'; import '../kernel/numbers/vector.ts';`,
  'src/commands/main.ts': `import 'commander'; import './check.ts'; import '../terminal/table.ts'; import '../landing/match/land.ts'; import '../../theorems/witnesses.ts';`,
  'src/commands/explain/evidence/lp.ts': `void import('glpk.js/node');`,
  'src/commands/check.ts': `import 'node:fs/promises'; import process from 'process'; import '../terminal/files.ts'; import '../landing/check/landing.ts'; import '../../theorems/statements.ts';`,
  'src/library/sha256.ts': `import '@noble/hashes/sha2.js';`,
  'src/library/check.ts': `import './sha256.ts'; import '../landing/check/landing.ts'; import '../words/sentence.ts'; import '../../theorems/statements.ts';`,
  'src/library/certify.ts': `import './check.ts'; import '../solve/inequalities/simplex.ts'; import '../../theorems/witnesses.ts';`,
  'src/library/land.ts': `import './check.ts'; import '../landing/match/land.ts';`,
  'src/browser.ts': `export * from './library/check.ts'; export * from './library/certify.ts';`,
  'src/index.ts': `export * from './browser.ts'; void import('./library/land.ts');`,
  'theorems/statements.ts': `export * from './one/statement.ts'; export * from './two/statement.ts';`,
  'theorems/witnesses.ts': `import './one/witness.ts';`,
  'theorems/one/statement.ts': `import '../../src/kernel/numbers/vector.ts'; import './hypotheses.ts';`,
  'theorems/one/hypotheses.ts': `import '../../src/kernel/numbers/rational.ts';`,
  'theorems/one/witness.ts': `import './statement.ts'; import '../../src/solve/margin.ts'; import '../../src/kernel/numbers/vector.ts';`,
  'theorems/two/statement.ts': `import '../../src/kernel/numbers/vector.ts';`,
  'theorems/two/witness.ts': `import './statement.ts';`,
  'web/explorer.ts': `import '../src/solve/inequalities/simplex.ts'; import '../theorems/one/statement.ts';`,
  'web/build/data.ts': `import 'node:fs'; import '../../src/commands/main.ts';`,
  'test/solve/simplex.test.ts': `import '../../src/solve/inequalities/simplex.ts'; import 'tester';`,
};

/** The house, with some files added, and some lines added to files it has. */
function build(additions: readonly (readonly [path: string, text: string])[]): string {
  // The real path: on some systems the temporary folder is a link, and paths must be relative to the root.
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'dictum-arrows-'));
  folders.push(root);
  const tree = new Map(Object.entries(house));
  for (const [path, text] of additions) tree.set(path, `${tree.get(path) ?? ''}\n${text}`);
  for (const [path, text] of tree) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

type Broken = readonly [rule: string, from: string, to: string, text: string];

// biome-ignore format: a table, one case a line
const direct: readonly Broken[] = [
  ['no-circular', 'src/kernel/numbers/rational.ts', 'src/kernel/numbers/vector.ts', `export * from './vector.ts';`],
  ['no-unresolvable', 'src/train/data/absent.ts', '../../solve/absent.ts', `import '../../solve/absent.ts';`],
  ['no-dev-dependency', 'src/terminal/dev.ts', 'node_modules/tester/index.js', `import 'tester';`],
  ['nothing-imports-tests', 'src/terminal/test.ts', 'test/solve/simplex.test.ts', `import '../../test/solve/simplex.test.ts';`],
  ['oracle-imports-only-numbers', 'conformance/solver.ts', 'src/solve/inequalities/simplex.ts', `import '../src/solve/inequalities/simplex.ts';`],
  ['kernel-imports-only-kernel', 'src/kernel/solver.ts', 'src/solve/inequalities/simplex.ts', `import '../solve/inequalities/simplex.ts';`],
  ['kernel-imports-only-kernel', 'src/kernel/type.ts', 'src/solve/inequalities/simplex.ts', `import type { x } from '../solve/inequalities/simplex.ts'; export type X = typeof x;`],
  ['kernel-imports-only-kernel', 'src/kernel/lazy.ts', 'src/solve/inequalities/simplex.ts', `void import('../solve/inequalities/simplex.ts');`],
  ['kernel-imports-only-kernel', 'src/kernel/builtin.ts', 'crypto', `import 'node:crypto';`],
  ['kernel-imports-only-kernel', 'src/kernel/npm.ts', 'node_modules/commander/index.js', `import 'commander';`],
  ['kernel-imports-only-kernel', 'src/kernel/claim.ts', 'theorems/two/statement.ts', `import '../../theorems/two/statement.ts';`],
  ['kernel-imports-only-kernel', 'src/kernel/landing.ts', 'src/landing/check/landing.ts', `import '../landing/check/landing.ts';`],
  ['statement-imports-only-kernel', 'theorems/two/statement.ts', 'src/solve/inequalities/simplex.ts', `import '../../src/solve/inequalities/simplex.ts';`],
  ['statement-imports-only-kernel', 'theorems/two/statement.ts', 'theorems/two/witness.ts', `import './witness.ts';`],
  ['statement-imports-only-kernel', 'theorems/two/statement.ts', 'theorems/one/statement.ts', `import '../one/statement.ts';`],
  ['statement-imports-only-kernel', 'theorems/one/hypotheses.ts', 'fs', `import 'node:fs';`],
  ['statement-imports-only-kernel', 'theorems/one/hypotheses.ts', 'node_modules/commander/index.js', `import 'commander';`],
  ['statements-registry-imports-only-statements', 'theorems/statements.ts', 'theorems/two/witness.ts', `import './two/witness.ts';`],
  ['statements-registry-imports-only-statements', 'theorems/statements.ts', 'theorems/witnesses.ts', `import './witnesses.ts';`],
  ['statements-registry-imports-only-statements', 'theorems/statements.ts', 'src/solve/inequalities/simplex.ts', `import '../src/solve/inequalities/simplex.ts';`],
  ['witness-imports-only-solve-and-statement', 'theorems/two/witness.ts', 'src/train/data/bench.ts', `import '../../src/train/data/bench.ts';`],
  ['witness-imports-only-solve-and-statement', 'theorems/two/witness.ts', 'theorems/one/statement.ts', `import '../one/statement.ts';`],
  ['witness-imports-only-solve-and-statement', 'theorems/two/witness.ts', 'node_modules/commander/index.js', `import 'commander';`],
  ['theorems-stay-below-the-application', 'theorems/witnesses.ts', 'src/terminal/table.ts', `import '../src/terminal/table.ts';`],
  ['solve-imports-only-kernel-and-npm', 'src/solve/up.ts', 'src/train/data/bench.ts', `import '../train/data/bench.ts';`],
  ['solve-imports-only-kernel-and-npm', 'src/solve/claim.ts', 'theorems/two/statement.ts', `import '../../theorems/two/statement.ts';`],
  ['solve-imports-only-kernel-and-npm', 'src/solve/builtin.ts', 'fs', `import 'node:fs';`],
  ['train-imports-only-kernel-and-solve', 'src/train/data/up.ts', 'src/terminal/table.ts', `import '../../terminal/table.ts';`],
  ['train-imports-only-kernel-and-solve', 'src/train/data/landing.ts', 'src/landing/check/landing.ts', `import '../../landing/check/landing.ts';`],
  ['train-imports-only-kernel-and-solve', 'src/train/data/claim.ts', 'theorems/two/statement.ts', `import '../../../theorems/two/statement.ts';`],
  ['landing-check-imports-only-kernel', 'src/landing/check/solver.ts', 'src/solve/inequalities/simplex.ts', `import '../../solve/inequalities/simplex.ts';`],
  ['inspect-stays-below-the-commands', 'src/inspect/files.ts', 'src/terminal/files.ts', `import '../terminal/files.ts';`],
  ['inspect-stays-below-the-commands', 'src/inspect/builtin.ts', 'fs', `import 'node:fs';`],
  ['latents-stay-below-the-commands', 'src/latents/up.ts', 'src/commands/main.ts', `import '../commands/main.ts';`],
  ['latents-stay-below-the-commands', 'src/latents/builtin.ts', 'fs', `import 'node:fs';`],
  ['landing-check-imports-only-kernel', 'src/landing/check/builtin.ts', 'fs', `import 'node:fs';`],
  ['landing-stays-below-the-commands', 'src/landing/match/up.ts', 'src/terminal/table.ts', `import '../../terminal/table.ts';`],
  ['landing-stays-below-the-commands', 'src/landing/match/claim.ts', 'theorems/two/statement.ts', `import '../../../theorems/two/statement.ts';`],
  ['threads-import-nothing-of-ours', 'src/threads/up.ts', 'src/terminal/table.ts', `import '../terminal/table.ts';`],
  ['words-import-only-trusted-code', 'src/words/solver.ts', 'src/solve/inequalities/simplex.ts', `import '../solve/inequalities/simplex.ts';`],
  ['words-import-only-trusted-code', 'src/words/claim.ts', 'theorems/two/statement.ts', `import '../../theorems/two/statement.ts';`],
  ['explain-imports-only-checkers-words-and-solvers', 'src/explain/claim.ts', 'theorems/two/statement.ts', `import '../../theorems/two/statement.ts';`],
  ['only-evidence-imports-optional-solvers', 'src/solve/lp.ts', 'node_modules/glpk.js/dist/node.d.ts', `void import('glpk.js/node');`],
  ['terminal-imports-only-kernel-and-words', 'src/terminal/solver.ts', 'src/solve/inequalities/simplex.ts', `import '../solve/inequalities/simplex.ts';`],
  ['library-stays-below-the-commands', 'src/library/up.ts', 'src/terminal/table.ts', `import '../terminal/table.ts';`],
  ['library-stays-below-the-commands', 'src/index.ts', 'src/commands/main.ts', `void import('./commands/main.ts');`],
  ['page-stands-on-what-runs-in-a-browser', 'web/command.ts', 'src/terminal/table.ts', `import '../src/terminal/table.ts';`],
  ['page-stands-on-what-runs-in-a-browser', 'web/build.ts', 'web/build/data.ts', `import './build/data.ts';`],
  ['page-stands-on-what-runs-in-a-browser', 'web/builtin.ts', 'fs', `import 'node:fs';`],
  ['library-stays-below-the-commands', 'src/browser.ts', 'src/train/data/bench.ts', `import './train/data/bench.ts';`],
];

// These rules follow paths of several imports, so of each rule a house has one case.
// biome-ignore format: a table, one case a line
const reaching: readonly Broken[] = [
  ['check-reaches-only-trusted-code', 'src/commands/check.ts', 'node_modules/commander/index.js', `import '../terminal/arguments.ts';`],
  ['check-reaches-only-trusted-code', 'src/commands/check.ts', 'src/solve/inequalities/simplex.ts', `import '../solve/inequalities/simplex.ts';`],
  ['check-reaches-only-trusted-code', 'src/commands/check.ts', 'src/landing/match/land.ts', `import '../landing/match/land.ts';`],
  ['check-reaches-only-trusted-code', 'src/commands/check.ts', 'theorems/one/witness.ts', `import '../../theorems/witnesses.ts';`],
  ['check-reaches-only-trusted-code', 'src/commands/check.ts', 'theorems/two/witness.ts', `void import('../../theorems/two/witness.ts');`],
  ['browser-entry-reaches-no-node', 'src/browser.ts', 'fs', `import 'node:fs';`],
  ['browser-entry-reaches-no-node', 'src/browser.ts', 'os', `export * from './library/land.ts';`],
  ['browser-entry-reaches-no-node', 'src/browser.ts', 'worker_threads', `export * from './library/pool.ts';`],
  ['check-of-the-library-reaches-only-trusted-code', 'src/library/check.ts', 'src/solve/inequalities/simplex.ts', `import './certify.ts';`],
  ['check-of-the-library-reaches-only-trusted-code', 'src/library/check.ts', 'node_modules/commander/index.js', `import 'commander';`],
  ['check-of-the-library-reaches-only-trusted-code', 'src/library/check.ts', 'crypto', `import 'node:crypto';`],
  ['page-reaches-no-node', 'web/explorer.ts', 'os', `import '../src/library/land.ts';`],
  ['page-reaches-no-node', 'web/a.ts', 'worker_threads', `import '../src/library/pool.ts';`],
  ['glpk-stays-out-of-kernel-and-web', 'web/explorer.ts', 'node_modules/glpk.js/dist/node.d.ts', `import '../src/commands/explain/evidence/lp.ts';`],
  ['glpk-stays-out-of-kernel-and-web', 'src/kernel/a.ts', 'node_modules/glpk.js/dist/node.d.ts', `import 'glpk.js/node';`],
];

/** The first case of each rule, then the second, and so on: what one adds leads no other to where it may not go. */
const rounds: readonly Broken[][] = [0, 1, 2, 3, 4].map((k) =>
  [...new Set(reaching.map(([rule]) => rule))].flatMap((rule) =>
    reaching.filter(([of]) => of === rule).slice(k, k + 1),
  ),
);

describe('the arrows between folders', () => {
  test('the house as designed breaks no rule', () => {
    const { violations, files } = cruise(build([]));
    expect(violations).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining(
        Object.keys(house).filter((path) => path.endsWith('.ts') && !path.startsWith('node_modules')),
      ),
    );
  });

  describe('one import', () => {
    let violations: Violation[] = [];
    beforeAll(() => {
      violations = cruise(build(direct.map(([, from, , text]) => [from, text]))).violations;
    });

    test.each(direct)('%s: %s may not import %s', (rule, from, to) => {
      expect(violations).toContainEqual({ rule, from, to });
    });
  });

  describe.each(thorough ? rounds : rounds.slice(0, 1))('one path of several imports, %#', (...round) => {
    let found: ReturnType<typeof cruise>;
    beforeAll(() => {
      const added = round.map(([, from, , text]) => [from, text] as const);
      found = cruise(
        build([
          ['src/terminal/arguments.ts', `import 'commander';`],
          ['src/library/pool.ts', `void import('node:worker_threads');`],
          ...added,
        ]),
      );
    });

    test.each(round)('%s: %s may not reach %s', (rule, from, to) => {
      expect(found.violations).toContainEqual({ rule, from, to });
      expect(found.errors).toBeGreaterThan(0);
    });
  });

  test('no-circular-folders: two folders may not point at each other', () => {
    const { violations } = cruise(build([['src/kernel/numbers/up.ts', `import '../model/instance.ts';`]]));
    const circle = { rule: 'no-circular-folders', from: 'src/kernel/numbers', to: 'src/kernel/model' };
    expect(violations).toContainEqual(circle);
  });

  test('every rule of the configuration is broken here on purpose', () => {
    expect(rounds.flat()).toHaveLength(reaching.length);
    const { forbidden } = createRequire(import.meta.url)(config) as { forbidden: { name: string }[] };
    const names = [...[...direct, ...reaching].map(([rule]) => rule), 'no-circular-folders'];
    expect(new Set(names)).toEqual(new Set(forbidden.map(({ name }) => name)));
  });

  test('a violation fails the command that CI runs', () => {
    const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
    const [, ...args] = scripts.arrows
      .split(' ')
      .map((arg: string) => (arg === '.dependency-cruiser.cjs' ? config : arg));
    const status = (root: string) => spawnSync(process.execPath, [program, ...args], { cwd: root }).status;
    expect(status(build([]))).toBe(0);
    expect(status(build([['src/kernel/npm.ts', `import 'commander';`]]))).toBe(1);
  });

  describe('this repository', () => {
    let found: ReturnType<typeof cruise>;
    beforeAll(() => {
      found = cruise(repository);
    });

    test('breaks none', () => {
      const { violations, files, errors } = found;
      expect(violations).toEqual([]);
      expect(errors).toBe(0);
      // An empty walk would be clean as well.
      expect(files).toContain('test/arrows.test.ts');
      expect(files.some((file) => file.startsWith('src/kernel/'))).toBe(true);
    });

    test('is drawn in docs/arrows.svg as it is: npm run arrows:draw', () => {
      const drawn = arrowsIn(readFileSync(join(repository, 'docs/arrows.svg'), 'utf8'));
      expect(drawn).toEqual(arrowsOf(found.modules).map(arrowText));
      expect(drawn).toContain('solve > kernel');
    });

    test('has no arrow that points up', () => {
      expect(floors(arrowsOf(found.modules))?.at(-1)).toBe('kernel');
    });
  });

  test('rooms that point at each other have no order, and a picture says which arrows it has', () => {
    const module = (source: string, ...to: readonly string[]): Module => ({
      source,
      dependencies: to.map((resolved) => ({ resolved })),
    });
    const clean = [
      module('src/solve/x.ts', 'src/kernel/a.ts', 'src/solve/y.ts', 'node_modules/x/index.js'),
      module('src/commands/main.ts', 'src/commands/check.ts', 'src/kernel/a.ts'),
      module('src/commands/check.ts', 'src/kernel/a.ts'),
      module('test/a.test.ts', 'src/commands/main.ts'),
    ];
    const arrows = arrowsOf(clean);
    const words = ['commands > commands/check', 'commands > kernel', 'commands/check > kernel', 'solve > kernel'];
    expect(arrows.map(arrowText)).toEqual(words);
    expect(floors(arrows)).toEqual(['commands', 'solve', 'commands/check', 'kernel']);
    expect(floors(arrowsOf([...clean, module('src/kernel/a.ts', 'src/solve/x.ts')]))).toBeUndefined();
    // Thin where another way leads there.
    expect(dotOf(arrows).match(/implied/g)).toHaveLength(1);
    const picture = pictureOf('<?xml?>\n<svg width="1pt" height="2pt" viewBox="0 0 1 2">\n</svg>\n', arrows);
    expect(arrowsIn(picture)).toEqual(words);
    expect(picture).toMatch(/prefers-color-scheme: dark/);
  });
});
