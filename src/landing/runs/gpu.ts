/** The run proper of many runs on a GPU, in 32-bit floats (./gpuStep.ts). */
import { openDevice } from '../../train/backend/webgpu/adapter.ts';
import { type Commands, commandsOf } from '../../train/backend/webgpu/device.ts';
import type { Engine } from './engine.ts';
import { gpuStep, RUNS_OF_A_GROUP } from './gpuStep.ts';
import { type SdlProblem, weightCount } from './problem.ts';
import type { Settings } from './settings.ts';

/** Steps of one dispatch: drivers end what takes longer than a second or two. */
const CHUNK = 128;

export interface GpuEngine extends Engine {
  readonly close: () => void;
}

export async function gpuEngine(p: SdlProblem, s: Settings, runs: number): Promise<GpuEngine> {
  const { device } = await openDevice();
  return engineOn(commandsOf(device), p, s, runs);
}

export function engineOn(commands: Commands, p: SdlProblem, s: Settings, runs: number): GpuEngine {
  const count = weightCount(p);
  const kernel = gpuStep(p, { ...s, anchors: s.anchors.length });
  const room = (): ReturnType<typeof commands.allocate> => commands.allocate(runs * count);
  const numbers = dataOf(p);
  const data = commands.allocate(numbers.length);
  const x = room();
  const buffers = { data, x, ...(s.optimizer === 'adam' && { m: room(), v: room() }) };
  commands.write(data, numbers);
  return {
    put(weights) {
      const turned = new Float32Array(runs * count);
      for (let run = 0; run < runs; run++) {
        for (let c = 0; c < count; c++) turned[c * runs + run] = weights[run * count + c] as number;
      }
      commands.write(x, turned);
    },
    async advance({ steps, firstStep, rate, factor }) {
      for (let done = 0; done < steps; done += CHUNK) {
        const told = {
          n: runs,
          steps: Math.min(CHUNK, steps - done),
          rate: rate * factor ** done,
          factor,
          run: 0,
          seed: s.seed | 0,
          first: firstStep + done,
        };
        commands.run(kernel, buffers, told, Math.ceil(runs / RUNS_OF_A_GROUP));
        // Each dispatch is handed over alone, and waited for: none piles up behind the others.
        await commands.read([{ buffer: data, bytes: 4 }]);
      }
    },
    async take(weights) {
      const [bytes = new ArrayBuffer(0)] = await commands.read([{ buffer: x, bytes: 4 * runs * count }]);
      const turned = new Float32Array(bytes);
      for (let run = 0; run < runs; run++) {
        for (let c = 0; c < count; c++) weights[run * count + c] = turned[c * runs + run] as number;
      }
    },
    close: () => commands.close(),
  };
}

function dataOf({ n, wp, wr, weight }: SdlProblem): Float32Array {
  const total = weight.reduce((a, b) => a + b, 0);
  const [low, high] = [new Float64Array(n), new Float64Array(n)];
  let below = 0;
  for (let d = 0; d < n; d++) {
    low[d] = below / total;
    below += weight[d] as number;
    high[d] = d === n - 1 ? 2 : below / total;
  }
  return Float32Array.from([...wp, ...wr, ...weight, ...low, ...high]);
}
