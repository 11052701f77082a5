/** What a configuration may leave out, all in one place. */

import type { Method } from '../methods/method.ts';
import type { ActivationData, BenchData, Data, HierarchyData, InstanceData, SynthData, TrainConfig } from './config.ts';

const DEFAULTS = {
  backend: 'wasm',
  start: { radius: 1, tied: true },
  biases: false,
  normalizeDecoder: true,
  optimizer: { kind: 'adam', rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0, momentum: 0 },
  schedule: { warmup: 100, kind: 'cosine', final: 0.1 },
  batch: 256,
  steps: 4000,
  logEvery: 100,
  checkpointEvery: 1000,
  evaluation: 8192,
  interference: { max: 0.1, margin: 0.005, weight: 1e-4, rate: 0.1, steps: 5000 },
  activity: { sparsity: 0.99, min: 1, mean: 1 },
  samples: 100_000,
} as const;

/** SynthSAEBench-16k, as the documentation of SAELens has it; its bias too. */
const SYNTH = {
  features: 16_384,
  np: 768,
  firing: { exponent: 0.5, max: 0.4, min: 5e-4 },
  magnitudes: { first: 5, last: 4, spread: { mean: 0.5, deviation: 0.5 } },
  trees: { roots: 128, branching: 4, depth: 3 },
  correlation: { rank: 25, scale: 0.1 },
  apart: { steps: 100, rate: 3e-4 },
  bias: 0.5,
} as const;
/** The same laws with a tenth of the features, dimensions and trees. */
const TENTH = { features: 1638, np: 77, trees: { ...SYNTH.trees, roots: 13 } } as const;

/** Data that end: they are measured on whole where nothing is said. */
const FROM_FILE: ReadonlySet<Data['kind']> = new Set(['activations', 'instance']);

/** A configuration as written: what may be left out has a default. */
export interface GivenConfig {
  readonly format: 'dictum/train@1';
  readonly data: { readonly kind: Data['kind']; readonly [key: string]: unknown };
  readonly method: { readonly kind: Method['kind']; readonly [key: string]: unknown };
  readonly neurons: number;
  readonly [key: string]: unknown;
}

/** Rows are rescaled for training; a model made elsewhere takes them as they are. */
export type Scaling = Pick<ActivationData, 'normalize'>;

/** Fills in the defaults; whoever calls has compared `given` with schemas/train.schema.json. */
export function complete(given: GivenConfig, { normalize }: Scaling = { normalize: true }): TrainConfig {
  const { data, method, anchoring, resampling, start, optimizer, schedule, ...rest } = given;
  const steps = (given.steps as number | undefined) ?? DEFAULTS.steps;
  return {
    name: 'run',
    seed: 1,
    backend: DEFAULTS.backend,
    biases: DEFAULTS.biases,
    normalizeDecoder: DEFAULTS.normalizeDecoder,
    batch: DEFAULTS.batch,
    steps,
    logEvery: DEFAULTS.logEvery,
    checkpointEvery: DEFAULTS.checkpointEvery,
    ...(!FROM_FILE.has(data.kind) && { evaluation: DEFAULTS.evaluation }),
    ...rest,
    data: completeData(data, normalize),
    method: completeMethod(method),
    start: { ...DEFAULTS.start, ...(start as object) },
    optimizer: { ...DEFAULTS.optimizer, ...(optimizer as object) },
    schedule: { ...DEFAULTS.schedule, ...(schedule as object) },
    ...(anchoring !== undefined && {
      anchoring: {
        count: 0,
        weight: 0.1,
        from: data.kind === 'activations' ? 'means' : 'truth',
        ...(anchoring as object),
      },
    }),
    ...(resampling !== undefined && {
      // Rates are small and disturbances costly at the end: not in the last quarter.
      resampling: { every: 0, until: Math.floor(0.75 * steps), scale: 0.2, ...(resampling as object) },
    }),
  };
}

function completeData(data: GivenConfig['data'], normalize: boolean): Data {
  if (data.kind === 'instance') return data as unknown as InstanceData;
  if (data.kind === 'activations') return { normalize, ...data } as unknown as ActivationData;
  if (data.kind === 'synth') return completeSynth(data);
  const given = data as Partial<BenchData>;
  return {
    samples: DEFAULTS.samples,
    ...(data.kind === 'bench' && { variant: 'sae', nr: given.np, sources: 2 }),
    ...data,
    interference: { ...DEFAULTS.interference, ...given.interference },
    activity: { ...DEFAULTS.activity, ...given.activity },
  } as BenchData | HierarchyData;
}

function completeSynth({ preset, ...given }: GivenConfig['data']): Data {
  const base = { ...SYNTH, ...(preset === 'tenth' && TENTH) };
  const nested = Object.fromEntries(
    (['firing', 'magnitudes', 'trees', 'correlation', 'apart'] as const).map((key) => [
      key,
      { ...base[key], ...(given[key] as object | undefined) },
    ]),
  );
  return { samples: DEFAULTS.samples, ...base, ...given, ...nested } as unknown as SynthData;
}

function completeMethod(method: GivenConfig['method']): Method {
  if (method.kind === 'jumprelu') return { bandwidth: 0.1, threshold: 0.1, ...method } as Method;
  if (method.kind !== 'topk' || !('auxiliary' in method)) return method as Method;
  const auxiliary = { weight: 1 / 32, deadAfter: 50_000, ...(method.auxiliary as object) };
  return { ...method, auxiliary } as Method;
}
