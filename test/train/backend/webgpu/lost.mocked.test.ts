/** A device that goes away in mid-run: an error that says so, and the last checkpoint goes on, there or elsewhere. */
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { TrainFolder } from '../../../../src/commands/train/folder.ts';
import { runTraining } from '../../../../src/commands/train/run.ts';
import { Failure, problemText } from '../../../../src/terminal/problem.ts';
import { folder as emptyFolder } from '../../../commands/run.ts';
import { adapter, counted } from '../../adapter.ts';
import { configOf } from '../../runs.ts';

const frail = vi.hoisted(() => ({ steps: Number.POSITIVE_INFINITY }));

/** Backends whose device goes away after so many steps of Adam on the decoder and the encoder. */
vi.mock(import('../../../../src/train/backend/open.ts'), async (original) => {
  const { openBackend, ...rest } = await original();
  return {
    ...rest,
    async openBackend(name, kernels) {
      const backend = await openBackend(name, kernels);
      let left = 2 * frail.steps;
      return {
        ...backend,
        adam(parameter, by) {
          if (left-- <= 0) backend.close();
          backend.adam(parameter, by);
        },
      };
    },
  };
});

describe.skipIf(adapter === undefined)('on a device', () => {
  counted();
  test('lost after seven steps: exit with an error; resumed from the checkpoint at five', async () => {
    const steps = { steps: 14, logEvery: 1, checkpointEvery: 5, batch: 16, evaluation: 16 };
    const config = configOf({ backend: 'webgpu', ...steps });
    const folder = await TrainFolder.open(join(emptyFolder(), 'run'));
    const run = { config, file: 'config.json', folder };
    frail.steps = 7;
    const problem = await runTraining({ ...run, resume: false }).catch((thrown: unknown) => thrown);
    expect(problem).toBeInstanceOf(Failure);
    const text = problemText((problem as Failure).problem);
    expect(text).toMatch(
      /config\.json: \$\.backend: expected a device until the end of the run, found destroyed.*; --resume goes on from the last checkpoint \(device-lost\)/,
    );
    expect((await folder.saved(config))?.step).toBe(5);
    frail.steps = Number.POSITIVE_INFINITY;
    const ended = await runTraining({ ...run, resume: true });
    if (!('result' in ended)) throw new Error('interrupted');
    expect(ended.result.records.map(({ step }) => step)).toEqual(Array.from({ length: 14 }, (_, at) => at + 1));
    expect(ended.result.machine).toMatchObject({ device: adapter });
  });
});
