/** `dictum report`: all that a folder of certificates decides, as one HTML file that needs no network. */
import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { commandNamed, notes, parseArguments } from '../../terminal/arguments.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { outputs, readText, writeAtomically } from '../../terminal/files.ts';
import { makeFolder } from '../../terminal/folders.ts';
import { MANIFEST, readManifest } from '../../terminal/manifest.ts';
import { packageRoot, version } from '../../terminal/package.ts';
import { fail } from '../../terminal/problem.ts';
import { progress, say } from '../../terminal/streams.ts';
import { readSuite } from '../land/regress.ts';
import { auditTables } from '../tables/audit.ts';
import { readTables } from '../tables/readTables.ts';
import { tablesText } from '../tables/text.ts';
import { collect } from './collect.ts';
import { reportPage } from './reportPage.ts';
import { type Shown, showAll } from './shown.ts';
import { summaryText } from './summary.ts';

const NOTES = notes(
  'The folder is one that dictum audit wrote (default: certificates/ of the package). Every certificate is replayed, and the smallest counterexample',
  'of each claim is explained and drawn. dictum audit writes the same report.',
  '',
  'Exit codes: 0 written; 2 bad input, or a certificate that proves nothing.',
  '',
  'Examples:',
  '  dictum report',
  '  dictum report --out report.html --evidence 1000',
);

interface Options {
  readonly certificates?: string;
  readonly out?: string;
  readonly evidence: string;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('report', 'Writes what certificates decide as one HTML file.')
    .option('--certificates <folder>', 'the certificates (default: certificates/ of the package)')
    .option('--out <file>', 'where the report goes (default: out/report.html of the package)')
    .option(
      '--evidence <runs>',
      'looks in floats beside the proofs, with so many training runs each; 0 for none',
      '200',
    )
    .addHelpText('after', NOTES);
  if (!parseArguments(command, args)) return EXIT.ok;
  const options = command.opts<Options>();
  const folder = options.certificates ?? join(packageRoot(), 'certificates');
  const out = options.out ?? join(packageRoot(), 'out', 'report.html');
  if (options.out === undefined) await makeFolder(dirname(out));
  await outputs(out);
  const tell = (done: number, total: number, name: string): void => progress(`${done}/${total} ${name}`);
  const { shown, replayed } = await writeReport(folder, out, {
    files: await filesOf(folder),
    runs: runsFrom(options.evidence),
    tell,
  });
  progress('');
  const report = relative(process.cwd(), out);
  if (options.json)
    say(`${JSON.stringify({ format: 'dictum/report-written@1', report, replayed, claims: shown.length })}\n`);
  else say(summaryText(shown, { replayed, rejected: 0, problems: [], report }));
  return EXIT.ok;
}

export function runsFrom(text: string): number {
  return /^[0-9]{1,6}$/.test(text)
    ? Number(text)
    : fail('bad-arguments', { file: '--evidence' }, 'a number of runs, or 0', JSON.stringify(text));
}

/** Those that an audit lists; without a list, all there are. */
async function filesOf(folder: string): Promise<readonly string[]> {
  const names = (
    await readdir(folder, { recursive: true }).catch(() =>
      fail('no-files', { file: folder }, 'a folder of certificates', 'none'),
    )
  )
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.json'));
  const listed = names.includes(MANIFEST)
    ? readManifest(await readText(join(folder, MANIFEST), { own: true, found: true }))
    : undefined;
  const files = listed ?? names.filter((name) => name !== MANIFEST);
  return files.length > 0
    ? files
    : fail('no-files', { file: folder }, 'certificates (*.json) below the folder', 'none');
}

export interface Reporting {
  /** Relative to the folder. */
  readonly files: readonly string[];
  /** Training runs of the other looks, 0 for none. */
  readonly runs: number;
  readonly tell: (done: number, total: number, name: string) => void;
}

export async function writeReport(
  folder: string,
  out: string,
  { files, runs, tell }: Reporting,
): Promise<{ readonly shown: readonly Shown[]; readonly replayed: number }> {
  const collected = await collect(folder, files, tell);
  const shown = await showAll(collected, runs, tell);
  const documents = join(packageRoot(), 'docs');
  const own = (file: string): Promise<string> => readText(file, { own: true });
  const names = [...new Set(shown.map(({ claim }) => claim.page))];
  const pages = new Map(
    await Promise.all(names.map(async (name) => [name, await own(join(documents, 'claims', `${name}.md`))] as const)),
  );
  const figures = join(documents, 'paper-figures.json');
  const audit = auditTables(readTables(await own(figures), 'docs/paper-figures.json'));
  const parts = {
    collected,
    shown,
    pages,
    glossary: await own(join(documents, 'glossary.md')),
    tables: tablesText(audit, 'docs/paper-figures.json'),
    landings: await landingRows(),
    version: version(),
  };
  await writeAtomically(out, reportPage(parts));
  return { shown, replayed: collected.replayed };
}

/** The committed suite: what was fixed before, and the intervals that runs have to fall into. */
async function landingRows(): Promise<string[][]> {
  const file = join(packageRoot(), 'regress', 'suite.json');
  const { entries } = readSuite(await readText(file, { own: true }), 'regress/suite.json');
  const share = (of: { readonly lower: number; readonly upper: number } | undefined): string =>
    of === undefined ? '' : `${(100 * of.lower).toFixed(1)} to ${(100 * of.upper).toFixed(1)}%`;
  return [
    ['instance', 'training', 'loss 0', 'local minimum', 'minimum on a face', 'traps on polysemantic partitions'],
    ...entries.map(({ instance, optimizer, runs, anchors, resample, expected, traps }) => [
      instance.replace(/^instances\/|\.json$/g, ''),
      `${optimizer}, ${runs} runs${anchors === undefined ? '' : `, ${anchors} anchors`}${resample === undefined ? '' : ', resampling'}`,
      share(expected['zero-loss']),
      share(expected['local-minimum']),
      share(expected['face-minimum']),
      share(traps),
    ]),
  ];
}
