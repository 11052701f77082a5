/** Whole runs on a device: as on the host, and the same bits after a resumption. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../../../src/train/backend/backend.ts';
import { webgpuBackend } from '../../../../src/train/backend/webgpu/webgpu.ts';
import { adapter, counted } from '../../adapter.ts';
import { advance, bytesOf, CHANGES, configOf, start } from '../../runs.ts';

describe.skipIf(adapter === undefined)('on a device', () => {
  counted();
  let gpu: Backend;
  beforeAll(async () => {
    gpu = await webgpuBackend();
  });
  afterAll(() => gpu.close());

  test.each(CHANGES)('%s: the losses of the host; resumed, the same bits', async (_, change) => {
    const config = configOf({ steps: 16, logEvery: 4, batch: 16, ...change });
    const [host, device] = [start(config), start(config, undefined, gpu)];
    const [expected, found] = [await advance(host, config.steps), await advance(device, config.steps)];
    found.forEach((record, at) => {
      // Floats in another order part slowly, and where a latent is let in or not, at once.
      expect(Math.abs(record.loss / expected[at]!.loss - 1), `step ${record.step}`).toBeLessThan(0.02);
      expect(record.resampled).toBe(expected[at]!.resampled);
    });
    expect(found[0]!.loss).toBeCloseTo(expected[0]!.loss, 3);
    const half = start(config, undefined, gpu);
    await advance(half, 7);
    const resumed = start(config, await bytesOf(half), gpu);
    await advance(resumed, config.steps - 7);
    expect(await bytesOf(resumed)).toEqual(await bytesOf(device));
  });
});
