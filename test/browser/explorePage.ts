/** The explorer as `npm run build` left it in web/dist, served as `dictum explore` does. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { serverFor } from '../../src/commands/explore/serve.ts';
import { packageRoot } from '../../src/terminal/package.ts';

/** The address of the page, called inside a `describe`. */
export function served(): () => string {
  let address = '';
  let close = (): void => undefined;
  beforeAll(async () => {
    const folder = join(packageRoot(), 'web', 'dist');
    if (!existsSync(join(folder, 'index.html'))) throw new Error('web/dist is missing: npm run build writes it');
    const server = serverFor(folder).listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    close = (): void => {
      server.closeAllConnections();
      server.close();
    };
  });
  afterAll(() => close());
  return () => address;
}

/** The verdict once nothing is under way. */
export async function settled(page: Page): Promise<string> {
  await page.locator('.verdict[data-verdict]:not([aria-busy=true])').first().waitFor();
  return (await page.locator('.verdict[data-verdict]').first().getAttribute('data-verdict')) ?? '';
}

/** Waits until it says so: right after a click the view before may still stand there. */
export const says = (page: Page, verdict: string | RegExp): Promise<void> =>
  expect
    .poll(() => settled(page), { timeout: 20_000 })
    [typeof verdict === 'string' ? 'toBe' : 'toMatch'](verdict as string);

export async function sentence(page: Page): Promise<string> {
  await settled(page);
  return ((await page.locator('.verdict').first().textContent()) ?? '').replaceAll(/\s+/g, ' ').trim();
}

/** Of a feature's arrow, where it is grabbed. */
export async function tip(page: Page, label: string): Promise<readonly [number, number]> {
  const box = await page.locator(`[role=slider][aria-label="${label}"] .handle`).boundingBox();
  if (!box) throw new Error(`no arrow ${label}`);
  return [box.x + box.width / 2, box.y + box.height / 2];
}

export async function dragged(page: Page, label: string, to: readonly [number, number]): Promise<void> {
  const [x, y] = await tip(page, label);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move((x + to[0]) / 2, (y + to[1]) / 2, { steps: 2 });
  await page.mouse.move(to[0], to[1], { steps: 2 });
  await page.mouse.up();
}

/** A point of the figure: the circle has radius 1. */
export async function pointOf(page: Page, [x, y]: readonly [number, number]): Promise<readonly [number, number]> {
  const box = await page.locator('svg.scene').boundingBox();
  if (!box) throw new Error('no figure');
  const unit = (148 / 420) * box.width;
  return [box.x + box.width / 2 + unit * x, box.y + box.height / 2 - unit * y];
}
