/** The pages that commands write, opened from disk with the network off. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { certificates, dictum, folder } from '../commands/run.ts';
import { amount, thorough } from '../thorough.ts';
import { browser, chromium, looked } from './browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

function written(args: readonly string[], option: string): string {
  const file = join(folder(), 'page.html');
  const { code, err } = dictum([...args, option, file]);
  expect([code, err.replace(/^.*\.html:? .*\n/, '')], args.join(' ')).toEqual([0, '']);
  return pathToFileURL(file).href;
}

/** Every place that the page points at in itself and has not, and every picture that is too small to be seen. */
const broken = (page: Page): Promise<string[]> =>
  page.evaluate(`[
    ...[...document.querySelectorAll('a[href^="#"]')]
      .filter((a) => !document.getElementById(decodeURIComponent(a.hash.slice(1)))).map((a) => 'link ' + a.hash),
    ...[...document.querySelectorAll('svg')].filter((svg) => svg.checkVisibility())
      .filter((svg) => svg.getBoundingClientRect().width < 30 || svg.getBoundingClientRect().height < 15)
      .map((svg) => 'picture ' + svg.getAttribute('aria-label')),
  ]`);

/** Opens every folded part, and says how many there were. */
const unfolded = (page: Page): Promise<number> =>
  page.evaluate(`[...document.querySelectorAll('details:not([open])')].map((d) => { d.open = true }).length`);

/** One certificate for every rule: the smallest files first, as long as one brings a rule that none before it had. */
function ofEveryRule(): string[] {
  const rules = (text: string): string[] => [...text.matchAll(/"rule":\s*"([^"]+)"/g)].map(([, rule]) => rule ?? '');
  const all = readdirSync(certificates, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.json') && name !== 'manifest.json')
    .map((name) => ({ name, text: readFileSync(join(certificates, name), 'utf8') }))
    .sort((a, b) => a.text.length - b.text.length || (a.name < b.name ? -1 : 1));
  const seen = new Set<string>();
  return all.flatMap(({ name, text }) => {
    const fresh = rules(text).filter((rule) => !seen.has(rule));
    for (const rule of fresh) seen.add(rule);
    return fresh.length > 0 ? [name] : [];
  });
}

describe.skipIf(!chromium)('from disk, with the network off', { timeout: 600_000 }, () => {
  const visit = browser();

  test('the report', async () => {
    const { page, requests, faults } = await visit(written(['report', '--evidence', amount(0, 5).toString()], '--out'));
    expect(await broken(page)).toEqual([]);
    // A link leads to its claim, a fold opens, and what was folded is as readable as the rest.
    await page.click('a[href="#T6"]');
    const there = page.locator('#T6');
    expect(Math.abs((await there.boundingBox())?.y ?? Number.NaN)).toBeLessThan(300);
    const fold = page.locator('#T6 ~ details').first();
    expect(await fold.locator('ol.steps').first().isVisible()).toBe(false);
    await fold.locator('summary').press('Enter');
    expect(await fold.locator('ol.steps').first().isVisible()).toBe(true);
    expect(await unfolded(page)).toBeGreaterThan(40);
    expect([await broken(page), await looked(page)]).toEqual([[], []]);
    expect([requests.length, faults]).toEqual([1, []]);
  });

  const every = ofEveryRule();
  test('an explanation for each rule', async () => {
    expect(every.length).toBeGreaterThan(20);
    for (const name of thorough ? every : every.filter((_, k) => k % 4 === 0)) {
      const { page, requests, faults } = await visit(written(['explain', join(certificates, name)], '--html'));
      expect([name, await broken(page), await looked(page)]).toEqual([name, [], []]);
      expect([name, requests.length, faults]).toEqual([name, 1, []]);
      await page.context().close();
    }
  });

  test('latents of a model', async () => {
    const words = join(folder(), 'words.json');
    const at = join(root, 'test/train/checkpoint/foreign');
    expect(dictum(['import', join(at, 'words.json'), '--against', 'all', '--unit', '--out', words]).code).toBe(0);
    const asked = ['inspect', join(at, 'saelens-words'), '--features', words];
    const url = written(asked, '--html');
    const { page, requests, faults } = await visit(url);
    expect(await broken(page)).toEqual([]);
    // A link to a latent opens its card, from this page and from elsewhere.
    const card = page.locator('details#l7 > :not(summary)').first();
    const other = await visit(`${url}#l7`);
    expect(await other.page.locator('details#l7 > :not(summary)').first().isVisible()).toBe(true);
    await page.evaluate(`document.querySelectorAll('details').forEach((d) => { d.open = false })`);
    expect(await card.isVisible()).toBe(false);
    await page.evaluate(`location.hash = 'l7'`);
    await card.waitFor({ state: 'visible' });
    await unfolded(page);
    expect([await broken(page), await looked(page)]).toEqual([[], []]);
    expect([requests.length, faults]).toEqual([1, []]);
  });
});
