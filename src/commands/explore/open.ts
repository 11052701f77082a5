/** Opens an address in the reader's browser, where there is one: it is printed in any case. */
import { spawn } from 'node:child_process';

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  // The empty word is the title of a window.
  win32: ['cmd', '/c', 'start', '""'],
};

export function openInBrowser(address: string): void {
  const [command = 'xdg-open', ...first] = OPENERS[process.platform] ?? ['xdg-open'];
  const opened = spawn(command, [...first, address], { stdio: 'ignore', detached: true });
  opened.on('error', () => undefined);
  opened.unref();
}
