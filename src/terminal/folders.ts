/** Folders that the user names for several files of ours. Nothing in them is written through a link: it may lead to anything. */
import { lstat, mkdir, readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { reason, writeAtomically } from './files.ts';
import { fail } from './problem.ts';

/** The folder, made where it is missing. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (thrown) {
    fail('cannot-write', { file: path }, 'a folder to write to', reason(thrown));
  }
}

/** Writes a file below the folder; `name` is relative, with `/` between folders. */
export async function writeInside(folder: string, name: string, text: string): Promise<void> {
  const link = await linkOnTheWay(folder, name);
  if (link !== undefined) {
    const to = await readlink(link).catch(() => 'elsewhere');
    fail('cannot-write', { file: link }, 'no link, for a file that is written by its name', `a link to ${to}`);
  }
  const file = join(folder, name);
  await makeFolder(dirname(file));
  await writeAtomically(file, text);
}

/** The first step from the folder to the file that is a link, if there is one. */
export async function linkOnTheWay(folder: string, name: string): Promise<string | undefined> {
  let path = folder;
  for (const step of name.split('/')) {
    path = join(path, step);
    const info = await lstat(path).catch(() => undefined);
    if (!info) return undefined;
    if (info.isSymbolicLink()) return path;
  }
  return undefined;
}
