/**
 * `dictum audit`, the main job: decides every claim in every reading on its canonical instances, writes certificates/, has
 * them replayed by `dictum check` in a process of its own, and prints the verdict table.
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { auditText } from '../report/auditText.ts';
import { commandNamed, notes, parseArguments } from './arguments.ts';
import { type Audited, auditEverything } from './auditing.ts';
import { EXIT } from './exitCodes.ts';
import { writeAtomically } from './files.ts';
import { packageRoot } from './package.ts';
import { replaySeparately } from './replay.ts';

const NOTES = notes(
  'Exit codes: 0 all certificates replayed; 1 one was rejected, or a verdict differs from the one in certificates/ so far;',
  '2 bad input.',
  '',
  'Examples:',
  '  dictum audit',
  '  dictum audit --certificates /tmp/certificates --out /tmp/report',
);

interface Options {
  readonly certificates?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('audit', 'Decides every claim on its canonical instances, with certificates.')
    .option('--certificates <folder>', 'where certificates go (default: certificates/ of the package)')
    .option('--out <folder>', 'where the report goes (default: out/ of the package)')
    .addHelpText('after', NOTES);
  if (!parseArguments(command, args)) return EXIT.ok;
  const options = command.opts<Options>();
  const folder = options.certificates ?? join(packageRoot(), 'certificates');
  const out = options.out ?? join(packageRoot(), 'out');

  const audited = await auditEverything((done, total, name) => progress(`${done}/${total} ${name}`));
  progress('');
  const changes = await publish(audited, folder);
  const replay = await replaySeparately(folder);
  const problems = [...changes, ...mismatches(audited, replay.ids), ...replay.rejections];
  const shown = relative(process.cwd(), folder) || '.';
  const text = auditText(audited, shown, replay, problems);
  await mkdir(out, { recursive: true });
  const document = {
    format: 'dictum/audit@1',
    replayed: replay.replayed,
    rejected: replay.rejected,
    problems,
    results: rows(audited),
  };
  await writeAtomically(join(out, 'audit.txt'), text);
  await writeAtomically(join(out, 'audit.json'), `${JSON.stringify(document, null, 2)}\n`);
  process.stdout.write(options.json ? `${JSON.stringify(document)}\n` : text);
  return problems.length > 0 || replay.rejected > 0 ? EXIT.invalid : EXIT.ok;
}

/** One line that is overwritten, on a terminal only. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

const rows = (audited: readonly Audited[]): object[] =>
  audited.map(({ outcome, certificateFile, ...about }) => ({
    ...about,
    verdict: outcome.verdict,
    ...(outcome.verdict === 'undecided'
      ? { why: outcome.why }
      : { facts: outcome.checked.accepted.facts, certificate: certificateFile, id: outcome.checked.accepted.id }),
  }));

/** Writes the certificates, removes those of cases that are no more, and tells where a verdict changed. */
async function publish(audited: readonly Audited[], folder: string): Promise<string[]> {
  const before = await committedVerdicts(folder);
  const changes: string[] = [];
  const written = new Set<string>();
  for (const { certificateFile, outcome } of audited) {
    const old = before.get(certificateFile);
    if (old !== undefined && old !== outcome.verdict)
      changes.push(`${certificateFile}: was ${old}, is ${outcome.verdict}`);
    if (outcome.verdict === 'undecided') continue;
    const file = join(folder, certificateFile);
    await mkdir(dirname(file), { recursive: true });
    await writeAtomically(file, outcome.certificate);
    written.add(certificateFile);
  }
  for (const stale of before.keys()) if (!written.has(stale)) await rm(join(folder, stale));
  return changes;
}

/** The verdict in each certificate of the folder so far; a file that is no certificate is left alone. */
async function committedVerdicts(folder: string): Promise<Map<string, string>> {
  const verdicts = new Map<string, string>();
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  for (const name of names.filter((n) => n.endsWith('.json'))) {
    const text = await readFile(join(folder, name), 'utf8');
    const verdict = /"format": ?"dictum\/certificate@1"[\s\S]*"verdict": ?"([a-z-]+)"/.exec(text)?.[1];
    if (verdict !== undefined) verdicts.set(name, verdict);
  }
  return verdicts;
}

/** What the checker's process read must be what was decided here: the same certificates, on the canonical instances. */
function mismatches(audited: readonly Audited[], ids: ReadonlyMap<string, string>): string[] {
  return audited.flatMap(({ certificateFile, outcome }) => {
    if (outcome.verdict === 'undecided') return [];
    const { id } = outcome.checked.accepted;
    return ids.get(certificateFile) === id ? [] : [`${certificateFile}: the checker read another certificate`];
  });
}
