/** What the tests of pages rely on: each kind of fault, planted, is found. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { folder } from '../commands/run.ts';
import { thorough } from '../thorough.ts';
import { browser, chromium, looked } from './browser.ts';

function written(body: string, head = ''): string {
  const file = join(folder(), 'page.html');
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`;
  const start = '<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>';
  const view = '<meta name="viewport" content="width=device-width, initial-scale=1">';
  writeFileSync(file, `${start}${view}${head || policy}<body><main><h1>A page</h1>${body}</main></body></html>`);
  return pathToFileURL(file).href;
}

describe.skipIf(!chromium)('in Chromium', { timeout: 60_000 }, () => {
  const visit = browser();

  test('a page with no fault has none', async () => {
    const url = written('<p>Words.</p>');
    const { page, requests, faults } = await visit(url);
    expect(await looked(page)).toEqual([]);
    expect([requests, faults]).toEqual([[url], []]);
  });

  test('an error in the console, and one thrown', async () => {
    const { page, faults } = await visit(
      written('<script>console.error("wrong"); setTimeout(() => { throw new Error("late") })</script>', '<!-- -->'),
    );
    await page.waitForTimeout(100);
    expect(faults).toEqual(['console: wrong', 'thrown: late']);
  });

  test('a request off the page', async () => {
    const { faults } = await visit(written('<img alt="" src="http://127.0.0.1:9/x.png">', '<!-- -->'));
    expect(faults).toContain('request off the page: http://127.0.0.1:9/x.png');
  });

  test('what the policy of the page forbids', async () => {
    const { faults } = await visit(written('<script>1</script>'));
    expect(faults.join()).toMatch(/^console: .*Content Security Policy/);
  });

  test('a file that is missing, from disk and from a server', async () => {
    const { faults } = await visit(written('<img alt="" src="missing.png">', '<!-- -->'));
    expect(faults.join()).toMatch(/no answer: file:.*missing\.png/);
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/' ? 200 : 404;
      response.end(request.url === '/' ? '<!doctype html><title>A page</title><img alt="" src="gone.png">' : '');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const there = await visit(`http://127.0.0.1:${port}/`);
    server.close();
    expect(there.faults.join()).toMatch(/404: .*gone\.png/);
  });

  test('what only the dark colours hide, and what only a phone is too small for', async () => {
    const dark = '@media (prefers-color-scheme: dark) { body { background: #000; color: #222 } }';
    const { page } = await visit(written(`<style>${dark}</style><p>Words.</p><div style="width: 500px">Wide</div>`));
    const found = await looked(page);
    const [wide, hidden] = ['too wide', 'color-contrast'].map((fault) => found.filter((line) => line.includes(fault)));
    expect(wide).toEqual(
      (thorough ? ['light', 'dark'] : ['light']).map((scheme) => `360 px, ${scheme}: 148 px too wide`),
    );
    expect(hidden!.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      ...(thorough ? ['360 px, dark'] : []),
      '1280 px, dark',
    ]);
  });
});
