/**
 * Gaussian elimination modulo a prime, in blocks: a panel of columns is eliminated for itself, then one matrix product brings
 * the columns to its right up to date, so that nearly all work is products of blocks that are reduced once a panel.
 */
import { spend } from '../../kernel/numbers/work.ts';
import { dot } from './dot.ts';
import { invert, reduce } from './residues.ts';

/** Columns of a panel: as many products are added up before a reduction. */
const PANEL = 48;

export interface Eliminated {
  /** Position to row of the matrix given; the first ones, as many as the rank, are the pivot rows. */
  readonly order: Int32Array;
  readonly columns: readonly number[];
}

/**
 * Overwrites the matrix, `height` rows of symmetric residues one after the other. Of several possible pivot rows the first
 * is taken. If it is square and regular, it holds afterwards, row k for row order[k], the multipliers L below the diagonal
 * and U on and above it.
 */
export function eliminate(matrix: Float64Array, height: number, p: number): Eliminated {
  const width = height === 0 ? 0 : matrix.length / height;
  // As many products, with one more pass for the reductions.
  spend(matrix.length * (10 + 2 * Math.min(height, width)));
  const order = Int32Array.from({ length: height }, (_, i) => i);
  const columns: number[] = [];
  for (let from = 0; from < width && columns.length < height; from += PANEL) {
    const rank = columns.length;
    const panel: Panel = { matrix, order, p, width, rank, from, size: Math.min(PANEL, width - from) };
    const { rows, pivots } = eliminatePanel(panel);
    pivots.forEach((k, c) => {
      if (k >= 0) columns.push(from + c);
    });
    if (columns.length > rank && columns.length < height) update(panel, rows, pivots, columns.length);
  }
  return { order, columns };
}

/** Columns `from` to `from + size` of the rows from `rank` on. */
interface Panel {
  readonly matrix: Float64Array;
  readonly order: Int32Array;
  readonly p: number;
  readonly width: number;
  readonly rank: number;
  readonly from: number;
  readonly size: number;
}

/**
 * The panel after elimination, row by row, and for each of its columns the row of the pivot, counted from `rank`, or -1.
 * A column is brought up to date when it is reached. Where there is no pivot, the column is 0 but in the pivot rows above, so
 * that it counts for nothing in the products of later columns.
 */
function eliminatePanel(panel: Panel): { rows: Float64Array; pivots: Int32Array } {
  const { matrix, order, p, width, rank, from, size } = panel;
  const reciprocal = 1 / p;
  const height = order.length - rank;
  const rows = new Float64Array(height * size);
  for (let i = 0, at = rank * width + from; i < height; i++, at += width)
    rows.set(matrix.subarray(at, at + size), i * size);
  const pivots = new Int32Array(size).fill(-1);
  const above = new Float64Array(size);
  for (let c = 0, k = 0; c < size && k < height; c++) {
    for (let b = 0; b < c; b++) {
      const at = (pivots[b] as number) * size;
      if (at < 0) continue;
      above[b] = reduce((rows[at + c] as number) - dot(rows, at, above, 0, b), p, reciprocal);
      rows[at + c] = above[b] as number;
    }
    let pivot = -1;
    for (let i = k, at = k * size; i < height; i++, at += size) {
      const x = reduce((rows[at + c] as number) - dot(rows, at, above, 0, c), p, reciprocal);
      rows[at + c] = x;
      if (x !== 0 && (pivot < 0 || (order[rank + i] as number) < (order[rank + pivot] as number))) pivot = i;
    }
    if (pivot < 0) continue;
    if (pivot !== k) {
      exchange(rows, pivot * size, k * size, size);
      exchange(matrix, (rank + pivot) * width, (rank + k) * width, width);
      exchange(order, rank + pivot, rank + k, 1);
    }
    const inverse = invert(rows[k * size + c] as number, p);
    pivots[c] = k++;
    for (let at = k * size + c; at < rows.length; at += size)
      rows[at] = reduce((rows[at] as number) * inverse, p, reciprocal);
  }
  for (let i = 0, at = rank * width + from; i < height; i++, at += width)
    matrix.set(rows.subarray(i * size, (i + 1) * size), at);
  return { rows, pivots };
}

function exchange(array: Float64Array | Int32Array, at: number, other: number, length: number): void {
  for (let j = 0; j < length; j++) {
    const x = array[at + j] as number;
    array[at + j] = array[other + j] as number;
    array[other + j] = x;
  }
}

/** Brings the columns to the right of a panel up to date, four at a time. `end`: the rank after the panel. */
function update(panel: Panel, rows: Float64Array, pivots: Int32Array, end: number): void {
  const { matrix, width, rank, from, size } = panel;
  /** Four columns, padded with 0, of the pivot rows; of a column of the panel without pivot, 0. */
  const strip = new Float64Array(4 * size);
  const padded = new Float64Array(4);
  for (let j = from + size; j < width; j += 4) {
    const count = Math.min(4, width - j);
    for (let c = 0; c < size; c++) {
      const k = pivots[c] as number;
      if (k < 0) continue;
      const at = (rank + k) * width + j;
      for (let s = 0; s < count; s++) padded[s] = matrix[at + s] as number;
      solveStrip(panel, rows, k * size, strip, c, padded);
      for (let s = 0; s < count; s++) matrix[at + s] = strip[4 * c + s] as number;
    }
    subtractProducts(panel, rows, strip, end, j, count);
  }
}

/** Entry c of the strip: the row less the multiples of the pivot rows above. */
function solveStrip(
  { p }: Panel,
  rows: Float64Array,
  row: number,
  strip: Float64Array,
  c: number,
  entries: Float64Array,
): void {
  let [s, t, u, v] = [entries[0] as number, entries[1] as number, entries[2] as number, entries[3] as number];
  for (let b = 0, at = 0; b < c; b++, at += 4) {
    const factor = rows[row + b] as number;
    s -= factor * (strip[at] as number);
    t -= factor * (strip[at + 1] as number);
    u -= factor * (strip[at + 2] as number);
    v -= factor * (strip[at + 3] as number);
  }
  const [at, reciprocal] = [4 * c, 1 / p];
  strip[at] = reduce(s, p, reciprocal);
  strip[at + 1] = reduce(t, p, reciprocal);
  strip[at + 2] = reduce(u, p, reciprocal);
  strip[at + 3] = reduce(v, p, reciprocal);
}

/** Columns j to j + count of the rows from `end` on, less panel times strip; three rows at a time, whose sums stay in registers. */
function subtractProducts(
  { matrix, order, p, width, rank, size }: Panel,
  rows: Float64Array,
  strip: Float64Array,
  end: number,
  j: number,
  count: number,
): void {
  const sums = new Float64Array(12);
  const reciprocal = 1 / p;
  const height = order.length;
  for (let i = end; i < height; i += 3) {
    const lines = Math.min(3, height - i);
    // Past the last row the sums are of no use: any row will do.
    const first = (i - rank) * size;
    const second = first + (lines > 1 ? size : 0);
    const third = first + (lines > 2 ? 2 * size : 0);
    tripleProduct(rows, first, second, third, strip, size, sums);
    for (let l = 0; l < lines; l++) {
      const at = (i + l) * width + j;
      for (let s = 0; s < count; s++)
        matrix[at + s] = reduce((matrix[at + s] as number) - (sums[4 * l + s] as number), p, reciprocal);
    }
  }
}

function tripleProduct(
  rows: Float64Array,
  first: number,
  second: number,
  third: number,
  strip: Float64Array,
  size: number,
  sums: Float64Array,
): void {
  let [a, b, c, d] = [0, 0, 0, 0];
  let [e, f, g, h] = [0, 0, 0, 0];
  let [s, t, u, v] = [0, 0, 0, 0];
  for (let k = 0, at = 0; k < size; k++, at += 4) {
    const w = strip[at] as number;
    const x = strip[at + 1] as number;
    const y = strip[at + 2] as number;
    const z = strip[at + 3] as number;
    const top = rows[first + k] as number;
    a += top * w;
    b += top * x;
    c += top * y;
    d += top * z;
    const middle = rows[second + k] as number;
    e += middle * w;
    f += middle * x;
    g += middle * y;
    h += middle * z;
    const bottom = rows[third + k] as number;
    s += bottom * w;
    t += bottom * x;
    u += bottom * y;
    v += bottom * z;
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
  sums[4] = e;
  sums[5] = f;
  sums[6] = g;
  sums[7] = h;
  sums[8] = s;
  sums[9] = t;
  sums[10] = u;
  sums[11] = v;
}
