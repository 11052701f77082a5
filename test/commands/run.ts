import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';

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

/** A run in a process of its own, for tests about what only a process has: its memory, its folder, its environment. */
export function dictumProcess(args: readonly string[], { input = '', cwd, env = {} }: Around = {}): Ran {
  const options = { input, cwd, env: { ...process.env, ...env }, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], options);
  return { code: status, out: stdout, err: stderr };
}

interface Thread {
  readonly port: MessagePort;
  /** 1 once the run has ended. */
  readonly turn: Int32Array;
}

let thread: Thread | undefined;

function start(): Thread {
  const { port1, port2 } = new MessageChannel();
  const turn = new Int32Array(new SharedArrayBuffer(4));
  const work = new URL('../../dist/src/kernel/numbers/work.js', import.meta.url).href;
  const worker = new Worker(new URL('thread.mjs', import.meta.url), {
    workerData: { main, work, port: port2, turn },
    transferList: [port2],
    execArgv: [],
  });
  worker.unref();
  port1.unref();
  return { port: port1, turn };
}

/** Longer than any test may take. */
const MINUTES = 300_000;

/** A run of the same compiled command in a thread that this file's tests share: starting a process costs more than most runs. */
export function dictum(args: readonly string[], { input = '' }: Pick<Around, 'input'> = {}): Ran {
  if (!existsSync(main)) throw new Error('dist/ is missing: npm run build');
  thread ??= start();
  const { port, turn } = thread;
  Atomics.store(turn, 0, 0);
  port.postMessage({ args, input });
  // The value decides, not the waking: the run before may notify only now, as its answer was seen without.
  while (Atomics.load(turn, 0) === 0) {
    if (Atomics.wait(turn, 0, 0, MINUTES) !== 'timed-out') continue;
    // Its answer, should it come, is nobody's.
    thread = undefined;
    throw new Error(`no answer: dictum ${args.join(' ')}`);
  }
  const ran = receiveMessageOnPort(port)?.message as Ran & { readonly last: boolean };
  if (ran.last) thread = undefined;
  return { code: ran.code, out: ran.out, err: ran.err };
}

/** A new empty folder. */
export const folder = (): string => mkdtempSync(join(tmpdir(), 'dictum-test-'));
