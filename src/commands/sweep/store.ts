/**
 * The folder of a sweep: `results/` and `failed/` with a file a job, named by it. A file is written beside, flushed and renamed, so
 * that it is whole or not there; one that a crash of the machine left damaged all the same counts as not there. Several processes,
 * on one machine or on many, may write at once: what they write of the same job is the same, but for times.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unreadable, writeAtomically } from '../../terminal/files.ts';
import { makeFolder } from '../../terminal/folders.ts';
import type { SweptCommand } from './swept.ts';

/** How long a job took, and where. */
export interface Ran {
  readonly seconds: number;
  /** Of all threads of its process. */
  readonly cpuSeconds: number;
  readonly host: string;
}

/** `dictum/job@1` */
export interface Done {
  readonly format: 'dictum/job@1';
  readonly job: string;
  readonly command: SweptCommand;
  /** The exit code: 0, or 1 or 3 where the command has such an answer. */
  readonly exit: number;
  readonly result: unknown;
  readonly ran: Ran;
}

/** `dictum/failed-job@1` */
export interface Failed {
  readonly format: 'dictum/failed-job@1';
  readonly job: string;
  readonly command: SweptCommand;
  readonly code: string;
  readonly reason: string;
  readonly ran: Ran;
}

export interface Store {
  readonly folder: string;
  readonly done: (job: string) => Promise<Done | undefined>;
  readonly failed: (job: string) => Promise<Failed | undefined>;
  readonly keep: (outcome: Done | Failed) => Promise<void>;
  /** So that the job is tried again. */
  readonly forget: (job: string) => Promise<void>;
  /** Removes what writers that were killed left behind: only once nobody writes. */
  readonly tidy: () => Promise<void>;
}

/** The first two digits are a folder: file systems are slow with a million files in one. */
const place = (folder: string, kind: 'results' | 'failed', job: string): string =>
  join(folder, kind, job.slice(0, 2), `${job}.json`);

export async function openStore(folder: string): Promise<Store> {
  const made = new Set<string>();
  const makeOnce = async (path: string): Promise<void> => {
    if (made.has(path)) return;
    await makeFolder(path);
    made.add(path);
  };
  await makeOnce(folder);
  const forget = (job: string): Promise<void> => rm(place(folder, 'failed', job), { force: true });
  return {
    folder,
    forget,
    done: (job) => read<Done>(place(folder, 'results', job), job, 'dictum/job@1'),
    failed: (job) => read<Failed>(place(folder, 'failed', job), job, 'dictum/failed-job@1'),
    async keep(outcome) {
      const kind = outcome.format === 'dictum/job@1' ? 'results' : 'failed';
      const file = place(folder, kind, outcome.job);
      await makeOnce(join(file, '..'));
      await writeAtomically(file, `${JSON.stringify(outcome)}\n`);
      if (kind === 'results') await forget(outcome.job);
    },
    async tidy() {
      const names = await readdir(folder, { recursive: true });
      for (const name of names.filter((one) => /^(results|failed).\w\w.\.dictum-[^/\\]*\.tmp$/.test(one)))
        await rm(join(folder, name), { force: true });
    },
  };
}

async function read<T extends Done | Failed>(file: string, job: string, format: T['format']): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    return unreadable(thrown, file);
  }
  try {
    const value = JSON.parse(text) as T | null;
    return value?.format === format && value.job === job ? value : undefined;
  } catch {
    return undefined;
  }
}
