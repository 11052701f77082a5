/**
 * The generator of SynthSAEBench (Chanin and Garriga-Alonso 2026, arXiv 2602.14687), sample by sample: unit directions pushed apart, a
 * Gaussian copula of low rank whose marginals follow Zipf's law, trees in which a child needs its parent and excludes its siblings.
 */
import { rowOf, type Table, tableOf } from '../backend/backend.ts';
import type { HostKernels } from '../backend/hostKernels.ts';
import { normalize } from '../backend/normalize.ts';
import { normal, uniform } from '../backend/random.ts';
import type { SynthData } from '../config/config.ts';
import { type Sample, sourceOf } from './bench.ts';
import { Remembered, remembering } from './remembered.ts';
import type { Source } from './source.ts';

/** Seeds of what is drawn apart from each other. */
const DRAWN = { directions: 0x1000_0001, spread: 0x2000_0003, factors: 0x4000_0007, bias: 0x5000_000b } as const;
const SAMPLED = { noise: 0x3000_0005, common: 0x6000_000d, magnitudes: 0x7000_000f, winners: 0x0800_0011 } as const;

interface World {
  readonly directions: readonly Float64Array[];
  readonly draw: (s: number, into: Sample) => void;
}

/** Of the sources asked for last. */
const WORLDS = new Remembered<World>();

/** `data.seed` draws all that samples have in common, `seed` the samples. */
export function synthSource(kernels: HostKernels, data: SynthData, seed: number): Source {
  const world = data.seed ?? seed;
  const parents = parentsOf(data);
  const { directions, draw } = WORLDS.get(`${kernels.name} ${seed} ${JSON.stringify(data)}`, () => ({
    directions: apart(kernels, data, world + DRAWN.directions),
    draw: remembering(samplerOf(data, parents, { world, samples: seed })),
  }));
  // A list would leave out the bias.
  const { list: _, ...source } = sourceOf(
    { wp: directions, wr: directions, hierarchy: hierarchyOf(parents) },
    data.samples,
    draw,
    biasOf(data, world),
  );
  return { ...source, detects: true };
}

/**
 * Adam on sum_{i != j} <w_i, w_j>^2 + n sum_i (|w_i|^2 - 1)^2 from normal directions, a block of rows of the Gram matrix at a time;
 * unit length at the end.
 */
function apart(kernels: HostKernels, { features: n, np, apart: by }: SynthData, seed: number): Float64Array[] {
  const w = tableOf(kernels, n, np);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < np; k++) w.data[i * w.stride + k] = normal(seed, i, k);
    normalize(rowOf(w, i));
  }
  const columns = tableOf(kernels, np, n);
  const block = Math.min(n, 512);
  const [gram, pull] = [tableOf(kernels, block, n), tableOf(kernels, block, np)];
  const zero = kernels.floats(Math.max(gram.stride, pull.stride));
  const [m, v] = [new Float64Array(n * np), new Float64Array(n * np)];
  for (let step = 1; step <= by.steps; step++) {
    transpose(w, columns);
    const from = Float32Array.from(w.data);
    for (let first = 0; first < n; first += block) {
      const rows = Math.min(block, n - first);
      const part: Table = { ...w, rows, data: from.subarray(first * w.stride, (first + rows) * w.stride) };
      // The products want memory of the kernels' own.
      const own = tableOf(kernels, rows, np);
      own.data.set(part.data);
      kernels.encode(rows, own, w, zero, gram);
      for (let b = 0; b < rows; b++) {
        const at = b * gram.stride + first + b;
        // d/dw_i: 4 sum_{j != i} <w_i, w_j> w_j + 4 n (|w_i|^2 - 1) w_i.
        gram.data[at] = n * ((gram.data[at] as number) - 1);
      }
      kernels.encode(rows, { ...gram, rows }, columns, zero, pull);
      for (let b = 0; b < rows; b++) {
        for (let k = 0; k < np; k++) {
          const at = (first + b) * np + k;
          const g = 4 * (pull.data[b * pull.stride + k] as number);
          m[at] = 0.9 * (m[at] as number) + 0.1 * g;
          v[at] = 0.999 * (v[at] as number) + 0.001 * g * g;
          const change = (m[at] as number) / (1 - 0.9 ** step);
          const size = Math.sqrt((v[at] as number) / (1 - 0.999 ** step)) + 1e-8;
          from[(first + b) * w.stride + k] = (w.data[(first + b) * w.stride + k] as number) - (by.rate * change) / size;
        }
      }
    }
    w.data.set(from);
  }
  for (let i = 0; i < n; i++) normalize(rowOf(w, i));
  return Array.from({ length: n }, (_, i) => Float64Array.from(rowOf(w, i)));
}

function transpose(from: Table, to: Table): void {
  for (let i = 0; i < from.rows; i++) {
    for (let k = 0; k < from.columns; k++) to.data[k * to.stride + i] = from.data[i * from.stride + k] as number;
  }
}

/** The parent of each feature, -1 where there is none: roots first, then level by level, the children of one parent side by side. */
export function parentsOf({ features, trees: { roots, branching, depth } }: SynthData): Int32Array {
  const parents = new Int32Array(features).fill(-1);
  let [first, count, next] = [0, Math.min(roots, features), Math.min(roots, features)];
  for (let level = 0; level < depth; level++) {
    const begun = next;
    for (let parent = first; parent < first + count; parent++) {
      for (let c = 0; c < branching && next < features; c++) parents[next++] = parent;
    }
    [first, count] = [begun, next - begun];
  }
  return parents;
}

/** Parents with the children they have. */
function hierarchyOf(parents: Int32Array): { parent: number; children: number[] }[] {
  const children = new Map<number, number[]>();
  parents.forEach((parent, i) => {
    if (parent >= 0) children.set(parent, [...(children.get(parent) ?? []), i]);
  });
  return [...children].map(([parent, below]) => ({ parent, children: below }));
}

/** Zipf's law between the two ends: min + (max - min) (r^-s - n^-s) / (1 - n^-s) for rank r. */
export function zipf({ features: n, firing: { exponent, max, min } }: SynthData): Float64Array {
  const last = n ** -exponent;
  return Float64Array.from({ length: n }, (_, i) =>
    n === 1 ? max : min + ((max - min) * ((i + 1) ** -exponent - last)) / (1 - last),
  );
}

/**
 * With what probability a feature fires before trees act, so that afterwards it is about that of the law: over its parent's, times 1 and
 * the expected number of siblings that fire beside it; at most 1.
 */
export function corrected(law: Float64Array, parents: Int32Array): Float64Array {
  const among = new Map<number, number>();
  const children = new Map<number, number>();
  parents.forEach((parent, i) => {
    among.set(parent, (among.get(parent) ?? 0) + (law[i] as number));
    children.set(parent, (children.get(parent) ?? 0) + 1);
  });
  return law.map((p, i) => {
    const parent = parents[i] as number;
    if (parent < 0) return p;
    const above = law[parent] as number;
    const rivals = (children.get(parent) ?? 0) >= 2 ? (among.get(parent) as number) - p : 0;
    return Math.min(1, (p / above) * (1 + rivals / above));
  });
}

function samplerOf(
  data: SynthData,
  parents: Int32Array,
  { world, samples: seed }: { readonly world: number; readonly samples: number },
): (s: number, into: Sample) => void {
  const { features: n, correlation, magnitudes } = data;
  const { rank } = correlation;
  const thresholds = corrected(zipf(data), parents).map((p) => -quantile(p));
  const [factors, own] = factorsOf(data, world);
  const mean = Float64Array.from({ length: n }, (_, i) =>
    n === 1 ? magnitudes.first : magnitudes.first + ((magnitudes.last - magnitudes.first) * i) / (n - 1),
  );
  const spread = Float64Array.from({ length: n }, (_, i) =>
    Math.abs(magnitudes.spread.mean + magnitudes.spread.deviation * normal(world + DRAWN.spread, i, 0)),
  );
  const common = new Float64Array(rank);
  const value = new Float64Array(n);
  return (s, into) => {
    for (let k = 0; k < rank; k++) common[k] = normal(seed + SAMPLED.common, s, k);
    // A sibling that fires too stays with the same chance: the one with the largest draw.
    const winners = new Map<number, number>();
    const fired: number[] = [];
    for (let i = 0; i < n; i++) {
      value[i] = 0;
      const parent = parents[i] as number;
      // Parents come before their children. One that lost to a sibling is 0 by then: levels are whole. Most features end here.
      if (parent >= 0 && winnerOf(parent) !== parent) continue;
      let shift = 0;
      for (let k = 0; k < rank; k++) shift += (factors[i * rank + k] as number) * (common[k] as number);
      if (!exceeds(seed + SAMPLED.noise, s, i, ((thresholds[i] as number) - shift) / (own[i] as number))) continue;
      const drawn = (mean[i] as number) + (spread[i] as number) * normal(seed + SAMPLED.magnitudes, s, i);
      const scale = parent < 0 ? 1 : (value[parent] as number) / (mean[parent] as number);
      value[i] = Math.max(0, drawn) * scale;
      if (value[i] === 0) continue;
      fired.push(i);
      const rival = parent < 0 ? undefined : winners.get(parent);
      if (parent >= 0 && (rival === undefined || draw(i) > draw(rival))) winners.set(parent, i);
    }
    for (const i of fired) {
      if (winnerOf(i) !== i) continue;
      into.features.push(i);
      into.magnitudes.push(value[i] as number);
    }

    function draw(i: number): number {
      return uniform(seed + SAMPLED.winners, s, i);
    }
    /** The feature itself if it is active, another or -1 if not. */
    function winnerOf(i: number): number {
      if (value[i] === 0) return -1;
      const parent = parents[i] as number;
      return parent < 0 ? i : (winners.get(parent) as number);
    }
  };
}

/** Whether the normal number of this place is above a bound; its angle is drawn only where its radius is. */
function exceeds(seed: number, s: number, i: number, bound: number): boolean {
  const square = -2 * Math.log(1 - uniform(seed, s, 2 * i));
  if (bound > 0 && square <= bound * bound) return false;
  return normal(seed, s, i) > bound;
}

/** F (n x rank) and the roots of 1 - |f_i|^2: the copula's correlations are F F^T off the diagonal. */
function factorsOf(
  { features: n, correlation: { rank, scale } }: SynthData,
  seed: number,
): [Float64Array, Float64Array] {
  const factors = Float64Array.from(
    { length: n * rank },
    (_, at) => scale * normal(seed + DRAWN.factors, Math.floor(at / rank), at % rank),
  );
  const own = Float64Array.from({ length: n }, (_, i) => {
    const row = factors.subarray(i * rank, (i + 1) * rank);
    const square = row.reduce((sum, x) => sum + x * x, 0);
    // A hundredth stays a feature's own.
    if (square > 0.99) row.set(row.map((x) => x * Math.sqrt(0.99 / square)));
    return Math.sqrt(1 - Math.min(0.99, square));
  });
  return [factors, own];
}

function biasOf({ np, bias }: SynthData, seed: number): Float64Array {
  const row = Float64Array.from({ length: np }, (_, k) => normal(seed + DRAWN.bias, 0, k));
  const size = Math.hypot(...row);
  return row.map((x) => (bias * x) / size);
}

/** Phi^-1, by bisection on an error function within 1.2e-7 (Numerical Recipes, erfcc). */
function quantile(p: number): number {
  if (p >= 1) return 40;
  let [low, high] = [-40, 40];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (cumulative(middle) < p) low = middle;
    else high = middle;
  }
  return low;
}

function cumulative(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + z / 2);
  const terms = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
    -1.26551223,
  ];
  const upper = (t * Math.exp(-z * z + terms.reduce((sum, term) => sum * t + term, 0))) / 2;
  return x > 0 ? 1 - upper : upper;
}
