/** The other views of the explorer: certificates looked into and broken, patterns, landscapes, claims. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { landscape, patterns } from '../../src/browser.ts';
import { land } from '../../src/library/land.ts';
import { editOf } from '../../web/certificate/edit.ts';
import { linkOf, stateOf } from '../../web/state/link.ts';
import { instanceOf } from '../../web/state/scene.ts';
import { START } from '../../web/state/state.ts';
import { certificates } from '../commands/run.ts';
import { browser, chromium, looked } from './browser.ts';
import { says, sentence, served, settled } from './explorePage.ts';

const FILE = 'T8/paper--four-directions.json';
const SIX = '&f=dog:1,0;cat:3/5,4/5;bird:-3/5,4/5;tree:-1,0;fern:-3/5,-4/5';

const marks = (page: Page): Promise<readonly string[]> =>
  page.locator('li.step').evaluateAll((steps) => steps.map((step) => step.getAttribute('data-mark') ?? ''));

describe.skipIf(!chromium)('the views', { timeout: 120_000 }, () => {
  const visit = browser();
  const address = served();
  const text = readFileSync(join(certificates, FILE), 'utf8');

  test('a certificate is accepted, every step ticked', async () => {
    const { page, faults } = await visit(`${address()}#certificate&file=${FILE}`);
    await says(page, 'accepted');
    expect(await sentence(page)).toContain('T8 paper refuted: {2} is not realizable: 119 w2 = 169 w1 + 120 w4');
    expect(new Set(await marks(page))).toEqual(new Set(['kept']));
    expect(await looked(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('with one digit changed it is rejected, at the step that the digit is of', async () => {
    const changed = text.replace('"169"', '"179"');
    const edit = editOf(text, changed);
    const { page, faults } = await visit(
      `${address()}${linkOf({ ...START, view: 'certificate', certificate: { file: FILE }, edit })}`,
    );
    await says(page, 'rejected');
    expect(await sentence(page)).toContain('$.witness.conclusion.proof[0]');
    expect(await sentence(page)).toContain('farkas-unequal');
    const broken = page.locator('li.step[data-mark=broken]');
    expect(await broken.count()).toBe(1);
    expect(await broken.textContent()).toContain('{2} is not realizable');
    // What the reading supposes was replayed before, the other half of the refutation was not come to.
    expect(await marks(page)).toEqual(['kept', 'kept', 'kept', 'kept', 'within', 'broken', 'unlooked']);
    expect(await looked(page)).toEqual([]);
    await page.getByRole('button', { name: 'As it was' }).click();
    await says(page, 'accepted');
    await page.getByRole('button', { name: 'Undo' }).click();
    await says(page, 'rejected');
    expect(faults).toEqual([]);
  });

  test('a digit that breaks it is found, and what is wrong with the instance breaks the hypothesis on it', async () => {
    const { page } = await visit(`${address()}#certificate&file=${FILE}`);
    await settled(page);
    await page.getByRole('button', { name: 'Change a digit' }).click();
    await page.locator('.verdict', { hasText: 'Rejected' }).waitFor();
    expect(await page.locator('li.step[data-mark=broken]').count()).toBe(1);
    await page.getByLabel('The file').fill(text.replace('12/13', '11/13'));
    await page.locator('li.step[data-mark=broken]', { hasText: 'unit-norm' }).waitFor();
    await says(page, 'rejected');
    await page.getByLabel('The file').fill(text.slice(0, 300));
    await page.locator('.problem', { hasText: 'outside the steps' }).waitFor();
  });

  test('a file of the reader is opened by its link, packed', async () => {
    const { page, faults } = await visit(address());
    await settled(page);
    await page
      .getByRole('button', { name: 'Why, step by step' })
      .or(page.getByText('Why, step by step'))
      .first()
      .click();
    await page.getByRole('button', { name: 'Open it as a certificate' }).click();
    await says(page, 'accepted');
    expect(await sentence(page)).toContain('R');
    const there = await visit(page.url());
    await says(there.page, 'accepted');
    expect(await sentence(there.page)).toBe(await sentence(page));
    expect(faults).toEqual([]);
  });

  test('what dictum explore makes of a file is opened: an instance, a certificate, and what is neither', async () => {
    const opened = (of: string): string => `${address()}#open&z=${deflateRawSync(of).toString('base64url')}`;
    const certificate = await visit(opened(text));
    await says(certificate.page, 'accepted');
    const { instance } = JSON.parse(text) as { instance: object };
    const { page } = await visit(opened(JSON.stringify(instance)));
    await says(page, /realizable$/);
    await page.getByRole('slider', { name: '"4"' }).waitFor();
    const neither = await visit(opened('no JSON'));
    expect(await neither.page.getByRole('alert').textContent()).toContain('This file cannot be explored');
  });

  test('patterns: as many sets as the library finds, filtered by a feature, opened in the plane', async () => {
    const { page, faults } = await visit(`${address()}#patterns${SIX}&p=1,2`);
    await settled(page);
    const found = patterns(instanceOf(stateOf(`#patterns${SIX}&p=1,2`).scene));
    expect(await page.locator('ul.sets button').count()).toBe(found.found);
    await page.getByLabel('dog', { exact: true }).check();
    expect(await page.locator('ul.sets button').count()).toBe(found.sets.filter((set) => set.includes(1)).length);
    expect(await looked(page)).toEqual([]);
    await page.locator('ul.sets button').first().click();
    await says(page, 'realizable');
    expect(faults).toEqual([]);
  });

  test('landscape: every partition, with the counts of the library; one opened in the plane is the same there', async () => {
    const hash = `#landscape&f=dog:1,0;cat:4/5,3/5;fern:-1,0&p=1,2;3`;
    const { page, faults } = await visit(`${address()}${hash}`);
    await page.locator('.verdict[data-verdict=complete]').waitFor();
    const found = landscape(instanceOf(stateOf(hash).scene));
    expect(await sentence(page)).toContain(`${found.patterns.length} patterns: ${found.traps} trap`);
    expect(await page.locator('svg.plot .mark').count()).toBe(
      found.patterns.filter(({ verdict }) => verdict === 'critical').length,
    );
    expect(await looked(page)).toEqual([]);
    await page.locator('tbody button').first().click();
    await page.locator('.critical[data-verdict=critical]').waitFor();
    expect(faults).toEqual([]);
  });

  test('training: as many runs in each end as the command has, each end proved', async () => {
    const hash = '#training&f=dog:1,0;cat:4/5,3/5;fern:-1,0&p=1;2;3&train=60,gd,0.05,3';
    const { page, faults } = await visit(`${address()}${hash}`);
    await page.locator('.verdict[data-verdict=trained]').waitFor();
    const { ends } = await land(instanceOf(stateOf(hash).scene), { runs: 60, seed: 3, threads: 1 });
    const rows = await page
      .locator('tbody tr')
      .evaluateAll((all) => all.map((row) => [2, 3].map((k) => row.children[k]?.textContent)));
    expect(rows).toEqual(ends.map(({ loss, count }) => [loss, `${count}`]));
    expect(await looked(page)).toEqual([]);
    await page.getByLabel('bias').check();
    await page.locator('.verdict[data-verdict=trained]').waitFor();
    const biased = await land(instanceOf(stateOf(new URL(page.url()).hash).scene), { runs: 60, seed: 3, threads: 1 });
    await expect
      .poll(() => page.locator('tbody tr').evaluateAll((all) => all.map((row) => row.children[3]?.textContent)))
      .toEqual(biased.ends.map(({ count }) => `${count}`));
    await page.getByLabel('optimizer').selectOption('adam');
    await page.locator('fieldset select').first().selectOption('50');
    await page.locator('.verdict[data-verdict=trained]', { hasText: 'of 50 runs' }).waitFor();
    await page.getByRole('button', { name: 'Look into it' }).first().click();
    await says(page, 'accepted');
    expect(faults).toEqual([]);
  });

  test('claims: a counterexample opens in the plane, and its certificate is accepted', async () => {
    const { page, faults } = await visit(`${address()}#claims`);
    await page.locator('.claim').first().waitFor();
    expect(await page.locator('.claim').count()).toBeGreaterThan(50);
    expect(await looked(page)).toEqual([]);
    const claim = page.locator('#claim-T8');
    await claim.getByRole('button', { name: 'More' }).click();
    await claim.getByText('Certificates, the smallest').waitFor();
    await claim.getByRole('button', { name: 'Open in the plane' }).click();
    await says(page, 'not-realizable');
    await page.goBack();
    await page.locator('#claim-T8').getByRole('button', { name: 'The proof' }).click();
    await says(page, 'accepted');
    await page.goBack();
    await page.getByRole('searchbox', { name: 'find' }).fill('REFUTED absorption');
    await page.locator('#claim-T6').waitFor({ state: 'detached' });
    expect(await page.locator('#claim-T8').count()).toBe(1);
    const found = await page.locator('.claim').count();
    await page.locator('[role=status]', { hasText: new RegExp(`^${found} of [0-9]+$`) }).waitFor();
    await expect.poll(() => stateOf(new URL(page.url()).hash).find).toBe('REFUTED absorption');
    const link = await visit(page.url());
    await link.page.locator('.claim').first().waitFor();
    expect(await link.page.locator('.claim').count()).toBe(found);
    expect(faults).toEqual([]);
  });

  test('the glossary', async () => {
    const { page, faults } = await visit(`${address()}#glossary`);
    await page.getByText('Farkas vector').first().waitFor();
    expect(await looked(page)).toEqual([]);
    expect(faults).toEqual([]);
  });
});
