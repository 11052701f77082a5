import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, kernel, landing, linesOf, repository, source, trusted } from './trusted.ts';

const files = [...kernel, ...landing];
/** Without comments, which may name what the code must not use. No string of the kernel holds a comment sign. */
const code = (file: string): string =>
  source(file)
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\/\/.*$/gm, '');

test('the kernel is found', () => {
  expect(kernel).toEqual(
    expect.arrayContaining(
      ['certificate.ts', 'numbers/rational.ts', 'rules/definite.ts'].map((file) => join('src/kernel', file)),
    ),
  );
  expect(landing).toContain(join('src/landing/check', 'landing.ts'));
});

describe.each(files)('%s', (file) => {
  const text = code(file);
  const trustedCode = file.startsWith('src/kernel/') ? kernel : files;

  test('imports nothing but the kernel; the checker of landings, itself too', () => {
    expect(text).not.toMatch(/\b(?:require|import)\s*\(|\bimport\.meta\b/);
    for (const path of importsOf(file)) {
      expect(path).toMatch(/^\.\.?\//);
      const target = join(dirname(file), path);
      expect(trustedCode.includes(target) && existsSync(join(repository, target)), path).toBe(true);
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
    [...code(file).matchAll(/.*\b(?:Number\(|Number\.|parseInt).*/g)].map(([line]) => `${file}: ${line.trim()}`),
  );
  expect(uses).toHaveLength(10);
  expect(uses).toEqual([
    expect.stringMatching(
      /^src\/kernel\/document\/json\.ts: .*String\.fromCharCode\(Number\.parseInt\(hex\.slice\(1\), 16\)\)/,
    ),
    expect.stringMatching(
      /^src\/kernel\/document\/node\.ts: .*\/\^\[0-9\]\{1,9\}\$\/\.test\(this\.json\.text\) \? Number\(this\.json\.text\) : -1/,
    ),
    // Of integers below 2^53, or the leading 50 bits of longer ones: gcd.ts.
    ...new Array(5).fill(
      expect.stringMatching(/^src\/kernel\/numbers\/gcd\.ts: .*Number\((?:x|y|x % y|[xy] >> BigInt\(from\))\)/),
    ),
    expect.stringMatching(/^src\/kernel\/numbers\/rational\.ts: .*Math\.abs\(Number\(power\)\) > MAX_EXPONENT/),
    // An integer below 2^44, not a string.
    expect.stringMatching(/^src\/kernel\/numbers\/residues\.ts: const small = \(x: bigint\): number => Number\(x\);/),
    // A residue below 2^21.
    expect.stringMatching(/^src\/kernel\/rules\/valley\.ts: matrix\[k \* n \+ d\] = Number\(x % BigInt\(p\)\);/),
  ]);
});

test('the codes of the kernel are those of docs/certificate-format.md', () => {
  const section = source('docs/certificate-format.md').split('\n## 7. Codes\n')[1]?.split('\n## ')[0] ?? '';
  const documented = [...section.matchAll(/`([a-z-]+)`/g)].map(([, word]) => word!);
  const used = files.flatMap((file) => {
    const text = code(file);
    const called = [...text.matchAll(/\b(?:malformed|invalid)\(\s*'([a-z-]+)'/g)].map(([, word]) => word!);
    // Node.wrong takes its code last.
    const wrong = file.endsWith('/node.ts')
      ? [...text.matchAll(/(?:, |code = )'([a-z]+(?:-[a-z]+)+)'/g)].map(([, word]) => word!)
      : [];
    return [...called, ...wrong];
  });
  expect([...new Set(used)].sort()).toEqual([...new Set(documented)].sort());
});

test('what has to be trusted stays within the budget that TRUST.md states', () => {
  const [, stated] = /^Budget: ([\d,]+) (?:code )?lines/m.exec(source('TRUST.md')) ?? [];
  expect(stated, 'TRUST.md has a line "Budget: N code lines"').toBeDefined();
  const total = linesOf(trusted);
  expect(total).toBeGreaterThan(500);
  expect(
    total,
    'code lines of src/kernel, src/landing/check, the statements in theorems/ and theorems/statements.ts',
  ).toBeLessThanOrEqual(Number(stated!.replace(',', '')));
});
