/**
 * What a backend executes. Methods are written once, against this interface (../methods/): one dense product (the encoder), the
 * sparse products that touch active latents only, and Adam. All numbers are 32-bit floats, rows lie one after the other.
 */

export type BackendName = 'wasm' | 'plain';

/** `rows` x `columns`, row-major; rows start every `stride` entries and the entries between are 0 and stay 0. */
export interface Table {
  readonly rows: number;
  readonly columns: number;
  /** A multiple of 8. */
  readonly stride: number;
  readonly data: Float32Array;
}

/** Active latents of a batch, input by input: those of input b stand at start[b] .. start[b + 1] - 1. */
export interface Latents {
  readonly inputs: number;
  readonly start: Int32Array;
  /** Which neuron. */
  readonly index: Int32Array;
  /** Its activation. */
  readonly value: Float32Array;
}

export interface AdamStep {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** AdamW: the weights shrink by rate * decay before the step. */
  readonly decay: number;
  /** From 1, for the bias corrections. */
  readonly step: number;
}

export interface Backend {
  readonly name: BackendName;
  /** Zeros, where the backend can reach them. */
  floats(length: number): Float32Array;
  integers(length: number): Int32Array;
  /** z = x we^T + bias: inputs x n_p times (n_q x n_p)^T. `x` and `z` have at least `inputs` rows, rounded up to 4. */
  encode(inputs: number, x: Table, we: Table, bias: Float32Array, z: Table): void;
  /** out_b += sum over latents t of b of coefficient_t rows_index(t). */
  decode(l: Latents, coefficient: Float32Array, rows: Table, out: Table): void;
  /** out_t = <g_b, rows_index(t)> for each latent t of input b. */
  pull(l: Latents, g: Table, rows: Table, out: Float32Array): void;
  /** into_index(t) += coefficient_t v_b for each latent t of input b. */
  scatter(l: Latents, coefficient: Float32Array, v: Table, into: Table): void;
  /** One step of Adam on a whole parameter; `m` and `v` are its moments. Lengths are multiples of 8. */
  adam(at: Float32Array, gradient: Float32Array, m: Float32Array, v: Float32Array, by: AdamStep): void;
}

export const strideOf = (columns: number): number => Math.ceil(columns / 8) * 8;

export function tableOf(backend: Backend, rows: number, columns: number): Table {
  const stride = strideOf(columns);
  // Whole groups of 8 rows: kernels work on 4 inputs and 8 neurons at a time.
  return { rows, columns, stride, data: backend.floats(Math.ceil(rows / 8) * 8 * stride) };
}

/** Room for at most `capacity` latents. */
export function latentsOf(backend: Backend, inputs: number, capacity: number): Latents {
  const room = Math.max(8, capacity);
  return {
    inputs,
    start: backend.integers(inputs + 1),
    index: backend.integers(room),
    value: backend.floats(room),
  };
}

/** A view of row b. */
export const rowOf = (t: Table, b: number): Float32Array => t.data.subarray(b * t.stride, b * t.stride + t.columns);
