import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { certificates, corpora, dictum, folder } from '../run.ts';

const T8 = join(certificates, 'T8', 'paper--four-directions.json');

test('a certificate, with the words of the paper, what was asked, the verdict and the steps', () => {
  const { code, out, err } = dictum(['explain', T8]);
  expect([code, err]).toEqual([0, '']);
  const said = out.replaceAll(/\s+/g, ' ');
  expect(said).toContain('splitting off some sub-concept of each parent gives a realizable pattern (Theorem 3.8)');
  expect(said).toContain('w_1 = (12/13, 5/13)');
  expect(said).toContain('T8 paper refuted: {2} is not realizable: 119 w_2 = 169 w_1 + 120 w_4');
  expect(said).toContain('left and right are one vector');
  for (const line of out.split('\n').slice(0, -2)) expect(line.length).toBeLessThanOrEqual(120);
});

test('the page is one file: no script, nothing fetched, light and dark, pictures with words', () => {
  const page = join(folder(), 'T8.html');
  const { code, out, err } = dictum(['explain', T8, '--html', page]);
  expect([code, out, err]).toEqual([0, '', `${page}: the explanation of ${T8}\n`]);
  const html = readFileSync(page, 'utf8');
  expect(html).not.toMatch(/<script|\ssrc=|@import|url\(|href="(?!#)/);
  expect(html).toContain('prefers-color-scheme: dark');
  expect(html.match(/<svg[^>]*role="img" aria-label="/g)?.length).toBe(4);
});

test('what a file says is text on the page', () => {
  const at = folder();
  const [instance, certificate, page] = ['i.json', 'c.json', 'p.html'].map((name) => join(at, name)) as [
    string,
    string,
    string,
  ];
  const label = '</svg><script>alert(1)</script>';
  writeFileSync(
    instance,
    JSON.stringify({
      format: 'dictum/instance@1',
      name: '<img src=x onerror=alert(1)>',
      features: [
        { label, wp: ['1', '0'] },
        { label: 'b\u202e', wp: ['0', '1'] },
      ],
      activation: { kind: 'relu' },
      neurons: 1,
      pattern: [[1]],
    }),
  );
  expect(dictum(['certify', 'R', instance, '--out', certificate]).code).toBe(0);
  expect(dictum(['explain', certificate, '--html', page]).code).toBe(0);
  const html = readFileSync(page, 'utf8');
  expect(html).not.toMatch(/<script|<img|\u202e/);
  expect(html).toContain('&lt;script&gt;');
});

test('a digit changed: rejected as by check', () => {
  const file = join(folder(), 'T8.json');
  writeFileSync(file, readFileSync(T8, 'utf8').replace('"169"', '"168"'));
  const page = join(folder(), 'T8.html');
  const found = dictum(['explain', file, '--html', page]);
  expect(found.code).toBe(1);
  expect(found.err).toContain('wrong-id');
  expect(() => readFileSync(page)).toThrow();
});

test.each([
  [['explain', join(corpora, 'valid', 'instance-relu.json')], 2, 'dictum/certificate@1'],
  [['explain', 'nowhere.json'], 2, 'nowhere.json'],
  [['explain'], 2, 'a certificate, or --word WORD'],
  [['explain', T8, '--word', 'kink'], 2, '--word WORD alone'],
  [['explain', '--word', 'trpa'], 2, 'Did you mean "trap"?'],
  [['explain', '--word', 'zebra'], 2, 'a word of the glossary'],
])('%j', (args, code, said) => {
  const found = dictum(args);
  expect([found.code, found.out]).toEqual([code, '']);
  expect(found.err).toContain(said);
});

test.each([
  ['pattern', 'for each neuron the set of features'],
  ['Kinks', 'exactly at the threshold'],
  ['face', 'part of the border'],
  ['traps', 'a local minimum of L~ with positive loss'],
  ['pencil', 'A = C^T C'],
  ['saddle', 'no local minimum'],
  ['certificate', 'a JSON file with claim'],
  ['farkas vector', 'It proves that the set is not realizable'],
  ['farkas-vector', 'It proves that the set is not realizable'],
  ['multiplier', 'How hard it presses'],
])('the word %s', (word, says) => {
  const { code, out } = dictum(['explain', '--word', word]);
  expect(code).toBe(0);
  expect(out.replaceAll('\n', ' ')).toContain(says);
  expect(out).not.toMatch(/\*\*|<a id|\]\(/);
});
