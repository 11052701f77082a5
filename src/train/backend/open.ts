/** Backends by name. */
import type { Backend, BackendName } from './backend.ts';
import { hostBackend } from './host.ts';
import type { HostKernels } from './hostKernels.ts';
import { plainKernels } from './plain.ts';
import { wasmKernels } from './wasm.ts';

/** What the host computes with: data is made there, whatever trains. */
export const kernelsOf = (name: BackendName): HostKernels => (name === 'plain' ? plainKernels() : wasmKernels());

/** The backend of a run; `kernels` are those its data was made with. */
export async function openBackend(name: BackendName, kernels: HostKernels): Promise<Backend> {
  switch (name) {
    case 'webgpu':
      return (await import('./webgpu/webgpu.ts')).webgpuBackend();
    case 'native':
      return (await import('./native/native.ts')).nativeBackend();
    case 'node-gpu':
      return (await import('./nodeGpu.ts')).nodeGpuBackend(kernels);
    default:
      return hostBackend(kernels);
  }
}
