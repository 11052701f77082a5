/**
 * Pages in a real Chromium, headless: DICTUM_CHROMIUM names it, otherwise the `chromium` on the PATH is taken. Without one these tests are
 * skipped, with a line that says so, unless DICTUM_REQUIRE_BROWSER=1 (CI sets it). Each one executed leaves a line in the file
 * DICTUM_BROWSER_COUNT, for CI to count.
 */
import { appendFileSync, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { thorough } from '../thorough.ts';

function find(): string | undefined {
  const named = process.env.DICTUM_CHROMIUM;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`DICTUM_CHROMIUM names ${named}, and there is no such file`);
  }
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'chromium'))
    .find(existsSync);
  const why = 'no Chromium: DICTUM_CHROMIUM names none, and no chromium is on the PATH';
  if (found === undefined && process.env.DICTUM_REQUIRE_BROWSER === '1') throw new Error(why);
  if (found === undefined) console.info(`browser tests skipped: ${why}`);
  return found;
}

/** For `describe.skipIf(!chromium)`. */
export const chromium: string | undefined = find();

export interface Visit {
  readonly page: Page;
  /** Every address that was asked for, the page's own first. */
  readonly requests: readonly string[];
  /** What a visitor would never see and should never happen: errors in the console, requests off the page or without an answer. */
  readonly faults: readonly string[];
}

/** The browser of one test file, called inside its `describe`; each visit has a page of its own, closed after the test. */
export function browser(): (url: string, options?: BrowserContextOptions) => Promise<Visit> {
  let running: Browser | undefined;
  const open: Page[] = [];
  beforeAll(async () => {
    if (chromium === undefined) return;
    // No sandbox: containers refuse one, and the pages are our own. No graphics: these tests are about the page, not the card.
    const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-zygote'];
    // Loaded here, so that a run without a browser does not wait for it.
    const playwright = await import('playwright-core');
    running = await playwright.chromium.launch({ executablePath: chromium, args });
  });
  afterEach(async ({ task }) => {
    for (const page of open.splice(0)) await page.context().close();
    const file = process.env.DICTUM_BROWSER_COUNT;
    if (file !== undefined && task.result?.state !== 'skip') appendFileSync(file, `${running?.version()}\n`);
  });
  afterAll(async () => running?.close());
  return async (url, options = {}) => {
    if (!running) throw new Error('no browser: this test should have been skipped');
    // A page from disk is tried with the network off.
    const context = await running.newContext({ offline: url.startsWith('file:'), viewport: DESK, ...options });
    const page = await context.newPage();
    open.push(page);
    const [requests, faults]: [string[], string[]] = [[], []];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) faults.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`));
    page.on('request', (request) => {
      requests.push(request.url());
      if (!ownPage(request.url(), url)) faults.push(`request off the page: ${request.url()}`);
    });
    page.on('requestfailed', (request) => faults.push(`no answer: ${request.url()}`));
    page.on('response', (response) => {
      if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
    });
    await page.goto(url);
    return { page, requests, faults };
  };
}

/** Of a page from disk, files; of one from a server, that server; and what is in the page itself. */
function ownPage(asked: string, url: string): boolean {
  const { protocol, origin } = new URL(asked);
  if (protocol === 'data:' || protocol === 'blob:') return true;
  return url.startsWith('file:') ? protocol === 'file:' : origin === new URL(url).origin;
}

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
const SCHEMES = ['light', 'dark'] as const;
/** Each width with each scheme; in `npm test` alone each of them once. */
const LOOKS = [PHONE, DESK].flatMap((viewport, k) =>
  SCHEMES.filter((_, j) => thorough || j === k).map((colorScheme) => ({ viewport, colorScheme })),
);

interface AxeResult {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly any: readonly { message: string }[] }[];
}

/** What axe finds, in light and dark, at a desk and on a phone, and whether the page is wider than the window. Leaves the page as at a desk. */
export async function looked(page: Page): Promise<string[]> {
  const found: string[] = [];
  const { default: axe } = await import('axe-core');
  await page.evaluate(axe.source);
  for (const { viewport, colorScheme } of LOOKS) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    const where = `${viewport.width} px, ${colorScheme}`;
    const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    if (over !== 0) found.push(`${where}: ${over} px too wide`);
    const violations = (await page.evaluate('axe.run().then((found) => found.violations)')) as AxeResult[];
    for (const { id, help, nodes } of violations) {
      const some = nodes.slice(0, 3).map(({ target, any }) => `${target.join(' ')} (${any[0]?.message ?? ''})`);
      found.push(`${where}: ${id}, ${help}: ${nodes.length} times, ${some.join('; ')}`);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  return found;
}
