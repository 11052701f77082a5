/** Opens what a configuration trains on. Paths in it are relative to the folder of the configuration. */

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { inputs, targets, weights } from '../kernel/instance.ts';
import type { Rational } from '../kernel/rational.ts';
import type { Vector } from '../kernel/vector.ts';
import type { HostKernels } from '../train/backend/hostKernels.ts';
import type { TrainConfig } from '../train/config.ts';
import { activationSource, readTensor } from '../train/data/activations.ts';
import { benchSource, featureSource, hierarchySource } from '../train/data/bench.ts';
import { readParquet } from '../train/data/parquet.ts';
import type { Source } from '../train/data/source.ts';
import { double } from '../train/double.ts';
import { readInstanceFile } from './door.ts';
import { unreadable } from './files.ts';
import { fail } from './problem.ts';

/** So that sums of squares are numbers still. */
const MOST_ENTRY = 1e15;

export async function openSource(config: TrainConfig, kernels: HostKernels, file: string): Promise<Source> {
  const { data, seed } = config;
  switch (data.kind) {
    case 'bench':
      return benchSource(kernels, data, seed);
    case 'hierarchy':
      return hierarchySource(kernels, data, seed);
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
      const tensor = async (name: string) => {
        const { path, column } = inParquet(name);
        const at = beside(file, path);
        const bytes = await readBinary(at);
        return at.endsWith('.parquet')
          ? readParquet(bytes, at, column ?? data.tensor)
          : readTensor(bytes, at, data.tensor);
      };
      const files = {
        inputs: await tensor(data.inputs),
        ...(data.targets !== undefined && { targets: await tensor(data.targets) }),
        ...(data.labels !== undefined && { labels: await tensor(data.labels) }),
      };
      return activationSource(files, data, seed);
    }
  }
}

/** `activations.parquet#label` is the column `label` of that file. */
function inParquet(name: string): { readonly path: string; readonly column?: string } {
  const [, path, column] = /^(.*\.parquet)#(.+)$/.exec(name) ?? [];
  return path !== undefined && column !== undefined ? { path, column } : { path: name };
}

export const beside = (config: string, path: string): string =>
  config === '-' ? path : resolve(dirname(config), path);

/** Activations are large: no limit but the memory. */
export async function readBinary(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (thrown) {
    return unreadable(thrown, file);
  }
}
