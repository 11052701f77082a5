/** Many small runs on a device: from the same start, step by step where the host's 32-bit lanes go. */
import { describe, expect, test } from 'vitest';
import { DEFAULTS } from '../../../src/landing/runs/settings.ts';
import { train } from '../../../src/landing/runs/train.ts';
import { adapter, counted } from '../../train/adapter.ts';
import { problemOf, suiteInstance } from '../../train/support.ts';
import { ACTIVATIONS, agreement, OPTIMIZERS, onDevice, onHost, problem, startOf } from './manyRuns.ts';

describe.skipIf(adapter === undefined)('on a device', () => {
  counted();
  test.each(ACTIVATIONS.flatMap((activation) => OPTIMIZERS.map((by) => [activation, by] as const)))(
    '%j, %j: 300 steps as on the host',
    async (activation, by) => {
      const [p, s] = [problem(activation), { ...DEFAULTS, ...by }];
      const x = startOf(p);
      const [host, device] = [await onHost(p, s, x, 300), await onDevice(p, s, x, 300)];
      expect(agreement(host, x)).toBeLessThan(0.05);
      expect(agreement(host, device)).toBeGreaterThan(0.95);
    },
  );

  test('a sign error planted in the kernel is seen', async () => {
    const [p, s] = [problem({ kind: 'relu' }), { ...DEFAULTS, rate: 0.02 }];
    const x = startOf(p);
    const wrong = await onDevice(p, s, x, 100, (_, code) => code.replaceAll('+= a0 * rho', '-= a0 * rho'));
    expect(agreement(await onHost(p, s, x, 100), wrong)).toBeLessThan(0.2);
  });

  test('train: the same seeds start alike, and the runs end with the losses of the host', async () => {
    const p = problemOf(suiteInstance('acute-pair'));
    const quick = { ...DEFAULTS, steps: 500, rounds: 2, roundSteps: 500 };
    const host = await train(p, quick, 60, { threads: 1 });
    const device = await train(p, { ...quick, backend: 'webgpu' }, 60, { threads: 1 });
    const close = device.loss.filter((loss, run) => Math.abs(loss - host.loss[run]!) < 1e-4);
    expect(close.length).toBeGreaterThan(56);
    expect(Math.max(...host.loss)).toBeGreaterThan(0.3);
  });
});
