/**
 * What the explorer takes: bytes of its first view, milliseconds until it answers, and from a change to its answer while an arrow is dragged.
 * `npm run build`, then `npx tsx bench/explore.ts` with DICTUM_CHROMIUM or a `chromium` on the PATH.
 */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from 'playwright-core';
import { serverFor } from '../src/commands/explore/serve.ts';
import { packageRoot } from '../src/terminal/package.ts';

const DRAGS = 200;

const folder = join(packageRoot(), 'web', 'dist');

const kilo = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/** Directions all around, each in the set of neuron 1 or not. */
function hashOf(n: number): string {
  const features = Array.from({ length: n }, (_, d) => {
    // (1 - t^2, 2 t) / (1 + t^2), turned into the other half for every second one.
    const [a, b] = [d + 1, n];
    const [x, y, z] = [b * b - a * a, 2 * a * b, a * a + b * b];
    return d % 2 === 0 ? `f${d}:${x}/${z},${y}/${z}` : `f${d}:${-x}/${z},${-y}/${z}`;
  });
  return `#plane&f=${features.join(';')}&p=${[1, 3].join(',')};${[2, 4].join(',')}`;
}

const at = (sorted: readonly number[], share: number): string =>
  `${(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1)} ms`;

async function drags(page: Page, n: number): Promise<void> {
  const [took, trip]: [number[], number[]] = [[], []];
  for (let k = 0; k < DRAGS; k++) {
    await page
      .locator('[role=slider]')
      .nth(k % n)
      .focus();
    await page.keyboard.press(k % 3 === 0 ? 'Shift+ArrowLeft' : 'ArrowRight');
    const answer = page.locator('.verdict[data-verdict]:not([aria-busy=true])');
    await answer.waitFor();
    took.push(Number(await answer.getAttribute('data-took')));
    trip.push(Number(await answer.getAttribute('data-trip')));
  }
  for (const [what, times] of [
    ['decided in the worker', took],
    ['from change to answer', trip],
  ] as const) {
    const sorted = [...times].sort((a, b) => a - b);
    console.log(
      `n = ${n}, ${what}: median ${at(sorted, 0.5)}, 95% ${at(sorted, 0.95)}, slowest ${at(sorted, 1)} of ${DRAGS}`,
    );
  }
}

const server = serverFor(folder).listen(0, '127.0.0.1');
await once(server, 'listening');
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
const executablePath = process.env.DICTUM_CHROMIUM;
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: ['--no-sandbox', '--disable-gpu'],
});
console.log(`${cpus()[0]?.model.trim()}, ${cpus().length} cores, Chromium ${browser.version()}`);
const ready: number[] = [];
for (let k = 0; k < 5; k++) {
  const page = await (await browser.newContext()).newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname.slice(1) || 'index.html'));
  await page.goto(address);
  await page.locator('.verdict[data-verdict]').waitFor();
  ready.push(await page.evaluate('performance.now()'));
  if (k === 0) {
    const files = [...new Set(asked)].filter((name) => existsSync(join(folder, name)));
    const bytes = files.map((name) => gzipSync(readFileSync(join(folder, name))).length);
    console.log(`first view, gzipped: ${kilo(bytes.reduce((a, b) => a + b))} in ${files.length} files`);
  }
  await page.context().close();
}
console.log(`answered after ${ready.map((ms) => `${ms.toFixed(0)} ms`).join(', ')} of navigation`);
for (const n of [6, 12]) {
  const page = await browser.newPage();
  await page.goto(`${address}${hashOf(n)}`);
  await drags(page, n);
  await page.close();
}
await browser.close();
server.closeAllConnections();
server.close();
