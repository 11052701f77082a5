/**
 * Activations from Parquet: one column of lists of equal length (rows x length), or numeric columns (rows x columns). Files without
 * compression, with Snappy, gzip, Brotli, LZ4 or zstd. Errors: TrainProblem with the file and the column.
 */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { type Compressors, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { TrainProblem } from '../backend/problem.ts';
import type { Tensor } from './npy.ts';

/** `column`: the one to take; without it, all of the file. A column of numbers alone has one dimension: labels. */
export async function readParquet(bytes: Uint8Array, file: string, column?: string): Promise<Tensor> {
  const refuse = (code: string, at: string, expected: string, found: string, next?: string): never => {
    throw new TrainProblem(code, at, expected, found, file, next);
  };
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const metadata = await parquetMetadataAsync(buffer).catch((thrown: Error) =>
    refuse('wrong-type', 'file', 'a Parquet file', thrown.message, 'The file is cut off, or none: write it again.'),
  );
  const names = columnsOf(metadata);
  if (column !== undefined && !names.includes(column)) {
    refuse('missing-key', '$.data.tensor', `one of ${names.join(', ')}`, column, `Name one: "FILE#${names[0]}".`);
  }
  const rows = await readRows(buffer, metadata, column).catch((thrown: Error) =>
    refuse(
      'wrong-type',
      'file',
      'a Parquet file, plain, Snappy, gzip, Brotli, LZ4 or zstd',
      thrown.message,
      'Write it again, with one of these compressions.',
    ),
  );
  const wanted = column === undefined ? names : [column];
  const numbers = 'Name a column of numbers or of lists of numbers: "FILE#COLUMN".';
  const numberOf = (value: unknown, row: number, name: string): number => {
    if (typeof value === 'number') return value;
    if (typeof value === 'bigint' && BigInt.asIntN(53, value) === value) return Number(value);
    return refuse('wrong-type', `row ${row}, column ${name}`, 'a number', shown(value), numbers);
  };
  const flat = rows.map((row, k) => {
    return wanted.flatMap((name) => {
      const value = row[name];
      const list = isList(value) && wanted.length === 1;
      return list ? Array.from(value, (x) => numberOf(x, k, name)) : [numberOf(value, k, name)];
    });
  });
  const width = flat[0]?.length ?? 0;
  const ragged = flat.findIndex((row) => row.length !== width);
  if (ragged >= 0) {
    const [expected, found] = [`${width} numbers, as in row 0`, `${flat[ragged]?.length}`];
    refuse('wrong-size', `row ${ragged}`, expected, found, 'All lists must have one length.');
  }
  const vector = column !== undefined && !isList(rows[0]?.[column]);
  return { shape: vector ? [rows.length] : [rows.length, width], values: Float64Array.from(flat.flat()) };
}

type Row = Record<string, unknown>;

/** The rows of the column asked for, or of all. */
async function readRows(file: ArrayBuffer, metadata: FileMetaData, column: string | undefined): Promise<Row[]> {
  const codecs = metadata.row_groups.flatMap(({ columns }) => columns.map((chunk) => chunk.meta_data?.codec));
  const compressors = await compressorsFor(new Set(codecs));
  return parquetReadObjects({ file, metadata, compressors, ...(column !== undefined && { columns: [column] }) });
}

/** Node's own where it has one; the package is loaded for zstd and LZ4 alone. */
async function compressorsFor(codecs: ReadonlySet<string | undefined>): Promise<Compressors> {
  // A page gets no longer than it says.
  const own: Compressors = {
    GZIP: (input, length) => gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
    BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
  };
  const known = ['UNCOMPRESSED', 'SNAPPY', ...Object.keys(own), undefined];
  if ([...codecs].every((codec) => known.includes(codec))) return own;
  const { compressors } = await import('hyparquet-compressors');
  return { ...compressors, ...own };
}

/** Top-level columns: the schema is a tree in pre-order, the root first. */
function columnsOf({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  const skip = (k: number): number => {
    let next = k + 1;
    for (let child = 0; child < (schema[k]?.num_children ?? 0); child++) next = skip(next);
    return next;
  };
  for (let k = 1; k < schema.length; k = skip(k)) names.push(schema[k]?.name ?? '');
  return names;
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || value instanceof Float32Array || value instanceof Float64Array;

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? JSON.stringify(value) : `${value}`;
  return text.length > 42 ? `${text.slice(0, 39)}...` : text;
};
