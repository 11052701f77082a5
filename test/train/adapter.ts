/**
 * Tests on a GPU, or on a software adapter. Without one they are skipped, unless DICTUM_REQUIRE_WEBGPU is set (CI sets it). Each one
 * executed leaves a line with the adapter's name in the file DICTUM_WEBGPU_COUNT, for CI to count.
 */
import { appendFileSync } from 'node:fs';
import { afterEach } from 'vitest';
import { TrainProblem } from '../../src/train/backend/problem.ts';
import { openDevice } from '../../src/train/backend/webgpu/adapter.ts';

async function find(): Promise<string | undefined> {
  try {
    const { device, name } = await openDevice();
    device.destroy();
    return name;
  } catch (thrown) {
    if (!(thrown instanceof TrainProblem) || process.env.DICTUM_REQUIRE_WEBGPU !== undefined) throw thrown;
    return undefined;
  }
}

export const adapter: string | undefined = await find();

/** To be called once in a file whose tests all need the adapter. */
export function counted(): void {
  const file = process.env.DICTUM_WEBGPU_COUNT;
  afterEach(({ task }) => {
    if (file !== undefined && task.result?.state !== 'skip') appendFileSync(file, `${adapter}\n`);
  });
}
