/**
 * `dictum metrics` on checkpoints that the libraries saved (bench/foreign/make.py --small: SAELens 6.54.0, sparsify 1.3.0,
 * dictionary_learning 0.1.0), against what they compute with them in float64. Each folder is given as it is.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { metricsOf } from './metricsOf.ts';

const HERE = join(import.meta.dirname, 'measured');
const names = readdirSync(HERE);

test('there are checkpoints of every kind that is read', () => {
  const kinds = ['standard', 'jumprelu', 'gated', 'topk', 'batchtopk', 'transcoder', 'jumprelu_transcoder', 'mean'];
  for (const kind of kinds) expect(names.some((name) => name.startsWith(`saelens-${kind}-`))).toBe(true);
  for (const kind of ['sparsify-topk', 'sparsify-transcode', 'dictionary_learning']) {
    expect(names.some((name) => name.startsWith(`${kind}-`))).toBe(true);
  }
});

test.each(names)('%s: FVU, error, L0, dead and dense as the library has them, each row once', async (name) => {
  const folder = join(HERE, name);
  const wanted = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, number>;
  const usage = { ...(await metricsOf(folder, '--config', join(folder, 'data.json'))).metrics.usage };
  expect(Object.keys(usage).sort()).toEqual(Object.keys(wanted).sort());
  for (const [key, value] of Object.entries(wanted)) {
    expect(Math.abs(usage[key as 'error'] - value), key).toBeLessThanOrEqual(1e-6 * Math.abs(value));
  }
});
