import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from 'vitest';
import type { Activation } from '../../../src/kernel/model/instance.ts';
import { approximateLoss, gradients } from '../../../src/kernel/model/model.ts';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { instanceFrom } from '../../../src/library/instance.ts';
import type { Backend } from '../../../src/train/backend/backend.ts';
import { hostBackend } from '../../../src/train/backend/host.ts';
import type { HostKernels } from '../../../src/train/backend/hostKernels.ts';
import { tensorFlowKernels } from '../../../src/train/backend/nodeGpu.ts';
import { plainBackend, plainKernels } from '../../../src/train/backend/plain.ts';
import { bits } from '../../../src/train/backend/random.ts';
import { wasmBackend, wasmKernels } from '../../../src/train/backend/wasm.ts';
import type { Method } from '../../../src/train/methods/method.ts';
import { exactly, type Numbers } from '../exactLoss.ts';
import { cases, difference, exact, LIMIT, number } from '../exactSmall.ts';
import { computed, type Small, small, wide } from '../small.ts';

/** What node-gpu does, by TensorFlow.js on its own CPU backend: the same calls, another library behind them. */
const tensorFlow = (): HostKernels => tensorFlowKernels<tf.Tensor>(tf, wasmKernels());
const BACKENDS = [plainBackend, wasmBackend, () => hostBackend(tensorFlow())];
const KERNELS = [plainKernels, wasmKernels, tensorFlow];

describe.each(cases)('$variant, $name', ({ name, method, variant, seed }) => {
  const s = small(method, variant, seed);
  const expected = exact(s);

  test.each(BACKENDS)('loss and gradients agree with exact arithmetic: %o', async (make) => {
    const { loss, gradient } = await computed(make(), s);
    expect(Math.abs(loss.total - expected.loss) / expected.loss).toBeLessThan(LIMIT);
    expect(difference(gradient, expected.gradient), name).toBeLessThan(LIMIT);
    for (const [weight, rows] of Object.entries(expected.gradient)) {
      expect(Math.max(...rows.flat().map(Math.abs)), `${weight} takes part`).toBeGreaterThan(0);
    }
  });

  test.each(KERNELS)('a sign error in any one operation is caught: %o', async (make) => {
    const count = (await planted(make(), s, -1)).operations;
    expect(count).toBeGreaterThanOrEqual(4);
    for (let at = 0; at < count; at++) {
      const { gradient } = await planted(make(), s, at);
      expect(difference(gradient, expected.gradient), `operation ${at}`).toBeGreaterThan(100 * LIMIT);
    }
  });
});

/** The gradients with the result of operation `wrong`, of those the backend carries out, negated. */
async function planted(
  right: HostKernels,
  s: Small,
  wrong: number,
): Promise<{ operations: number; gradient: Numbers }> {
  let operations = 0;
  const negated = (values: Float32Array): Float32Array => {
    const copy = right.floats(values.length);
    copy.set(values.map((value) => -value));
    return copy;
  };
  const backend = hostBackend({
    ...right,
    encode(inputs, x, we, bias, z) {
      right.encode(inputs, x, we, bias, z);
      if (operations++ === wrong) z.data.set(negated(z.data));
    },
    decode: (l, c, rows, out) => right.decode(l, operations++ === wrong ? negated(c) : c, rows, out),
    scatter: (l, c, v, into) => right.scatter(l, operations++ === wrong ? negated(c) : c, v, into),
    pull(l, g, rows, out) {
      right.pull(l, g, rows, out);
      if (operations++ === wrong) out.set(negated(out));
    },
  });
  const { gradient } = await computed(backend, s);
  return { operations, gradient };
}

/** The exact kernel's own model: single features, no penalty. */
const HALF: Activation = { kind: 'jumprelu', theta: Rational.of(1n, 2n) };
const EXACT: readonly { method: Method; activation: Activation }[] = [
  { method: { kind: 'relu', l1: 0 }, activation: { kind: 'relu' } },
  { method: { kind: 'jumprelu', l0: 0, bandwidth: 0.5, threshold: 0.5 }, activation: HALF },
  { method: { kind: 'topk', k: 2 }, activation: { kind: 'topk', k: 2 } },
  { method: { kind: 'batchtopk', k: 2 }, activation: { kind: 'batchtopk', k: 2 } },
  { method: { kind: 'matryoshka', k: 2, prefixes: [6] }, activation: { kind: 'batchtopk', k: 2 } },
];

/** Without biases; with an encoder bias and a decoder bias, fixed; and that subtracted first. */
const BIASED = ['none', 'added', 'subtracted'] as const;

test.each(EXACT.flatMap((c) => BACKENDS.flatMap((make) => BIASED.map((bias) => ({ ...c, make, bias })))))(
  "the kernel's loss L~ and gradients: $method.kind, $make.name, biases $bias",
  async ({ method, activation, make, bias }) => {
    const drawn = small(method, bias === 'subtracted' ? 'sae, b_d subtracted' : 'transcoder', 91);
    const zero = (name: string): number[][] => drawn.weights[name]!.map((row) => row.map(() => 0));
    const theta = drawn.weights.theta && { theta: [drawn.weights.we!.map(() => 0.5)] };
    const none = bias === 'none' && { be: zero('be'), bd: zero('bd') };
    const weights: Numbers = { ...drawn.weights, ...none, ...theta };
    const s: Small = { ...drawn, weights };
    const vector = (row: readonly number[]): Vector => Vector.of(row.map(exactly));
    if (bias !== 'none') {
      expect(await withBiases(s, activation, make())).toBeLessThan(LIMIT);
      return;
    }
    const weight = Rational.of(1n, BigInt(s.x.length));
    const features = s.x.map((w, d) => ({ label: `${d}`, wp: vector(w), wr: vector(s.r[d]!), weight }));
    const [np, nr, neurons] = [s.x[0]!.length, s.r[0]!.length, s.weights.we!.length];
    const at = { we: s.weights.we!.map(vector), wd: s.weights.wd!.map(vector) };
    const m = {
      format: 'dictum/instance@1' as const,
      name: '',
      features,
      activation,
      neurons,
      np,
      nr,
      hierarchy: [],
      configuration: at,
    };
    const exactGradients = gradients(m, at);
    const listed = (rows: readonly Vector[]): number[][] => rows.map((row) => row.entries().map(number));
    const { loss, gradient } = await computed(make(), s);
    const known = number(approximateLoss(m, at));
    expect(Math.abs(loss.total - known) / known).toBeLessThan(LIMIT);
    const wanted = { we: listed(exactGradients.we), wd: listed(exactGradients.wd) };
    expect(difference(gradient, wanted)).toBeLessThan(LIMIT);
  },
);

/** The kernel reads `dictum/instance@2`, rows ending with the biases; how far loss and gradients are from what it says. */
async function withBiases(s: Small, activation: Activation, backend: Backend): Promise<number> {
  const texts = (row: readonly number[]): string[] => row.map((x) => `${exactly(x)}`);
  const bd = texts(s.weights.bd![0]!);
  const m = instanceFrom({
    format: 'dictum/instance@2',
    name: '',
    features: s.x.map((x, d) => ({ label: `${d}`, wp: texts(x), wr: texts(s.r[d]!), weight: `1/${s.x.length}` })),
    activation: { ...activation, ...('theta' in activation && { theta: `${activation.theta}` }) },
    neurons: s.weights.we!.length,
    encoderBias: 'free',
    decoderBias: bd,
    ...(s.subtracts && { inputBias: bd }),
    we: s.weights.we!.map((e, i) => texts([...e, s.weights.be![0]![i]!])),
    wd: s.r[0]!.map((_, k) => texts(s.weights.wd!.map((u) => u[k]!))),
  });
  const at = m.configuration!;
  const { we, wd } = gradients(m, at);
  const listed = (rows: readonly Vector[]): number[][] => rows.map((row) => row.entries().map(number));
  const { loss, gradient } = await computed(backend, s);
  const known = number(approximateLoss(m, at));
  const rows = gradient.we!.map((e, i) => [...e, gradient.be![0]![i]!]);
  const found = { we: rows, wd: gradient.wd! };
  return Math.max(Math.abs(loss.total - known) / known, difference(found, { we: listed(we), wd: listed(wd) }));
}

test('so many latents that WebAssembly goes through the neurons block by block', async () => {
  const s = wide({ kind: 'relu', l1: 0.25 }, false, 400);
  const [a, b] = [await computed(plainBackend(), s), await computed(wasmBackend(), s)];
  expect(Math.abs(b.loss.total - a.loss.total) / a.loss.total).toBeLessThan(LIMIT);
  expect(difference(b.gradient, a.gradient)).toBeLessThan(LIMIT);
});

test('Adam is the same step on both backends', () => {
  const length = 64;
  const after = BACKENDS.map((make) => {
    const backend = make();
    const floats = (): Float32Array => backend.floats(length);
    const [x, g, m, v] = [floats(), floats(), floats(), floats()];
    for (let step = 1; step <= 5; step++) {
      for (let k = 0; k < length; k++) g[k] = (bits(3, step, k) % 257) / 64 - 2;
      backend.adam(
        { at: x, gradient: g, m, v },
        { rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: 0.1, step },
      );
    }
    return [...x];
  });
  expect(difference({ x: [after[1]!] }, { x: [after[0]!] })).toBeLessThan(LIMIT);
  expect(Math.abs(after[0]![0]!)).toBeGreaterThan(1e-3);
});

test('r_mag of a gated model away from 0, where exp is no longer rational: a difference quotient', async () => {
  const drawn = small({ kind: 'gated', l1: 0.125 }, 'sae', 61);
  const withMagnitude = (values: readonly number[]): Small => ({
    ...drawn,
    weights: { ...drawn.weights, magnitude: [values] },
  });
  const base = [0.5, -0.25, 0.125, -0.5, 0.375, 0.25];
  const { gradient } = await computed(plainBackend(), withMagnitude(base));
  const step = 2 ** -10;
  for (const i of base.keys()) {
    const moved = async (by: number): Promise<number> =>
      (await computed(plainBackend(), withMagnitude(base.map((value, j) => (i === j ? value + by : value))))).loss
        .total;
    const quotient = ((await moved(step)) - (await moved(-step))) / (2 * step);
    expect(gradient.magnitude![0]![i]!).toBeCloseTo(quotient, 2);
  }
});
