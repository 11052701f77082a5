/** The certificates at a path of `dictum check`: the file itself, or the *.json files below a folder, in the order of their paths. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unreadable } from './files.ts';
import { Failure, type Problem } from './problem.ts';

/** `found`: in a folder, where a file that is none is not waited for. */
export type CertificateFile =
  | { readonly file: string; readonly found: boolean }
  | { readonly file: string; readonly problem: Problem };

export async function* certificateFiles(path: string): AsyncGenerator<CertificateFile> {
  if (path === '-') {
    yield { file: path, found: false };
    return;
  }
  try {
    if ((await stat(path)).isDirectory()) {
      yield* below(path);
      return;
    }
  } catch (thrown) {
    yield refused(path, thrown);
    return;
  }
  yield { file: path, found: false };
}

/** That a folder has none. */
export const noneBelow = (file: string): Problem => ({
  kind: 'malformed',
  code: 'no-files',
  file,
  expected: 'certificates (*.json) below the folder',
  found: 'none',
});

/**
 * Not readdir's own recursion: on some versions of Node that follows links, and a link may lead in a circle. One folder is listed at
 * a time; a folder that cannot be listed is a problem of its own, and the others go on.
 */
async function* below(folder: string): AsyncGenerator<CertificateFile> {
  let entries: readonly { readonly name: string; readonly isFolder: boolean }[];
  try {
    const listed = await readdir(folder, { withFileTypes: true });
    entries = listed.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch (thrown) {
    yield refused(folder, thrown);
    return;
  }
  // With the separator, so that the order is that of whole paths.
  const sorted = entries
    .filter(({ name, isFolder }) => isFolder || name.endsWith('.json'))
    .map(({ name, isFolder }) => (isFolder ? `${name}/` : name))
    .sort();
  for (const name of sorted) {
    const path = join(folder, name.replace(/\/$/, ''));
    if (name.endsWith('/')) yield* below(path);
    else yield { file: path, found: true };
  }
}

function refused(file: string, thrown: unknown): CertificateFile {
  try {
    return unreadable(thrown, file);
  } catch (failure) {
    if (failure instanceof Failure) return { file, problem: failure.problem };
    throw failure;
  }
}
