/** Replays the certificates in a folder with `dictum check`, in a process that never saw the solvers. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Replay {
  readonly replayed: number;
  readonly rejected: number;
  /** The id of each accepted certificate, by file name relative to the folder. */
  readonly ids: ReadonlyMap<string, string>;
  readonly rejections: readonly string[];
}

interface CheckDocument {
  readonly replayed: number;
  readonly rejected: number;
  readonly results: readonly {
    readonly file: string;
    readonly accepted: boolean;
    readonly id?: string;
    readonly code?: string;
    readonly path?: string;
    readonly expected?: string;
    readonly found?: string;
  }[];
}

/** In characters of arguments: what every operating system takes in one command. */
const BATCH = 24_000;

/** `files` are relative to the folder; what else is in it is not the audit's. */
export async function replaySeparately(folder: string, files: readonly string[]): Promise<Replay> {
  const names = new Map([...files].sort().map((file) => [join(folder, file), file]));
  const results: CheckDocument['results'][number][] = [];
  let [replayed, rejected] = [0, 0];
  for (const paths of batches([...names.keys()])) {
    const command = [...process.execArgv, process.argv[1] ?? '', 'check', '--json', '--', ...paths];
    const document = JSON.parse(await output(command)) as CheckDocument;
    replayed += document.replayed;
    rejected += document.rejected;
    for (const result of document.results) results.push(result);
  }
  const name = (file: string): string => names.get(file) ?? file;
  return {
    replayed,
    rejected,
    ids: new Map(results.flatMap((r) => (r.id !== undefined && r.accepted ? [[name(r.file), r.id] as const] : []))),
    rejections: results.flatMap((r) =>
      r.accepted ? [] : [`${name(r.file)}: ${r.path}: expected ${r.expected}, found ${r.found} (${r.code})`],
    ),
  };
}

function batches(paths: readonly string[]): string[][] {
  const all: string[][] = [];
  let left = 0;
  for (const path of paths) {
    if (all.length === 0 || path.length > left) {
      all.push([]);
      left = BATCH;
    }
    all.at(-1)?.push(path);
    left -= path.length + 1;
  }
  return all;
}

/** What Node prints on stdout with these arguments, whatever its exit code. */
function output(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    child.on('error', reject).on('close', () => resolve(text));
  });
}
