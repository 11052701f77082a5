/**
 * `dictum/scale@1`: directions and a ReLU encoder of the size of the paper's, integers from a stated generator. All sums are integers
 * whose size is bounded first: entries are at most a in size, and n_p a^2 <= 3,000,000, so a dot product fits 32 bits, and 900 times
 * its square 53.
 */
import type { Node } from '../document/node.ts';
import { MAX_DIGITS } from '../numbers/rational.ts';
import { malformed } from '../numbers/rejection.ts';
import type { Format } from './instance.ts';
import type { GeneratedModel } from './subject.ts';

const MOST_FEATURES = 2047;
const MOST_SQUARES = 3_000_000;
/** A few lines of text stand for that many products of two entries; the paper's size makes 1.23e10. */
const MOST_PRODUCTS = 20_000_000_000;

function readScale(node: Node): GeneratedModel {
  const parts = node.fields(
    ['format', 'name', 'features', 'dimensions', 'neurons', 'entries', 'directions', 'encoder'],
    ['anchors'],
  );
  const format = parts.format.word(['dictum/scale@1']);
  const features = parts.features.index(1, MOST_FEATURES);
  const neurons = parts.neurons.index(1, 100_000);
  const entries = parts.entries.index(1, 100);
  const dimensions = parts.dimensions.index(1, 10_000);
  if (dimensions * entries * entries > MOST_SQUARES)
    malformed('too-large', parts.entries.path, `n_p a^2 at most ${MOST_SQUARES}`, `${dimensions * entries * entries}`);
  const size = features * dimensions * neurons;
  if (size > MOST_PRODUCTS) malformed('too-large', parts.neurons.path, `n n_p n_q at most ${MOST_PRODUCTS}`, `${size}`);
  const encoder = parts.encoder.fields(['seed'], ['overrides']);
  let last = 0;
  const overrides = (encoder.overrides?.items() ?? []).map((item) => {
    const { neuron, row } = item.fields(['neuron', 'row']);
    const number = neuron.index(1, neurons);
    if (number <= last) malformed('not-increasing', neuron.path, 'increasing neurons', `${number}`);
    last = number;
    return { neuron: number - 1, row: readRow(row, dimensions, entries) };
  });
  return {
    format,
    name: parts.name.text(),
    features,
    dimensions,
    neurons,
    entries,
    directionSeed: parts.directions.fields(['seed']).seed.index(1, 999_999_999),
    encoderSeed: encoder.seed.index(1, 999_999_999),
    overrides,
    // Fewer than the features, so that "every other feature" is about some.
    anchors: parts.anchors?.index(0, features <= neurons ? features - 1 : neurons) ?? 0,
  };
}

export const SCALE: Format<GeneratedModel> = { name: 'dictum/scale@1', read: readScale };

function readRow(node: Node, length: number, most: number): Int8Array {
  return Int8Array.from(
    node.items(length).map((item) => {
      const text = item.text();
      const size = text.length <= MAX_DIGITS && /^-?[0-9]+$/.test(text) ? digits(text) : most + 1;
      if (size > most) malformed('out-of-range', item.path, `an integer from -${most} to ${most}`, text);
      return text.startsWith('-') ? -size : size;
    }),
  );
}

/** The value of the digits in a text. */
function digits(text: string): number {
  let value = 0;
  for (const digit of text.replace('-', '')) value = 10 * value + '0123456789'.indexOf(digit);
  return value;
}

/** xorshift32 (Marsaglia 2003, shifts 13, 17, 5) from the seed; each state x gives (floor(x / 256) mod (2a + 1)) - a, row by row. */
export function generated(seed: number, rows: number, columns: number, a: number): Int8Array {
  const matrix = new Int8Array(rows * columns);
  let x = seed;
  for (let i = 0; i < matrix.length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    matrix[i] = ((x >>> 8) % (2 * a + 1)) - a;
  }
  return matrix;
}

/** W_p^T, n x n_p. */
export const directions = (m: GeneratedModel): Int8Array =>
  generated(m.directionSeed, m.features, m.dimensions, m.entries);

/** W_E, n_q x n_p: generated, then overridden, then anchored. */
export function encoder(m: GeneratedModel): Int8Array {
  const rows = generated(m.encoderSeed, m.neurons, m.dimensions, m.entries);
  for (const { neuron, row } of m.overrides) rows.set(row, neuron * m.dimensions);
  rows.set(directions(m).subarray(0, m.anchors * m.dimensions));
  return rows;
}

/** sum over k < upTo of a_rk b_sk for each row r of a and s of b, rows of `length` entries. */
export function products(
  a: Int8Array,
  b: Int8Array,
  length: number,
  upTo: number,
  visit: (r: number, s: number, z: number) => void,
): void {
  const [rows, others] = [a.length / length, b.length / length];
  const row = new Int32Array(upTo);
  // Eight rows of b at a time, entry by entry, so that each entry of a is read once for eight products.
  const packed = new Int32Array(8 * upTo);
  for (let c = 0; c < others; c += 8) {
    packed.fill(0);
    const count = others - c < 8 ? others - c : 8;
    for (let s = 0; s < count; s++) {
      for (let k = 0; k < upTo; k++) packed[8 * k + s] = b[(c + s) * length + k] as number;
    }
    for (let r = 0; r < rows; r++) {
      row.set(a.subarray(r * length, r * length + upTo));
      const sums = eight(row, packed);
      for (let s = 0; s < count; s++) visit(r, c + s, sums[s] as number);
    }
  }
}

const SUMS = new Int32Array(8);

function eight(row: Int32Array, packed: Int32Array): Int32Array {
  let [p, q, s, t] = [0, 0, 0, 0];
  let [v, w, x, y] = [0, 0, 0, 0];
  for (let k = 0, at = 0; k < row.length; k++, at += 8) {
    const e = row[k] as number;
    p = (p + e * (packed[at] as number)) | 0;
    q = (q + e * (packed[at + 1] as number)) | 0;
    s = (s + e * (packed[at + 2] as number)) | 0;
    t = (t + e * (packed[at + 3] as number)) | 0;
    v = (v + e * (packed[at + 4] as number)) | 0;
    w = (w + e * (packed[at + 5] as number)) | 0;
    x = (x + e * (packed[at + 6] as number)) | 0;
    y = (y + e * (packed[at + 7] as number)) | 0;
  }
  SUMS[0] = p;
  SUMS[1] = q;
  SUMS[2] = s;
  SUMS[3] = t;
  SUMS[4] = v;
  SUMS[5] = w;
  SUMS[6] = x;
  SUMS[7] = y;
  return SUMS;
}

/** sum over k of a_rk b_sk. */
export function product(a: Int8Array, r: number, b: Int8Array, s: number, length: number): number {
  let total = 0;
  for (let k = 0; k < length; k++) total += (a[r * length + k] as number) * (b[s * length + k] as number);
  return total;
}

/** |row|^2 of each row, over the entries from `from` on. */
export function squaredNorms(a: Int8Array, length: number, from = 0): Int32Array {
  const norms = new Int32Array(a.length / length);
  for (let r = 0; r < norms.length; r++) {
    let total = 0;
    for (const x of a.subarray(r * length + from, (r + 1) * length)) total += x * x;
    norms[r] = total;
  }
  return norms;
}
