/**
 * Activations from Parquet: one column of lists of equal length (rows x length), or numeric columns (rows x columns). Files without
 * compression, with Snappy or with gzip. Errors: TrainProblem with the file and the column.
 */
import { gunzipSync } from 'node:zlib';
import { type FileMetaData, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { TrainProblem } from '../problem.ts';
import type { Tensor } from './npy.ts';

/** `column`: the one to take; without it, all of the file. A column of numbers alone has one dimension: labels. */
export async function readParquet(bytes: Uint8Array, file: string, column?: string): Promise<Tensor> {
  const refuse = (code: string, at: string, expected: string, found: string): never => {
    throw new TrainProblem(code, at, expected, found, file);
  };
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const [names, rows] = await readRows(buffer, column).catch((thrown: Error) =>
    refuse('wrong-type', 'file', 'a Parquet file, plain, Snappy or gzip', thrown.message),
  );
  if (column !== undefined && !names.includes(column)) {
    refuse('missing-key', '$.data.tensor', `one of ${names.join(', ')}`, column);
  }
  const wanted = column === undefined ? names : [column];
  const numberOf = (value: unknown, row: number, name: string): number => {
    if (typeof value === 'number') return value;
    if (typeof value === 'bigint' && BigInt.asIntN(53, value) === value) return Number(value);
    return refuse('wrong-type', `row ${row}, column ${name}`, 'a number', shown(value));
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
  if (ragged >= 0) refuse('wrong-size', `row ${ragged}`, `${width} numbers, as in row 0`, `${flat[ragged]?.length}`);
  const vector = column !== undefined && !isList(rows[0]?.[column]);
  return { shape: vector ? [rows.length] : [rows.length, width], values: Float64Array.from(flat.flat()) };
}

type Row = Record<string, unknown>;

/** The names of the columns, and the rows of the one asked for, or of all. */
async function readRows(file: ArrayBuffer, column: string | undefined): Promise<readonly [string[], Row[]]> {
  const metadata = await parquetMetadataAsync(file);
  const names = columnsOf(metadata);
  if (column !== undefined && !names.includes(column)) return [names, []];
  const compressors = { GZIP: (input: Uint8Array): Uint8Array => gunzipSync(input) };
  const rows = await parquetReadObjects({
    file,
    metadata,
    compressors,
    ...(column !== undefined && { columns: [column] }),
  });
  return [names, rows];
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
