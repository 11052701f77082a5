/** Replays a folder of certificates with `dictum check`, in a process that never saw the solvers. */
import { spawn } from 'node:child_process';

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

export async function replaySeparately(folder: string): Promise<Replay> {
  const document = JSON.parse(await output([...process.execArgv, process.argv[1] ?? '', 'check', folder, '--json']));
  const { replayed, rejected, results } = document as CheckDocument;
  const name = (file: string): string =>
    file
      .slice(folder.length)
      .replace(/^[\\/]+/, '')
      .replaceAll('\\', '/');
  return {
    replayed,
    rejected,
    ids: new Map(results.flatMap((r) => (r.id !== undefined && r.accepted ? [[name(r.file), r.id] as const] : []))),
    rejections: results.flatMap((r) =>
      r.accepted ? [] : [`${name(r.file)}: ${r.path}: expected ${r.expected}, found ${r.found} (${r.code})`],
    ),
  };
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
