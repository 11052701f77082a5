/** The explorer's view of a model: files dropped on the page give the latents that `dictum inspect` finds, and are asked of nobody. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { openModel } from '../../src/commands/metrics/openModel.ts';
import { inspect } from '../../src/inspect/inspect.ts';
import type { InspectResult } from '../../src/inspect/request.ts';
import { inspectDocument } from '../../src/latents/document.ts';
import { featuresFrom, requestFrom } from '../../src/latents/enter.ts';
import { findings } from '../../src/latents/findings.ts';
import { inspectSections, latentCard } from '../../src/latents/page.ts';
import { readInstanceFile } from '../../src/terminal/door.ts';
import { browser, chromium, looked } from './browser.ts';
import { says, sentence, served, settled } from './explorePage.ts';

const folder = fileURLToPath(new URL('../inspect/trees', import.meta.url));
const WEIGHTS = `${folder}/jump15/sae_weights.safetensors`;
const CFG = `${folder}/jump15/cfg.json`;
const FEATURES = `${folder}/directions.json`;

const LATENT = 7;

/** One drop of all of them, as a hand does it. */
async function drop(page: Page, files: readonly { readonly name: string; readonly bytes: Buffer }[]): Promise<void> {
  const given = files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') }));
  const transfer = await page.evaluateHandle((all) => {
    // biome-ignore lint/suspicious/noExplicitAny: runs in the page, whose globals this project does not know.
    const { DataTransfer, File, atob } = globalThis as any;
    const transfer = new DataTransfer();
    for (const { name, base64 } of all) {
      transfer.items.add(new File([Uint8Array.from(atob(base64), (c: string) => c.charCodeAt(0))], name));
    }
    return transfer;
  }, given);
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

const fileOf = (path: string): { name: string; bytes: Buffer } => ({ name: basename(path), bytes: readFileSync(path) });

/** The text of the page's tables and cards, and that of these words set as HTML. */
const shown = (page: Page): Promise<string> =>
  page
    .locator('.inspected')
    .evaluate((of) => of.textContent ?? '')
    .then((text) => text.replaceAll(/\s+/g, ' ').trim());
const textOf = (page: Page, html: string): Promise<string> =>
  page
    .evaluate((of) => {
      // biome-ignore lint/suspicious/noExplicitAny: as above.
      const element = (globalThis as any).document.createElement('div');
      element.innerHTML = of;
      return element.textContent as string;
    }, html)
    .then((text) => text.replaceAll(/\s+/g, ' ').trim());

describe.skipIf(!chromium)('a model', { timeout: 120_000 }, () => {
  const visit = browser();
  const address = served();
  let expected: InspectResult;
  let head: { file: string; from: string; notes: readonly string[] };
  const inspectAt = async (strength: string): Promise<{ result: InspectResult; notes: readonly string[] }> => {
    const { model, notes } = await openModel(`${folder}/jump15`, {});
    const { instance } = await readInstanceFile(FEATURES);
    const read = featuresFrom(instance, FEATURES, model.shape, strength);
    const entered = requestFrom(model, { features: { read, file: FEATURES } });
    return { result: await inspect(entered.request), notes: [...notes, ...entered.notes] };
  };
  beforeAll(async () => {
    const { result, notes } = await inspectAt('1..2');
    expected = result;
    head = { file: basename(WEIGHTS), from: 'saelens', notes };
  });

  test('dropped files: sentences, tables and cards of dictum inspect, and no request for them', async () => {
    const { page, requests, faults } = await visit(`${address()}#model`);
    await page.getByText('Nothing leaves this page').waitFor();
    await drop(page, [WEIGHTS, CFG, FEATURES].map(fileOf));
    await says(page, 'inspected');
    expect(await page.locator('.inspected ol.f li').allTextContents()).toEqual(findings(expected));
    expect(await page.locator('section[aria-labelledby=absorption] tbody tr').count()).toBe(
      new Set(expected.books.map(({ parent }) => parent)).size,
    );
    expect(await shown(page)).toBe(await textOf(page, inspectSections(expected, head)));
    expect(await looked(page)).toEqual([]);
    expect(requests.filter((url) => /safetensors|directions/.test(url))).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('the example, a latent chosen by its link, its card with the keyboard, and the link holds both', async () => {
    const { page, faults } = await visit(`${address()}#model`);
    await page.getByRole('button', { name: 'Try an example' }).press('Enter');
    await says(page, 'inspected');
    const link = page.locator('section[aria-labelledby=absorption] tbody a').first();
    const chosen = Number(((await link.textContent()) ?? '').slice(1));
    await link.press('Enter');
    await page.getByRole('heading', { name: `Latent #${chosen}` }).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe(`Latent #${chosen}`);
    await page.getByLabel('latent', { exact: true }).fill(`${LATENT}`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Latent #${LATENT}` }).waitFor();
    expect(await shown(page)).toContain(await textOf(page, latentCard(expected, LATENT)));
    expect(new URL(page.url()).hash).toBe(`#model&model=trees&latent=${LATENT}`);
    expect(await looked(page)).toEqual([]);
    const there = await visit(page.url());
    await there.page.getByRole('heading', { name: `Latent #${LATENT}` }).waitFor();
    expect(await shown(there.page)).toBe(await shown(page));
    const beyond = await visit(`${address()}#model&model=trees&latent=96`);
    await beyond.page.getByText('There is no latent #96').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { name: `Latent #${chosen}` }).waitFor();
    expect([...faults, ...there.faults]).toEqual([]);
  });

  test('strengths are those of --strength; the document is that of --json', async () => {
    const { page, faults } = await visit(`${address()}#model&model=trees`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await settled(page);
    await page.getByRole('button', { name: 'JSON', exact: true }).click();
    await page.getByText('is copied').waitFor();
    const document = JSON.parse(await page.evaluate('navigator.clipboard.readText()')) as object;
    expect(document).toEqual(JSON.parse(JSON.stringify(inspectDocument(expected, head))));
    await page.getByLabel('strengths of features').fill('2..1');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('two numbers above 0, the second not smaller');
    await page.getByLabel('strengths of features').fill('1..1');
    await page.keyboard.press('Enter');
    await settled(page);
    const { result } = await inspectAt('1..1');
    expect(await shown(page)).toBe(await textOf(page, inspectSections(result, head)));
    expect(await shown(page)).not.toBe(await textOf(page, inspectSections(expected, head)));
    expect(faults).toEqual([]);
  });

  test('what cannot be read is refused in the words of the command', async () => {
    const { page, faults } = await visit(`${address()}#model`);
    const refused = async (files: readonly { name: string; bytes: Buffer }[]): Promise<string> => {
      await drop(page, files);
      await page.getByRole('alert').waitFor();
      const text = (await page.getByRole('alert').textContent()) ?? '';
      for (const { name } of files) await page.getByRole('button', { name: `Remove ${name}` }).click();
      await page.getByRole('alert').waitFor({ state: 'detached' });
      return text;
    };
    const weights = fileOf(WEIGHTS);
    const cut = { ...weights, bytes: weights.bytes.subarray(0, 9000) };
    expect(await refused([cut, fileOf(CFG), fileOf(FEATURES)])).toMatch(
      /^sae_weights\.safetensors: .*: expected .*, found .*\(wrong-type\)/,
    );
    expect(await refused([weights, fileOf(CFG)])).toContain('expected rows, features, or both, found neither');
    expect(await refused([weights, fileOf(FEATURES)])).toContain('cfg.json');
    const labels = { name: 'labels.csv', bytes: Buffer.from('a,b\n0,1\n') };
    expect(await refused([weights, fileOf(CFG), fileOf(FEATURES), labels])).toContain('labels.csv');
    // Parts of one megabyte that are the same one: a large file that takes no memory.
    await page.evaluate(() => {
      // biome-ignore lint/suspicious/noExplicitAny: as above.
      const { Blob, DataTransfer, DragEvent, File, document } = globalThis as any;
      const part = new Blob([new Uint8Array(1e6)]);
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(new Array(201).fill(part), 'large.safetensors'));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
    });
    await page.getByRole('alert').filter({ hasText: 'expected at most 200 MB together, found 201 MB' }).waitFor();
    await page.getByRole('button', { name: 'Remove large.safetensors' }).click();
    expect(await refused([{ name: 'notes.pt', bytes: Buffer.from('') }])).toContain('expected .safetensors');
    expect(faults).toEqual([]);
  });

  test('rows with names and labels', async () => {
    const { model } = await openModel(`${folder}/jump15`, {});
    const { instance } = await readInstanceFile(FEATURES);
    const some = instance.features.slice(0, 40);
    const rows = Object.fromEntries(
      some.map(({ label, wp }) => [
        label,
        [...wp.entries()].map((x) => Number(`${x}`.split('/')[0]) / Number(`${x}`.split('/')[1] ?? 1)),
      ]),
    );
    const csv = ['row,early', ...some.map(({ label }, r) => `${label},${r < 20 ? 1 : 0}`)].join('\n');
    const { page, faults } = await visit(`${address()}#model`);
    await drop(page, [
      fileOf(WEIGHTS),
      fileOf(CFG),
      { name: 'rows.json', bytes: Buffer.from(JSON.stringify(rows)) },
      { name: 'labels.csv', bytes: Buffer.from(csv) },
    ]);
    await says(page, 'inspected');
    expect(await sentence(page)).toContain(`${model.shape.nq} latents`);
    expect(await page.locator('.inspected > p.mut').first().textContent()).toContain('40 rows');
    expect(await shown(page)).toContain('early');
    expect(faults).toEqual([]);
  });
});
