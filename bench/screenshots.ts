/**
 * The pictures of pages in docs/, in a headless Chromium:
 *
 *     npm run build && DICTUM_CHROMIUM=/usr/bin/chromium npx tsx bench/screenshots.ts
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { palettePng } from './palettePng.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = mkdtempSync(join(tmpdir(), 'dictum-'));

function dictum(...args: string[]): void {
  const main = join(root, 'dist/src/commands/main.js');
  const { status, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`dictum ${args.join(' ')}: ${stderr}`);
}

interface Shot {
  readonly name: string;
  readonly file: string;
  readonly width: number;
  readonly height: number;
  /** What stands at the top of the picture. */
  readonly from?: string;
}

async function shoot(page: Page, { name, file, width, height, from }: Shot): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.goto(pathToFileURL(file).href);
  if (from !== undefined) await page.evaluate(`document.querySelector(${JSON.stringify(from)}).scrollIntoView()`);
  const bytes = await palettePng(page);
  writeFileSync(join(root, 'docs', `${name}.png`), bytes);
  process.stdout.write(`docs/${name}.png: ${width} x ${height}, ${bytes.length} bytes\n`);
}

const [report, explained, latents] = ['report', 'explained', 'latents'].map((name) => join(at, `${name}.html`)) as [
  string,
  string,
  string,
];
dictum('report', '--evidence', '0', '--out', report);
dictum('explain', 'certificates/T6/paper--equal-weights-plane.json', '--html', explained);
const trees = ['test/inspect/trees/jump15', '--features', 'test/inspect/trees/directions.json'];
dictum('inspect', ...trees, '--strength', '1..2', '--html', latents);

const path = process.env.DICTUM_CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu', '--no-zygote'] });
const page = await browser.newPage({ colorScheme: 'light' });
await shoot(page, { name: 'report', file: report, width: 900, height: 700, from: '#claims tr:has(a[href="#T6"])' });
await shoot(page, {
  name: 'explained',
  file: explained,
  width: 900,
  height: 800,
  from: 'ol.steps > li:last-child ol > li',
});
await shoot(page, { name: 'latents', file: latents, width: 900, height: 760 });
await browser.close();
