/** A file of vectors on its way into `dictum import`: which format it has, read exactly, with labels. */

import { readLimited, readText, textOf } from '../../terminal/files.ts';
import { type Labelled, readLabelled } from '../../terminal/labelled.ts';
import { fail } from '../../terminal/problem.ts';
import { recognize } from '../../terminal/recognize.ts';
import { partOf } from '../train/openSource.ts';
import { refusingTraining } from '../train/readConfig.ts';
import { readNpyRows, readNpzRows, readSafetensorsRows } from './arrayVectors.ts';
import { readCsv } from './csvVectors.ts';
import { looksNumeric } from './quantity.ts';
import { lastFields, linesOf, type Row, type Rows, readWordVectors } from './wordVectors.ts';

export interface Reading {
  readonly format?: string;
  /** `first`, `none`, or a file with one label a line. */
  readonly labels?: string;
  readonly header?: boolean;
}

export interface Vectors {
  readonly all: readonly Labelled[];
  readonly note?: string;
}

export const TEXT_FORMATS = ['json', 'word2vec', 'glove', 'csv', 'tsv'] as const;
type TextFormat = (typeof TEXT_FORMATS)[number];

const KNOWN = 'label/vector JSON, CSV, word vectors as text, .npy, .npz or .safetensors';

/** `name` is a path, with `#PART` behind it for a tensor or an array of several. */
export async function readVectors(name: string, reading: Reading): Promise<Vectors> {
  const { path, part } = partOf(name);
  return vectorsIn(await readLimited(path), path, part, reading);
}

/** Of the bytes of the file `path`. */
export async function vectorsIn(
  bytes: Uint8Array,
  path: string,
  part: string | undefined,
  reading: Reading,
): Promise<Vectors> {
  const format = TEXT_FORMATS.find((known) => known === reading.format);
  if (reading.format !== undefined && !format) {
    fail('bad-arguments', { file: '--format' }, TEXT_FORMATS.join(', '), JSON.stringify(reading.format));
  }
  const binary = await binaryRows(bytes, path, part);
  if (binary) {
    for (const option of ['format', 'header'] as const) {
      if (reading[option] === undefined) continue;
      const next = `${path} is no text: leave it out.`;
      fail('bad-arguments', { file: `--${option}`, next }, 'a file of text', 'numbers in binary');
    }
    if (reading.labels === 'first') {
      const next = 'Give a file with one label a line, or leave it out: rows are numbered then.';
      fail('bad-arguments', { file: '--labels', next }, 'labels for a file without any', 'first');
    }
    return named(binary, await givenLabels(reading.labels), path);
  }
  return fromText(await textOf(bytes, path), path, format, reading);
}

async function binaryRows(bytes: Uint8Array, path: string, part: string | undefined): Promise<Rows | undefined> {
  const known = recognize(bytes);
  switch (known?.kind) {
    case undefined:
      // The ending says what it should be, and the reader what is wrong with it.
      if (path.endsWith('.npy')) return refusingTraining(path, () => readNpyRows(bytes, path));
      if (path.endsWith('.npz')) return refusingTraining(path, () => readNpzRows(bytes, path, part));
      if (path.endsWith('.safetensors')) return refusingTraining(path, () => readSafetensorsRows(bytes, path, part));
      return undefined;
    case 'npy':
      return refusingTraining(path, () => readNpyRows(bytes, path));
    case 'zip':
      return refusingTraining(path, () => readNpzRows(bytes, path, part));
    case 'safetensors':
      return refusingTraining(path, () => readSafetensorsRows(bytes, path, part));
    default:
      return fail('wrong-type', { file: path, next: known?.next }, KNOWN, known?.name ?? 'another file');
  }
}

async function fromText(
  raw: string,
  path: string,
  said: TextFormat | undefined,
  { labels, header }: Reading,
): Promise<Vectors> {
  // Spreadsheets begin their UTF-8 with a byte order mark; JSON may have none.
  const text = raw.startsWith('\ufeff') ? raw.slice(1) : raw;
  const format = said ?? formatOf(text, path);
  const table = format === 'csv' || format === 'tsv';
  if (header !== undefined && !table) {
    fail('bad-arguments', { file: '--header', next: 'Leave it out.' }, 'CSV', `${path}, ${NAMES[format]}`);
  }
  if (format === 'json') {
    if (text !== raw) fail('not-utf-8', { file: path }, 'UTF-8 without a byte order mark', 'a byte order mark');
    if (labels !== undefined) {
      fail(
        'bad-arguments',
        { file: '--labels', next: 'Leave it out.' },
        'rows without labels',
        `${path}, ${NAMES.json}`,
      );
    }
    return { all: readLabelled(text, path) };
  }
  const labelled = labels === undefined || labels === 'first';
  const read = table
    ? readCsv(text, path, labelled, header, format === 'tsv' ? '\t' : ',')
    : readWordVectors(text, path, labelled, format === 'vectors' ? undefined : format);
  if (labelled && labels === undefined && read.rows.every(({ label }) => looksNumeric(label ?? ''))) {
    const next = 'Say which with --labels first, or with --labels none or --labels FILE.';
    const found = `${read.rows
      .slice(0, 3)
      .map(({ label }) => label)
      .join(', ')}${read.rows.length > 3 ? ', ...' : ''}, which may be either`;
    fail('ambiguous', { file: path, path: 'first field', next }, 'labels, or numbers as the others', found);
  }
  return named(read, labelled ? undefined : await givenLabels(labels), path);
}

const NAMES: Readonly<{ [format in TextFormat | 'vectors']: string }> = {
  json: 'label/vector JSON',
  word2vec: 'word vectors',
  glove: 'word vectors',
  vectors: 'word vectors',
  csv: 'CSV',
  tsv: 'tab-separated',
};

/** By the ending, else by the first lines. */
function formatOf(text: string, path: string): TextFormat | 'vectors' {
  const ending = /\.(json|csv|tsv)$/i.exec(path)?.[1]?.toLowerCase() as 'json' | 'csv' | 'tsv' | undefined;
  if (ending) return ending;
  // A word may be a brace: a JSON object goes on with a key.
  if (/^\s*(\{\s*(["}]|$)|\[\s*[[{"]|\[\s*\])/.test(text)) return 'json';
  const lines = linesOf(text.slice(0, 1 << 20)).slice(0, 2);
  const numbers = (fields: readonly string[]): number =>
    fields.slice(1).filter((field) => looksNumeric(field.trim())).length;
  if (lines.some((line) => numbers(line.split(',')) > 0)) return 'csv';
  if (lines.some((line) => numbers(['', ...lastFields(line, 1).fields]) > 0)) return 'vectors';
  const found = text.trim() === '' ? 'an empty file' : JSON.stringify(text.slice(0, 40));
  return fail('wrong-type', { file: path, next: 'Say which it is with --format.' }, KNOWN, found);
}

/** One a line; none means numbers. */
async function givenLabels(labels: string | undefined): Promise<readonly string[] | undefined> {
  if (labels === undefined || labels === 'none') return undefined;
  return (await readText(labels))
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((label, k) => {
      const trimmed = label.trim();
      const at = { file: labels, path: `line ${k + 1}`, next: 'Line i is the label of row i.' };
      return trimmed === '' ? fail('wrong-type', at, 'a label', 'an empty line') : trimmed;
    });
}

/** Rows with labels: their own, those given, or their numbers from 1. Each is there once. */
function named({ rows, note }: Rows, given: readonly string[] | undefined, path: string): Vectors {
  if (given && given.length !== rows.length) {
    const next = 'Line i is the label of row i.';
    fail(
      'wrong-size',
      { file: '--labels', next },
      `${rows.length} labels, one for each row of ${path}`,
      `${given.length}`,
    );
  }
  const seen = new Map<string, string>();
  const all = rows.map((row: Row, k): Labelled => {
    const label = given ? (given[k] as string) : (row.label ?? `${k + 1}`);
    const at = given ? `row ${k + 1}` : row.path;
    const file = given ? '--labels' : path;
    if (label === '')
      fail('wrong-type', { file, path: at, next: 'Give it a label, or leave the row out.' }, 'a label', 'none');
    const before = seen.get(label);
    if (before !== undefined) {
      fail('duplicate-label', { file, path: at }, 'each label once', `${JSON.stringify(label)}, as in ${before}`);
    }
    seen.set(label, at);
    return { label, entries: row.entries, path: row.path };
  });
  return { all, ...(note !== undefined && { note }) };
}
