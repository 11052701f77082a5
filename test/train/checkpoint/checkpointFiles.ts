/** Small checkpoints of others, as files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor } from '../../../src/train/data/npy.ts';
import { writeSafetensors } from '../../../src/train/data/safetensors.ts';
import { folder } from '../../commands/run.ts';

type Numbers = readonly number[] | readonly (readonly number[])[];

/** 32 bits, or 64 where asked for. */
export function tensorOf(values: Numbers, wide = false): Tensor {
  const flat = (values as readonly (number | readonly number[])[]).flat();
  const [first] = values;
  const shape = Array.isArray(first) ? [values.length, first.length] : [values.length];
  return { shape, values: wide ? Float64Array.from(flat) : Float32Array.from(flat) };
}

export interface Made {
  readonly at: string;
  readonly file: string;
}

/** `cfg` undefined writes none. */
export function checkpoint(
  tensors: Readonly<Record<string, Numbers | Tensor>>,
  cfg: object | string | undefined,
  {
    name = 'sae_weights.safetensors',
    wide = false,
    at = folder(),
  }: { name?: string; wide?: boolean; at?: string } = {},
): Made {
  mkdirSync(at, { recursive: true });
  const entries = Object.entries(tensors).map(([key, value]) => {
    return [key, Array.isArray(value) ? tensorOf(value as Numbers, wide) : (value as Tensor)] as const;
  });
  const file = join(at, name);
  writeFileSync(file, writeSafetensors({ metadata: {}, tensors: new Map(entries) }));
  if (cfg !== undefined) writeFileSync(join(at, 'cfg.json'), typeof cfg === 'string' ? cfg : JSON.stringify(cfg));
  return { at, file };
}

/** An instance file with these directions, labelled a, b, ...; returns its path. */
export function featuresFile(at: string, directions: readonly (readonly (string | number)[])[]): string {
  const file = join(at, 'features.json');
  const features = directions.map((wp, d) => ({ label: String.fromCharCode(97 + d), wp: wp.map(String) }));
  const document = {
    format: 'dictum/instance@1',
    name: 'features',
    features,
    activation: { kind: 'relu' },
    neurons: 1,
  };
  writeFileSync(file, JSON.stringify(document));
  return file;
}
