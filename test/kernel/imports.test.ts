import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const kernel = join(repository, 'src/kernel');
const under = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort();
const files = under(kernel);
const source = (file: string): string => readFileSync(join(repository, file), 'utf8');
/** Without comments, which may name what the code must not use. No string of the kernel holds a comment sign. */
const code = (file: string): string =>
  source(file)
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\/\/.*$/gm, '');

test('the kernel is found', () => {
  expect(files).toEqual(expect.arrayContaining(['certificate.ts', 'rational.ts', join('rules', 'minima.ts')]));
});

describe.each(files)('src/kernel/%s', (file) => {
  const text = code(join('src/kernel', file));

  test('imports nothing outside src/kernel', () => {
    const from = ts
      .preProcessFile(source(join('src/kernel', file)), true, true)
      .importedFiles.map(({ fileName }) => fileName);
    expect(text).not.toMatch(/\b(?:require|import)\s*\(|\bimport\.meta\b/);
    for (const path of from) {
      expect(path).toMatch(/^\.\.?\//);
      const target = resolve(kernel, dirname(file), path);
      expect(target.startsWith(`${kernel}/`) && existsSync(target), path).toBe(true);
    }
  });

  test('has nothing inexact, random, timed or of the platform', () => {
    expect(text).not.toMatch(/\bMath\.(?!(?:min|max|abs)\b)/);
    expect(text).not.toMatch(
      /\b(?:parseFloat|Date|performance|random|eval|Function|globalThis|process|console|setTimeout|Float\d+Array|NaN|EPSILON)\b/,
    );
    // A literal with a point or an exponent, outside strings and patterns, would be a float.
    expect(text.replaceAll(/'[^'\n]*'|`[^`]*`|\/[^/\n]+\/[a-z]*/g, '')).not.toMatch(/\b\d+\.\d|\b\d+e\d/);
  });
});

test('a string or bigint becomes a number only where it is an index, an exponent, a code unit or leading bits', () => {
  const uses = files.flatMap((file) =>
    [...code(join('src/kernel', file)).matchAll(/.*\b(?:Number\(|Number\.|parseInt).*/g)].map(
      ([line]) => `${file}: ${line.trim()}`,
    ),
  );
  expect(uses).toHaveLength(9);
  expect(uses).toEqual([
    // Of integers below 2^53, or the leading 50 bits of longer ones: gcd.ts.
    ...new Array(5).fill(expect.stringMatching(/^gcd\.ts: .*Number\((?:x|y|x % y|[xy] >> BigInt\(from\))\)/)),
    expect.stringMatching(/^json\.ts: .*String\.fromCharCode\(Number\.parseInt\(hex\.slice\(1\), 16\)\)/),
    expect.stringMatching(
      /^node\.ts: .*\/\^\[0-9\]\{1,9\}\$\/\.test\(this\.json\.text\) \? Number\(this\.json\.text\) : -1/,
    ),
    expect.stringMatching(/^rational\.ts: .*Math\.abs\(Number\(power\)\) > MAX_EXPONENT/),
    // An integer below 2^44, not a string.
    expect.stringMatching(/^residues\.ts: const small = \(x: bigint\): number => Number\(x\);/),
  ]);
});

test('the codes of the kernel are those of docs/certificate-format.md', () => {
  const section = source('docs/certificate-format.md').split('\n## 7. Codes\n')[1]?.split('\n## ')[0] ?? '';
  const documented = [...section.matchAll(/`([a-z-]+)`/g)].map(([, word]) => word!);
  const used = files.flatMap((file) => {
    const text = code(join('src/kernel', file));
    const called = [...text.matchAll(/\b(?:malformed|invalid)\(\s*'([a-z-]+)'/g)].map(([, word]) => word!);
    // Node.wrong takes its code last.
    const wrong =
      file === 'node.ts' ? [...text.matchAll(/(?:, |code = )'([a-z]+(?:-[a-z]+)+)'/g)].map(([, word]) => word!) : [];
    return [...called, ...wrong];
  });
  expect([...new Set(used)].sort()).toEqual([...new Set(documented)].sort());
});

/** Lines that are neither blank nor comment only. */
function codeLines(file: string): number {
  let inComment = false;
  return source(file)
    .split('\n')
    .filter((raw) => {
      const line = raw.trim();
      if (inComment) {
        inComment = !line.endsWith('*/');
        return false;
      }
      inComment = line.startsWith('/*') && !line.includes('*/');
      return !(inComment || line === '' || line.startsWith('//') || (line.startsWith('/*') && line.endsWith('*/')));
    }).length;
}

test('what has to be trusted stays within the budget that TRUST.md states', () => {
  const [, stated] = /^Budget: ([\d,]+) (?:code )?lines/m.exec(source('TRUST.md')) ?? [];
  expect(stated, 'TRUST.md has a line "Budget: N code lines"').toBeDefined();
  // As .dependency-cruiser.cjs has it: in theorems/ only files called witness* are untrusted.
  const trusted = [
    ...files.map((file) => join('src/kernel', file)),
    ...under(join(repository, 'theorems'))
      .filter((file) => !/(?:^|[/\\])witness[^/\\]*$/.test(file))
      .map((file) => join('theorems', file)),
  ];
  const total = trusted.reduce((lines, file) => lines + codeLines(file), 0);
  expect(total).toBeGreaterThan(500);
  expect(total, 'code lines of src/kernel, theorems/*/statement.ts and theorems/statements.ts').toBeLessThanOrEqual(
    Number(stated!.replace(',', '')),
  );
});
