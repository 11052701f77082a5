/**
 * Puts the certificates of an audit into a folder, which may be a user's own. Removed is only what an audit wrote there before: what
 * the folder's manifest lists, or where it has none, names of this audit; never anything else, and nothing through a link.
 */
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from '../../terminal/files.ts';
import { linkOnTheWay, makeFolder, writeInside } from '../../terminal/folders.ts';
import { MANIFEST, manifestText, readManifest } from '../../terminal/manifest.ts';
import { Failure, fail } from '../../terminal/problem.ts';

/** A certificate to publish; without one where the case is undecided. */
export interface Paper {
  /** `T8/paper--chain.json`, relative to the folder. */
  readonly file: string;
  readonly verdict: string;
  readonly certificate?: string;
  readonly id?: string;
}

export interface Published {
  /** All certificates of the audit that are in the folder now. */
  readonly files: readonly string[];
  readonly removed: readonly string[];
  /** Where a verdict is not what it was. */
  readonly changes: readonly string[];
}

/** `keep`: says of a file that an audit wrote before that it stays, though this one did not look at its case; `recorded` are some. */
export async function publish(
  papers: readonly Paper[],
  folder: string,
  { keep, recorded }: { readonly keep: (file: string) => boolean; readonly recorded: Iterable<string> },
): Promise<Published> {
  await makeFolder(folder);
  const before = new Set(
    (await manifestOf(folder)) ?? [...papers.map(({ file }) => file), ...[...recorded].filter(keep)],
  );
  const changes: string[] = [];
  const files: string[] = [];
  for (const { file, verdict, certificate } of papers) {
    const old = await verdictAt(folder, file);
    if (old !== undefined && old !== verdict) changes.push(`${file}: was ${old}, is ${verdict}`);
    if (certificate === undefined) continue;
    await writeInside(folder, file, certificate);
    files.push(file);
    before.delete(file);
  }
  const removed: string[] = [];
  for (const file of before) {
    if (!(await isOurs(folder, file))) continue;
    if (keep(file)) files.push(file);
    else {
      await rm(join(folder, file));
      removed.push(file);
    }
  }
  await writeInside(folder, MANIFEST, manifestText(files));
  return { files, removed, changes };
}

/** What an audit wrote into the folder before, if it says so. Another file of that name is the user's: it stays. */
async function manifestOf(folder: string): Promise<readonly string[] | undefined> {
  const path = join(folder, MANIFEST);
  if (!(await lstat(path).catch(() => undefined))) return undefined;
  const names = readManifest(await readText(path, { own: true, found: true }));
  return (
    names ??
    fail('cannot-write', { file: path }, 'a folder of certificates', 'another file in the place of its manifest')
  );
}

/** A plain name below the folder: a manifest may have been edited. */
const isPlain = (file: string): boolean =>
  /^[A-Za-z0-9._+-]+(\/[A-Za-z0-9._+-]+)*\.json$/.test(file) && !/(^|\/)\.\.?(\/|$)/.test(file);

/** A regular file that is reached without a link, and a certificate. */
async function isOurs(folder: string, file: string): Promise<boolean> {
  return isPlain(file) && (await verdictAt(folder, file)) !== undefined;
}

/** The verdict in a certificate of the folder; undefined where there is none of that name. */
async function verdictAt(folder: string, file: string): Promise<string | undefined> {
  if ((await linkOnTheWay(folder, file)) !== undefined) return undefined;
  const info = await lstat(join(folder, file)).catch(() => undefined);
  if (!info?.isFile()) return undefined;
  const text = await readText(join(folder, file), { own: true, found: true }).catch((thrown: unknown) => {
    if (thrown instanceof Failure) return '';
    throw thrown;
  });
  return certifiedVerdict(text);
}

function certifiedVerdict(text: string): string | undefined {
  try {
    const { format, verdict } = JSON.parse(text) as Partial<Record<'format' | 'verdict', unknown>>;
    return format === 'dictum/certificate@1' && typeof verdict === 'string' ? verdict : undefined;
  } catch {
    return undefined;
  }
}
