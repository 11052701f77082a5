/** Opens the machine's GPU through the optional package `webgpu` (Dawn): Vulkan, Metal or Direct3D 12. */
import { TrainProblem } from '../problem.ts';
import type { Gpu, GpuAdapter, GpuDevice } from './api.ts';

/** Held for as long as the process lives: Dawn's instance may not be collected while anything of it is in use. */
let gpu: Gpu | undefined;

async function instance(): Promise<Gpu> {
  if (gpu) return gpu;
  try {
    const { create } = (await import('webgpu')) as unknown as { create: (options: readonly string[]) => Gpu };
    gpu = create([]);
    return gpu;
  } catch (thrown) {
    const reason = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : `${thrown}`;
    const wanted = 'the optional package webgpu 0.6.2 (npm install webgpu@0.6.2)';
    throw new TrainProblem('no-adapter', '$.backend', wanted, reason);
  }
}

const LIMITS = ['maxBufferSize', 'maxStorageBufferBindingSize'] as const;

export interface Opened {
  readonly device: GpuDevice;
  /** As the driver calls it. */
  readonly name: string;
}

export async function openDevice(): Promise<Opened> {
  const adapter = await (await instance()).requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    const wanted = 'a GPU that Vulkan, Metal or Direct3D 12 can reach; the backend wasm needs none';
    throw new TrainProblem('no-adapter', '$.backend', wanted, 'no adapter');
  }
  // A model's tables may be larger than the least that every adapter offers.
  const requiredLimits = Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit] as number]));
  return { device: await adapter.requestDevice({ requiredLimits }), name: nameOf(adapter) };
}

const nameOf = ({ info }: GpuAdapter): string =>
  [info.vendor, info.architecture, info.description].filter(Boolean).join(' ') || 'unnamed';
