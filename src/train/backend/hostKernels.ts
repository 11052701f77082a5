import type { AdamStep, Latents, Parameter, Table } from './backend.ts';

/** What a backend on the host does in its own way. */
export interface HostKernels {
  readonly name: 'wasm' | 'plain' | 'native' | 'node-gpu';
  floats(length: number): Float32Array;
  integers(length: number): Int32Array;
  /** z = x we^T + bias for `inputs` rows. `x` and `z` have at least `inputs` rows, rounded up to 4. */
  encode(inputs: number, x: Table, we: Table, bias: Float32Array, z: Table): void;
  /** out_b += sum over latents t of b of coefficient_t rows_index(t). */
  decode(l: Latents, coefficient: Float32Array, rows: Table, out: Table): void;
  /** out_t = <g_b, rows_index(t)> for each latent t of input b. */
  pull(l: Latents, g: Table, rows: Table, out: Float32Array): void;
  /** into_index(t) += coefficient_t v_b for each latent t of input b. */
  scatter(l: Latents, coefficient: Float32Array, v: Table, into: Table): void;
  adam(p: Parameter, by: AdamStep): void;
}
