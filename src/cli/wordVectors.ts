/**
 * Word vectors as text, a word and its numbers a line: with a first line "words dimensions" (word2vec, fastText) or without one
 * (GloVe). Fields are separated by spaces or tabs; the last ones are the numbers, so a word may have spaces in it.
 */
import type { Rational } from '../kernel/rational.ts';
import { fail } from './problem.ts';
import { looksNumeric, quantityAt } from './quantity.ts';

export interface Row {
  /** Undefined where the rows hold numbers alone. */
  readonly label?: string;
  /** Of an array only the rows that are wanted become fractions. */
  readonly entries: () => readonly Rational[];
  readonly path: string;
}

export interface Rows {
  readonly rows: readonly Row[];
  /** What was passed over, in words. */
  readonly note?: string;
}

export type WordFormat = 'word2vec' | 'glove';

/** `labelled`: whether the first field is a word; `format`: where the user has said it. */
export function readWordVectors(text: string, file: string, labelled: boolean, format?: WordFormat): Rows {
  const lines = linesOf(text);
  if (lines.length === 0) fail('wrong-size', { file, next: FORM }, 'a word and its numbers a line', 'an empty file');
  const header = format === 'glove' ? undefined : headerOf(lines, file, format === 'word2vec');
  const first = header ? 1 : 0;
  const length = header?.dimensions ?? lengthIn(lines[0] as string, labelled, file);
  if (header && header.words !== lines.length - 1) {
    const next =
      'Is the file cut off? If it is whole, write the right number into its first line, or remove that line.';
    const found = `${lines.length - 1}`;
    fail('wrong-size', { file, path: 'line 1', next }, `${header.words} words, as it says`, found);
  }
  const rows = lines.slice(first).map((line, k) => {
    const path = `line ${k + first + 1}`;
    const { before, fields } = lastFields(line, length);
    const spare = before.split(/[ \t]+/).filter((part) => part !== '');
    // A word of several parts is one; numbers alone are numbers too many.
    const surplus = labelled ? spare.length > 1 && spare.every(looksNumeric) : spare.length > 0;
    if (fields.length < length || surplus || (labelled && spare.length === 0)) {
      const said = header ? 'as line 1 says' : 'as in line 1';
      const found = fields.length + spare.length;
      const expected = `${labelled ? 'a word and ' : ''}${length} numbers, ${said}`;
      fail('wrong-size', { file, path, next: FORM }, expected, found === 0 ? 'an empty line' : `${found} fields`);
    }
    const entries = fields.map((field, i) => quantityAt(field, file, `${path}, number ${i + 1}`));
    return { path, entries: () => entries, ...(labelled && { label: before.replace(/^[ \t]+|[ \t]+$/g, '') }) };
  });
  return { rows };
}

const FORM = 'Each line is a word and its numbers, separated by spaces; all lines have equally many.';

/** Without line ends, and without empty lines at the end. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  while (lines.length > 0 && /^[ \t\r]*$/.test(lines.at(-1) ?? '')) lines.pop();
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

/** The last `count` fields, fewer where there are not so many, and the text before them. */
export function lastFields(line: string, count: number): { readonly before: string; readonly fields: string[] } {
  const gap = (at: number): boolean => line[at] === ' ' || line[at] === '\t';
  const fields: string[] = [];
  let end = line.length;
  while (fields.length < count) {
    while (end > 0 && gap(end - 1)) end--;
    let start = end;
    while (start > 0 && !gap(start - 1)) start--;
    if (start === end) break;
    fields.push(line.slice(start, end));
    end = start;
  }
  return { before: line.slice(0, end), fields: fields.reverse() };
}

/** How many numbers the first line ends with; its first field is the word, whatever it looks like. */
export function lengthIn(line: string, labelled: boolean, file: string): number {
  const { fields } = lastFields(line, Number.POSITIVE_INFINITY);
  let length = 0;
  while (length < fields.length - (labelled ? 1 : 0) && looksNumeric(fields[fields.length - 1 - length] as string)) {
    length++;
  }
  if (length > 0) return length;
  const found = JSON.stringify(line.length > 40 ? `${line.slice(0, 40)}...` : line);
  return fail('wrong-type', { file, path: 'line 1', next: FORM }, 'a word and its numbers', found);
}

interface Header {
  readonly words: number;
  readonly dimensions: number;
}

/** Two integers alone in the first line. Where they could be a word and its number too, the user has to say which. */
function headerOf(lines: readonly string[], file: string, said: boolean): Header | undefined {
  const [, words, dimensions] = /^[ \t]*([0-9]{1,12})[ \t]+([0-9]{1,9})[ \t]*$/.exec(lines[0] ?? '') ?? [];
  if (words === undefined || Number(dimensions) === 0) {
    return said
      ? fail(
          'wrong-type',
          { file, path: 'line 1', next: FORM },
          'words and dimensions, two integers',
          JSON.stringify((lines[0] ?? '').slice(0, 40)),
        )
      : undefined;
  }
  const header = { words: Number(words), dimensions: Number(dimensions) };
  if (said || lastFields(lines[1] ?? '', 3).fields.length !== 2) return header;
  const next = 'Say which with --format word2vec or --format glove.';
  const found = `${JSON.stringify((lines[0] ?? '').trim())}, which may be either`;
  return fail('ambiguous', { file, path: 'line 1', next }, 'words and dimensions, or a word and its number', found);
}
