import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/terminal/digest.ts';
import { certificates, corpora, dictum, folder } from './run.ts';

const refuted = join(certificates, 'T8', 'paper--four-directions.json');

type Certificate = Record<string, unknown> & { id: string; instance: { features: { wp: string[] }[] } };
const read = (): Certificate => JSON.parse(readFileSync(refuted, 'utf8')) as Certificate;

/** A file with the certificate changed, and its id made to fit unless `keepId`. */
function edited(change: (certificate: Certificate) => void, keepId = false): string {
  const certificate = read();
  change(certificate);
  const { id, ...rest } = certificate;
  const file = join(folder(), 'edited.json');
  writeFileSync(file, JSON.stringify(keepId ? certificate : { ...rest, id: sha256(canonicalize(rest) ?? '') }));
  return file;
}

test('every published certificate is accepted, in the order of their names', () => {
  const names = readdirSync(certificates, { recursive: true }).map(String);
  const files = names.filter((n) => n.endsWith('.json') && n !== 'manifest.json').sort();
  const { code, out, err } = dictum(['check', certificates]);
  expect(err).toBe('');
  expect(code).toBe(0);
  const lines = out.trimEnd().split('\n');
  expect(lines.at(-1)).toBe(`${files.length} certificates replayed, 0 rejected`);
  expect(lines.slice(0, -1).map((line) => line.split(': accepted: ')[0])).toEqual(
    files.map((f) => join(certificates, f)),
  );
});

test('an accepted certificate: claim, reading, verdict, all facts; --assumptions; --json', () => {
  const fact =
    'T8 paper refuted: {2} is not realizable: 119 w_2 = 169 w_1 + 120 w_4; {1} is not realizable: 119 w_1 = 169 w_2 + 120 w_3';
  expect(dictum(['check', refuted]).out).toBe(`${refuted}: accepted: ${fact}\n1 certificate replayed, 0 rejected\n`);
  expect(dictum(['check', '--assumptions', refuted]).out).toContain(
    '\n  assumes nothing but the arithmetic and the theorems its rules rest on\n',
  );
  const document = JSON.parse(dictum(['check', refuted, '--json']).out) as { results: object[] };
  expect(document).toMatchObject({ format: 'dictum/check@1', replayed: 1, rejected: 0 });
  expect(document.results[0]).toMatchObject({ accepted: true, claim: 'T8', verdict: 'refuted', assumes: [] });
});

describe('rejected', () => {
  const cut = (): string => {
    const file = join(folder(), 'cut.json');
    writeFileSync(file, readFileSync(refuted, 'utf8').slice(0, 400));
    return file;
  };
  const cases: readonly [string, () => string, number, RegExp][] = [
    ['truncated', cut, 2, /found the end of the text at character 400 \(not-json\)\n {2}The file is empty or cut off/],
    [
      'edited',
      () =>
        edited((c) => {
          c.verdict = 'holds';
        }, true),
      1,
      /: \$\.id: expected [0-9a-f]{64}, found "?[0-9a-f]{64}"? \(wrong-id\)\n {2}The certificate was changed/,
    ],
    [
      'another direction',
      () =>
        edited((c) => {
          c.instance.features[0]!.wp = ['1', '0'];
        }),
      1,
      /\((farkas-unequal|wrong-pattern)\)/,
    ],
    [
      'another verdict',
      () =>
        edited((c) => {
          c.verdict = 'holds';
        }),
      2,
      /\$\.witness\.conclusion.* \((wrong-type|missing-key)\)/,
    ],
    [
      'a claim nobody made',
      () =>
        edited((c) => {
          c.claim = 'T99';
        }),
      2,
      /\$\.claim: expected one of .*T8.*, found "T99" \(unknown-word\)/,
    ],
    [
      'a float',
      () =>
        edited((c) => {
          Object.assign(c.instance, { neurons: 1.5 });
        }),
      2,
      /\$\.instance\.neurons: .*1\.5 \(float\)/,
    ],
    [
      'a newer format',
      () =>
        edited((c) => {
          c.format = 'dictum/certificate@2';
        }),
      2,
      /\$\.format: expected one of dictum\/certificate@1/,
    ],
  ];
  test.each(cases)('%s', (_, file, code, message) => {
    const path = file();
    const ran = dictum(['check', path]);
    expect(ran.out).toMatch(message);
    expect(ran.out.startsWith(`${path}: $`)).toBe(true);
    expect(ran.out).toContain('1 certificate replayed, 1 rejected\n');
    expect(ran.code).toBe(code);
    const document = JSON.parse(dictum(['check', path, '--json']).out) as { results: { code: string }[] };
    expect(document).toMatchObject({ replayed: 1, rejected: 1, results: [{ file: path, accepted: false }] });
    expect(ran.out).toContain(`(${document.results[0]?.code})`);
  });

  test('accepted and rejected side by side: the worse code wins', () => {
    const invalid = edited((c) => {
      c.verdict = 'holds';
    }, true);
    expect(dictum(['check', refuted, invalid]).code).toBe(1);
    const ran = dictum(['check', refuted, invalid, cut(), join(folder(), 'none.json')]);
    expect(ran.code).toBe(2);
    expect(ran.out).toContain('3 certificates replayed, 3 rejected\n');
  });
});

test('the corpus of invalid certificates: each is read, and refused for the reason it is named after', () => {
  const at = join(corpora, 'invalid');
  const { code, out } = dictum(['check', at]);
  expect(code).toBe(1);
  for (const name of readdirSync(at)) {
    expect(out).toMatch(new RegExp(`${name}: \\$\\..*: expected .*, found .* \\(${name.replace('.json', '')}\\)\\n`));
  }
  expect(out).toContain('4 certificates replayed, 4 rejected\n');
});

describe('paths', () => {
  test('a folder without certificates is no success', () => {
    const { code, out } = dictum(['check', folder()]);
    expect(code).toBe(2);
    expect(out).toContain('found none (no-files)');
    expect(out).toContain('0 certificates replayed, 1 rejected');
  });

  test('nested folders, other files left out, a link to a folder not followed, nothing twice', () => {
    const at = folder();
    mkdirSync(join(at, 'b', 'c.json'), { recursive: true });
    cpSync(refuted, join(at, 'b', 'c.json', 'one.json'));
    cpSync(refuted, join(at, 'a.json'));
    writeFileSync(join(at, 'notes.txt'), 'none');
    symlinkSync(at, join(at, 'loop'));
    const { code, out } = dictum(['check', at, join(at, 'a.json')]);
    expect(out.split('\n').map((line) => line.split(': ')[0])).toEqual([
      join(at, 'a.json'),
      join(at, 'b', 'c.json', 'one.json'),
      '2 certificates replayed, 0 rejected',
      '',
    ]);
    expect(code).toBe(0);
  });

  test('standard input, no path, an unknown option', () => {
    expect(dictum(['check', '-'], { input: readFileSync(refuted, 'utf8') }).out).toContain('-: accepted: T8');
    expect(dictum(['check']).code).toBe(2);
    const { code, err } = dictum(['check', '--strict', refuted]);
    expect(code).toBe(2);
    expect(err).toContain('(bad-arguments)');
  });
});
