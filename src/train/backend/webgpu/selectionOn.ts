/** Encoding and selection on the device. */
import type { Selection } from '../backend.ts';
import type { GpuBuffer } from './api.ts';
import { FILL, KEPT, LEAST, STARTS } from './choose.ts';
import { BINS, EQUALS, PICK, SHARES } from './chooseOfBatch.ts';
import { OPEN } from './columns.ts';
import { type Commands, groupsFor } from './device.ts';
import { blocks } from './gemm.ts';
import type { DeviceMemory, Sparse } from './memory.ts';
import { ENCODE, ENCODE_ABOVE, ENCODE_NEAR } from './products.ts';

interface Scratch {
  readonly least: GpuBuffer;
  readonly allowed: GpuBuffer;
  readonly equal: GpuBuffer;
  readonly before: GpuBuffer;
  readonly state: GpuBuffer;
  readonly bins: GpuBuffer;
  /** Where all neurons take part. */
  readonly everyone: GpuBuffer;
}

export function selectionOn(commands: Commands, memory: DeviceMemory): Selection {
  const { of, dense, sparse } = memory;
  const { run } = commands;
  const rooms = new Map<number, Scratch>();
  const scratch = (rows: number): Scratch => {
    const found = rooms.get(rows);
    if (found) return found;
    const room = (length: number): GpuBuffer => commands.allocate(length);
    const fresh = {
      least: room(rows),
      allowed: room(rows),
      equal: room(rows),
      before: room(rows + 1),
      state: room(4),
      bins: room(256),
      everyone: room(1),
    };
    rooms.set(rows, fresh);
    return fresh;
  };
  const starts = (rows: number, list: Sparse): void => {
    run(STARTS, { counts: list.kept, start: list.start }, { n: rows }, 1);
    list.sorted = false;
  };
  const sizes = ({ rows, columns, stride }: { rows: number; columns: number; stride: number }) => ({
    m: rows,
    n: columns,
    k: stride,
    lda: stride,
    slice: stride,
    ldb: stride,
  });

  return {
    encode(x, we, bias, z) {
      const told = { ...sizes(x), m: z.rows, n: we.rows, ldc: z.stride };
      const buffers = { a: of(x.data), b: of(we.data), bias: of(bias), z: of(z.data) };
      run(ENCODE, buffers, told, blocks(z.rows, we.rows));
    },
    encodeAbove({ x, we, bias }, threshold, into, near) {
      const { value, stride } = dense(into);
      const told = { ...sizes(x), m: into.inputs, n: we.rows, ldc: stride };
      const buffers = { a: of(x.data), b: of(we.data), bias: of(bias), threshold: of(threshold), chosen: value };
      const groups = blocks(into.inputs, we.rows);
      if (!near) run(ENCODE_ABOVE, buffers, told, groups);
      else run(ENCODE_NEAR, { ...buffers, near: dense(near.into).value }, { ...told, width: near.width }, groups);
    },
    largest(z, k, into, among) {
      const list = sparse(into);
      const { least, allowed, everyone } = scratch(z.rows);
      const chosen = among === undefined ? 0 : 1;
      const told = { rows: z.rows, n: z.columns, stride: z.stride, chosen };
      const from = { z: of(z.data), among: among ? of(among) : everyone };
      run(LEAST, { ...from, least, allowed, kept: list.kept }, { ...told, k }, z.rows);
      starts(z.rows, list);
      const { start, index, value, owner } = list;
      const buffers = { ...from, least, allowed, start, index, value_of: value, owner };
      run(FILL, buffers, { ...told, low: 0, high: z.columns }, z.rows);
    },
    largestOfBatch(z, k, bounds, into) {
      const { least, allowed, equal, before, state, bins, everyone } = scratch(z.rows);
      const told = { rows: z.rows, n: z.columns, stride: z.stride };
      for (let round = 0; round < 4; round++) {
        run(BINS, { z: of(z.data), state, bins_of_all: bins }, { ...told, round }, Math.min(1024, z.rows));
        run(PICK, { bins_of_all: bins, state }, { round, k: k * z.rows }, 1);
      }
      run(EQUALS, { z: of(z.data), state, equal }, told, z.rows);
      run(STARTS, { counts: equal, start: before }, { n: z.rows }, 1);
      run(SHARES, { state, before, least, allowed }, { n: z.rows }, groupsFor(z.rows));
      into.forEach((latents, group) => {
        const list = sparse(latents);
        const range = { ...told, chosen: 0, low: bounds[group - 1] ?? 0, high: bounds[group] as number };
        const from = { z: of(z.data), among: everyone, least, allowed };
        run(KEPT, { ...from, kept: list.kept }, range, z.rows);
        starts(z.rows, list);
        const { start, index, value, owner } = list;
        run(FILL, { ...from, start, index, value_of: value, owner }, range, z.rows);
      });
    },
    open(from, { magnitude, magnitudeBias, bias }, into) {
      const [gate, out] = [dense(from), dense(into)];
      const n = from.inputs * gate.stride;
      const buffers = {
        gate: gate.value,
        magnitude: of(magnitude),
        magnitude_bias: of(magnitudeBias),
        bias: of(bias),
        out: out.value,
      };
      run(OPEN, buffers, { n, stride: gate.stride }, groupsFor(n));
    },
  };
}
