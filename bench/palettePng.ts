/** What a page shows, as a PNG with a palette: a page has few colours, so 64 of them make a picture of it in an eighth of the bytes. */
import { crc32, deflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';

const COLOURS = 64;

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

function pngOf({ width, height, palette, indices }: Indexed): Buffer {
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

/** Leaves the page. */
export async function palettePng(page: Page): Promise<Buffer> {
  const png = (await page.screenshot()).toString('base64');
  await page.goto('about:blank');
  // As text: these are the browser's own objects.
  return pngOf((await page.evaluate(`(${QUANTIZE})(${JSON.stringify({ png, count: COLOURS })})`)) as Indexed);
}
