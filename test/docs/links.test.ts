import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { anchors, broken, links, markdownUnder, read, repository } from './markdown.ts';

const documents = [
  ...readdirSync(repository).filter((name) => name.endsWith('.md')),
  ...['docs', 'bench', 'verify', 'conformance'].flatMap(markdownUnder),
];

test('the documents are found', () => {
  expect(documents).toEqual(
    expect.arrayContaining([
      'README.md',
      'TRUST.md',
      'docs/claims.md',
      'docs/claims/absorption.md',
      'verify/README.md',
    ]),
  );
});

test.each(documents)('every link in %s leads somewhere', (file) => {
  expect(broken(file, read(file))).toEqual([]);
});

test('a link to a file, a heading or an anchor that is not there is found', () => {
  const text = [
    '[a](docs/no-such-file.md) [b](docs/claims.md#t8) [c](docs/claims.md#no-such-claim) [d](#here) [e](#nowhere)',
    '[f](https://example.org/no-such-page) ![g](docs/no-such-picture.svg) [h](../elsewhere.md) `[i](no/link)`',
    '```\n[j](no/link/either)\n```',
    '## Here',
  ].join('\n');
  expect(broken('README.md', text)).toEqual([
    'docs/no-such-file.md',
    'docs/claims.md#no-such-claim',
    '#nowhere',
    'docs/no-such-picture.svg',
    '../elsewhere.md',
  ]);
});

test('links are taken from where the document stands', () => {
  expect(broken('docs/claims/absorption.md', '[a](../claims.md) [b](claims.md)')).toEqual(['claims.md']);
});

test('headings and anchors have the names that GitHub gives them', () => {
  const text =
    '# A `b`: C, d\n## 7. Codes\n### [linked](x.md) title\n* <a id="feature"></a>**Feature**\n```\n# no heading\n```\n';
  expect([...anchors(text)]).toEqual(['a-b-c-d', '7-codes', 'linked-title', 'feature']);
  expect(links('![p](a.svg) and [q](b.md#c)')).toEqual(['a.svg', 'b.md#c']);
});

test('the sections of the format are numbered in order', () => {
  const numbers = [...read('docs/certificate-format.md').matchAll(/^## (\d+)\. \S/gm)].map(([, number]) =>
    Number(number),
  );
  expect(numbers).toEqual(numbers.map((_, k) => k + 1));
  expect(numbers.length).toBeGreaterThan(5);
});
