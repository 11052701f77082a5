/** Many small runs on a device: from the same start, step by step where the host's 32-bit lanes go. */
import { describe, expect, test } from 'vitest';
import { gpuEngine } from '../../src/train/tiny/gpu.ts';
import { layOut, put, take } from '../../src/train/tiny/memory.ts';
import { type TinyActivation, type TinyProblem, weightCount } from '../../src/train/tiny/problem.ts';
import { bits, normal } from '../../src/train/tiny/random.ts';
import { DEFAULTS, type Settings } from '../../src/train/tiny/settings.ts';
import { stepModule } from '../../src/train/tiny/step.ts';
import { team } from '../../src/train/tiny/team.ts';
import { train } from '../../src/train/tiny/train.ts';
import { adapter, counted } from './adapter.ts';
import { problemOf, suiteInstance } from './support.ts';

const RUNS = 200;

const problem = (activation: TinyActivation): TinyProblem => {
  const [n, np, nr, nq] = [5, 3, 2, 4];
  const numbers = (length: number, salt: number): Float64Array =>
    Float64Array.from({ length }, (_, k) => ((bits(4, salt, k) % 33) - 16) / 16);
  const weight = Float64Array.of(1, 0.5, 2, 1, 0.25);
  return { n, np, nr, nq, wp: numbers(n * np, 1), wr: numbers(n * nr, 2), weight, activation };
};

function startOf(p: TinyProblem): Float64Array {
  return Float64Array.from({ length: RUNS * weightCount(p) }, (_, c) => Math.fround(normal(5, c, 0) / 2));
}

async function onHost(p: TinyProblem, s: Settings, x: Float64Array, steps: number): Promise<Float64Array> {
  const layout = layOut(p, RUNS, s.optimizer, 'f32');
  const all = Int32Array.from({ length: RUNS }, (_, run) => run);
  const bytes = stepModule(p, { ...s, precision: 'f32' });
  put(p, layout, x, all);
  await team(1).advance({
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

async function onDevice(
  p: TinyProblem,
  s: Settings,
  x: Float64Array,
  steps: number,
  edit?: (name: string, code: string) => string,
): Promise<Float64Array> {
  const engine = await gpuEngine(p, s, RUNS, edit);
  engine.put(x);
  await engine.advance({ steps, firstStep: 7, rate: s.rate, factor: 0.9995 });
  const after = x.slice();
  await engine.take(after);
  engine.close();
  return after;
}

/** Share of runs that agree to 1e-3: one that comes near a kink may go either way in floats of another order. */
function agreement(a: Float64Array, b: Float64Array): number {
  const count = a.length / RUNS;
  let same = 0;
  for (let run = 0; run < RUNS; run++) {
    const off = (j: number): boolean => !(Math.abs((a[j] as number) - (b[j] as number)) < 1e-3);
    if (!Array.from({ length: count }, (_, k) => run * count + k).some(off)) same++;
  }
  return same / RUNS;
}

const ACTIVATIONS: readonly TinyActivation[] = [
  { kind: 'relu' },
  { kind: 'identity' },
  { kind: 'jumprelu', theta: 0.1875 },
  { kind: 'topk', k: 2 },
];
const OPTIMIZERS: readonly Partial<Settings>[] = [
  { optimizer: 'gd', rate: 0.02 },
  { optimizer: 'adam', rate: 0.01 },
  { optimizer: 'sgd', rate: 0.01, batch: 3, anchors: [1] },
];

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
