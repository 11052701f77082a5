/** `dictum explore`: the page in web/dist, served to this machine, and a file opened in it by its link. */
import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { commandNamed, notes, parseArguments } from '../../terminal/arguments.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { readText } from '../../terminal/files.ts';
import { packageRoot } from '../../terminal/package.ts';
import { fail } from '../../terminal/problem.ts';
import { note, say } from '../../terminal/streams.ts';
import { openInBrowser } from './open.ts';
import { serverFor } from './serve.ts';

const NOTES = notes(
  'FILE is an instance or a certificate; the link that opens it holds all of it. The page decides everything itself, and asks for nothing but its own files.',
  'Served on 127.0.0.1 until Ctrl C. web/dist of the package can be put on any host instead.',
  '',
  'Examples:',
  '  dictum explore',
  '  dictum explore three.json',
  '  dictum explore certificates/T8/paper--four-directions.json --no-open',
);

/** Browsers take links of two million letters. */
const LONGEST = 1_500_000;
const USUAL = 4747;

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('explore', 'Opens the explorer: directions to drag, certificates to look into.')
    .argument('[file]', 'an instance or a certificate to open (- for standard input)')
    .option('--port <number>', 'the port (default: 4747, or one that is free)')
    .option('--no-open', 'print the address, and open nothing')
    .addHelpText('after', NOTES);
  if (!parseArguments(command, args)) return EXIT.ok;
  const { port, open, json } = command.opts<{ port?: string; open: boolean; json?: boolean }>();
  const [file] = command.args;
  if (port !== undefined && !(/^[0-9]{1,5}$/.test(port) && Number(port) < 65_536))
    fail('bad-arguments', { file: '--port' }, 'a port from 0 to 65535', JSON.stringify(port));
  const folder = join(packageRoot(), 'web', 'dist');
  if (!existsSync(join(folder, 'index.html')))
    return fail('no-files', { file: folder }, 'the page, which npm run build writes', 'none');
  const hash = file === undefined ? '' : linkTo(await readText(file), file);
  const server = serverFor(folder);
  const address = `http://127.0.0.1:${await listening(server, port)}/${hash}`;
  if (json) say(`${JSON.stringify({ format: 'dictum/explore@1', address })}\n`);
  else say(`${address}\n`);
  note('Ctrl C ends it.\n');
  if (open) openInBrowser(address);
  return new Promise((resolve) => {
    process.once('SIGINT', () => {
      server.close();
      server.closeAllConnections();
      resolve(EXIT.ok);
    });
  });
}

/** The page finds out by itself what it is. */
function linkTo(text: string, file: string): string {
  const hash = `#open&z=${deflateRawSync(text, { level: 9 }).toString('base64url')}`;
  return hash.length <= LONGEST
    ? hash
    : fail(
        'too-large',
        { file },
        `a file that a link can hold (${LONGEST} letters); open the page, and drop it there`,
        `${hash.length}`,
      );
}

/** The port that was asked for; or the usual one, and where that is taken any other. */
async function listening(server: Server, port: string | undefined): Promise<number> {
  const first = await listen(server, Number(port ?? USUAL));
  if (typeof first === 'number') return first;
  const second = port === undefined ? await listen(server, 0) : first;
  return typeof second === 'number'
    ? second
    : fail(
        'bad-arguments',
        { file: '--port' },
        'a port that is free',
        `${port ?? 'none'} (${second.code ?? second.message})`,
      );
}

const listen = (server: Server, port: number): Promise<number | NodeJS.ErrnoException> =>
  new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', resolve);
      resolve((server.address() as AddressInfo).port);
    });
  });
