/**
 * Which latents are on in a block of rows, and what is kept of it: bits, extremes, sums. Margins themselves are not kept, so memory is
 * that of the bits: rows x latents / 8 bytes.
 */
import type { Floats, Rows } from '../train/backend/backend.ts';
import {
  activation,
  type Encoder,
  type Input,
  latentsOn,
  lengthAbove,
  settle,
  type Tally,
  tallyOf,
} from './encoder.ts';
import { exactRow } from './exactRow.ts';

/** Of each latent so many rows with the largest activations are kept. */
export const TOP = 6;
/** Rows of a block: whole words of 32 bits. */
export const BLOCK = 256;

/** What does not change from block to block. */
export interface Fixed {
  readonly encoder: Encoder;
  /** u_i and b_dec, where the error of the reconstruction is wanted. */
  readonly decoder?: { readonly rows: Rows; readonly bias: Floats };
  /** Sums of activations are kept for each group of rows; a row may be in several. */
  readonly groups: number;
}

export interface Block {
  readonly first: number;
  /** Rows one after the other. */
  readonly data: Floats;
  /** For each row its groups. */
  readonly groups: readonly (readonly number[])[];
}

export interface BlockResult {
  readonly first: number;
  readonly count: number;
  /** Latents x words: bit r of latent i. */
  readonly bits: Uint32Array;
  /** Largest margin of each latent, and its row; the margin nearest to 0. */
  readonly most: Float64Array;
  readonly mostRow: Int32Array;
  readonly closest: Float64Array;
  /** Latents x TOP, activations decreasing, -1 where there are fewer rows. */
  readonly top: Float64Array;
  readonly topRow: Int32Array;
  /** Groups x latents: sums of activations. */
  readonly sums: Float64Array;
  /** Sums of activations over all rows. */
  readonly total: Float64Array;
  /** Sum of |x - xhat|^2. */
  readonly error: number;
  readonly tally: Tally;
  /** Rows in which latents share the last place of Top-k. */
  readonly ties: readonly { readonly row: number; readonly latents: readonly number[] }[];
}

export function decideBlock(fixed: Fixed, { first, data, groups }: Block): BlockResult {
  const { inputs: d } = fixed.encoder;
  const wide = Float64Array.from(data);
  const inputs = Array.from({ length: data.length / d }, (_, r) => inputOf(wide.subarray(r * d, (r + 1) * d)));
  return decideInputs(fixed, inputs, wide, { first, groups });
}

/** Inputs whose values stand one after the other in `values`. */
export function decideInputs(
  { encoder, decoder, groups }: Fixed,
  rows: readonly Input[],
  values: Float64Array,
  block: Omit<Block, 'data'>,
): BlockResult {
  const { latents, inputs } = encoder;
  const { first } = block;
  const words = Math.ceil(rows.length / 32);
  const result = {
    first,
    count: rows.length,
    bits: new Uint32Array(latents * words),
    most: new Float64Array(latents).fill(-Infinity),
    mostRow: new Int32Array(latents).fill(-1),
    closest: new Float64Array(latents).fill(Infinity),
    top: new Float64Array(latents * TOP).fill(-1),
    topRow: new Int32Array(latents * TOP).fill(-1),
    sums: new Float64Array(groups * latents),
    total: new Float64Array(latents),
    error: 0,
    tally: tallyOf(),
    ties: [] as { row: number; latents: readonly number[] }[],
  };
  const products = new Float64Array(rows.length * latents);
  multiply(values, encoder.rows, rows.length, latents, inputs, products);
  for (const [r, x] of rows.entries()) {
    const margins = products.subarray(r * latents, (r + 1) * latents);
    settle(encoder, margins, x, result.tally);
    const { on, tied } = latentsOn(encoder, margins, x, result.tally);
    if (tied) result.ties.push({ row: first + r, latents: tied });
    keepExtremes(result, margins, first + r);
    const guess = decoder && Float64Array.from(decoder.bias.subarray(0, decoder.rows.columns));
    for (const i of on) {
      const act = activation(encoder, margins, i);
      const at = i * words + (r >>> 5);
      result.bits[at] = (result.bits[at] as number) | (1 << (r & 31));
      result.total[i] = (result.total[i] as number) + act;
      for (const g of block.groups[r] ?? []) {
        result.sums[g * latents + i] = (result.sums[g * latents + i] as number) + act;
      }
      rank(result.top, result.topRow, i * TOP, act, first + r);
      if (guess && decoder) add(guess, decoder.rows, i, act);
    }
    if (guess) {
      for (let k = 0; k < inputs; k++) result.error += ((x.values[k] as number) - (guess[k] as number)) ** 2;
    }
  }
  return result;
}

/** A row of floats, exactly as they are. */
export function inputOf(values: Float64Array): Input {
  let made: ReturnType<typeof exactRow> | undefined;
  return {
    values,
    length: lengthAbove(values),
    rounded: false,
    exact: () => {
      made ??= exactRow(values);
      return made;
    },
  };
}

function keepExtremes({ most, mostRow, closest }: BlockResult, margins: Float64Array, row: number): void {
  for (let i = 0; i < margins.length; i++) {
    const s = margins[i] as number;
    if (s > (most[i] as number)) {
      most[i] = s;
      mostRow[i] = row;
    }
    if (Math.abs(s) < (closest[i] as number)) closest[i] = Math.abs(s);
  }
}

/** Keeps the TOP largest, the earlier row first among equals. */
export function rank(top: Float64Array, topRow: Int32Array, start: number, value: number, row: number): void {
  const end = start + TOP;
  if (value <= (top[end - 1] as number)) return;
  let at = end - 1;
  while (at > start && (top[at - 1] as number) < value) {
    top[at] = top[at - 1] as number;
    topRow[at] = topRow[at - 1] as number;
    at--;
  }
  top[at] = value;
  topRow[at] = row;
}

function add(to: Float64Array, { data, stride, columns }: Rows, i: number, factor: number): void {
  for (let k = 0, at = i * stride; k < columns; k++, at++) to[k] = (to[k] as number) + factor * (data[at] as number);
}

/**
 * out = a b^T of m x n rows of length d, two by four: each number read serves several products. Rows past the end are the last one again.
 * Sums start as separate numbers and not from a list, which would cost half of the time.
 */
function multiply(a: Float64Array, b: Float64Array, m: number, n: number, d: number, out: Float64Array): void {
  for (let j = 0; j < n; j += 4) {
    const b0 = j * d;
    const b1 = Math.min(j + 1, n - 1) * d;
    const b2 = Math.min(j + 2, n - 1) * d;
    const b3 = Math.min(j + 3, n - 1) * d;
    for (let i = 0; i < m; i += 2) {
      const a0 = i * d;
      const a1 = Math.min(i + 1, m - 1) * d;
      let p = 0;
      let q = 0;
      let r = 0;
      let s = 0;
      let t = 0;
      let u = 0;
      let v = 0;
      let w = 0;
      for (let k = 0; k < d; k++) {
        const x = a[a0 + k] as number;
        const y = a[a1 + k] as number;
        const e = b[b0 + k] as number;
        const f = b[b1 + k] as number;
        const g = b[b2 + k] as number;
        const h = b[b3 + k] as number;
        p += x * e;
        q += x * f;
        r += x * g;
        s += x * h;
        t += y * e;
        u += y * f;
        v += y * g;
        w += y * h;
      }
      put(out, i * n, j, n, p, q, r, s);
      if (i + 1 < m) put(out, (i + 1) * n, j, n, t, u, v, w);
    }
  }
}

/** Four entries from column j on of the row that starts at `row`; those past column n are left out. */
function put(out: Float64Array, row: number, j: number, n: number, p: number, q: number, r: number, s: number): void {
  out[row + j] = p;
  if (j + 1 < n) out[row + j + 1] = q;
  if (j + 2 < n) out[row + j + 2] = r;
  if (j + 3 < n) out[row + j + 3] = s;
}
