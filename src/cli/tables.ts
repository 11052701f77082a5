/** `dictum tables`: audits tables of reported recovery, with a certificate for every inconsistency. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { tablesText } from '../report/tablesText.ts';
import { commandNamed, countFrom, notes, parseArguments } from './arguments.ts';
import { EXIT } from './exitCodes.ts';
import { readText, writeAtomically } from './files.ts';
import { auditTables, type TableAudit } from './tableAudit.ts';
import { readTables } from './tableFile.ts';

const NOTES = notes(
  'Each row: does the mean of the best matches reach tau times the recovered share (B1-mean), stay within what unit rows allow',
  '(B1-unit), and is the share a multiple of 1/n, or of 1/(n-k) with k anchors (B1-count), all within rounding?',
  '',
  'FILE is JSON: "source", "metric": {"tau"}, "tables": [{"id", "params": {"n", "anchors", "S"}, "columns", "rows"}] with the columns',
  'method, anchored, condition, gtRecoveryPercent, meanBestMatch; figures are strings, as printed.',
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
  if (options.certificates !== undefined) await publish(audit, options.certificates);
  process.stdout.write(options.json ? `${JSON.stringify(document(audit, file))}\n` : tablesText(audit, file));
  return EXIT.ok;
}

const nameOf = (table: string, row: number, claim: string, tau?: string): string =>
  `table-${table.replaceAll(/[^A-Za-z0-9]/g, '_')}-row-${row}--${claim}${tau === undefined ? '' : `-${tau}`}.json`;

async function publish(audit: TableAudit, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { row, findings } of audit.rows) {
    for (const { claim, tau, certificate } of findings)
      await writeAtomically(join(folder, nameOf(row.table, row.row, claim, tau)), certificate);
  }
}

function document(audit: TableAudit, file: string): object {
  const rows = audit.rows.map(({ row: { sparsity: _, ...row }, denominators, findings }) => ({
    ...row,
    denominators,
    findings: findings.map(({ certificate, ...finding }) => ({
      ...finding,
      id: (JSON.parse(certificate) as { id: string }).id,
    })),
  }));
  return { format: 'dictum/tables@1', file, rows, anchors: audit.fits, outside: audit.outside };
}
