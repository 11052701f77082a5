/** The pictures of docs/explore.md: each view at a desk, and the plane on a phone. `npm run build`, then `npx tsx bench/exploreShots.ts`. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { serverFor } from '../src/commands/explore/serve.ts';
import { packageRoot } from '../src/terminal/package.ts';
import { palettePng } from './palettePng.ts';

const SIX = 'f=dog:1,0;cat:3/5,4/5;bird:-3/5,4/5;tree:-1,0;fern:-3/5,-4/5;moss:3/5,-4/5';
const FOUR = 'f=dog:1,0,0;cat:3/5,4/5,0;bird:3/5,0,4/5;fern:-1,0,0';

interface Shot {
  readonly name: string;
  readonly hash: string;
  readonly size: readonly [number, number];
  readonly dark?: boolean;
  /** To be there before the picture is taken. */
  readonly wait?: string;
}

const SHOTS: readonly Shot[] = [
  { name: 'plane', hash: '', size: [1100, 500] },
  { name: 'realizable', hash: `#plane&${SIX}&p=1,2;4,5`, size: [1100, 500] },
  {
    name: 'space',
    hash: '#plane&f=x:1,0,0;y:0,1,0;z:0,0,1;middle:2/3,1/3,2/3&p=1,4;3,4',
    size: [1100, 560],
    dark: true,
  },
  { name: 'down', hash: '#plane&f=a:1,0:1;b:0,1:-1&p=1,2;&down=50', size: [1100, 420], wait: 'section.down' },
  { name: 'patterns', hash: `#patterns&${SIX}&p=1`, size: [1100, 480] },
  { name: 'landscape', hash: `#landscape&${FOUR}&p=1,2;3;4;`, size: [1100, 720], wait: '[data-verdict=complete]' },
  {
    name: 'training',
    hash: '#training&f=dog:1,0;cat:4/5,3/5;fern:-1,0&p=1;2;3',
    size: [1100, 560],
    wait: '[data-verdict=trained]',
  },
  { name: 'certificate', hash: '#certificate&file=T8/paper--four-directions.json&edit=726,1,7', size: [1100, 560] },
  { name: 'claims', hash: '#claims', size: [1100, 560] },
  { name: 'phone', hash: '', size: [360, 740] },
];

const server = serverFor(join(packageRoot(), 'web', 'dist')).listen(0, '127.0.0.1');
await once(server, 'listening');
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
const executablePath = process.env.DICTUM_CHROMIUM;
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const { name, hash, size, dark = false, wait = '[data-verdict]' } of SHOTS) {
  const [width, height] = size;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light' });
  const page = await context.newPage();
  await page.goto(`${address}${hash}`);
  await page.locator(wait).first().waitFor();
  // What is waited for is what is to be seen.
  await page.locator(wait).first().scrollIntoViewIfNeeded();
  await page.waitForTimeout(2000);
  writeFileSync(join(packageRoot(), 'docs', `explore-${name}.png`), await palettePng(page));
  await context.close();
}
await browser.close();
server.closeAllConnections();
server.close();
