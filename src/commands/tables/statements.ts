/** Sentences about tables, as `dictum tables` takes them: which comparisons of which figures each of them makes. */
import { parseJson } from '../../kernel/document/json.ts';
import { Node } from '../../kernel/document/node.ts';
import { readSubject } from '../../kernel/model/formats.ts';
import { rounded } from '../../kernel/model/reportedRow.ts';
import type { Comparison } from '../../kernel/model/subject.ts';
import { fail } from '../../terminal/problem.ts';
import type { TableRow } from './row.ts';

const FIGURES = ['gtRecoveryPercent', 'meanBestMatch'] as const;

/** A figure of a row, or a parameter of a table. `method` and `condition` are those of `each` where it does not say. */
interface Chosen {
  readonly table: string;
  readonly column: (typeof FIGURES)[number] | { readonly parameter: string };
  readonly anchored: boolean;
  readonly method?: string;
  readonly condition?: string;
  readonly times: string;
}

export interface Statement {
  /** The words, and where they stand. */
  readonly says: string;
  readonly place: string;
  readonly methods: readonly (string | undefined)[];
  readonly conditions: readonly (string | undefined)[];
  readonly of: readonly Chosen[];
  /** The bounds as the sentence has them: `2` stands for what rounds to 2, but 0 for 0. */
  readonly is: readonly (readonly [Bound, string])[];
}

const BOUNDS = ['least', 'most', 'above', 'below', 'equal'] as const;
type Bound = (typeof BOUNDS)[number];

/** What a sentence says of one row, or two: a comparison, or the row that it speaks of and that is not there. */
export type Asked =
  | { readonly statement: Statement; readonly comparison: Comparison }
  | { readonly statement: Statement; readonly missing: string };

/** By table and name: `params` as they are printed. */
export type Parameters = ReadonlyMap<string, ReadonlyMap<string, string>>;

export function readStatement(node: Node, file: string): Statement {
  const parts = node.fields(['says', 'place', 'of', 'is'], ['each']);
  const each = parts.each?.fields([], ['method', 'condition']);
  const list = (of?: Node): readonly (string | undefined)[] => of?.items().map((item) => item.text()) ?? [undefined];
  const bounds = parts.is.fields([], BOUNDS);
  const is = BOUNDS.flatMap((bound): (readonly [Bound, string])[] => {
    const at = bounds[bound];
    if (!at) return [];
    const value = at.text();
    return rounded(value) ? [[bound, value]] : fail('not-a-number', { file, path: at.path }, 'a figure "2.0"', value);
  });
  const of = parts.of.items().map((item) => readChosen(item, file));
  if (of.length === 0) fail('wrong-size', { file, path: parts.of.path }, 'a figure at least', 'none');
  if (new Set(of.map((chosen) => JSON.stringify({ ...chosen, times: '' }))).size < of.length)
    fail('repeated-row', { file, path: parts.of.path }, 'each figure once', 'one twice');
  if (is.length === 0) fail('missing-key', { file, path: parts.is.path }, `one of ${BOUNDS.join(', ')}`, 'none');
  return {
    says: parts.says.text(),
    place: parts.place.text(),
    methods: list(each?.method),
    conditions: list(each?.condition),
    of,
    is,
  };
}

function readChosen(node: Node, file: string): Chosen {
  if (node.members().has('parameter')) {
    const { table, parameter, times } = node.fields(['table', 'parameter'], ['times']);
    const column = { parameter: parameter.text() };
    return { table: table.text(), column, anchored: false, times: times ? `${times.rational()}` : '1' };
  }
  const parts = node.fields(['table', 'column', 'anchored'], ['method', 'condition', 'times']);
  if (typeof parts.anchored.json !== 'boolean')
    fail('wrong-type', { file, path: parts.anchored.path }, 'true or false', 'another');
  return {
    table: parts.table.text(),
    column: parts.column.word(FIGURES),
    anchored: parts.anchored.json === true,
    ...(parts.method && { method: parts.method.text() }),
    ...(parts.condition && { condition: parts.condition.text() }),
    times: parts.times ? `${parts.times.rational()}` : '1',
  };
}

export function comparisonsOf(
  statement: Statement,
  rows: readonly TableRow[],
  parameters: Parameters,
  source: string,
): Asked[] {
  return statement.methods.flatMap((method) =>
    statement.conditions.flatMap((condition): Asked[] => {
      const found = statement.of.map((chosen) => figureOf(chosen, { method, condition, ...chosen }, rows, parameters));
      const missing = found.flatMap((figure) => (typeof figure === 'string' ? [figure] : []));
      if (missing[0] !== undefined) return [{ statement, missing: missing[0] }];
      const terms = found as readonly Figure[];
      return statement.is.map(([bound, value]) => ({
        statement,
        comparison: comparison(statement, terms, bound, value, source),
      }));
    }),
  );
}

interface Where {
  readonly method?: string | undefined;
  readonly condition?: string | undefined;
}

interface Figure {
  readonly figure: string;
  readonly printed: string;
  readonly times: string;
}

/** The figure; where there is none, which row is not there. */
function figureOf(chosen: Chosen, where: Where, rows: readonly TableRow[], parameters: Parameters): Figure | string {
  const { table, column, anchored, times } = chosen;
  const { method, condition } = where;
  if (typeof column === 'object') {
    const printed = parameters.get(table)?.get(column.parameter);
    return printed === undefined
      ? `table ${table} has no parameter ${column.parameter}`
      : { figure: `${column.parameter} of table ${table}`, printed, times };
  }
  const row = rows.find(
    (one) =>
      one.table === table &&
      one.anchored === anchored &&
      (method === undefined || one.method === method) &&
      (condition === undefined || one.condition === condition),
  );
  const named = (name: string): string => `${name}${anchored ? ' + anchors' : ''}${condition ? ` ${condition}` : ''}`;
  if (!row) return `table ${table} has no row ${named(method ?? 'of any method')}`;
  const [printed, what] = column === 'meanBestMatch' ? [row.mean, 'mean'] : [row.recovery, 'recovery'];
  return { figure: `${what}, table ${table} row ${row.row} (${named(row.method)})`, printed, times };
}

/** The sum less the bound, or the bound less the sum, in relation to 0. */
function comparison(
  { says }: Statement,
  terms: readonly Figure[],
  bound: Bound,
  value: string,
  source: string,
): Comparison {
  const down = bound === 'most' || bound === 'below';
  const turned = terms.map((term) => (down ? { ...term, times: opposite(term.times) } : term));
  const stated = { figure: 'the sentence', printed: value, times: down ? '1' : '-1' };
  const document = {
    format: 'dictum/comparison@1',
    name: terms.map(({ figure }) => figure).join('; '),
    source,
    says,
    terms: /[1-9]/.test(value) ? [...turned, stated] : turned,
    relation: bound === 'equal' ? '=' : bound === 'above' || bound === 'below' ? '>' : '>=',
  };
  return readSubject(new Node(parseJson(JSON.stringify(document))), 'dictum/comparison@1');
}

const opposite = (times: string): string => (times.startsWith('-') ? times.slice(1) : `-${times}`);
