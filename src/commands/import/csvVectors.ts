/** Vectors from CSV (RFC 4180): a label and its numbers a row, perhaps below a row of names. */
import { fail } from '../../terminal/problem.ts';
import { looksNumeric, quantityAt } from './quantity.ts';
import type { Row, Rows } from './wordVectors.ts';

export interface Record {
  readonly fields: readonly string[];
  /** The line it begins on, from 1. */
  readonly line: number;
}

/** Words that name the column of the labels. */
const NAMES: ReadonlySet<string> = new Set([
  '',
  'label',
  'word',
  'token',
  'name',
  'feature',
  'index',
  'id',
  'key',
  '#',
]);

/** `header`: whether the first row holds names, where the user has said it; `labelled`: whether the first field is a label. */
export function readCsv(text: string, file: string, labelled: boolean, header?: boolean, comma = ','): Rows {
  const records = recordsOf(text, comma, file);
  const [first, ...others] = records;
  if (!first) return fail('wrong-size', { file, next: FORM }, 'a label and its numbers a row', 'an empty file');
  const named = header ?? holdsNames(first, labelled, file);
  const rows = named ? others : records;
  const [start] = rows;
  if (!start) return fail('wrong-size', { file, next: FORM }, 'a row of numbers below the names', 'none');
  const skip = labelled ? 1 : 0;
  const length = start.fields.length;
  if (length <= skip) {
    const next = /;|\t/.test(start.fields[0] ?? '') ? 'Fields are separated by commas; of a .tsv file by tabs.' : FORM;
    fail('wrong-size', { file, path: `line ${start.line}`, next }, 'a label and numbers', `${length} field`);
  }
  const read = rows.map(({ fields, line }): Row => {
    const path = `line ${line}`;
    if (fields.length !== length) {
      const expected = `${length} fields, as in line ${start.line}`;
      fail(
        'wrong-size',
        { file, path, next: FORM },
        expected,
        fields.join('').trim() === '' ? 'an empty line' : `${fields.length}`,
      );
    }
    const entries = fields
      .slice(skip)
      .map((field, k) => quantityAt(field.trim(), file, `${path}, field ${k + skip + 1}`));
    return { path, entries: () => entries, ...(labelled && { label: fields[0] ?? '' }) };
  });
  return { rows: read, ...(named && { note: `line 1 holds names: ${first.fields.join(comma).slice(0, 60)}` }) };
}

const FORM = 'Each row is a label and its numbers, separated by commas; all rows have equally many.';

/** Names are no numbers, and none is missing. Column numbers could be either. */
function holdsNames({ fields }: Record, labelled: boolean, file: string): boolean {
  const [label, rest] = labelled ? [(fields[0] ?? '').trim().toLowerCase(), fields.slice(1)] : ['', fields];
  const texts = rest.map((field) => field.trim());
  if (texts.length > 0 && texts.every((field) => field !== '' && !looksNumeric(field))) return true;
  const counted = [0, 1].some((from) => texts.every((field, k) => field === `${from + k}`));
  if (!counted || !labelled || !(texts.length > 2 || NAMES.has(label))) return false;
  const next = 'Say which with --header or --no-header.';
  const found = `${JSON.stringify(fields.join(',').slice(0, 40))}, which may be either`;
  return fail('ambiguous', { file, path: 'line 1', next }, 'column numbers, or a label and its numbers', found);
}

/** Fields may stand in double quotes, with "" for a quote, and then hold commas and line ends. */
export function recordsOf(text: string, comma: string, file: string): readonly Record[] {
  const records: Record[] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const fields: string[] = [];
    const start = line;
    for (;;) {
      let field: string;
      if (text[at] === '"') {
        const quoted = quotedAt(text, at);
        if (quoted === undefined || !endsField(text, quoted.end, comma)) {
          const found = quoted ? JSON.stringify(text.slice(quoted.end, quoted.end + 10)) : 'the end of the file';
          const expected = quoted ? 'a comma or a line end after the closing quote' : 'a closing quote';
          const next = 'A quote within a quoted field is written twice: "".';
          fail('wrong-type', { file, path: `line ${start}, field ${fields.length + 1}`, next }, expected, found);
        }
        field = quoted?.value ?? '';
        at = quoted?.end ?? text.length;
        line += field.split('\n').length - 1;
      } else {
        let end = at;
        while (end < text.length && text[end] !== comma && text[end] !== '\n') end++;
        field = text.slice(at, end).replace(/\r$/, '').trim();
        at = end;
      }
      fields.push(field);
      if (text[at] === '\r') at++;
      if (text[at] !== comma) break;
      at++;
    }
    at++;
    line++;
    records.push({ fields, line: start });
  }
  while (records.at(-1)?.fields.join('').trim() === '' && (records.at(-1)?.fields.length ?? 0) === 1) records.pop();
  return records;
}

function endsField(text: string, at: number, comma: string): boolean {
  const next = text[at] === '\r' ? text[at + 1] : text[at];
  return next === undefined || next === comma || next === '\n';
}

/** The quoted field that begins at `at`, and where it ends; undefined where it does not. */
function quotedAt(text: string, at: number): { readonly value: string; readonly end: number } | undefined {
  const parts: string[] = [];
  for (let from = at + 1; ; ) {
    const close = text.indexOf('"', from);
    if (close < 0) return undefined;
    parts.push(text.slice(from, close));
    if (text[close + 1] !== '"') return { value: parts.join('"'), end: close + 1 };
    from = close + 2;
  }
}
