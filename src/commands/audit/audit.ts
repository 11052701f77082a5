/**
 * `dictum audit`, the main job: decides every claim in every reading on its canonical instances, searches the load-bearing
 * matrix, writes certificates/, has them replayed by `dictum check` in a process of its own, and writes the report.
 */
import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { decidedOf } from '../../kernel/certificate.ts';
import { cellName } from '../../solve/search/cell.ts';
import { commandNamed, notes, parseArguments } from '../../terminal/arguments.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { outputs, writeAtomically } from '../../terminal/files.ts';
import { makeFolder, writeInside } from '../../terminal/folders.ts';
import { MANIFEST } from '../../terminal/manifest.ts';
import { packageRoot } from '../../terminal/package.ts';
import { fail } from '../../terminal/problem.ts';
import { note, progress, say } from '../../terminal/streams.ts';
import { auditText } from './auditText.ts';
import { type Audited, auditEverything, SCALES } from './cases.ts';
import {
  contradictions,
  type Extent,
  MATRIX_FILE,
  type MatrixCell,
  matrixFile,
  RUNS,
  readMatrixFile,
  recordedFiles,
  recordedRows,
  rowsToPrint,
  runMatrix,
  withoutCertificate,
} from './matrix.ts';
import { bugs, matrixSection } from './matrixText.ts';
import { type Paper, publish } from './publish.ts';
import { replaySeparately } from './replay.ts';
import { runsFrom, writeReport } from './report.ts';
import { isCounterexampleFile, unsearchedClaims } from './searching.ts';
import { summaryText } from './summary.ts';

const NOTES = notes(
  'Of the files in the folder of certificates only those in its manifest.json, which the audit writes, are removed when no case has',
  'them any more; without one, none but names of its own.',
  '',
  'Exit codes: 0 all certificates replayed; 1 one was rejected, or a verdict differs from the one in certificates/ so far;',
  '2 bad input.',
  '',
  'The matrix: for each claim, reading and hypothesis, random instances on which that hypothesis fails and all others hold.',
  `full accepts ${RUNS.full} for each where the conclusion stays true, takes minutes, and writes matrix.jsonl beside the certificates;`,
  `sample accepts ${RUNS.sample}, repeats every search that ends in a counterexample, and compares both with matrix.jsonl: minutes too;`,
  'recorded prints what matrix.jsonl says, whose counterexamples are replayed with all other certificates, and searches nothing.',
  '',
  'Examples:',
  '  dictum audit',
  '  dictum audit --full',
  '  dictum audit --matrix full',
  '  dictum audit --scale paper',
  '  dictum audit --certificates /tmp/certificates --out /tmp/report',
);

interface Options {
  readonly certificates?: string;
  readonly out?: string;
  readonly matrix: string;
  readonly scale: string;
  readonly evidence: string;
  readonly full?: boolean;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('audit', 'Decides every claim on its canonical instances, with certificates.')
    .option('--certificates <folder>', 'where certificates go (default: certificates/ of the package)')
    .option('--out <folder>', 'where the report goes (default: out/ of the package)')
    .option(
      '--scale <scale>',
      'instances; or paper: only the claims at the size of the paper, without matrix',
      'instances',
    )
    .option(
      '--evidence <runs>',
      'in the report, looks in floats beside the proofs, with so many training runs each',
      '0',
    )
    .option('--full', 'print every table, as out/audit.txt has it')
    .option('--matrix <extent>', 'the load-bearing matrix: recorded, sample, full, none', 'recorded')
    .addHelpText('after', NOTES);
  if (!parseArguments(command, args)) return EXIT.ok;
  const options = command.opts<Options>();
  const scale =
    SCALES.find((name) => name === options.scale) ??
    fail('bad-arguments', { file: '--scale' }, SCALES.join(', '), options.scale);
  // Apart: changing every entry of a certificate of this size, as the tests do of the others, would take days.
  const folder =
    options.certificates ?? join(packageRoot(), scale === 'paper' ? 'certificates-at-paper-scale' : 'certificates');
  const out = options.out ?? join(packageRoot(), 'out');

  const asked = scale === 'paper' ? 'none' : extentFrom(options.matrix);
  const extent = asked === 'recorded' ? 'none' : asked;
  const tell = (done: number, total: number, name: string): void => progress(`${done}/${total} ${name}`);

  await makeFolder(folder);
  await makeFolder(out);
  // Below the certificates a report would be taken for one.
  const within = relative(await realpath(folder), await realpath(out));
  if (!within.startsWith('..') && !isAbsolute(within))
    fail('bad-arguments', { file: '--out' }, 'a folder that is not below --certificates', out);
  const runs = runsFrom(options.evidence);
  const reportFile = join(out, 'report.html');
  await outputs(join(folder, MANIFEST), join(out, 'audit.txt'), join(out, 'audit.json'), reportFile);
  const committed = await readMatrixFile(join(folder, MATRIX_FILE));
  // The matrix has threads of its own, and this one decides meanwhile.
  const [matrix, audited] = await Promise.all([
    extent === 'none' ? [] : runMatrix(extent, tell),
    auditEverything(extent === 'none' ? tell : () => undefined, scale),
  ]);
  progress('');
  const papers = [...audited.map(paperOf), ...matrix.flatMap(counterexamplePaper)];
  const recorded = new Set(recordedFiles(committed));
  const { files, removed, changes } = await publish(papers, folder, {
    keep: (file) => keeps(extent, recorded, file),
    recorded,
  });
  if (extent === 'full') await writeInside(folder, MATRIX_FILE, matrixFile(matrix, extent));
  for (const file of removed) note(`removed ${join(folder, file)}: no case of this audit has it any more\n`);
  const replay = await replaySeparately(folder, files);
  const problems = [
    ...changes,
    ...(extent === 'none' ? [] : contradictions(matrix, committed, extent)),
    ...bugs(matrix),
    ...mismatches(papers, replay.ids),
    ...replay.rejections,
  ];
  const shown = relative(process.cwd(), folder) || '.';
  const rows =
    asked === 'recorded' ? recordedRows(committed) : extent === 'full' ? matrix : rowsToPrint(matrix, committed);
  const text = auditText(
    audited,
    shown,
    replay,
    problems,
    rows.length > 0 ? matrixSection(rows, asked, unsearchedClaims()) : '',
  );
  const document = {
    format: 'dictum/audit@1',
    replayed: replay.replayed,
    rejected: replay.rejected,
    removed,
    problems,
    results: resultRows(audited),
    matrix: rows.map(({ cell, result, file }) => ({ cell: cellName(cell), ...withoutCertificate(result), file })),
  };
  await writeAtomically(join(out, 'audit.txt'), text);
  await writeAtomically(join(out, 'audit.json'), `${JSON.stringify(document, null, 2)}\n`);
  // Of what was rejected nothing is reported; at the size of the paper there is no picture.
  const isReported = replay.rejected === 0 && scale === 'instances';
  const reported = isReported ? await writeReport(folder, reportFile, { files, runs, tell }) : undefined;
  progress('');
  if (options.json) say(`${JSON.stringify(document)}\n`);
  else if (options.full || !reported) say(text);
  else say(summaryText(reported.shown, { ...replay, problems, report: relative(process.cwd(), reportFile) }));
  return problems.length > 0 || replay.rejected > 0 ? EXIT.invalid : EXIT.ok;
}

const resultRows = (audited: readonly Audited[]): object[] =>
  audited.map(({ outcome, certificateFile, ...about }) => ({
    ...about,
    verdict: outcome.verdict,
    ...(outcome.verdict === 'undecided'
      ? { why: outcome.why }
      : { ...decidedOf(outcome.checked.accepted), certificate: certificateFile, id: outcome.checked.accepted.id }),
  }));

function paperOf({ certificateFile: file, outcome }: Audited): Paper {
  const { verdict } = outcome;
  if (outcome.verdict === 'undecided') return { file, verdict };
  return { file, verdict, certificate: outcome.certificate, id: outcome.checked.accepted.id };
}

function counterexamplePaper({ result, file }: MatrixCell): Paper[] {
  const found = result.counterexample;
  return found && file !== undefined
    ? [{ file, verdict: 'refuted', certificate: found.certificate, id: found.id }]
    : [];
}

/** A counterexample of the matrix stays where this run did not search for it, or not as long as the one that found it. */
const keeps = (extent: Extent | 'none', recorded: ReadonlySet<string>, file: string): boolean =>
  extent !== 'full' && (recorded.has(file) || (extent === 'none' && recorded.size === 0 && isCounterexampleFile(file)));

/** What the checker's process read must be what was decided here: the same certificates, on the canonical instances. */
const mismatches = (papers: readonly Paper[], ids: ReadonlyMap<string, string>): string[] =>
  papers.flatMap(({ file, id }) =>
    id === undefined || ids.get(file) === id ? [] : [`${file}: the checker read another certificate`],
  );

function extentFrom(text: string): Extent | 'recorded' | 'none' {
  const extent = (['recorded', 'sample', 'full', 'none'] as const).find((word) => word === text);
  return extent ?? fail('bad-arguments', { file: '--matrix' }, 'recorded, sample, full or none', JSON.stringify(text));
}
