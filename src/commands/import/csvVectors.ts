/** Vectors from CSV (RFC 4180): a label and its numbers a row, perhaps below a row of names. */
import { type Record, recordsOf } from '../../terminal/csv.ts';
import { fail } from '../../terminal/problem.ts';
import { looksNumeric, quantityAt } from './quantity.ts';
import type { Row, Rows } from './wordVectors.ts';

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
