/** Opens what a configuration trains on. Paths in it are relative to the folder of the configuration. */

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { inputs, targets, weights } from '../../kernel/model/instance.ts';
import type { Rational } from '../../kernel/numbers/rational.ts';
import type { Vector } from '../../kernel/numbers/vector.ts';
import { readInstanceFile } from '../../terminal/door.ts';
import { unreadable } from '../../terminal/files.ts';
import { rememberPath } from '../../terminal/inputs.ts';
import { fail } from '../../terminal/problem.ts';
import { recognize } from '../../terminal/recognize.ts';
import type { HostKernels } from '../../train/backend/hostKernels.ts';
import { double } from '../../train/checkpoint/double.ts';
import type { TrainConfig } from '../../train/config/config.ts';
import { activationSource, readTensor } from '../../train/data/activations.ts';
import { benchSource, featureSource, hierarchySource } from '../../train/data/bench.ts';
import type { Tensor } from '../../train/data/npy.ts';
import { readParquet } from '../../train/data/parquet.ts';
import type { Source } from '../../train/data/source.ts';
import { synthSource } from '../../train/data/synth.ts';

/** So that sums of squares are numbers still. */
const MOST_ENTRY = 1e15;

/** `wide`: numbers of 64 bits stay so. */
export async function openSource(
  config: TrainConfig,
  kernels: HostKernels,
  file: string,
  wide = false,
): Promise<Source> {
  const { data, seed } = config;
  switch (data.kind) {
    case 'bench':
      return benchSource(kernels, data, seed);
    case 'hierarchy':
      return hierarchySource(kernels, data, seed);
    case 'synth':
      return synthSource(kernels, data, seed);
    case 'instance': {
      const { instance } = await readInstanceFile(beside(file, data.file));
      const finite = (x: Rational): number => {
        const value = double(x);
        return Math.abs(value) <= MOST_ENTRY
          ? value
          : fail(
              'out-of-range',
              { file: data.file },
              `entries up to ${MOST_ENTRY}, as this is computed with 32-bit numbers`,
              value.toExponential(3),
            );
      };
      const rows = (vectors: readonly Vector[]): Float64Array[] =>
        vectors.map((v) => Float64Array.from(v.entries(), finite));
      const M = weights(instance).map(finite);
      return featureSource({ wp: rows(inputs(instance)), wr: rows(targets(instance)) }, M);
    }
    case 'activations': {
      const tensor = (name: string): Promise<Tensor> =>
        openTensor(beside(file, partOf(name).path), partOf(name).part ?? data.tensor);
      const files = {
        inputs: await tensor(data.inputs),
        ...(data.targets !== undefined && { targets: await tensor(data.targets) }),
        ...(data.labels !== undefined && { labels: await tensor(data.labels) }),
      };
      return activationSource(files, data, seed, wide);
    }
  }
}

/** The array of a file, `part` of it where there are several. */
export async function openTensor(at: string, part?: string): Promise<Tensor> {
  const bytes = await readBinary(at);
  const known = recognize(bytes);
  if (known?.kind === 'other') {
    fail('wrong-type', { file: at, next: known.next }, '.npy, .npz, .safetensors or Parquet', known.name);
  }
  return at.endsWith('.parquet') || known?.kind === 'parquet'
    ? readParquet(bytes, at, part)
    : readTensor(bytes, at, part);
}

/** `activations.parquet#label` is the column `label` of that file, `all.npz#x` the array `x`, `w.safetensors#W_dec` that tensor. */
export function partOf(name: string): { readonly path: string; readonly part?: string } {
  const [, path, part] = /^(.*\.(?:parquet|npz|safetensors))#(.+)$/s.exec(name) ?? [];
  return path !== undefined && part !== undefined ? { path, part } : { path: name };
}

export const beside = (config: string, path: string): string =>
  config === '-' ? path : resolve(dirname(config), path);

/** Activations are large: no limit but the memory. `own`: a file that the same command writes anew. */
export async function readBinary(file: string, own = false): Promise<Uint8Array> {
  try {
    const bytes = await readFile(file);
    if (!own) await rememberPath(file);
    return bytes;
  } catch (thrown) {
    return unreadable(thrown, file);
  }
}
