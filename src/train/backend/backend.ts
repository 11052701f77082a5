/**
 * What a backend executes. A method's loss and gradient is one sequence of these operations (../methods/), carried out at once on
 * the host (./host.ts) or recorded for a device (./webgpu/). All numbers are 32-bit floats, rows lie one after the other.
 *
 * An array is a name for memory of the backend and the host's copy of it in one. On the host they are the same; on a device what
 * the host writes counts after `push`, and what operations leave there is seen after `fetch`.
 */

export type BackendName = 'wasm' | 'plain' | 'native' | 'webgpu' | 'node-gpu';

/** On the host alone, numbers may also have 64 bits. */
export type Floats = Float32Array | Float64Array;

/** `rows` x `columns`, row-major; rows start every `stride` entries. */
export interface Rows {
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  readonly data: Floats;
}

/** Rows in memory of a backend: the stride is a multiple of 8, and the entries between are 0 and stay 0. */
export interface Table extends Rows {
  readonly data: Float32Array;
}

/** Active latents of a batch, input by input: those of input b stand at start[b] .. start[b + 1] - 1. */
export interface Active {
  readonly inputs: number;
  readonly neurons: number;
  readonly start: Int32Array;
  /** Which neuron. */
  readonly index: Int32Array;
  /** Its activation. */
  readonly value: Floats;
}

export interface Latents extends Active {
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

/** Where an operation leaves a scalar. */
export interface Slot {
  readonly sums: Float64Array;
  readonly at: number;
}

/** One parameter array with its gradient and moments. */
export interface Parameter {
  readonly at: Float32Array;
  readonly gradient: Float32Array;
  readonly m: Float32Array;
  readonly v: Float32Array;
}

/** What a gated model has per neuron: r_mag, b_mag, and the gate's bias. */
export interface Gates {
  readonly magnitude: Float32Array;
  readonly magnitudeBias: Float32Array;
  readonly bias: Float32Array;
}

export type Fetched = Float32Array | Int32Array | Float64Array | Latents;

/** Storage. */
export interface Memory {
  /** Zeros. */
  floats(length: number): Float32Array;
  integers(length: number): Int32Array;
  /** Room for scalars that operations leave. */
  sums(length: number): Float64Array;
  /** Room for at most `most` latents, or for all. */
  latents(inputs: number, neurons: number, most?: number): Latents;
  /** One number for each latent. */
  coefficients(l: Latents): Float32Array;
  push(...arrays: readonly (Float32Array | Int32Array)[]): void;
  fetch(...arrays: readonly Fetched[]): Promise<void>;
}

export interface Selection {
  /** z = x we^T + bias: B x n_p times (n_q x n_p)^T. */
  encode(x: Table, we: Table, bias: Float32Array, z: Table): void;
  /** Encodes, and selects z_i > threshold_i >= 0; into `near`, if given, also those with |z_i - threshold_i| < width / 2. `z` is scratch. */
  encodeAbove(
    from: { readonly x: Table; readonly we: Table; readonly bias: Float32Array; readonly z: Table },
    threshold: Float32Array,
    into: Latents,
    near?: { readonly width: number; readonly into: Latents },
  ): void;
  /** For each input the k largest positive; only neurons with among_i = 1 where `among` is given. */
  largest(z: Table, k: number, into: Latents, among?: Int32Array): void;
  /** The k B largest positive of the batch, into one list per group of neurons: those below bounds[0], below bounds[1], ... */
  largestOfBatch(z: Table, k: number, bounds: readonly number[], into: readonly Latents[]): void;
  /** Of `from`, whose values are pi, those whose magnitude exp(r_mag) (pi - b_gate) + b_mag is positive; it is their value. */
  open(from: Latents, gates: Gates, into: Latents): void;
}

export interface Products {
  /** out_b += factor sum over latents t of b of value_t rows_index(t). */
  decode(l: Latents, factor: number, rows: Table, out: Table): void;
  /** out_t = factor <g_b, rows_index(t)> + plus for each latent t of input b. */
  pull(l: Latents, g: Table, rows: Table, factor: number, plus: number, out: Float32Array): void;
  /** into_index(t) += factor coefficient_t v_b for each latent t of input b. */
  scatter(l: Latents, factor: number, coefficient: Float32Array, v: Table, into: Table): void;
  /** into_i += (scale_i coefficient_t + plus) / divisor for each latent t of neuron i; scale is 1 where not given. */
  tally(
    l: Latents,
    coefficient: Float32Array,
    by: { readonly scale?: Float32Array; readonly plus: number; readonly divisor: number },
    into: Float32Array,
  ): void;
  /** From d/d mag in `pulled` to d/d b_mag and d/d r_mag, added; `pulled` becomes d/d <e_i, x>. */
  throughGates(
    l: Latents,
    gates: Gates,
    pulled: Float32Array,
    into: { magnitude: Float32Array; magnitudeBias: Float32Array },
  ): void;
  /** into += factor sum_b weight_b t_b; weights are 1 where not given. */
  columns(t: Table, factor: number, into: Float32Array, weight?: Float32Array): void;
  /** out = from - bias, row by row. */
  shift(from: Table, bias: Float32Array, out: Table): void;
  copy(from: Table, to: Table): void;
  add(from: Table, into: Table): void;
  /** Scalars: sum of squares of all entries; sum of the values; number of latents. */
  squares(t: Table, to: Slot): void;
  total(l: Latents, to: Slot): void;
  count(l: Latents, to: Slot): void;
}

export interface Updates {
  clear(array: Float32Array): void;
  /** One step of Adam on a whole parameter. Lengths are multiples of 8. */
  adam(p: Parameter, by: AdamStep): void;
  /** m = momentum m + gradient; at -= rate m. */
  descend(p: Parameter, rate: number, momentum: number): void;
  /** at_i = max(0, at_i) */
  clamp(at: Float32Array): void;
  /** Rows to length 1. */
  normalize(rows: Table): void;
  /** last_i = step for each neuron i with a latent. */
  mark(l: Latents, step: number, last: Int32Array): void;
  /** out_i = 1 where last_i <= until, else 0. */
  idle(last: Int32Array, until: number, out: Int32Array): void;
  /** gradient += 2 weight (at - wanted) in the rows that `wanted` has; the scalar: weight |at - wanted|^2. */
  attract(weight: number, wanted: Table, at: Table, gradient: Table, to: Slot): void;
  /** The first rows become those of `wanted`. */
  place(wanted: Table, at: Table): void;
}

export interface Backend extends Memory, Selection, Products, Updates {
  readonly name: BackendName;
  /** What carries it out, as a run records it. */
  readonly device: string;
  /** Gives its memory back. */
  close(): void;
}

export const strideOf = (columns: number): number => Math.ceil(columns / 8) * 8;

export function tableOf(memory: Pick<Memory, 'floats'>, rows: number, columns: number): Table {
  const stride = strideOf(columns);
  // Whole groups of 8 rows: kernels work on 4 inputs and 8 neurons at a time.
  return { rows, columns, stride, data: memory.floats(Math.ceil(rows / 8) * 8 * stride) };
}

/** A view of row b, of the host's copy. */
export const rowOf = <T extends Rows>(t: T, b: number): T['data'] =>
  t.data.subarray(b * t.stride, b * t.stride + t.columns);
