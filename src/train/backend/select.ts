/** Which latents are active: selection on pre-activations z (B x n_q). All are strict, and what is equal goes by its place. */
import type { Active, Floats, Latents, Rows, Table } from './backend.ts';

/** z_i > above_i: ReLU, JumpReLU. */
export function selectAbove(z: Rows, above: Floats, into: Active): void {
  let t = 0;
  for (let b = 0; b < into.inputs; b++) {
    into.start[b] = t;
    const row = b * z.stride;
    for (let i = 0; i < z.columns; i++) {
      const value = z.data[row + i] as number;
      if (value > (above[i] as number)) {
        into.index[t] = i;
        into.value[t++] = value;
      }
    }
  }
  into.start[into.inputs] = t;
}

/** |z_i - theta_i| < width / 2: where JumpReLU's pseudo-derivative is not 0. The values are z. */
export function selectBand(z: Table, theta: Float32Array, width: number, into: Latents): void {
  let t = 0;
  for (let b = 0; b < into.inputs; b++) {
    into.start[b] = t;
    const row = b * z.stride;
    for (let i = 0; i < z.columns; i++) {
      const value = z.data[row + i] as number;
      if (2 * Math.abs(value - (theta[i] as number)) < width) {
        into.index[t] = i;
        into.value[t++] = value;
      }
    }
  }
  into.start[into.inputs] = t;
}

/** For each input the k largest among the positive; only neurons with among_i = 1 where `among` is given. */
export function selectLargest(z: Rows, k: number, into: Active, among?: Int32Array): void {
  let from = 0;
  for (let b = 0; b < into.inputs; b++) {
    into.start[b] = from;
    const row = b * z.stride;
    let count = 0;
    for (let i = 0; i < z.columns; i++) {
      const value = z.data[row + i] as number;
      if (!(value > 0) || (among !== undefined && among[i] === 0)) continue;
      if (count === k && value <= (into.value[from + k - 1] as number)) continue;
      let at = from + (count < k ? count++ : k - 1);
      while (at > from && (into.value[at - 1] as number) < value) {
        into.value[at] = into.value[at - 1] as number;
        into.index[at] = into.index[at - 1] as number;
        at--;
      }
      into.value[at] = value;
      into.index[at] = i;
    }
    from += count;
  }
  into.start[into.inputs] = from;
}

/**
 * The k B largest of the batch among the positive, into one list per group of neurons: those below bounds[0], below bounds[1], ...
 * `room` has place for all of z. Returns the smallest value kept: the threshold.
 */
export function selectLargestOfBatch(
  z: Rows,
  k: number,
  bounds: readonly number[],
  into: readonly Active[],
  room: Floats,
): number {
  const inputs = into[0]?.inputs ?? 0;
  let count = 0;
  for (let b = 0; b < inputs; b++) {
    for (let i = 0; i < z.columns; i++) {
      const value = z.data[b * z.stride + i] as number;
      if (value > 0) room[count++] = value;
    }
  }
  const wanted = k * inputs;
  const least = count <= wanted ? 0 : nthLargest(room, count, wanted);
  // Of those equal to the smallest only as many as there is room for, in their order.
  let equal = wanted;
  if (least > 0) for (let t = 0; t < count; t++) if ((room[t] as number) > least) equal--;
  const ends = into.map(() => 0);
  for (let b = 0; b < inputs; b++) {
    for (let g = 0; g < into.length; g++) (into[g] as Active).start[b] = ends[g] as number;
    let group = 0;
    for (let i = 0; i < z.columns; i++) {
      while (i >= (bounds[group] as number)) group++;
      const value = z.data[b * z.stride + i] as number;
      if (!(value > 0) || value < least || (value === least && equal-- <= 0)) continue;
      const list = into[group] as Active;
      const at = ends[group] as number;
      list.index[at] = i;
      list.value[at] = value;
      ends[group] = at + 1;
    }
  }
  for (let g = 0; g < into.length; g++) (into[g] as Active).start[inputs] = ends[g] as number;
  return least;
}

/** The n-th largest of the first `count`, which are reordered (Hoare's selection). */
function nthLargest(values: Floats, count: number, n: number): number {
  let [low, high] = [0, count - 1];
  const wanted = n - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1] as number;
    let [i, j] = [low, high];
    while (i <= j) {
      while ((values[i] as number) > pivot) i++;
      while ((values[j] as number) < pivot) j--;
      if (i > j) break;
      const held = values[i] as number;
      values[i++] = values[j] as number;
      values[j--] = held;
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else break;
  }
  return values[wanted] as number;
}
