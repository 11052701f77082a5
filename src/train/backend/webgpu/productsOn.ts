/** Products, residuals and scalars on the device. */
import type { Products, Slot, Table } from '../backend.ts';
import type { GpuBuffer } from './api.ts';
import { STARTS } from './choose.ts';
import { COLUMNS, SUM_DOWN, TALLY, TALLY_SCALED, THROUGH_GATES, WEIGHTED_DOWN } from './columns.ts';
import { type Commands, groupsFor } from './device.ts';
import { blocks } from './gemm.ts';
import type { DeviceMemory, Sparse } from './memory.ts';
import { DECODE, DECODE_SUM, PULL, SCATTER, slices } from './products.ts';
import { ADD, COPY, FINISH, NONZERO, PARTS, SHIFT, SQUARES, TOTAL } from './rows.ts';
import * as list from './sparse.ts';

/** Orders a list by neuron, once for each selection. */
export function sorted(
  run: Commands['run'],
  { inputs, neurons }: { inputs: number; neurons: number },
  l: Sparse,
): Sparse {
  if (l.sorted) return l;
  const { start, index, counts, first, thrown, order } = l;
  const told = { n: l.most, inputs };
  run(list.SORT.count, { start, index, counts }, told, groupsFor(l.most));
  run(STARTS, { counts, start: first }, { n: neurons }, 1);
  run(list.SORT.throw, { start, index, first, counts, thrown }, told, groupsFor(l.most));
  run(list.SORT.place, { start, index, first, thrown, order }, told, groupsFor(l.most));
  l.sorted = true;
  return l;
}

export function productsOn(commands: Commands, { of, latents }: DeviceMemory): Products {
  const { run } = commands;
  const parts = commands.allocate(PARTS);
  const finish = (count: number, { sums, at }: Slot): void =>
    run(FINISH, { parts, sums: of(sums) }, { n: count, slot: at }, 1);
  const reduce = (kernel: typeof SQUARES, x: GpuBuffer, n: number, to: Slot): void => {
    const count = Math.min(PARTS, groupsFor(n / 4));
    run(kernel, { x, parts }, { n }, count);
    finish(count, to);
  };
  let room = parts;
  const scratch = (length: number): GpuBuffer => {
    if (room.size < 4 * length) room = commands.allocate(length);
    return room;
  };
  const elements = ({ rows, stride }: Table): number => rows * stride;

  return {
    decode(l, factor, rows, out) {
      const from = latents(l);
      if (from.kind === 'sparse') {
        const { start, index, value } = from;
        const told = { inputs: l.inputs, fours: rows.stride / 4, factor };
        return run(list.DECODE, { start, index, value, rows: of(rows.data), out: of(out.data) }, told, l.inputs);
      }
      const [x, y] = blocks(l.inputs, rows.stride);
      const { count, slice } = slices(x * y, from.stride);
      const n = l.inputs * out.stride;
      const summands = scratch(count * n);
      const sizes = { m: l.inputs, n: rows.stride, k: from.stride, slice };
      const told = { ...sizes, lda: from.stride, ldb: rows.stride, ldc: out.stride };
      run(DECODE, { a: from.value, b: of(rows.data), parts: summands }, told, [x, y, count]);
      run(DECODE_SUM, { parts: summands, c: of(out.data) }, { n, count, factor }, groupsFor(n));
    },
    pull(l, g, rows, factor, plus, out) {
      const to = latents(l);
      if (to.kind === 'sparse') {
        const { start, index } = to;
        const told = { inputs: l.inputs, fours: rows.stride / 4, factor, plus };
        const buffers = { start, index, slope: of(g.data), rows: of(rows.data), out: of(out) };
        return run(list.PULL, buffers, told, l.inputs);
      }
      const told = {
        m: l.inputs,
        n: rows.rows,
        k: g.stride,
        lda: g.stride,
        ldb: rows.stride,
        ldc: to.stride,
        slice: g.stride,
      };
      const buffers = { a: of(g.data), b: of(rows.data), chosen: to.value, c: of(out) };
      run(PULL, buffers, { ...told, factor, plus }, blocks(l.inputs, rows.rows));
    },
    scatter(l, factor, coefficient, v, into) {
      const from = latents(l);
      if (from.kind === 'sparse') {
        const { first, order, owner } = sorted(run, l, from);
        const buffers = { first, order, owner, coefficient: of(coefficient), v: of(v.data), into: of(into.data) };
        return run(list.SCATTER, buffers, { neurons: l.neurons, fours: v.stride / 4, factor }, l.neurons);
      }
      const told = {
        m: l.neurons,
        n: v.columns,
        k: l.inputs,
        lda: from.stride,
        ldb: v.stride,
        ldc: into.stride,
        slice: l.inputs,
      };
      const buffers = { a: of(coefficient), b: of(v.data), c: of(into.data) };
      run(SCATTER, buffers, { ...told, factor }, blocks(l.neurons, v.columns));
    },
    tally(l, coefficient, { scale, plus, divisor }, into) {
      const from = latents(l);
      if (from.kind === 'sparse') {
        if (scale) throw new Error('a list has no scaled tally');
        const { first, order } = sorted(run, l, from);
        const told = { n: l.neurons, plus, divisor };
        return run(list.TALLY, { first, order, x: of(coefficient), out: of(into) }, told, groupsFor(l.neurons));
      }
      const told = { rows: l.inputs, n: l.neurons, stride: from.stride, plus, divisor };
      const buffers = { chosen: from.value, x: of(coefficient), out: of(into) };
      const groups = Math.ceil(l.neurons / COLUMNS);
      if (scale) run(TALLY_SCALED, { ...buffers, scale: of(scale) }, told, groups);
      else run(TALLY, buffers, told, groups);
    },
    throughGates(l, { magnitude, magnitudeBias }, pulled, into) {
      const from = latents(l);
      if (from.kind === 'sparse') throw new Error('a matrix is wanted');
      const buffers = {
        value: from.value,
        magnitude: of(magnitude),
        magnitude_bias: of(magnitudeBias),
        pulled: of(pulled),
        slope: of(into.magnitude),
        slope_bias: of(into.magnitudeBias),
      };
      const told = { rows: l.inputs, n: l.neurons, stride: from.stride };
      run(THROUGH_GATES, buffers, told, Math.ceil(l.neurons / COLUMNS));
    },
    columns(t, factor, into, weight) {
      const told = { rows: t.rows, n: t.columns, stride: t.stride, factor };
      const [buffers, groups] = [{ x: of(t.data), out: of(into) }, Math.ceil(t.columns / COLUMNS)];
      if (weight) run(WEIGHTED_DOWN, { ...buffers, weight: of(weight) }, told, groups);
      else run(SUM_DOWN, buffers, told, groups);
    },
    shift(from, bias, out) {
      const n = elements(from);
      run(
        SHIFT,
        { source: of(from.data), bias: of(bias), out: of(out.data) },
        { n, stride: from.stride },
        groupsFor(n),
      );
    },
    copy(from, to) {
      const n = elements(from);
      run(COPY, { source: of(from.data), out: of(to.data) }, { n }, groupsFor(n));
    },
    add(from, into) {
      const n = elements(from);
      run(ADD, { source: of(from.data), out: of(into.data) }, { n }, groupsFor(n));
    },
    squares: (t, to) => reduce(SQUARES, of(t.data), elements(t), to),
    total(l, to) {
      const from = latents(l);
      if (from.kind === 'sparse') throw new Error('a matrix is wanted');
      reduce(TOTAL, from.value, l.inputs * from.stride, to);
    },
    count(l, to) {
      const from = latents(l);
      if (from.kind === 'dense') return reduce(NONZERO, from.value, l.inputs * from.stride, to);
      run(list.COUNT, { start: from.start, sums: of(to.sums) }, { inputs: l.inputs, slot: to.at }, 1);
    },
  };
}
