/**
 * What the tests of `webgpu` hold, in one program that needs no test runner: on the machine's GPU against exact arithmetic, the plain
 * backend and the host's lanes. Exit 1: something differs.
 *
 *   npx tsx bench/gpu/parity.ts [--few] [--out FILE]
 */
import { parseArgs } from 'node:util';
import { DEFAULTS } from '../../src/landing/runs/settings.ts';
import { plainBackend } from '../../src/train/backend/plain.ts';
import { openDevice } from '../../src/train/backend/webgpu/adapter.ts';
import { commandsOf } from '../../src/train/backend/webgpu/device.ts';
import { backendOn } from '../../src/train/backend/webgpu/webgpu.ts';
import {
  ACTIVATIONS,
  agreement,
  OPTIMIZERS,
  onDevice,
  onHost,
  problem,
  startOf,
} from '../../test/landing/runs/manyRuns.ts';
import { planted } from '../../test/train/backend/webgpu/planted.ts';
import { cases, difference, exact, LIMIT } from '../../test/train/exactSmall.ts';
import { advance, bytesOf, CHANGES, configOf, start } from '../../test/train/runs.ts';
import { computed, small, updated, WIDE, wide } from '../../test/train/small.ts';
import { recorder, seconds } from './record.ts';

const { values } = parseArgs({ options: { few: { type: 'boolean', default: false }, out: { type: 'string' } } });
const record = recorder(values.out);
const some = <T>(list: readonly T[]): readonly T[] => (values.few ? list.slice(0, 1) : list);
let failed = 0;
let checks = 0;

/** `check` returns the largest difference found, to be below the limit; anything that is no number is above it. */
async function check(name: string, limit: number, run: () => Promise<number>): Promise<void> {
  const began = performance.now();
  checks++;
  try {
    const found = await run();
    const holds = found < limit;
    if (!holds) failed++;
    record(name, { holds, found, limit, seconds: seconds(began) });
  } catch (thrown) {
    failed++;
    record(name, { holds: false, error: `${thrown}` });
  }
}

let turned: string | undefined;
const { device, name: adapter } = await openDevice();
const commands = planted(commandsOf(device), (name, code) =>
  name === turned ? code.replace('p.factor * value, inside', '-p.factor * value, inside') : code,
);
const gpu = backendOn(commands, adapter);
record('device', { name: gpu.device });

for (const { method, variant, seed, name } of some(cases)) {
  await check(`exact engine: ${name}, ${variant}`, LIMIT, async () => {
    const s = small(method, variant, seed);
    const expected = exact(s);
    const { loss, gradient } = await computed(gpu, s);
    return Math.max(Math.abs(loss.total / expected.loss - 1), difference(gradient, expected.gradient));
  });
}
for (const method of some(WIDE)) {
  for (const few of some([true, false])) {
    await check(
      `plain backend, many blocks: ${JSON.stringify(method)}, ${few ? 'equal values' : 'any'}`,
      LIMIT,
      async () => {
        const s = wide(method, few);
        const [here, there] = [await computed(plainBackend(), s), await computed(gpu, s)];
        return Math.max(Math.abs(there.loss.total / here.loss.total - 1), difference(there.gradient, here.gradient));
      },
    );
  }
}
await check('plain backend: updates of parameters', LIMIT, async () =>
  difference(await updated(gpu), await updated(plainBackend())),
);
for (const activation of some(ACTIVATIONS)) {
  for (const by of some(OPTIMIZERS)) {
    // The share of the runs that are elsewhere after 300 steps.
    await check(`tiny kernel: ${JSON.stringify(activation)}, ${by.optimizer}`, 0.05, async () => {
      const [p, s] = [problem(activation), { ...DEFAULTS, ...by }];
      const x = startOf(p);
      return 1 - agreement(await onHost(p, s, x, 300), await onDevice(p, s, x, 300));
    });
  }
}
for (const [name, change] of some(CHANGES)) {
  const config = configOf({ steps: 16, logEvery: 4, batch: 16, ...change });
  await check(`sixteen steps, losses of the host: ${name}`, 0.02, async () => {
    const [expected, found] = [
      await advance(start(config), config.steps),
      await advance(start(config, undefined, gpu), config.steps),
    ];
    return Math.max(...found.map(({ loss }, at) => Math.abs(loss / (expected[at]?.loss ?? Number.NaN) - 1)));
  });
  await check(`resumed, the same bits: ${name}`, 1, async () => {
    const [whole, half] = [start(config, undefined, gpu), start(config, undefined, gpu)];
    await advance(whole, config.steps);
    await advance(half, 7);
    const resumed = start(config, await bytesOf(half), gpu);
    await advance(resumed, config.steps - 7);
    const [a, b] = [await bytesOf(whole), await bytesOf(resumed)];
    return a.reduce((count, byte, at) => count + (byte === b[at] ? 0 : 1), Math.abs(a.length - b.length));
  });
}
// What is found here is the reciprocal: a check that cannot fail shows nothing.
await check('a sign turned in the kernel scatter is seen', 1 / (100 * LIMIT), async () => {
  const { method, variant, seed } = cases[0] as (typeof cases)[number];
  const s = small(method, variant, seed);
  turned = 'scatter';
  const { gradient } = await computed(gpu, s);
  turned = undefined;
  return 1 / difference(gradient, exact(s).gradient);
});
gpu.close();
record('summary', { checks, failed });
process.exitCode = failed === 0 ? 0 : 1;
