/** The trainer's loss and gradients against the kernel's, on dyadic instances, where floats are exact. */
import { describe, expect, test, vi } from 'vitest';
import type { Activation, Instance } from '../../../src/kernel/model/instance.ts';
import { approximateLoss, gradients } from '../../../src/kernel/model/model.ts';
import { Rational } from '../../../src/kernel/numbers/rational.ts';
import { Vector } from '../../../src/kernel/numbers/vector.ts';
import { configurationOfRun, dyadic } from '../../../src/landing/propose/dyadic.ts';
import { evaluate, tape } from '../../../src/landing/runs/loss.ts';
import { layOut, put, take } from '../../../src/landing/runs/memory.ts';
import { toNumber, weightCount } from '../../../src/landing/runs/problem.ts';
import { stepModule } from '../../../src/landing/runs/step.ts';
import { stepThreads } from '../../../src/landing/runs/stepThreads.ts';
import { bits } from '../../../src/train/backend/random.ts';
import { generator } from '../../solve/support.ts';
import { eighth, problemOf } from '../support.ts';

const plant = vi.hoisted(() => ({ sign: false }));
vi.mock('../../../src/train/wasm/lanes.ts', async (original) => {
  const right = await original<typeof import('../../../src/train/wasm/lanes.ts')>();
  const { wrongLanes } = await import('../../landing/runs/wrongLanes.ts');
  return { ...right, Lanes: wrongLanes(right.Lanes, plant) };
});

const vectorOf = (random: () => number, length: number): Vector => {
  const v = Vector.of(Array.from({ length }, () => dyadic(eighth(random))));
  return v.isZero() ? Vector.of(Array.from({ length }, () => Rational.of(1n))) : v;
};

function dyadicInstance(random: () => number, activation: Activation, neurons = 3): Instance {
  const [n, np, nr] = [3 + Math.floor(random() * 3), 2 + Math.floor(random() * 2), 2 + Math.floor(random() * 2)];
  const features = Array.from({ length: n }, (_, d) => ({
    label: `${d + 1}`,
    wp: vectorOf(random, np),
    wr: vectorOf(random, nr),
    weight: Rational.of(BigInt(1 + Math.floor(random() * 4)), 2n),
  }));
  return { format: 'dictum/instance@1', name: 'dyadic', features, activation, neurons, np, nr, hierarchy: [] };
}

const ACTIVATIONS: readonly Activation[] = [
  { kind: 'relu' },
  { kind: 'identity' },
  { kind: 'jumprelu', theta: Rational.of(3n, 16n) },
  { kind: 'topk', k: 1 },
  { kind: 'topk', k: 2 },
];

/** Weights of a run without ties, which the kernel refuses and the trainer breaks. */
function pointOf(m: Instance, random: () => number): Float64Array {
  for (;;) {
    const x = Float64Array.from(
      { length: m.neurons * (m.np + m.nr) },
      () => eighth(random) + Math.floor(random() * 64) / 512,
    );
    try {
      approximateLoss(m, configurationOfRun(problemOf(m), x));
      return x;
    } catch {
      // a tie
    }
  }
}

/** What one step of rate 2^-10 does to the weights, per unit of the rate: minus the gradient, exactly. */
async function descentOf(m: Instance, x: Float64Array): Promise<number[]> {
  const p = problemOf(m);
  const layout = layOut(p, 1, 'gd', 'f64');
  const bytes = stepModule(p, { optimizer: 'gd', batch: 1, anchors: [], precision: 'f64' });
  put(p, layout, x, Int32Array.of(0));
  await stepThreads(1).advance({
    bytes,
    layout,
    steps: 1,
    firstRun: 0,
    firstStep: 0,
    seed: 0,
    rate: 2 ** -10,
    factor: 1,
  });
  const after = new Float64Array(weightCount(p));
  take(p, layout, after, Int32Array.of(0));
  return [...after].map((y, j) => (y - (x[j] as number)) * 2 ** 10);
}

const exactGradient = (m: Instance, x: Float64Array): number[] => {
  const { we, wd } = gradients(m, configurationOfRun(problemOf(m), x));
  return [...we, ...wd].flatMap((row) => row.entries().map(toNumber));
};

describe.each(ACTIVATIONS)('$kind $k', (activation) => {
  const random = generator(20);
  const cases = Array.from({ length: 12 }, () => {
    const m = dyadicInstance(random, activation);
    return { m, x: pointOf(m, random) };
  });

  test('loss and gradients in floats are those of the kernel', () => {
    for (const { m, x } of cases) {
      const p = problemOf(m);
      const t = tape(p);
      expect(evaluate(p, x, 0, t)).toBeCloseTo(toNumber(approximateLoss(m, configurationOfRun(p, x))), 9);
      expect([...t.gradient].map((g) => g + 0)).toEqual(exactGradient(m, x).map((g) => expect.closeTo(g, 9)));
    }
  });

  test('one SIMD step moves against the kernel gradient', async () => {
    for (const { m, x } of cases) {
      const moved = await descentOf(m, x);
      expect(moved).toEqual(exactGradient(m, x).map((g) => expect.closeTo(-g, 8)));
    }
  });

  test('a planted sign error is seen', async () => {
    plant.sign = true;
    const seen = await Promise.all(
      cases.map(async ({ m, x }) => {
        const moved = await descentOf(m, x);
        return exactGradient(m, x).some((g, j) => Math.abs((moved[j] as number) + g) > 1e-6);
      }),
    );
    plant.sign = false;
    expect(seen.filter(Boolean).length).toBeGreaterThan(8);
  });
});

test('sampled inputs: over many lanes and steps the mean step is that of the full batch', async () => {
  const m = dyadicInstance(generator(5), { kind: 'relu' });
  const p = problemOf(m);
  const x = pointOf(m, generator(6));
  const runs = 4096;
  const layout = layOut(p, runs, 'sgd', 'f64');
  const bytes = stepModule(p, { optimizer: 'sgd', batch: 4, anchors: [], precision: 'f64' });
  put(p, layout, x, new Int32Array(runs));
  await stepThreads(1).advance({
    bytes,
    layout,
    steps: 1,
    firstRun: 0,
    firstStep: 0,
    seed: 9,
    rate: 2 ** -10,
    factor: 1,
  });
  const after = new Float64Array(runs * weightCount(p));
  take(
    p,
    layout,
    after,
    Int32Array.from({ length: runs }, (_, run) => run),
  );
  exactGradient(m, x).forEach((g, j) => {
    let mean = 0;
    for (let run = 0; run < runs; run++)
      mean += ((after[run * weightCount(p) + j] as number) - (x[j] as number)) / runs;
    expect(mean * 2 ** 10).toBeCloseTo(-g, -Math.log10(0.05 * (1 + Math.abs(g))) | 0);
  });
});

test('the hash of (seed, run, counter) is what it was', () => {
  expect([bits(1, 0, 0), bits(1, 1, 0), bits(1, 0, 1), bits(2, 0, 0)]).toMatchInlineSnapshot(`
    [
      1492470133,
      1693224353,
      3025510126,
      911671261,
    ]
  `);
});
