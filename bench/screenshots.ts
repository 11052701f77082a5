/**
 * The pictures of pages in docs/, in a headless Chromium:
 *
 *     npm run build && DICTUM_CHROMIUM=/usr/bin/chromium npx tsx bench/screenshots.ts
 *
 * A page has few colours, so 64 of them make a picture of it in an eighth of the bytes.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import { chromium, type Page } from 'playwright-core';

const COLOURS = 64;
const root = fileURLToPath(new URL('..', import.meta.url));
const at = mkdtempSync(join(tmpdir(), 'dictum-'));

function dictum(...args: string[]): void {
  const main = join(root, 'dist/src/commands/main.js');
  const { status, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`dictum ${args.join(' ')}: ${stderr}`);
}

/** By the browser: width, height, the commonest colours, and for each pixel the nearest of them. */
const QUANTIZE = `async ({ png, count }) => {
  const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob());
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  context.drawImage(image, 0, 0);
  const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
  const often = new Map();
  for (const p of pixels) often.set(p, (often.get(p) ?? 0) + 1);
  const parts = (p) => [p & 255, (p >> 8) & 255, (p >> 16) & 255];
  // A colour among greys is seen where it is rare.
  const seen = ([p, n]) => n * (1 + (Math.max(...parts(p)) - Math.min(...parts(p))) / 4);
  const palette = [...often].sort((a, b) => seen(b) - seen(a) || a[0] - b[0]).slice(0, count).map(([p]) => p);
  const nearest = new Map();
  for (const p of often.keys()) {
    const [r, g, b] = parts(p);
    const away = palette.map(parts).map(([x, y, z]) => (x - r) ** 2 + (y - g) ** 2 + (z - b) ** 2);
    nearest.set(p, away.indexOf(Math.min(...away)));
  }
  return { width, height, palette: palette.map(parts), indices: [...pixels].map((p) => nearest.get(p)) };
}`;

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

interface Indexed {
  readonly width: number;
  readonly height: number;
  readonly palette: readonly (readonly number[])[];
  readonly indices: readonly number[];
}

function palettePng({ width, height, palette, indices }: Indexed): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Eight bits a pixel, each the number of a colour.
  head.set([8, 3, 0, 0, 0], 8);
  const rows = Array.from({ length: height }, (_, y) => [0, ...indices.slice(y * width, (y + 1) * width)]);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', head),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
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
  const png = (await page.screenshot()).toString('base64');
  await page.goto('about:blank');
  // As text: these are the browser's own objects.
  const found = (await page.evaluate(`(${QUANTIZE})(${JSON.stringify({ png, count: COLOURS })})`)) as Indexed;
  const bytes = palettePng(found);
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
