/** A file of result tables, as `dictum tables` takes it: rows of method, recovery in percent and mean best match, as printed. */
import { parseJson } from '../../kernel/document/json.ts';
import { Node } from '../../kernel/document/node.ts';
import { rounded } from '../../kernel/model/reportedRow.ts';
import { refusing } from '../../terminal/door.ts';
import { fail } from '../../terminal/problem.ts';
import type { TableRow } from './row.ts';
import { type Parameters, readStatement, type Statement } from './statements.ts';

export interface TableFile {
  readonly source: string;
  /** Thresholds of recovery, in the order named. */
  readonly taus: readonly string[];
  readonly rows: readonly TableRow[];
  readonly parameters: Parameters;
  /** Sentences about the tables. */
  readonly statements: readonly Statement[];
}

const COLUMNS = ['method', 'anchored', 'condition', 'gtRecoveryPercent', 'meanBestMatch'] as const;

export function readTables(text: string, file: string): TableFile {
  return refusing(file, () => {
    const root = new Node(parseJson(text)).fields(['source', 'tables'], ['metric', 'statements']);
    return {
      source: root.source.text(),
      taus: tausOf(root.metric, file),
      rows: root.tables.items().flatMap((table) => readTable(table, file)),
      parameters: new Map(root.tables.items().map((table) => [idOf(table), printedParameters(table)])),
      statements: root.statements?.items().map((node) => readStatement(node, file)) ?? [],
    };
  });
}

/** Every decimal named under `metric.tau`: `"0.95"`, `["0.9", "0.95"]` or an object of words with decimals in them. */
function tausOf(metric: Node | undefined, file: string): string[] {
  const tau = metric?.members().get('tau');
  if (!tau) return fail('missing-key', { file, path: '$.metric.tau' }, 'the threshold of recovery', 'none');
  const found = JSON.stringify(plain(tau)).match(/[0-9]+\.[0-9]+/g) ?? [];
  if (found.length === 0) fail('not-a-number', { file, path: tau.path }, 'a threshold "0.95"', 'none');
  return [...new Set(found)];
}

function plain(node: Node): unknown {
  if (node.json instanceof Map) return [...node.members().values()].map(plain);
  return Array.isArray(node.json) ? node.items().map(plain) : node.json;
}

const idOf = (table: Node): string => table.members().get('id')?.text() ?? '';

/** Those that are figures: text, as they are printed. */
function printedParameters(table: Node): ReadonlyMap<string, string> {
  const params = [...(table.members().get('params')?.members() ?? [])];
  return new Map(
    params.flatMap(([name, { json }]) => (typeof json === 'string' && rounded(json) ? [[name, json] as const] : [])),
  );
}

function readTable(table: Node, file: string): TableRow[] {
  const { id, params, columns, rows } = table.fields(['id', 'columns', 'rows'], ['caption', 'params']);
  const names = columns.items().map((column) => column.word(COLUMNS));
  for (const name of COLUMNS)
    if (!names.includes(name)) fail('missing-key', { file, path: columns.path }, `the column "${name}"`, 'none');
  const settings = params?.members();
  const count = (name: string): number | undefined => settings?.get(name)?.index(0, 999_999_999);
  const [n, anchors, sparsity] = [count('n'), count('anchors'), settings?.get('S')?.rational()];
  return rows.items().map((row, k): TableRow => {
    const cells = row.items(COLUMNS.length);
    const cell = (name: (typeof COLUMNS)[number]): Node => cells[names.indexOf(name)] as Node;
    const condition = cell('condition').text();
    const features = n ?? Number(/^n=([0-9]{1,9})$/.exec(condition)?.[1] ?? 0);
    const anchored = cell('anchored');
    if (typeof anchored.json !== 'boolean')
      fail('wrong-type', { file, path: anchored.path }, 'true or false', 'another');
    return {
      table: id.text(),
      row: k + 1,
      method: cell('method').text(),
      anchored: anchored.json === true,
      condition,
      recovery: printed(cell('gtRecoveryPercent'), file),
      mean: printed(cell('meanBestMatch'), file),
      ...(features > 0 && { features }),
      ...(anchors !== undefined && { anchors }),
      ...(sparsity !== undefined && { sparsity }),
    };
  });
}

function printed(cell: Node, file: string): string {
  const text = cell.text();
  return rounded(text) ? text : fail('not-a-number', { file, path: cell.path }, 'a decimal "84.90" as printed', text);
}
