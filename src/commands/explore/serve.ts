/** The page's files over HTTP, to this machine alone. Files are listed once: what is not in the list is not there. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
};

/** Names that a build changes with the content may be kept. */
const KEPT = /^assets\/.+-[\w-]{8}\.\w+$/;

export function serverFor(folder: string): Server {
  const files = new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return [file.slice(folder.length + 1).replaceAll('\\', '/'), file] as const;
      }),
  );
  return createServer(({ url = '/', method, headers }, response) => {
    // Not as a URL, of which some are none: names of our files need no escapes.
    const path = url.replace(/[?#].*$/s, '').slice(1);
    const name = path === '' ? 'index.html' : path;
    const file = files.get(name);
    // A name of another host that leads here is none of ours.
    const ours = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? '');
    const status = !ours ? 403 : method !== 'GET' && method !== 'HEAD' ? 405 : file === undefined ? 404 : 200;
    if (status !== 200 || file === undefined) {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${status}\n`);
      return;
    }
    const body = readFileSync(file);
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-length': body.length,
      'cache-control': KEPT.test(name) ? 'max-age=31536000, immutable' : 'no-cache',
      'x-content-type-options': 'nosniff',
    });
    response.end(method === 'HEAD' ? undefined : body);
  });
}
