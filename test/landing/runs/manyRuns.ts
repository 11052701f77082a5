/** Many small runs step by step, on the host's 32-bit lanes and on a device: for the test of the device and for bench/gpu/parity.ts. */
import { engineOn } from '../../../src/landing/runs/gpu.ts';
import { layOut, put, take } from '../../../src/landing/runs/memory.ts';
import { type SdlProblem, type TrainableActivation, weightCount } from '../../../src/landing/runs/problem.ts';
import type { Settings } from '../../../src/landing/runs/settings.ts';
import { stepModule } from '../../../src/landing/runs/step.ts';
import { stepThreads } from '../../../src/landing/runs/stepThreads.ts';
import { bits, normal } from '../../../src/train/backend/random.ts';
import { openDevice } from '../../../src/train/backend/webgpu/adapter.ts';
import { commandsOf } from '../../../src/train/backend/webgpu/device.ts';
import { planted } from '../../train/backend/webgpu/planted.ts';

const RUNS = 200;

export const problem = (activation: TrainableActivation): SdlProblem => {
  const [n, np, nr, nq] = [5, 3, 2, 4];
  const numbers = (length: number, salt: number): Float64Array =>
    Float64Array.from({ length }, (_, k) => ((bits(4, salt, k) % 33) - 16) / 16);
  const weight = Float64Array.of(1, 0.5, 2, 1, 0.25);
  return { n, np, nr, nq, wp: numbers(n * np, 1), wr: numbers(n * nr, 2), weight, activation, bias: false };
};

export function startOf(p: SdlProblem): Float64Array {
  return Float64Array.from({ length: RUNS * weightCount(p) }, (_, c) => Math.fround(normal(5, c, 0) / 2));
}

export async function onHost(p: SdlProblem, s: Settings, x: Float64Array, steps: number): Promise<Float64Array> {
  const layout = layOut(p, RUNS, s.optimizer, 'f32');
  const all = Int32Array.from({ length: RUNS }, (_, run) => run);
  const bytes = stepModule(p, { ...s, precision: 'f32' });
  put(p, layout, x, all);
  await stepThreads(1).advance({
    bytes,
    layout,
    steps,
    firstRun: 0,
    firstStep: 7,
    seed: s.seed,
    rate: s.rate,
    factor: 0.9995,
  });
  const after = x.slice();
  take(p, layout, after, all);
  return after;
}

export async function onDevice(
  p: SdlProblem,
  s: Settings,
  x: Float64Array,
  steps: number,
  edit = (_: string, code: string): string => code,
): Promise<Float64Array> {
  const { device } = await openDevice();
  const engine = engineOn(planted(commandsOf(device), edit), p, s, RUNS);
  engine.put(x);
  await engine.advance({ steps, firstStep: 7, rate: s.rate, factor: 0.9995 });
  const after = x.slice();
  await engine.take(after);
  engine.close();
  return after;
}

/** Share of runs that agree to 1e-3: one that comes near a kink may go either way in floats of another order. */
export function agreement(a: Float64Array, b: Float64Array): number {
  const count = a.length / RUNS;
  let same = 0;
  for (let run = 0; run < RUNS; run++) {
    const off = (j: number): boolean => !(Math.abs((a[j] as number) - (b[j] as number)) < 1e-3);
    if (!Array.from({ length: count }, (_, k) => run * count + k).some(off)) same++;
  }
  return same / RUNS;
}

export const ACTIVATIONS: readonly TrainableActivation[] = [
  { kind: 'relu' },
  { kind: 'identity' },
  { kind: 'jumprelu', theta: 0.1875 },
  { kind: 'topk', k: 2 },
];
export const OPTIMIZERS: readonly Partial<Settings>[] = [
  { optimizer: 'gd', rate: 0.02 },
  { optimizer: 'adam', rate: 0.01 },
  { optimizer: 'sgd', rate: 0.01, batch: 3, anchors: [1] },
];
