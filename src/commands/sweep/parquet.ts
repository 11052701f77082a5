/**
 * The rows of a sweep as Parquet, a column a thing: `job`, `input`, `option.NAME`, `exit`, `failed.code`, `failed.reason`, and
 * `result.PATH` for each leaf of the results. Lists stand as JSON: they have no one length.
 */
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { canonicalJson } from '../../kernel/document/canonical.ts';
import { plain } from '../../terminal/door.ts';
import type { Row } from './rows.ts';

type Cell = string | number | boolean | null;

export function parquetOf(rows: readonly Row[]): Uint8Array {
  const columns = new Map<string, Cell[]>(['job', 'input'].map((name) => [name, []]));
  for (const [k, row] of rows.entries()) {
    for (const [name, cell] of cellsOf(row)) {
      const column = columns.get(name) ?? [];
      columns.set(name, column);
      while (column.length < k) column.push(null);
      column.push(cell);
    }
  }
  const columnData = [...columns].map(([name, cells]) => {
    while (cells.length < rows.length) cells.push(null);
    return columnOf(name, cells);
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

function* cellsOf(row: Row): Generator<readonly [string, Cell]> {
  const { id, input, options } = row.job;
  yield ['job', id];
  yield ['input', input];
  for (const [name, value] of options) {
    const cell = plain(value);
    yield [`option.${name}`, isCell(cell) ? cell : canonicalJson(value)];
  }
  if ('failed' in row) {
    yield ['failed.code', row.failed.code];
    yield ['failed.reason', row.failed.reason];
  } else {
    yield ['exit', row.done.exit];
    yield* leaves('result', row.done.result);
  }
}

const isCell = (value: unknown): value is Cell => value === null || typeof value !== 'object';

function* leaves(path: string, value: unknown): Generator<readonly [string, Cell]> {
  if (isCell(value)) yield [path, value];
  else if (Array.isArray(value)) yield [path, JSON.stringify(value)];
  else for (const [key, inner] of Object.entries(value as object)) yield* leaves(`${path}.${key}`, inner);
}

/** Of one type; where rows differ, text. */
function columnOf(name: string, cells: readonly Cell[]): ColumnSource {
  const kinds = new Set(cells.filter((cell) => cell !== null).map((cell) => typeof cell));
  if (kinds.size === 1 && kinds.has('number')) return { name, data: [...cells], type: 'DOUBLE' };
  if (kinds.size === 1 && kinds.has('boolean')) return { name, data: [...cells], type: 'BOOLEAN' };
  return { name, data: cells.map((cell) => (cell === null ? null : `${cell}`)), type: 'STRING' };
}
