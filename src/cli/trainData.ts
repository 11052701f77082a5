/** Opens what a configuration trains on. Paths in it are relative to the folder of the configuration. */

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { inputs, targets, weights } from '../kernel/instance.ts';
import type { Vector } from '../kernel/vector.ts';
import type { Backend } from '../train/backend/backend.ts';
import type { TrainConfig } from '../train/config.ts';
import { activationSource, readTensor } from '../train/data/activations.ts';
import { benchSource, featureSource, hierarchySource } from '../train/data/bench.ts';
import type { Source } from '../train/data/source.ts';
import { readInstanceFile } from './door.ts';
import { unreadable } from './files.ts';

export async function openSource(config: TrainConfig, backend: Backend, file: string): Promise<Source> {
  const { data, seed } = config;
  switch (data.kind) {
    case 'bench':
      return benchSource(backend, data, seed);
    case 'hierarchy':
      return hierarchySource(backend, data, seed);
    case 'instance': {
      const { instance } = await readInstanceFile(beside(file, data.file));
      const rows = (vectors: readonly Vector[]): Float64Array[] =>
        vectors.map((v) => Float64Array.from(v.entries(), ({ num, den }) => Number(num) / Number(den)));
      const M = weights(instance).map(({ num, den }) => Number(num) / Number(den));
      return featureSource({ wp: rows(inputs(instance)), wr: rows(targets(instance)) }, M);
    }
    case 'activations': {
      const tensor = async (name: string) => {
        const path = beside(file, name);
        return readTensor(await readBinary(path), path, data.tensor);
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
