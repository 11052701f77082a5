/**
 * Memory and commands of one device. Commands are recorded in their order and handed over by `flush`; every array of the host has a
 * buffer on the device. What goes wrong there is told at the next `read`.
 */
import { TrainProblem } from '../problem.ts';
import {
  type GpuBuffer,
  type GpuDevice,
  type GpuEncoder,
  type GpuPass,
  type GpuPipeline,
  MAP_READ,
  USAGE,
} from './api.ts';
import { type Kernel, SIZE, source } from './kernel.ts';

export type Buffers = Readonly<Record<string, GpuBuffer>>;

export interface Commands {
  /** A buffer of 4-byte numbers, zeros. */
  allocate(length: number): GpuBuffer;
  /** Runs `groups` workgroups; buffers and numbers by the kernel's names. */
  run(
    kernel: Kernel,
    buffers: Buffers,
    told: Readonly<Record<string, number>>,
    groups: number | readonly [number, number] | readonly [number, number, number],
  ): void;
  clear(buffer: GpuBuffer): void;
  write(buffer: GpuBuffer, data: ArrayBufferView): void;
  /** The first `bytes` of each, after all commands so far. */
  read(parts: readonly { readonly buffer: GpuBuffer; readonly bytes: number }[]): Promise<ArrayBuffer[]>;
  close(): void;
}

/** Numbers that a dispatch is told lie here apart from each other, as WebGPU wants it. */
const [APART, PLACES] = [256, 512];
/** Workgroups in one direction. */
const WIDEST = 65_535;

interface Compiled {
  readonly id: number;
  readonly pipeline: GpuPipeline;
  readonly layout: object;
}

export function commandsOf(device: GpuDevice): Commands {
  let trouble: string | undefined;
  device.addEventListener('uncapturederror', ({ error }) => {
    trouble ??= error.message;
  });
  void device.lost.then(({ reason, message }) => {
    trouble ??= [reason, message].filter(Boolean).join(': ') || 'lost';
  });
  const compiled = new Map<string, Compiled>();
  const groups = new Map<string, object>();
  const numbers = new WeakMap<GpuBuffer, number>();
  let count = 0;
  const places = device.createBuffer({ size: APART * PLACES, usage: USAGE.uniform | USAGE.copyTarget });
  const told = new DataView(new ArrayBuffer(APART * PLACES));
  let place = 0;
  let encoder: GpuEncoder | undefined;
  let pass: GpuPass | undefined;
  const readable = (size: number): GpuBuffer => device.createBuffer({ size, usage: USAGE.mapRead | USAGE.copyTarget });
  // Scalars come back every step, when each neuron was last active often, all the weights now and then.
  const small = readable(1 << 18);

  const commands = (): GpuEncoder => {
    pass?.end();
    pass = undefined;
    encoder ??= device.createCommandEncoder();
    return encoder;
  };
  const flush = (): void => {
    if (!encoder) return;
    const finished = commands().finish();
    if (place > 0) device.queue.writeBuffer(places, 0, new Uint8Array(told.buffer, 0, APART * place));
    device.queue.submit([finished]);
    encoder = undefined;
    place = 0;
  };
  const compile = (kernel: Kernel): Compiled => {
    const found = compiled.get(kernel.name);
    if (found) return found;
    const module = device.createShaderModule({ code: source(kernel), label: kernel.name });
    const compute = { module, entryPoint: 'main' };
    const pipeline = device.createComputePipeline({ layout: 'auto', label: kernel.name, compute });
    const fresh = { id: compiled.size, pipeline, layout: pipeline.getBindGroupLayout(0) };
    compiled.set(kernel.name, fresh);
    return fresh;
  };
  /** Dispatches come in the same order each step, so their bind groups are found again. */
  const bound = ({ id, layout }: Compiled, buffers: readonly GpuBuffer[], size: number): object => {
    const key = [id, place, ...buffers.map((buffer) => numbers.get(buffer))].join();
    const found = groups.get(key);
    if (found) return found;
    const storage = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    const uniform = { binding: buffers.length, resource: { buffer: places, offset: APART * place, size } };
    const fresh = device.createBindGroup({ layout, entries: [...storage, uniform] });
    groups.set(key, fresh);
    return fresh;
  };

  return {
    allocate(length) {
      const size = Math.max(16, 16 * Math.ceil(length / 4));
      const most = Math.min(device.limits.maxBufferSize as number, device.limits.maxStorageBufferBindingSize as number);
      if (size > most) {
        throw new TrainProblem(
          'out-of-range',
          '$.backend',
          `arrays of at most ${most} bytes on this device`,
          `${size}`,
        );
      }
      const buffer = device.createBuffer({ size, usage: USAGE.storage | USAGE.copySource | USAGE.copyTarget });
      numbers.set(buffer, count++);
      return buffer;
    },
    run(kernel, buffers, numbersTold, size) {
      if (place === PLACES) flush();
      const ready = compile(kernel);
      Object.entries(kernel.told).forEach(([name, type], at) => {
        const [value, offset] = [numbersTold[name] as number, APART * place + 4 * at];
        if (type === 'f32') told.setFloat32(offset, value, true);
        else told.setInt32(offset, value, true);
      });
      const names = [...Object.keys(kernel.reads), ...Object.keys(kernel.writes)];
      const group = bound(
        ready,
        names.map((name) => buffers[name] as GpuBuffer),
        16 * Math.ceil(Object.keys(kernel.told).length / 4),
      );
      place++;
      encoder ??= device.createCommandEncoder();
      pass ??= encoder.beginComputePass();
      pass.setPipeline(ready.pipeline);
      pass.setBindGroup(0, group);
      const [x, y, z = 1] = typeof size === 'number' ? spread(size) : size;
      pass.dispatchWorkgroups(x, y, z);
    },
    clear: (buffer) => commands().clearBuffer(buffer),
    write(buffer, data) {
      flush();
      device.queue.writeBuffer(buffer, 0, data);
    },
    async read(parts) {
      const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
      const target = bytes <= small.size ? small : readable(bytes);
      const to = commands();
      let at = 0;
      for (const part of parts) {
        to.copyBufferToBuffer(part.buffer, 0, target, at, part.bytes);
        at += part.bytes;
      }
      flush();
      try {
        await target.mapAsync(MAP_READ);
      } catch (thrown) {
        trouble ??= thrown instanceof Error ? thrown.message : `${thrown}`;
      }
      if (trouble !== undefined) {
        const found = trouble.split('\n')[0] ?? '';
        throw new TrainProblem('device-lost', '$.backend', 'a device until the end of the run', found);
      }
      at = 0;
      const all = target.getMappedRange();
      const copies = parts.map((part) => {
        const copy = all.slice(at, at + part.bytes);
        at += part.bytes;
        return copy;
      });
      if (target === small) target.unmap();
      else target.destroy();
      return copies;
    },
    close: () => device.destroy(),
  };
}

/** Workgroups for n invocations. */
export const groupsFor = (n: number): number => Math.max(1, Math.ceil(n / SIZE));

/** In two directions where there are too many for one. */
function spread(count: number): readonly [number, number] {
  if (count <= WIDEST) return [count, 1];
  const rows = Math.ceil(count / WIDEST);
  return [Math.ceil(count / rows), rows];
}
