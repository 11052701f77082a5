/** CSV (RFC 4180), record by record. */
import { fail } from './problem.ts';

export interface Record {
  readonly fields: readonly string[];
  /** The line it begins on, from 1. */
  readonly line: number;
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
