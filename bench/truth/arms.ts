/** The models of the study, the most telling first, as configurations of `dictum train`. */

export type Size = 'tenth' | 'full';

export interface Arm {
  readonly name: string;
  /** What it is beside. */
  readonly group: 'baseline' | 'method' | 'l0' | 'width' | 'anchoring' | 'resampling';
  readonly config: {
    readonly method: { readonly kind: string; readonly k?: number; readonly [key: string]: unknown };
    readonly neurons: number;
    readonly [key: string]: unknown;
  };
}

export const SEEDS: readonly number[] = [1, 2, 3];

/** Latents are a quarter of the features, as in SynthSAEBench's runs (4,096 of 16,384); k is near the features of an input. */
const SIZES = {
  tenth: { features: 1638, latents: 410, k: 10, steps: 2000, batch: 256, rate: 3e-3 },
  full: { features: 16_384, latents: 4096, k: 25, steps: 195_312, batch: 1024, rate: 3e-4 },
} as const;

type Method = Arm['config']['method'];

/** What models of these names were made for. */
export function sizeOf(names: readonly string[]): Size {
  const known = new Set(arms('tenth').map(({ name }) => name));
  return names.every((name) => known.has(name)) ? 'tenth' : 'full';
}

/** `steps`: instead of those of the size. */
export function arms(of: Size, steps?: number): Arm[] {
  const { features, latents, k, batch, rate, ...rest } = SIZES[of];
  const all = steps ?? rest.steps;
  const arm = (
    group: Arm['group'],
    name: string,
    method: Method,
    more: { neurons?: number; [key: string]: unknown } = {},
  ): Arm => ({
    name,
    group,
    config: {
      // Without end: no sample is seen twice.
      data: { kind: 'synth', preset: of, samples: 2_000_000_000, seed: 1 },
      method,
      neurons: latents,
      biases: { encoder: true, decoder: 'subtracted' },
      steps: all,
      batch,
      optimizer: { rate },
      evaluation: 8192,
      checkpointEvery: Math.ceil(all / 4),
      ...more,
    },
  });
  const topk = (of: number = k): Method => ({ kind: 'topk', k: of });
  const batchtopk = (of: number = k): Method => ({ kind: 'batchtopk', k: of });
  const times = (factor: number): number => Math.round(factor * k);
  const wrong = [0.3, 0.5, 2, 4];
  const resampling = { every: Math.floor(all / 10) };
  // A latent is dead after as many inputs as metrics are measured on.
  const often = { every: Math.ceil(8192 / batch) };
  const anchors = Math.round(latents / 10);
  return [
    arm('method', 'topk', topk()),
    arm('baseline', 'topk-frozen-decoder', topk(), { frozen: 'decoder' }),
    arm('baseline', 'topk-soft-decoder', topk(), { frozen: 'soft-decoder' }),
    arm('baseline', 'topk-frozen-encoder', topk(), { frozen: 'encoder' }),
    arm('method', 'batchtopk', batchtopk()),
    ...wrong.map((factor) => arm('l0', `topk-k${times(factor)}`, topk(times(factor)))),
    ...[0.25, 0.5].map((share) =>
      arm('width', `topk-${Math.round(share * latents)}`, topk(), { neurons: Math.round(share * latents) }),
    ),
    arm('anchoring', 'topk-anchored', topk(), { anchoring: { count: anchors, weight: 0.1 } }),
    arm('anchoring', 'topk-anchors-fixed', topk(), { anchoring: { count: anchors, weight: 'fixed' } }),
    arm('resampling', 'batchtopk-resampling', batchtopk(), { resampling }),
    arm('method', 'jumprelu', { kind: 'jumprelu', l0: 6, bandwidth: 2, threshold: 1 }),
    arm('method', 'relu', { kind: 'relu', l1: 6 }),
    arm('method', 'matryoshka', {
      kind: 'matryoshka',
      k,
      prefixes: [16, 4, 1].map((part) => Math.round(latents / part)),
    }),
    arm('baseline', 'batchtopk-frozen-decoder', batchtopk(), { frozen: 'decoder' }),
    ...wrong.map((factor) => arm('l0', `batchtopk-k${times(factor)}`, batchtopk(times(factor)))),
    arm('resampling', 'batchtopk-resampling-often', batchtopk(), { resampling: often }),
    arm('resampling', `topk-k${times(0.3)}-resampling-often`, topk(times(0.3)), { resampling: often }),
    arm('width', `topk-${features}`, topk(), { neurons: features }),
    arm('width', `batchtopk-${features}`, batchtopk(), { neurons: features }),
    arm('resampling', `batchtopk-${features}-resampling`, batchtopk(), { neurons: features, resampling }),
  ];
}
