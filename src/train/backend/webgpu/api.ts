/** The part of WebGPU used here (https://www.w3.org/TR/webgpu/): TypeScript declares it with the DOM only, which Node does not have. */

export interface GpuBuffer {
  readonly size: number;
  mapAsync(mode: number): Promise<void>;
  getMappedRange(offset?: number, size?: number): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

export interface GpuPass {
  setPipeline(pipeline: GpuPipeline): void;
  setBindGroup(index: number, group: object): void;
  dispatchWorkgroups(x: number, y?: number, z?: number): void;
  end(): void;
}

export interface GpuEncoder {
  beginComputePass(): GpuPass;
  clearBuffer(buffer: GpuBuffer): void;
  copyBufferToBuffer(from: GpuBuffer, fromOffset: number, to: GpuBuffer, toOffset: number, size: number): void;
  finish(): object;
}

export interface GpuPipeline {
  getBindGroupLayout(index: number): object;
}

export interface GpuDevice {
  readonly limits: Readonly<Record<string, number>>;
  readonly queue: {
    submit(buffers: readonly object[]): void;
    writeBuffer(buffer: GpuBuffer, offset: number, data: ArrayBufferView): void;
  };
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  createBuffer(by: { size: number; usage: number }): GpuBuffer;
  createShaderModule(by: { code: string; label: string }): object;
  createComputePipeline(by: {
    layout: 'auto';
    label: string;
    compute: { module: object; entryPoint: string };
  }): GpuPipeline;
  createBindGroup(by: {
    layout: object;
    entries: readonly { binding: number; resource: { buffer: GpuBuffer; offset?: number; size?: number } }[];
  }): object;
  createCommandEncoder(): GpuEncoder;
  addEventListener(name: 'uncapturederror', then: (event: { error: { message: string } }) => void): void;
  destroy(): void;
}

export interface GpuAdapter {
  readonly info: { readonly vendor: string; readonly architecture: string; readonly description: string };
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(by: { requiredLimits: Readonly<Record<string, number>> }): Promise<GpuDevice>;
}

export interface Gpu {
  requestAdapter(by: { powerPreference: 'high-performance' }): Promise<GpuAdapter | null>;
}

/** GPUBufferUsage and GPUMapMode. */
export const USAGE = { mapRead: 0x1, copySource: 0x4, copyTarget: 0x8, uniform: 0x40, storage: 0x80 } as const;
export const MAP_READ = 0x1;
