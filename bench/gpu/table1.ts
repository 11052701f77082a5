/**
 * Lines of the paper's Table 1 at its own scale on a GPU, as `dictum bench lrb --preset table1 --scale paper` trains them; the best
 * matches are taken from products on the device. The number of steps is told, the same for every line.
 *
 *   npx tsx bench/gpu/table1.ts [--steps 20000] [--seed 1] [--methods 'TopK SAE,ReLU SAE'] [--free] [--out FILE]
 */
import { parseArgs } from 'node:util';
import { armsOf } from '../../src/commands/bench/presets.ts';
import { rowOf, tableOf } from '../../src/train/backend/backend.ts';
import { kernelsOf } from '../../src/train/backend/open.ts';
import { webgpuBackend } from '../../src/train/backend/webgpu/webgpu.ts';
import type { TrainConfig } from '../../src/train/config/config.ts';
import { benchSource } from '../../src/train/data/bench.ts';
import { tableFrom } from '../../src/train/data/feed.ts';
import { measureUsage } from '../../src/train/metrics/usage.ts';
import { startTraining, type Training } from '../../src/train/run/training.ts';
import { recorder, seconds } from './record.ts';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    methods: { type: 'string', default: 'TopK SAE,ReLU SAE' },
    free: { type: 'boolean', default: false },
    small: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
const record = recorder(values.out);
const methods = values.methods.split(',');
const arms = armsOf({
  preset: 'table1',
  scale: values.small ? 'small' : 'paper',
  seeds: [Number(values.seed)],
  steps: Number(values.steps),
  backend: 'webgpu',
});

/** Best cosine and best |<e, w>| of each direction, over all neurons. */
async function matches(
  training: Training,
  by: 'we' | 'wd',
  directions: readonly Float64Array[],
): Promise<{ cosine: Float64Array; raw: Float64Array }> {
  const { backend, weights, shape } = training.work;
  const rows = weights[by];
  const products = tableOf(backend, directions.length, shape.nq);
  backend.encode(tableFrom(backend, directions), rows, backend.floats(products.stride), products);
  await backend.fetch(products.data, rows.data);
  const lengths = Array.from({ length: rows.rows }, (_, i) => Math.hypot(...rowOf(rows, i)));
  const best = (of: (value: number, i: number) => number): Float64Array =>
    Float64Array.from(directions, (_, d) =>
      rowOf(products, d).reduce((most, value, i) => Math.max(most, of(value, i)), 0),
    );
  return {
    raw: best((value) => Math.abs(value)),
    cosine: best((value, i) => ((lengths[i] as number) > 0 ? Math.abs(value) / (lengths[i] as number) : 0)),
  };
}

const mean = (list: Float64Array): number => list.reduce((a, b) => a + b, 0) / list.length;
const above = (list: Float64Array, tau: number): number => list.filter((value) => value > tau).length / list.length;

async function line(config: TrainConfig): Promise<object> {
  if (config.data.kind !== 'bench') throw new Error('the bench');
  const source = benchSource(kernelsOf('webgpu'), config.data, config.seed);
  const backend = await webgpuBackend();
  try {
    const training = startTraining(config, source, backend);
    await training.advance();
    const began = performance.now();
    let last: Awaited<ReturnType<Training['advance']>>;
    for (let step = 1; step < config.steps; step++) {
      last = (await training.advance()) ?? last;
      // Timers and signals get their turn.
      if (step % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const trained = seconds(began);
    const { truth } = source;
    if (!truth) throw new Error('no directions');
    const range = { first: config.batch * config.steps, inputs: config.evaluation ?? config.batch };
    const usage = await measureUsage(training.work, training.objective, source, range);
    const [decoder, encoder] = [await matches(training, 'wd', truth.wr), await matches(training, 'we', truth.wp)];
    return {
      device: backend.device,
      steps: config.steps,
      batch: config.batch,
      seconds: trained,
      samplesPerSecond: (config.batch * (config.steps - 1)) / trained,
      decoder: {
        mean: mean(decoder.cosine),
        above95: above(decoder.cosine, 0.95),
        above90: above(decoder.cosine, 0.9),
      },
      encoder: {
        mean: mean(encoder.cosine),
        above95: above(encoder.cosine, 0.95),
        above90: above(encoder.cosine, 0.9),
      },
      raw: { mean: mean(encoder.raw), above95: above(encoder.raw, 0.95) },
      loss: last?.loss,
      fvu: usage.fvu,
      l0: usage.l0,
      dead: usage.dead,
    };
  } finally {
    backend.close();
  }
}

for (const anchored of values.free ? [false] : [false, true]) {
  for (const method of methods) {
    for (const config of arms.find((arm) => arm.method === method && arm.anchored === anchored)?.configs ?? []) {
      const name = `${method}, ${anchored ? 'anchored' : 'free'}, seed ${config.seed}`;
      try {
        record(name, await line(config));
      } catch (thrown) {
        record(name, { error: `${thrown}` });
      }
    }
  }
}
process.exit(0);
