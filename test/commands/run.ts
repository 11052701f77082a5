import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The compiled command; `npm test` builds it. Not npx, which would build again. */
export const main: string = fileURLToPath(new URL('../../dist/src/commands/main.js', import.meta.url));

export const corpora: string = fileURLToPath(new URL('../corpora/', import.meta.url));
export const certificates: string = fileURLToPath(new URL('../../certificates/', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Around {
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function dictum(args: readonly string[], { input = '', cwd, env = {} }: Around = {}): Ran {
  const options = { input, cwd, env: { ...process.env, ...env }, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], options);
  return { code: status, out: stdout, err: stderr };
}

/** A new empty folder. */
export const folder = (): string => mkdtempSync(join(tmpdir(), 'dictum-test-'));
