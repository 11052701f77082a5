/** The part of WebAssembly used here: TypeScript declares it with the DOM only, which Node does not have. */

export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

/** Memory of one thread. Growing would detach every view of it. */
export interface OwnMemory {
  readonly buffer: ArrayBuffer;
}

interface WebAssemblyApi {
  readonly Memory: {
    new (size: { initial: number; maximum: number; shared: true }): SharedMemory;
    new (size: { initial: number; maximum: number }): OwnMemory;
  };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: { env: { memory: SharedMemory | OwnMemory } },
  ) => { readonly exports: { readonly step: (...call: readonly number[]) => void } };
}

export const wasm: WebAssemblyApi = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
