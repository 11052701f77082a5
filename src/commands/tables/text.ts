/** What `dictum tables` prints: the inconsistent rows with the reason, then which numbers of anchors the shares fit. */

import { printable } from '../../terminal/printable.ts';
import { counted } from '../../words/names.ts';
import { type AnchorFit, type AuditedStatement, MOST_ANCHORS, type TableAudit } from './audit.ts';
import type { TableRow } from './row.ts';

const rowText = ({ table, row, method, anchored, condition, recovery, mean }: TableRow): string =>
  printable(
    `table ${table} row ${row}  ${method}${anchored ? ' + anchors' : ''}${condition ? ` ${condition}` : ''}: ${recovery}% / ${mean}`,
  );

function fitText({ table, rows, stated, best }: AnchorFit): string {
  const of = (fitting: readonly string[]): string =>
    `${fitting.length} of ${counted(rows, 'row')}${fitting.length > 0 ? ` (${fitting.join(', ')})` : ''}`;
  const shown = best.map(({ anchors, fitting }) => {
    const listed = anchors.length > 6 ? `${anchors.slice(0, 6).join(', ')}, ..` : anchors.join(', ');
    return `k = ${listed}: ${of(fitting)}`;
  });
  const told = stated ? `; the ${stated.anchors} stated fit ${of(stated.fitting)}` : '; no number stated';
  return `table ${printable(table)}: n - k fits most anchored rows for ${shown.join('; or ')}${told}`;
}

function sentenceText({ says, place, comparisons, findings, missing }: AuditedStatement): string[] {
  const verdict =
    findings.length > 0
      ? `contradicted in ${findings.length} of ${counted(comparisons, 'comparison')}`
      : comparisons > 0
        ? `not contradicted, in ${counted(comparisons, 'comparison')}, each for itself`
        : 'cannot be compared';
  return [
    printable(`  "${says}" (${place}): ${verdict}`),
    ...findings.map((found) => printable(`    ${found.figures}: ${found.says}`)),
    ...missing.map((what) => printable(`    ${what}`)),
  ];
}

export function tablesText(audit: TableAudit, file: string): string {
  const wrong = audit.rows.filter((row) => row.findings.length > 0);
  const open = audit.rows.filter((row) => row.denominators.length === 0).length;
  const findings = wrong.reduce((count, row) => count + row.findings.length, 0);
  const contradictions = audit.statements.reduce((count, statement) => count + statement.findings.length, 0);
  const against = audit.statements.filter((statement) => statement.findings.length > 0).length;
  const said =
    audit.statements.length === 0 ? '' : `; ${counted(audit.statements.length, 'sentence')}, ${against} contradicted`;
  return [
    ...wrong.flatMap(({ row, findings: list }) => [
      rowText(row),
      ...list.map(
        ({ claim, tau, says }) => `  ${claim}${tau === undefined ? '' : ` at tau = ${tau}`}: ${printable(says)}`,
      ),
    ]),
    ...(wrong.length > 0 ? [''] : []),
    `Which n - k the shares are multiples of 1/(n - k) for (k up to ${MOST_ANCHORS}, anchored rows other than 0% and 100%):`,
    ...audit.fits.map((fit) => `  ${fitText(fit)}`),
    ...audit.outside.map(
      ({ table, says }) => `  table ${printable(table)}: outside the regime 1 - S <= 1/n of Theorem 3.1: ${says}`,
    ),
    '',
    ...(audit.statements.length > 0
      ? ['Sentences about the tables:', ...audit.statements.flatMap(sentenceText), '']
      : []),
    `${printable(file)}: ${counted(audit.rows.length, 'row')}, ${wrong.length} inconsistent${said}, ${counted(findings + contradictions, 'certificate')}`,
    ...(open > 0
      ? [
          `${counted(open, 'row')} ${open === 1 ? 'does' : 'do'} not tell n or the number of anchors: ${open === 1 ? 'its share was' : 'their shares were'} not checked as multiples`,
        ]
      : []),
    '',
  ].join('\n');
}
