/**
 * What the three studies run, and at which sizes; fixed before any result was seen. `part` is what was left of two busy cores in an hour, `full` what
 * the study asks for: 10^5 rows, 5,000 steps of 1,024. Eight latents a dimension, three seeds, no biases, as in the paper.
 */
import { resolve } from 'node:path';
import type { GivenConfig } from '../../src/train/config/defaults.ts';

export type StudyName = 'minilm' | 'minilm-uncentred' | 'magika' | 'smol';
export type Size = 'part' | 'full';

export const STUDIES: readonly StudyName[] = ['minilm', 'minilm-uncentred', 'magika', 'smol'];
export const SEEDS = [1, 2, 3] as const;
/** The weight of the paper's table of CLIP, and its 30 anchors: a tenth of the classes here, and so of file types. */
const ANCHORS = { weight: 1 };
export const ANCHORED: Readonly<Record<StudyName, number>> = {
  minilm: 30,
  'minilm-uncentred': 30,
  magika: 5,
  smol: 0,
};
const LATENTS = 8;
const K = 32;

interface Part {
  readonly steps: number;
  readonly batch: number;
  /** Steps between two points of the picture. */
  readonly every: number;
}

const SIZES: Readonly<Record<StudyName, Part>> = {
  minilm: { steps: 800, batch: 256, every: 20 },
  'minilm-uncentred': { steps: 800, batch: 256, every: 20 },
  magika: { steps: 400, batch: 256, every: 20 },
  smol: { steps: 240, batch: 256, every: 20 },
};
const FULL: Part = { steps: 5000, batch: 1024, every: 50 };

/** What an extraction has written for a study. */
export const fileOf = (study: StudyName, data: string, name: string): string =>
  resolve(data, study.replace(/-.*/, ''), name);

/** The rows that have classes. */
export const rowsOf = (study: StudyName): string => (study === 'minilm-uncentred' ? 'rows-uncentred.npy' : 'rows.npy');

/** Of a study the files of each model's rows, and what is varied. */
export interface Variant {
  readonly name: string;
  readonly config: GivenConfig;
}

export function variantsOf(study: StudyName, size: Size, data: string): Variant[] {
  const { steps, batch, every } = size === 'full' ? FULL : SIZES[study];
  const file = (name: string): string => fileOf(study, data, name);
  const base = (np: number, rows: object): GivenConfig => ({
    format: 'dictum/train@1',
    data: { kind: 'activations', normalize: false, ...rows },
    method: { kind: 'topk', k: K },
    neurons: LATENTS * np,
    steps,
    batch,
    logEvery: every,
    checkpointEvery: 4 * every,
    schedule: { warmup: Math.floor(steps / 20) },
  });
  const named = (name: string, config: GivenConfig, more: object = {}): Variant => {
    return { name, config: { ...config, ...more, name } };
  };
  if (study !== 'smol') {
    const np = study === 'magika' ? 512 : 384;
    const config = base(np, { inputs: file(rowsOf(study)), labels: file('classes.npy') });
    const anchoring = { ...ANCHORS, count: ANCHORED[study] };
    return [named(`${study}-plain`, config), named(`${study}-anchored`, config, { anchoring })];
  }
  // Once, after a sixth of the steps; until then both runs of a seed are the same.
  const sixth = Math.floor(steps / 6);
  const resampling = { every: sixth, until: sixth };
  return [
    { name: 'residual', start: {}, rows: { inputs: file('residual.npy') } },
    { name: 'transcoder', start: { tied: false }, rows: { inputs: file('mlp-in.npy'), targets: file('mlp-out.npy') } },
  ].flatMap(({ name, rows, start }) => [
    named(`smol-${name}-plain`, base(576, rows), { start }),
    named(`smol-${name}-resampled`, base(576, rows), { start, resampling }),
  ]);
}
