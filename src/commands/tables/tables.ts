/** `dictum tables`: audits tables of reported recovery, with a certificate for every inconsistency. */

import { commandNamed, countFrom, notes, parseArguments } from '../../terminal/arguments.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { FileNames, namePart } from '../../terminal/fileNames.ts';
import { readText } from '../../terminal/files.ts';
import { makeFolder, writeInside } from '../../terminal/folders.ts';
import { say } from '../../terminal/streams.ts';
import { auditTables, type Finding, type TableAudit } from './audit.ts';
import { readTables } from './readTables.ts';
import type { TableRow } from './row.ts';
import { tablesText } from './text.ts';

const NOTES = notes(
  'Each row: does the mean of the best matches reach tau times the recovered share (B1-mean), stay within what unit rows allow',
  '(B1-unit), and is the share a multiple of 1/n, or of 1/(n-k) with k anchors (B1-count), all within rounding?',
  '',
  'FILE is JSON: "source", "metric": {"tau"}, "tables": [{"id", "params": {"n", "anchors", "S"}, "columns", "rows"}] with the columns',
  'method, anchored, condition, gtRecoveryPercent, meanBestMatch; figures are strings, as printed.',
  '',
  '"statements" (optional) are sentences about the tables: {"says", "place", "each": {"method": [..], "condition": [..]}, "of": [figures], "is"}.',
  'A figure is {"table", "column", "anchored", "times"} or {"table", "parameter", "times"}; their sum is "least", "most", "above", "below" or',
  '"equal" to a number as the sentence has it (2 stands for what rounds to 2, and 0 for 0). What the figures do not allow has a certificate (B1-words).',
  '',
  'Exit codes: 0 audited, whatever was found; 2 bad input.',
  '',
  'Examples:',
  '  dictum tables paper-tables.json',
  '  dictum tables paper-tables.json --features 1000 --certificates found && dictum check found',
);

interface Options {
  readonly features?: string;
  readonly certificates?: string;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed(
    'tables',
    'Audits tables of reported recovery, with a certificate for every inconsistency.',
  )
    .argument('<file>', 'the tables; - for standard input')
    .option('--features <n>', 'n of the tables that do not tell it')
    .option('--certificates <folder>', 'write the certificate of each inconsistency there')
    .addHelpText('after', NOTES);
  if (!parseArguments(command, args)) return EXIT.ok;
  const [file = ''] = command.args;
  const options = command.opts<Options>();
  const features = options.features === undefined ? undefined : countFrom(options.features, '--features', 9_999_999);
  const audit = auditTables(readTables(await readText(file), file), features);
  const names = options.certificates === undefined ? undefined : certificateNames(audit);
  if (names && options.certificates !== undefined) await publish(names, options.certificates);
  say(options.json ? `${JSON.stringify(document(audit, names, file))}\n` : tablesText(audit, file));
  return EXIT.ok;
}

/** A name for the certificate of each finding. */
function certificateNames({ rows, statements }: TableAudit): ReadonlyMap<Finding, string> {
  const names = new FileNames();
  const nameOf = ({ table, row }: TableRow, { claim, tau }: Finding): string =>
    names.next(`table-${namePart(table)}-row-${row}--${claim}${tau === undefined ? '' : `-${namePart(tau)}`}`, '.json');
  const ofRows = rows.flatMap(({ row, findings }) => findings.map((found) => [found, nameOf(row, found)] as const));
  const ofSentences = statements.flatMap(({ findings }, k) =>
    findings.map((found) => [found, names.next(`sentence-${k + 1}--${found.claim}`, '.json')] as const),
  );
  return new Map([...ofRows, ...ofSentences]);
}

async function publish(names: ReadonlyMap<Finding, string>, folder: string): Promise<void> {
  await makeFolder(folder);
  for (const [{ certificate }, name] of names) await writeInside(folder, name, certificate);
}

function document(audit: TableAudit, names: ReadonlyMap<Finding, string> | undefined, file: string): object {
  const found = (finding: Finding): object => {
    const { certificate: _, id, ...said } = finding;
    return { ...said, id, ...(names && { file: names.get(finding) }) };
  };
  const rows = audit.rows.map(({ row: { sparsity: _, ...row }, denominators, findings }) => ({
    ...row,
    denominators,
    findings: findings.map(found),
  }));
  const statements = audit.statements.map((statement) => ({ ...statement, findings: statement.findings.map(found) }));
  return { format: 'dictum/tables@1', file, rows, anchors: audit.fits, outside: audit.outside, statements };
}
