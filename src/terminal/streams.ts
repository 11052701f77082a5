/**
 * The only way to standard output and standard error. What a file says goes through here too, so that control characters and those
 * that turn the direction of text reach no terminal: they are written as escapes, which inside JSON mean the same text.
 * A reader that has seen enough, as in `dictum check certificates | head`, is no error; an output that cannot be written is one.
 */
import { EXIT } from './exitCodes.ts';
import { reason } from './files.ts';
import { INK } from './paint.ts';
import { visible } from './printable.ts';
import { problemText } from './problem.ts';

/** Thrown where a long list is written and nobody reads on; `main` ends with it in silence. */
export class ReaderGone extends Error {}

let gone = false;
let lost = false;

/** To be called once, before anything is printed. */
export function watchStreams(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    gone = true;
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' || lost) return;
    lost = true;
    process.exitCode = EXIT.malformed;
    const found = error.code === 'ENOSPC' ? 'no space left on device' : reason(error);
    const at = { kind: 'malformed', code: 'cannot-write', file: 'standard output' } as const;
    note(`${problemText({ ...at, expected: 'a place to write to', found })}\n`);
  });
  // Nothing is left to tell it on.
  process.stderr.on('error', () => undefined);
}

/** From now on what would be printed is kept: the function gives it, and begins anew. For a process whose answers go another way. */
export function keepOutput(): () => { readonly out: string; readonly err: string } {
  let out: string[] = [];
  let err: string[] = [];
  process.stdout.write = (chunk: string | Uint8Array): boolean => out.push(`${chunk}`) > 0;
  process.stderr.write = (chunk: string | Uint8Array): boolean => err.push(`${chunk}`) > 0;
  return () => {
    const kept = { out: out.join(''), err: err.join('') };
    [out, err] = [[], []];
    return kept;
  };
}

/** The exit code: an output that was lost is a failure, whatever the command found. */
export const exitAfter = (code: number): number => (lost ? EXIT.malformed : code);

/** Colour is ours: the parts between its marks are escaped, the marks become the terminal's. */
const safe = (text: string): string => text.split(INK).map(visible).join('\u001b[');

/** To standard output. */
export function say(text: string): void {
  if (!gone) process.stdout.write(safe(text));
}

/** The same for long lists: waits where the reader is slower. False where there is none any more. */
export async function flow(text: string): Promise<boolean> {
  if (gone) return false;
  if (process.stdout.write(safe(text))) return true;
  const { stdout } = process;
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      stdout.off('drain', settle).off('error', settle).off('close', settle);
      resolve();
    };
    stdout.on('drain', settle).on('error', settle).on('close', settle);
  });
  return !gone;
}

/** `flow`, for a command that has nothing else to do once nobody reads. */
export async function list(text: string): Promise<void> {
  if (!(await flow(text))) throw new ReaderGone();
}

/** To standard error. */
export function note(text: string): void {
  process.stderr.write(safe(text));
}

/** A line on standard error that is overwritten, on a terminal only; '' clears it. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${visible(text)}`);
}
