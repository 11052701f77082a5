/**
 * Files in and out. In: at most as large as the kernel reads, and valid UTF-8, or a clear refusal before anything is parsed.
 * Out: never over an input; written beside, flushed, renamed: whoever looks sees the old file or the whole new one.
 */
import { randomBytes } from 'node:crypto';
import { constants, fstatSync } from 'node:fs';
import { access, type FileHandle, lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { MAX_LENGTH } from '../kernel/document/json.ts';
import { EXIT } from './exitCodes.ts';
import { inputAt, remember } from './inputs.ts';
import { fail } from './problem.ts';

/** In bytes. A character takes at least one, so this also keeps the kernel's limit on characters. */
export const MAX_BYTES: number = MAX_LENGTH;

const CHUNK = 1 << 20;

interface HowToRead {
  /** A file of ours that the same command writes anew. */
  readonly own?: boolean;
  /** Found in a folder, not named by the user: then a pipe or a device is none of ours, and is not waited for. */
  readonly found?: boolean;
}

/** The text of a file; `-` is standard input. A byte order mark is refused: RFC 8259 allows none. */
export async function readText(file: string, how: HowToRead = {}): Promise<string> {
  const text = await textOf(await readLimited(file, how), file);
  if (text.startsWith('\ufeff')) fail('not-utf-8', { file }, 'UTF-8 without a byte order mark', 'a byte order mark');
  return text;
}

/** The bytes of a file; `-` is standard input. */
export function readLimited(file: string, how: HowToRead = {}): Promise<Uint8Array> {
  return file === '-' ? readStandardInput() : readBytes(file, how);
}

async function readStandardInput(): Promise<Uint8Array> {
  // Of `< file` the file is an input like any other.
  try {
    remember('standard input', fstatSync(0, { bigint: true }));
  } catch (thrown) {
    return unreadable(thrown, '-');
  }
  try {
    return await collect(process.stdin, '-');
  } catch (thrown) {
    return unreadable(thrown, '-');
  }
}

async function readBytes(file: string, { own = false, found = false }: HowToRead): Promise<Uint8Array> {
  let handle: FileHandle;
  try {
    // Without waiting, a pipe opens at once though nobody writes to it, and is seen to be one.
    handle = await open(file, found ? constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) : 'r');
  } catch (thrown) {
    return unreadable(thrown, file);
  }
  try {
    const info = await handle.stat({ bigint: true });
    if (info.isDirectory()) fail('unreadable', { file }, 'a file', 'a folder');
    if (found && !info.isFile()) fail('unreadable', { file }, 'a regular file', 'a pipe, a device or a socket');
    if (info.size > MAX_BYTES) tooLarge(file, `${info.size} bytes`);
    if (!own) remember(file, info);
    // Not readFile: a pipe has no size, and a file may grow after it was asked.
    return await collect(chunks(handle), file);
  } catch (thrown) {
    return unreadable(thrown, file);
  } finally {
    await handle.close();
  }
}

async function* chunks(handle: FileHandle): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(CHUNK), 0, CHUNK, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

async function collect(source: AsyncIterable<Uint8Array>, file: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of source) {
    size += part.length;
    if (size > MAX_BYTES) tooLarge(file, 'more');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const tooLarge = (file: string, found: string): never =>
  fail('too-large', { file }, `at most ${MAX_BYTES} bytes (32 MiB)`, found);

/** UTF-8, byte order mark included; what is none is called by its name. */
export async function textOf(bytes: Uint8Array, file: string): Promise<string> {
  const text = utf8(bytes);
  if (text !== undefined && !text.includes('\0')) return text;
  // Loaded only here: `dictum check` reads certificates with as little as it can.
  const { recognize } = await import('./recognize.ts');
  const known = recognize(bytes);
  if (known) return fail('not-utf-8', { file, next: known.next }, 'UTF-8', known.name);
  return text ?? fail('not-utf-8', { file }, 'UTF-8', 'bytes that are not UTF-8');
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    return undefined;
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file or folder'],
  ['ENOTDIR', 'a path that leads through a file'],
  ['EACCES', 'no permission'],
  ['EPERM', 'no permission'],
  ['EISDIR', 'a folder'],
  ['ENOSPC', 'a full disk'],
  ['EDQUOT', 'an exhausted disk quota'],
  ['EROFS', 'a read-only file system'],
  ['EMFILE', 'too many open files'],
  ['ELOOP', 'a loop of links'],
  ['ENAMETOOLONG', 'a name that is too long'],
  ['EEXIST', 'a file of that name'],
  ['ENXIO', 'a pipe, a device or a socket'],
  ['EIO', 'a device that fails'],
  ['EFBIG', 'a file that would be too large'],
  ['EBUSY', 'a file in use'],
  ['ETXTBSY', 'a file in use'],
  ['EAGAIN', 'a device that is not ready'],
  ['ENFILE', 'too many open files'],
  ['EINVAL', 'a name or a device that cannot be used so'],
  ['EBADF', 'a closed stream'],
]);

/** The operating system's refusal in words; anything that is none passes through. */
export function reason(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? `${thrown.code}` : undefined;
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) throw thrown;
  return REASONS.get(code) ?? code;
}

/** Refuses a file that cannot be read, for the reason the operating system gave. */
export function unreadable(thrown: unknown, file: string): never {
  return fail('unreadable', { file }, 'a readable file', reason(thrown));
}

/**
 * Writes a whole file or nothing, and never over an input, but for `rewriting` one. A link is followed; what is not a regular file
 * (`/dev/stdout`, a pipe) is written to. While it writes, SIGINT and SIGTERM remove the temporary file and end the process, but where
 * the command has a way of its own to end: then the file is written first.
 */
export async function writeAtomically(path: string, text: string | Uint8Array, rewriting = false): Promise<void> {
  try {
    if (!rewriting) await refuseInput(path);
    const { target, mode, plain } = await targetOf(path);
    await (plain ? replace(target, text, mode) : writeThrough(target, text, 'w'));
  } catch (thrown) {
    fail('cannot-write', { file: path }, 'a place to write to', reason(thrown));
  }
}

/**
 * Refuses at once what could not be written in the end: to be called when the inputs have been read, before the work. Two outputs
 * must not be the same file either.
 */
export async function outputs(...paths: readonly (string | undefined)[]): Promise<void> {
  const taken = new Set<string>();
  for (const path of paths) {
    if (path === undefined) continue;
    await refuseInput(path);
    try {
      const { target, plain } = await targetOf(path);
      if (!plain) continue;
      const folder = await realpath(dirname(resolve(target)));
      await access(folder, constants.W_OK);
      const whole = join(folder, basename(target));
      if (taken.has(whole)) fail('cannot-write', { file: path }, 'a file for each output', 'the same file twice');
      taken.add(whole);
    } catch (thrown) {
      fail('cannot-write', { file: path }, 'a place to write to', reason(thrown));
    }
  }
}

async function refuseInput(path: string): Promise<void> {
  const input = await inputAt(path);
  if (input === undefined) return;
  fail('overwrites-input', { file: path }, 'an output that is no input', `the input ${JSON.stringify(input)}`);
}

/** Where to write in truth: never is a link itself replaced, nor a device, a pipe or a socket. */
async function targetOf(path: string): Promise<{ target: string; mode: number | undefined; plain: boolean }> {
  if (!(await lstat(path).catch(absent))) return { target: path, mode: undefined, plain: true };
  const info = await stat(path).catch(absent);
  if (!info) return fail('cannot-write', { file: path }, 'a file', 'a link that leads nowhere');
  if (info.isDirectory()) fail('cannot-write', { file: path }, 'a file', 'a folder');
  const plain = info.isFile();
  // Renaming over it would need no permission of its own.
  if (plain && (info.mode & 0o222) === 0) fail('cannot-write', { file: path }, 'a file', 'a read-only file');
  if (plain) await access(path, constants.W_OK);
  return { target: plain ? await realpath(path) : path, mode: info.mode & 0o777, plain };
}

function absent(thrown: unknown): undefined {
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
  throw thrown;
}

/** What `replace` listens with. */
const OURS = new WeakSet<object>();

async function replace(target: string, text: string | Uint8Array, mode: number | undefined): Promise<void> {
  // In the same folder, so that the rename stays within one file system.
  const beside = join(dirname(target), `.dictum-${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  const remove = (): Promise<void> => rm(beside, { force: true });
  const interrupted = (signal: NodeJS.Signals): void => {
    void remove().finally(() => process.exit(signal === 'SIGINT' ? EXIT.interrupted : 143));
  };
  OURS.add(interrupted);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    if (process.listeners(signal).every((listener) => OURS.has(listener))) process.once(signal, interrupted);
  try {
    await writeThrough(beside, text, 'wx', mode);
    await rename(beside, target);
  } catch (thrown) {
    await remove();
    throw thrown;
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}

async function writeThrough(path: string, text: string | Uint8Array, flags: 'w' | 'wx', mode?: number): Promise<void> {
  const handle = await open(path, flags, mode);
  try {
    await handle.writeFile(text, 'utf8');
    // A device or a pipe cannot be flushed; there is nothing to rename there either.
    if (flags === 'wx') await handle.sync();
  } finally {
    await handle.close();
  }
}
