/** Whole runs: as on the other host backends, the same bits each time, and the same bits after a resumption. */
import { describe, expect, test } from 'vitest';
import { nativeBackend } from '../../../../src/train/backend/native/native.ts';
import { kernelsOf } from '../../../../src/train/backend/open.ts';
import { benchSource } from '../../../../src/train/data/bench.ts';
import { measure } from '../../../../src/train/metrics/metrics.ts';
import { installed } from '../../native.ts';
import { advance, BENCH, bytesOf, CHANGES, configOf, start } from '../../runs.ts';

describe.skipIf(!installed)('with onnxruntime-node', () => {
  test.each(CHANGES)('%s: the losses of wasm; again and resumed, the same bits', async (_, change) => {
    const config = configOf({ steps: 16, logEvery: 4, batch: 16, ...change });
    const [host, one, again] = [
      start(config),
      start(config, undefined, await nativeBackend()),
      start(config, undefined, await nativeBackend()),
    ];
    const [expected, found] = [await advance(host, config.steps), await advance(one, config.steps)];
    await advance(again, config.steps);
    found.forEach((record, at) => {
      // Floats in another order part slowly, and where a latent is let in or not, at once.
      expect(Math.abs(record.loss / expected[at]!.loss - 1), `step ${record.step}`).toBeLessThan(0.02);
      expect(record.resampled).toBe(expected[at]!.resampled);
    });
    expect(found[0]!.loss).toBeCloseTo(expected[0]!.loss, 3);
    expect(found[0]!.dead).toBe(expected[0]!.dead);
    const half = start(config, undefined, await nativeBackend());
    await advance(half, 7);
    const resumed = start(config, await bytesOf(half), await nativeBackend());
    await advance(resumed, config.steps - 7);
    const bytes = await bytesOf(one);
    expect(await bytesOf(again)).toEqual(bytes);
    expect(await bytesOf(resumed)).toEqual(bytes);
  });

  test('measured as on wasm: latents of matrices come back as lists', async () => {
    const config = configOf({ method: { kind: 'relu', l1: 0.1 } });
    const source = benchSource(kernelsOf('native'), configOf({ data: BENCH }).data as never, config.seed);
    const [host, device] = [start(config), start(config, undefined, await nativeBackend())];
    const measured = await Promise.all(
      [host, device].map(({ work, objective }) => measure(config, work, objective, source)),
    );
    expect(measured[1]!.usage.l0).toBeCloseTo(measured[0]!.usage.l0, 6);
    expect(measured[1]!.usage.error).toBeCloseTo(measured[0]!.usage.error, 5);
    expect(measured[0]!.usage.l0).toBeGreaterThan(5);
  });
});
