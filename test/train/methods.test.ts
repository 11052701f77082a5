import { describe, expect, test } from 'vitest';
import type { Activation } from '../../src/kernel/instance.ts';
import { approximateLoss, gradients } from '../../src/kernel/model.ts';
import { Rational } from '../../src/kernel/rational.ts';
import { Vector } from '../../src/kernel/vector.ts';
import type { Backend } from '../../src/train/backend/backend.ts';
import { plainBackend } from '../../src/train/backend/plain.ts';
import { wasmBackend } from '../../src/train/backend/wasm.ts';
import type { Method } from '../../src/train/methods/method.ts';
import { bits } from '../../src/train/tiny/random.ts';
import { exactLoss, exactly, type Numbers } from './exactLoss.ts';
import { computed, METHODS, type Small, small, VARIANTS } from './small.ts';

const BACKENDS = [plainBackend, wasmBackend];
/** Issue 7: within 1e-5 relative of the exact engine. */
const LIMIT = 1e-5;
const number = ({ num, den }: Rational): number => Number(num) / Number(den);

/** Largest difference, relative to the largest entry of the same matrix. */
function difference(a: Numbers, b: Numbers): number {
  let worst = 0;
  for (const [name, rows] of Object.entries(b)) {
    const size = Math.max(1e-3, ...rows.flat().map(Math.abs));
    rows.forEach((row, i) => {
      row.forEach((value, k) => {
        worst = Math.max(worst, Math.abs(a[name]![i]![k]! - value) / size);
      });
    });
  }
  return worst;
}

function exact(s: Small): { loss: number; gradient: Numbers } {
  const at = (along?: { name: string; row: number; column: number }) =>
    exactLoss(s.method, { weights: s.weights, ...(along && { along }) }, s.x, s.r, s.dead);
  const gradient = Object.fromEntries(
    Object.entries(s.weights).map(([name, rows]) => [
      name,
      rows.map((row, i) => row.map((_, column) => number(at({ name, row: i, column }).d))),
    ]),
  );
  return { loss: number(at().v), gradient };
}

const nameOf = (method: Method): string => `${method.kind}${'auxiliary' in method ? ' with auxiliary loss' : ''}`;
const cases = METHODS.flatMap((method, m) =>
  VARIANTS.map((variant, v) => ({ name: nameOf(method), method, variant, seed: 10 * m + v + 1 })),
);

describe.each(cases)('$variant, $name', ({ name, method, variant, seed }) => {
  const s = small(method, variant, seed);
  const expected = exact(s);

  test.each(BACKENDS)('loss and gradients agree with exact arithmetic: %o', (make) => {
    const { loss, gradient } = computed(make(), s);
    expect(Math.abs(loss.total - expected.loss) / expected.loss).toBeLessThan(LIMIT);
    expect(difference(gradient, expected.gradient), name).toBeLessThan(LIMIT);
    for (const [weight, rows] of Object.entries(expected.gradient)) {
      expect(Math.max(...rows.flat().map(Math.abs)), `${weight} takes part`).toBeGreaterThan(0);
    }
  });

  test.each(BACKENDS)('a sign error in any one operation is caught: %o', (make) => {
    const count = planted(make(), s, -1).operations;
    expect(count).toBeGreaterThanOrEqual(4);
    for (let at = 0; at < count; at++) {
      const { gradient } = planted(make(), s, at);
      expect(difference(gradient, expected.gradient), `operation ${at}`).toBeGreaterThan(100 * LIMIT);
    }
  });
});

/** The gradients with the result of operation `wrong`, of those the backend carries out, negated. */
function planted(right: Backend, s: Small, wrong: number): { operations: number; gradient: Numbers } {
  let operations = 0;
  const negated = (values: Float32Array): Float32Array => {
    const copy = right.floats(values.length);
    copy.set(values.map((value) => -value));
    return copy;
  };
  const backend: Backend = {
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
  };
  const { gradient } = computed(backend, s);
  return { operations, gradient };
}

/** The kernel's own model: single features, no penalty, no bias. */
const HALF: Activation = { kind: 'jumprelu', theta: Rational.of(1n, 2n) };
const KERNEL: readonly { method: Method; activation: Activation }[] = [
  { method: { kind: 'relu', l1: 0 }, activation: { kind: 'relu' } },
  { method: { kind: 'jumprelu', l0: 0, bandwidth: 0.5, threshold: 0.5 }, activation: HALF },
  { method: { kind: 'topk', k: 2 }, activation: { kind: 'topk', k: 2 } },
  { method: { kind: 'batchtopk', k: 2 }, activation: { kind: 'batchtopk', k: 2 } },
  { method: { kind: 'matryoshka', k: 2, prefixes: [6] }, activation: { kind: 'batchtopk', k: 2 } },
];

test.each(KERNEL.flatMap((c) => BACKENDS.map((make) => ({ ...c, make }))))(
  "the kernel's loss L~ and gradients: $method.kind, $make.name",
  ({ method, activation, make }) => {
    const drawn = small(method, 'transcoder', 91);
    const zero = (name: string): number[][] => drawn.weights[name]!.map((row) => row.map(() => 0));
    const theta = drawn.weights.theta && { theta: [drawn.weights.we!.map(() => 0.5)] };
    const weights: Numbers = { ...drawn.weights, be: zero('be'), bd: zero('bd'), ...theta };
    const s: Small = { ...drawn, weights };
    const vector = (row: readonly number[]): Vector => Vector.of(row.map(exactly));
    const weight = Rational.of(1n, BigInt(s.x.length));
    const features = s.x.map((w, d) => ({ label: `${d}`, wp: vector(w), wr: vector(s.r[d]!), weight }));
    const [np, nr, neurons] = [s.x[0]!.length, s.r[0]!.length, s.weights.we!.length];
    const at = { we: s.weights.we!.map(vector), wd: s.weights.wd!.map(vector) };
    const m = { name: '', features, activation, neurons, np, nr, hierarchy: [], configuration: at };
    const exactGradients = gradients(m, at);
    const listed = (rows: readonly Vector[]): number[][] => rows.map((row) => row.entries().map(number));
    const { loss, gradient } = computed(make(), s);
    const known = number(approximateLoss(m, at));
    expect(Math.abs(loss.total - known) / known).toBeLessThan(LIMIT);
    const wanted = { we: listed(exactGradients.we), wd: listed(exactGradients.wd) };
    expect(difference(gradient, wanted)).toBeLessThan(LIMIT);
  },
);

test('Adam is the same step on both backends', () => {
  const length = 64;
  const after = BACKENDS.map((make) => {
    const backend = make();
    const floats = (): Float32Array => backend.floats(length);
    const [x, g, m, v] = [floats(), floats(), floats(), floats()];
    for (let step = 1; step <= 5; step++) {
      for (let k = 0; k < length; k++) g[k] = (bits(3, step, k) % 257) / 64 - 2;
      backend.adam(x, g, m, v, { rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: 0.1, step });
    }
    return [...x];
  });
  expect(difference({ x: [after[1]!] }, { x: [after[0]!] })).toBeLessThan(LIMIT);
  expect(Math.abs(after[0]![0]!)).toBeGreaterThan(1e-3);
});

test('r_mag of a gated model away from 0, where exp is no longer rational: a difference quotient', () => {
  const drawn = small({ kind: 'gated', l1: 0.125 }, 'sae', 61);
  const withMagnitude = (values: readonly number[]): Small => ({
    ...drawn,
    weights: { ...drawn.weights, magnitude: [values] },
  });
  const base = [0.5, -0.25, 0.125, -0.5, 0.375, 0.25];
  const { gradient } = computed(plainBackend(), withMagnitude(base));
  const step = 2 ** -10;
  base.forEach((_, i) => {
    const moved = (by: number): number =>
      computed(plainBackend(), withMagnitude(base.map((value, j) => (i === j ? value + by : value)))).loss.total;
    const quotient = (moved(step) - moved(-step)) / (2 * step);
    expect(gradient.magnitude![0]![i]!).toBeCloseTo(quotient, 2);
  });
});
