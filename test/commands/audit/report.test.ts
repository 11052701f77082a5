/** The report: one file, all links within it lead somewhere, every claim has its section; what proves nothing is in none. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { CLAIMS } from '../../../theorems/statements.ts';
import { certificates, dictum, folder, type Ran } from '../run.ts';

describe('of the published certificates', () => {
  const file = join(folder(), 'report.html');
  let ran: Ran;
  let html = '';

  beforeAll(() => {
    ran = dictum(['report', '--evidence', '0', '--out', file]);
    html = readFileSync(file, 'utf8');
  }, 120_000);

  test('every claim, on a screen of 60 lines with the four of npm and the one on evidence', () => {
    expect([ran.code, ran.err]).toEqual([0, '']);
    const lines = ran.out.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(55);
    expect(lines.at(-1)).toMatch(/^\d+ certificates replayed, 0 rejected$/);
    const words = new Set(lines.flatMap((line) => line.split(/ {2,}/)));
    for (const [id, { about }] of CLAIMS)
      if (about?.name !== 'dictum/scale@1') expect([id, words.has(id)]).toEqual([id, true]);
  });

  test('it needs no network and no script', () => {
    expect(html).not.toMatch(/<script|\ssrc=|@import|url\(|<link/);
    // The one address of another host is a link, followed by whoever wants to.
    for (const [, href] of html.matchAll(/href="([^"#][^"]*)"/g)) expect(href).toMatch(/^https:/);
  });

  test('every link within leads somewhere, and no name is given twice', () => {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id as string);
    expect(ids.filter((id, k) => ids.indexOf(id) !== k)).toEqual([]);
    const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id as string);
    expect(links.length).toBeGreaterThan(60);
    expect(links.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('pictures are numbers, with words', () => {
    expect(html.match(/<svg[^>]*role="img" aria-label="[^"]+/g)?.length).toBeGreaterThan(60);
    expect(html).not.toMatch(/NaN|undefined|\[object/);
  });

  test('T6: verdicts, counterexample, hypotheses', () => {
    const section = html.slice(html.indexOf('id="T6"'), html.indexOf('All claims', html.indexOf('id="T6"')));
    expect(section).toMatch(/walkthrough refuted on \d+ of \d+/);
    expect(section).toContain('The smallest counterexample');
    expect(section).toContain('Which hypotheses carry load');
    expect(section).toMatch(/refuted without it, too/);
  });
});

test('other looks stand beside the proof', { timeout: 120_000 }, () => {
  const at = folder();
  mkdirSync(join(at, 'c'));
  cpSync(join(certificates, 'T6-minimum', 'repaired--acute-pair.json'), join(at, 'c', 'one.json'));
  const { code, out } = dictum([
    'report',
    '--evidence',
    '20',
    '--certificates',
    join(at, 'c'),
    '--out',
    join(at, 'r.html'),
  ]);
  expect(code).toBe(0);
  expect(out).toMatch(/T6-minimum +true of 1, not of 0 +- +[=] [=] [=]$/m);
  expect(readFileSync(join(at, 'r.html'), 'utf8')).toContain('LP in floats');
});

test('one digit changed: no report, and what is wrong', () => {
  const at = folder();
  mkdirSync(join(at, 'c'));
  const text = readFileSync(join(certificates, 'T8', 'paper--four-directions.json'), 'utf8');
  writeFileSync(join(at, 'c', 'one.json'), text.replace('"169"', '"168"'));
  const { code, err } = dictum([
    'report',
    '--evidence',
    '0',
    '--certificates',
    join(at, 'c'),
    '--out',
    join(at, 'r.html'),
  ]);
  expect(code).toBe(1);
  expect(err).toContain('wrong-id');
  expect(existsSync(join(at, 'r.html'))).toBe(false);
});

test.each([
  [['--evidence', 'many'], 'a number of runs, or 0'],
  [['--certificates', 'nowhere'], 'a folder of certificates'],
])('%j', (args, said) => {
  const { code, err } = dictum(['report', '--out', join(folder(), 'r.html'), ...args]);
  expect(code).toBe(2);
  expect(err).toContain(said);
});
