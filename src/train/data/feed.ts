/** Puts batches where the backend reads them. */
import { type Backend, rowOf, type Table, tableOf } from '../backend/backend.ts';
import type { Work } from '../model/work.ts';
import type { Source } from './source.ts';

/** Features of an input that there is room for on a device, on average. */
const ROOM = 64;

/**
 * Returns what puts samples first, first + 1, ... into x and r. On a device sums of directions are made there, of lists a hundredth of
 * their size; all else is made here and sent.
 */
export function feedOf({ backend, inputs, x, r }: Work, source: Source): (first: number) => void {
  const send = (first: number): void => {
    source.fill(first, x, r);
    backend.push(x.data, r.data);
  };
  const { truth } = source;
  if (backend.name !== 'webgpu' || !truth || !source.list) return send;
  const { wp, wr } = truth;
  const list = backend.latents(inputs, wp.length, inputs * Math.min(ROOM, wp.length));
  const directions = tableFrom(backend, wp);
  const targets = wr === wp ? undefined : tableFrom(backend, wr);
  return (first) => {
    if (!source.list?.(first, list)) return send(first);
    backend.push(list.start, list.index, list.value);
    backend.clear(x.data);
    backend.decode(list, 1, directions, x);
    if (!targets) return backend.copy(x, r);
    backend.clear(r.data);
    backend.decode(list, 1, targets, r);
  };
}

/** Rows where the backend can reach them. */
export function tableFrom(backend: Backend, rows: readonly Float64Array[]): Table {
  const table = tableOf(backend, rows.length, rows[0]?.length ?? 0);
  rows.forEach((row, i) => {
    rowOf(table, i).set(row);
  });
  backend.push(table.data);
  return table;
}
