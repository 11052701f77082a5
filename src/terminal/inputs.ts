/** Which files this command has read: none of them may be written over, by whatever path, link or hard link it is named. */
import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';

/** By device and inode, with the name it was given under. A pipe or a device may well be both. */
const READ = new Map<string, string>();

/** At the start of a run: a process may see several. */
export const forgetInputs = (): void => READ.clear();

const identity = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`;

export function remember(file: string, info: BigIntStats): void {
  if (info.isFile()) READ.set(identity(info), file);
}

/** The same by path, after it was read. */
export async function rememberPath(file: string): Promise<void> {
  remember(file, await stat(file, { bigint: true }));
}

/** The name under which the file at this path was read, if it was. */
export async function inputAt(path: string): Promise<string | undefined> {
  const info = await stat(path, { bigint: true }).catch(() => undefined);
  return info?.isFile() ? READ.get(identity(info)) : undefined;
}
