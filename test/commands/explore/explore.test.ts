/** `dictum explore`: serves its own files to this machine and nothing else, and makes links of files. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { certificates, dictum, main } from '../run.ts';

const running: ReturnType<typeof spawn>[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill();
});

/** The address that it prints, and the process. */
async function explored(...args: readonly string[]): Promise<{ address: string; child: ReturnType<typeof spawn> }> {
  const child = spawn(process.execPath, [main, 'explore', '--no-open', ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  running.push(child);
  let said = '';
  for await (const part of child.stdout as NodeJS.ReadableStream) {
    said += `${part}`;
    if (said.endsWith('\n')) break;
  }
  return { address: said.trim(), child };
}

/** As they stand, without what fetch makes of a path. */
async function status(address: string, path: string, options: object = {}): Promise<number | undefined> {
  const { port } = new URL(address);
  const asked = request({ host: '127.0.0.1', port, path, ...options }).end();
  const [response] = await once(asked, 'response');
  response.resume();
  return response.statusCode;
}

describe('dictum explore', () => {
  test('serves the page, and ends with Ctrl C', async () => {
    const { address, child } = await explored('--port', '0');
    const response = await fetch(address);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toContain('Dictum explorer');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('what is not of the page is not there', async () => {
    const { address } = await explored('--port', '0');
    expect(await status(address, '/claims/index.json')).toBe(200);
    expect(await status(address, '/../package.json')).toBe(404);
    expect(await status(address, '/%2e%2e/package.json')).toBe(404);
    expect(await status(address, '/..%2f..%2fpackage.json')).toBe(404);
    expect(await status(address, '//example.org/')).toBe(404);
    expect(await status(address, '//:')).toBe(404);
    expect(await status(address, '/?x#y')).toBe(200);
    expect(await status(address, '/', { method: 'POST' })).toBe(405);
    // A name of another host that was made to lead here.
    expect(await status(address, '/', { headers: { host: 'example.org' } })).toBe(403);
  });

  test('a file is in the link, whole', async () => {
    const file = join(certificates, 'T8/paper--four-directions.json');
    const { address } = await explored('--port', '0', file);
    const packed = /#open&z=(.+)$/.exec(address)?.[1] ?? '';
    expect(inflateRawSync(Buffer.from(packed, 'base64url')).toString()).toBe(readFileSync(file, 'utf8'));
  });

  test('a port that is taken: another, unless it was asked for', async () => {
    const { address } = await explored();
    const { port } = new URL(address);
    const second = await explored();
    expect(new URL(second.address).port).not.toBe(port);
    const { code, err } = dictum(['explore', '--no-open', '--port', port]);
    expect(code).toBe(2);
    expect(err).toContain('a port that is free');
  });

  test('bad input', () => {
    expect(dictum(['explore', '--port', '65536'])).toMatchObject({ code: 2 });
    expect(dictum(['explore', 'no-such-file.json'])).toMatchObject({ code: 2 });
  });
});
