/** The Linear Representation Bench (paper, appendix C) and its hierarchical form, generated sample by sample. */
import type { Floats, Rows } from '../backend/backend.ts';
import type { HostKernels } from '../backend/hostKernels.ts';
import { uniform } from '../backend/random.ts';
import type { Activity, BenchData, HierarchyData } from '../config/config.ts';
import { directions } from './directions.ts';
import type { Source, Truth } from './source.ts';

/** Seeds of what is drawn apart from each other. */
const DRAWN = { inputs: 0x1000_0001, targets: 0x2000_0003, samples: 0x3000_0005 } as const;

export interface Sample {
  readonly features: number[];
  readonly magnitudes: number[];
}

const exponential = (u: number): number => -Math.log(1 - u);

/** Independent features: jumps from one active feature to the next, geometrically distributed. */
function independent(n: number, { sparsity, min, mean }: Activity, seed: number, s: number, into: Sample): void {
  let counter = 0;
  for (let d = 0; ; d++) {
    d += Math.floor(Math.log(1 - uniform(seed, s, counter++)) / Math.log(sparsity));
    if (!(d < n)) return;
    into.features.push(d);
    into.magnitudes.push(min + mean * exponential(uniform(seed, s, counter++)));
  }
}

/** A parent with one of its children, each with a magnitude of its own. */
function hierarchical(data: HierarchyData, seed: number, s: number, into: Sample): void {
  const { parents, shares, activity } = data;
  const chosen: Sample = { features: [], magnitudes: [] };
  independent(parents, activity, seed, s, chosen);
  chosen.features.forEach((parent, at) => {
    let left = uniform(seed ^ 0x5555, s, 2 * parent);
    const last = shares.length - 1;
    const found = shares.findIndex((share) => {
      left -= share;
      return left < 0;
    });
    const child = parents + parent * shares.length + (found < 0 ? last : found);
    into.features.push(parent, child);
    const own = activity.min + activity.mean * exponential(uniform(seed ^ 0x5555, s, 2 * parent + 1));
    into.magnitudes.push(chosen.magnitudes[at] as number, own);
  });
}

/** Each sample is sum_d x_d w_d, and `bias` on top of it. */
export function sourceOf(
  truth: Truth,
  samples: number,
  draw: (s: number, into: Sample) => void,
  bias?: Float64Array,
): Source {
  const add = (row: Floats, base: number, direction: Float64Array, factor: number): void => {
    for (let k = 0; k < direction.length; k++)
      row[base + k] = (row[base + k] as number) + factor * (direction[k] as number);
  };
  const sample = (s: number): Sample => {
    const into: Sample = { features: [], magnitudes: [] };
    draw(s % samples, into);
    return into;
  };
  return {
    np: truth.wp[0]?.length ?? 0,
    nr: truth.wr[0]?.length ?? 0,
    truth,
    active: (s) => sample(s).features,
    list(first, into) {
      let end = 0;
      for (let b = 0; b < into.inputs; b++) {
        const { features, magnitudes } = sample(first + b);
        into.start[b] = end;
        if (end + features.length > into.index.length) return false;
        into.index.set(features, end);
        into.value.set(magnitudes, end);
        end += features.length;
      }
      into.start[into.inputs] = end;
      return true;
    },
    fill(first, x: Rows, r: Rows) {
      x.data.fill(0);
      r.data.fill(0);
      for (let b = 0; b < x.rows; b++) {
        const { features, magnitudes } = sample(first + b);
        if (bias) {
          add(x.data, b * x.stride, bias, 1);
          add(r.data, b * r.stride, bias, 1);
        }
        features.forEach((d, at) => {
          const magnitude = magnitudes[at] as number;
          add(x.data, b * x.stride, truth.wp[d] as Float64Array, magnitude);
          add(r.data, b * r.stride, truth.wr[d] as Float64Array, magnitude);
        });
      }
    },
  };
}

export function benchSource(kernels: HostKernels, data: BenchData, seed: number): Source {
  const { features, np, nr, variant, sources, interference } = data;
  const draw = (dimension: number, salt: number): Float64Array[] =>
    directions(kernels, features, dimension, interference, seed + salt);
  const wp = variant === 'crosscoder' ? stacked(sources, (s) => draw(np, DRAWN.inputs + s)) : draw(np, DRAWN.inputs);
  const wr = variant === 'transcoder' ? draw(nr, DRAWN.targets) : wp;
  return sourceOf({ wp, wr }, data.samples, (s, into) =>
    independent(features, data.activity, seed + DRAWN.samples, s, into),
  );
}

/** Sources one below the other, divided by sqrt(sources): unit directions again. */
function stacked(sources: number, draw: (source: number) => Float64Array[]): Float64Array[] {
  const parts = Array.from({ length: sources }, (_, s) => draw(s));
  return (parts[0] ?? []).map((_, d) =>
    Float64Array.from(
      parts.flatMap((part) => [...(part[d] as Float64Array)].map((value) => value / Math.sqrt(sources))),
    ),
  );
}

export function hierarchySource(kernels: HostKernels, data: HierarchyData, seed: number): Source {
  const { parents, shares, np, interference } = data;
  const wp = directions(kernels, parents * (1 + shares.length), np, interference, seed + DRAWN.inputs);
  const hierarchy = Array.from({ length: parents }, (_, parent) => ({
    parent,
    children: shares.map((_, c) => parents + parent * shares.length + c),
  }));
  return sourceOf({ wp, wr: wp, hierarchy }, data.samples, (s, into) =>
    hierarchical(data, seed + DRAWN.samples, s, into),
  );
}

/** The features of an instance one at a time, each times sqrt(M_d). */
export function featureSource(truth: Truth, weights: readonly number[]): Source {
  const source = sourceOf(truth, weights.length, (s, into) => {
    into.features.push(s);
    into.magnitudes.push(Math.sqrt(weights[s] as number));
  });
  return { ...source, samples: weights.length };
}
