/** What is inconsistent in a file of result tables: each finding with its certificate, and which numbers of anchors would fit. */
import { reportedCount, reportedMean, reportedUnit } from '../../../theorems/reported-tables/statement.ts';
import { reportedWords } from '../../../theorems/reported-words/statement.ts';
import { parseJson } from '../../kernel/document/json.ts';
import { Node } from '../../kernel/document/node.ts';
import { readSubject } from '../../kernel/model/formats.ts';
import type { Comparison, ReportedRow } from '../../kernel/model/subject.ts';
import { ONE, Rational } from '../../kernel/numbers/rational.ts';
import type { Claim } from '../../kernel/proof/claim.ts';
import { certify } from '../../solve/decide/certify.ts';
import { largestOf, smallestOf } from '../../solve/linear/extremes.ts';
import { sha256 } from '../../terminal/digest.ts';
import { numberText } from '../../words/number.ts';
import { reasonText } from '../../words/sentence.ts';
import type { TableFile } from './readTables.ts';
import type { TableRow } from './row.ts';
import { type Asked, comparisonsOf, type Statement } from './statements.ts';

export interface Finding {
  readonly claim: string;
  readonly tau?: string;
  readonly says: string;
  readonly certificate: string;
  readonly id: string;
}

export interface AuditedRow {
  readonly row: TableRow;
  /** The numbers of features that the share may be of; empty where the file does not tell. */
  readonly denominators: readonly number[];
  readonly findings: readonly Finding[];
}

/** Anchors k for which the most anchored rows of a table are multiples of 1/(n-k), beside those that fit the stated number. */
export interface AnchorFit {
  readonly table: string;
  readonly rows: number;
  readonly stated?: { readonly anchors: number; readonly fitting: readonly string[] };
  /** One entry for each set of rows that fit. */
  readonly best: readonly { readonly anchors: readonly number[]; readonly fitting: readonly string[] }[];
}

export interface TableAudit {
  readonly rows: readonly AuditedRow[];
  readonly fits: readonly AnchorFit[];
  /** Tables whose S is outside the regime 1 - S <= 1/n of Theorem 3.1. */
  readonly outside: readonly { readonly table: string; readonly says: string }[];
  readonly statements: readonly AuditedStatement[];
}

/** A sentence about the tables, and what it says that the figures do not allow. */
export interface AuditedStatement {
  readonly says: string;
  readonly place: string;
  /** How many comparisons of figures it makes. */
  readonly comparisons: number;
  readonly findings: readonly (Finding & { readonly figures: string })[];
  /** Rows that it speaks of and that are not there. */
  readonly missing: readonly string[];
}

export const MOST_ANCHORS = 200;

export function auditTables(file: TableFile, features?: number): TableAudit {
  const { source, taus, rows } = file;
  const known = rows.map((row): TableRow => (row.features === undefined && features ? { ...row, features } : row));
  return {
    rows: known.map((row) => auditRow(row, source, taus)),
    fits: [...new Set(known.map((row) => row.table))].flatMap((table) =>
      anchorFit(
        table,
        known.filter((row) => row.table === table),
      ),
    ),
    outside: regimes(known),
    statements: file.statements.map((statement) =>
      auditStatement(statement, comparisonsOf(statement, known, file.parameters, source)),
    ),
  };
}

function auditStatement({ says, place }: Statement, asked: readonly Asked[]): AuditedStatement {
  const comparisons = asked.flatMap((one) => ('comparison' in one ? [one.comparison] : []));
  const missing = [...new Set(asked.flatMap((one) => ('missing' in one ? [one.missing] : [])))];
  const findings = comparisons.flatMap((comparison) => {
    const found = refutation(reportedWords, comparison);
    return found ? [{ ...found, figures: comparison.name }] : [];
  });
  return { says, place, comparisons: comparisons.length, findings, missing };
}

/** A certificate that the figures cannot be right, if they cannot. */
function refutation<S extends ReportedRow | Comparison>(claim: Claim<S>, instance: S): Finding | undefined {
  const outcome = certify({ claim, reading: 'ours', instance, proposals: {} }, sha256);
  if (outcome.verdict !== 'refuted') return undefined;
  const { accepted } = outcome.checked;
  const says = reasonText(accepted, accepted.instance);
  return { claim: claim.id, says, certificate: outcome.certificate, id: accepted.id };
}

/** n for a row without anchors; n and n - k for one with k; unknown for one with an unknown number. */
function denominatorsOf({ features: n, anchored, anchors: k }: TableRow): number[] {
  if (n === undefined || (anchored && k === undefined)) return [];
  return anchored && k !== undefined && k < n ? [n, n - k] : [n];
}

function auditRow(row: TableRow, source: string, taus: readonly string[]): AuditedRow {
  const denominators = denominatorsOf(row);
  const findings: Finding[] = [];
  const ask = (claim: Claim<ReportedRow>, tau: string, named: boolean): void => {
    const found = refutation(claim, reportOf(row, source, tau, denominators));
    if (found) findings.push({ ...found, ...(named && { tau }) });
  };
  for (const tau of taus) {
    ask(reportedMean, tau, true);
    ask(reportedUnit, tau, true);
  }
  if (denominators.length > 0) ask(reportedCount, taus[0] ?? '1', false);
  return { row, denominators, findings };
}

function reportOf(row: TableRow, source: string, tau: string, denominators: readonly number[]): ReportedRow {
  const about = [row.method, ...(row.anchored ? ['with anchors'] : []), ...(row.condition ? [row.condition] : [])];
  const document = {
    format: 'dictum/report@1',
    name: `table ${row.table}, row ${row.row}: ${about.join(', ')}`,
    source,
    tau,
    recovery: row.recovery,
    mean: row.mean,
    denominators,
  };
  return readSubject(new Node(parseJson(JSON.stringify(document))), 'dictum/report@1');
}

/** Whether the share can be of `n` features; asked of the statement itself, which has one rule for it. */
function fits(row: TableRow, n: number): boolean {
  const goal = reportedCount.readings.ours?.conclusion(reportOf(row, '', '1', [n]));
  return goal?.kind === 'some' && goal.of.every((part) => part.kind === 'computed' && part.holds);
}

function anchorFit(table: string, rows: readonly TableRow[]): AnchorFit[] {
  const anchored = rows.filter((row) => row.anchored && row.features !== undefined && /[1-9]/.test(row.recovery));
  const telling = anchored.filter((row) => !/^100(\.0*)?$/.test(row.recovery));
  if (telling.length === 0) return [];
  const fitting = (k: number): string[] =>
    telling.filter((row) => fits(row, (row.features ?? 0) - k)).map((row) => row.recovery);
  const least = smallestOf(telling.map((row) => row.features ?? 0));
  const all = Array.from({ length: Math.min(MOST_ANCHORS, least - 1) + 1 }, (_, k) => ({ k, found: fitting(k) }));
  const most = largestOf(all.map(({ found }) => found.length));
  const best = new Map<string, number[]>();
  for (const { k, found } of all) {
    if (found.length === most) best.set(found.join(' '), [...(best.get(found.join(' ')) ?? []), k]);
  }
  const stated = telling[0]?.anchors;
  return [
    {
      table,
      rows: telling.length,
      ...(stated !== undefined && { stated: { anchors: stated, fitting: fitting(stated) } }),
      best: [...best].map(([, anchors]) => ({ anchors, fitting: fitting(anchors[0] ?? 0) })),
    },
  ];
}

function regimes(rows: readonly TableRow[]): { table: string; says: string }[] {
  const first = new Map(rows.map((row) => [row.table, row] as const).reverse());
  return [...first].reverse().flatMap(([table, { sparsity, features }]) => {
    if (!sparsity || !features) return [];
    const [rare, bound] = [ONE.minus(sparsity), Rational.of(1n, BigInt(features))];
    return rare.compare(bound) > 0 ? [{ table, says: `1 - S = ${numberText(`${rare}`)} > ${bound} = 1/n` }] : [];
  });
}
