/**
 * Where the time of a training step goes on a GPU: every dispatch of one step again, many times in a row.
 *
 *   npx tsx bench/gpu/profile.ts [--batch 1024] [--small] [--out FILE]
 */
import { parseArgs } from 'node:util';
import { kernelsOf } from '../../src/train/backend/open.ts';
import { openDevice } from '../../src/train/backend/webgpu/adapter.ts';
import { type Commands, commandsOf } from '../../src/train/backend/webgpu/device.ts';
import { backendOn } from '../../src/train/backend/webgpu/webgpu.ts';
import { complete } from '../../src/train/config/defaults.ts';
import { benchSource } from '../../src/train/data/bench.ts';
import { startTraining } from '../../src/train/run/training.ts';
import { recorder, seconds } from './record.ts';

const { values } = parseArgs({
  options: {
    batch: { type: 'string', default: '1024' },
    small: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
const record = recorder(values.out);
const [features, np, neurons, times] = values.small ? [100, 76, 1600, 2] : [1000, 768, 16_000, 20];
/** What counts up or down, or reads what those leave: once more would be something else. These come last. */
const LAST = ['starts', 'sort-count', 'sort-throw', 'sort-place', 'fill'];

async function profile(name: string, method: { kind: 'relu' | 'topk'; [key: string]: unknown }): Promise<void> {
  const config = complete({
    format: 'dictum/train@1',
    data: { kind: 'bench', features, np },
    method,
    neurons,
    batch: Number(values.batch),
    steps: 1000,
    logEvery: 1000,
  });
  const { device, name: adapter } = await openDevice();
  const base = commandsOf(device);
  let trace: Parameters<Commands['run']>[] | undefined;
  const commands: Commands = {
    ...base,
    run(...told) {
      trace?.push(told);
      base.run(...told);
    },
  };
  const flag = commands.allocate(4);
  const wait = (): Promise<unknown> => commands.read([{ buffer: flag, bytes: 4 }]);
  const timed = async (run: () => unknown, count: number): Promise<number> => {
    const began = performance.now();
    for (let k = 0; k < count; k++) await run();
    await wait();
    return (1000 * seconds(began)) / count;
  };
  if (config.data.kind !== 'bench') throw new Error('the bench');
  const source = benchSource(kernelsOf('webgpu'), config.data, config.seed);
  const training = startTraining(config, source, backendOn(commands, adapter));
  // The host's code is compiled by and by.
  for (let step = 0; step < (values.small ? 3 : 100); step++) await training.advance();
  const step = await timed(() => training.advance(), times);
  trace = [];
  await training.advance();
  const dispatches = trace;
  trace = undefined;
  const empty = await timed(wait, times);
  const order = [false, true].flatMap((last) => dispatches.filter(([{ name }]) => LAST.includes(name) === last));
  const each: Record<string, number> = {};
  for (const told of order) {
    await timed(() => base.run(...told), 1);
    const own = Math.max(0, (await timed(() => base.run(...told), times)) - empty / times);
    each[told[0].name] = (each[told[0].name] ?? 0) + own;
  }
  const kernels = Object.fromEntries(Object.entries(each).sort(([, a], [, b]) => b - a));
  record(name, { milliseconds: step, wait: empty, dispatches: dispatches.length, kernels });
  base.close();
}

await profile('TopK', { kind: 'topk', k: values.small ? 8 : 64 });
await profile('ReLU', { kind: 'relu', l1: 0.5 });
