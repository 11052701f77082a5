import { expect, test } from 'vitest';
import { blocksOf, htmlOf, plainText } from '../../src/terminal/markdown.ts';
import { markdownUnder, read } from '../docs/markdown.ts';

test('the marks that our documents use', () => {
  const text =
    '# One\n\nA *b* **c** `d*e` [f](g.md#h) <x>\nmore\n\n* first\n  goes on\n* second\n\n| a | b |\n|---|---|\n| 1 | x\\|y |\n\n```\n<code>\n```\n';
  expect(htmlOf(text, (link) => (link === 'g.md#h' ? '#to' : undefined), 2)).toBe(
    [
      '<h2>One</h2>',
      '<p>A <em>b</em> <strong>c</strong> <code>d*e</code> <a href="#to">f</a> &lt;x&gt; more</p>',
      '<ul><li>first goes on</li><li>second</li></ul>',
      '<div class="wide" tabindex="0"><table><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead><tbody><tr><td>1</td><td>x|y</td></tr></tbody></table></div>',
      '<pre tabindex="0"><code>&lt;code&gt;</code></pre>',
    ].join('\n'),
  );
});

test('a link without a place is its words', () => {
  expect(htmlOf('see [the page](nowhere.md)')).toBe('<p>see the page</p>');
  expect(plainText('see [the *page*](nowhere.md), **2 x 3** and a_b')).toBe('see the page, 2 x 3 and a_b');
});

test.each(markdownUnder('docs/claims'))('%s leaves no marks behind', (file) => {
  const html = htmlOf(read(file)).replaceAll(/<(code|pre)[^>]*>[\s\S]*?<\/\1>/g, '');
  expect(html).not.toMatch(/\*\*|\]\(|^#|```/m);
  expect(blocksOf(read(file)).length).toBeGreaterThan(3);
});
