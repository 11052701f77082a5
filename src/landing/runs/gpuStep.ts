/**
 * The training step as one WGSL kernel, one run an invocation: weights and gradient in registers, features in a loop, as many steps
 * a call as wanted. The same step as ./step.ts writes for SIMD lanes, in 32-bit floats; sampled inputs are the same ones.
 *
 * `data`: w_d (n x n_p), r_d (n x n_r), M_d, then the bounds of [0, 1) within which a random number draws feature d, low and high.
 */

import { MIX } from '../../train/backend/random.ts';
import type { Kernel } from '../../train/backend/webgpu/kernel.ts';
import { type SdlProblem, weightCount } from './problem.ts';
import type { Settings } from './settings.ts';
import { ADAM } from './step.ts';

/** Invocations of a workgroup: few, for each needs many registers. */
export const RUNS_OF_A_GROUP = 64;

export type GpuStepOptions = Pick<Settings, 'optimizer' | 'batch'> & { readonly anchors: number };

const HASH = `
fn mix_bits(from_bits: u32) -> u32 {
  var x = from_bits;
  x = (x ^ (x >> 16u)) * ${MIX.first}u;
  x = (x ^ (x >> 15u)) * ${MIX.second}u;
  return x ^ (x >> 16u);
}`;

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const sum = (terms: readonly string[]): string => terms.join(' + ');

export function gpuStep(p: SdlProblem, o: GpuStepOptions): Kernel {
  const { n, np, nr, nq } = p;
  const count = weightCount(p);
  const [neurons, ins, outs] = [upTo(nq), upTo(np), upTo(nr)];
  const e = (i: number, k: number): number => i * np + k;
  const u = (i: number, k: number): number => nq * np + i * nr + k;
  const held = (j: number): boolean => (j < nq * np ? j < o.anchors * np : j < nq * np + o.anchors * nr);
  const moments = o.optimizer === 'adam';
  const lines = [
    `let j = g * ${RUNS_OF_A_GROUP}u + lane;`,
    'if (j >= p.n) { return; }',
    ...upTo(count).map((c) => `var x${c} = x[${c}u * p.n + j];`),
    ...(moments ? upTo(count).map((c) => `var m${c} = m[${c}u * p.n + j]; var v${c} = v[${c}u * p.n + j];`) : []),
    'var rate = p.rate;',
    ...(o.optimizer === 'sgd' ? [`let own = mix_bits((p.run + j) * ${MIX.run}u + bitcast<u32>(p.seed));`] : []),
    'for (var step = 0u; step < p.steps; step++) {',
    ...upTo(count).map((c) => `var g${c} = 0f;`),
    ...(o.optimizer === 'sgd' ? drawn(o.batch) : []),
    `for (var d = 0u; d < ${n}u; d++) {`,
    ...weightOf(p, o),
    ...ins.map((k) => `let w${k} = data[d * ${np}u + ${k}u];`),
    ...neurons.map((i) => `let z${i} = ${sum(ins.map((k) => `x${e(i, k)} * w${k}`))};`),
    ...neurons.map((i) => `let a${i} = ${passed(p, i)};`),
    ...outs.map(
      (k) =>
        `let rho${k} = (data[${n * np}u + d * ${nr}u + ${k}u] - (${sum(
          neurons.map((i) => `a${i} * x${u(i, k)}`),
        )})) * weight;`,
    ),
    ...neurons.flatMap((i) => {
      const along = sum(outs.map((k) => `rho${k} * x${u(i, k)}`));
      // A neuron that passes has z != 0, so this is its mask.
      const masked = p.activation.kind === 'identity' ? along : `select(0f, ${along}, a${i} != 0)`;
      return [
        `let l${i} = ${masked};`,
        ...ins.map((k) => `g${e(i, k)} += l${i} * w${k};`),
        ...outs.map((k) => `g${u(i, k)} += a${i} * rho${k};`),
      ];
    }),
    '}',
    ...upTo(count).flatMap((c) => (held(c) ? [] : update(c, moments))),
    'rate *= p.factor;',
    '}',
    ...upTo(count).map((c) => `x[${c}u * p.n + j] = x${c};`),
    ...(moments ? upTo(count).map((c) => `m[${c}u * p.n + j] = m${c}; v[${c}u * p.n + j] = v${c};`) : []),
  ];
  const sampled = o.optimizer === 'sgd';
  return {
    name: 'tiny',
    reads: { data: 'f32' },
    writes: { x: 'f32', ...(moments && { m: 'f32', v: 'f32' }) },
    told: {
      n: 'u32',
      steps: 'u32',
      rate: 'f32',
      factor: 'f32',
      ...(sampled && { run: 'u32', seed: 'i32', first: 'u32' }),
    },
    before: sampled ? HASH : '',
    size: RUNS_OF_A_GROUP,
    code: lines.map((line) => `  ${line}`).join('\n'),
  };
}

/** z where neuron i passes, else 0. Of equal pre-activations Top-k passes the one of smaller index. */
function passed({ activation, nq }: SdlProblem, i: number): string {
  if (activation.kind === 'identity') return `z${i}`;
  const above = `z${i} > ${activation.kind === 'jumprelu' ? literal(activation.theta) : '0f'}`;
  if (activation.kind !== 'topk' || activation.k >= nq) return `select(0f, z${i}, ${above})`;
  const rivals = upTo(nq).flatMap((j) => (j === i ? [] : [`u32(z${j} ${j < i ? '>=' : '>'} z${i})`]));
  return `select(0f, z${i}, ${above} && (${sum(rivals)}) < ${activation.k}u)`;
}

/** What feature d counts: M_d, or sum M / batch for every time this step's batch drew it. */
function weightOf({ n, np, nr, weight }: SdlProblem, { optimizer, batch }: GpuStepOptions): string[] {
  const at = n * (np + nr);
  if (optimizer !== 'sgd') return [`let weight = data[${at}u + d];`];
  const each = literal(weight.reduce((a, b) => a + b, 0) / batch);
  const inside = `numbers[b] >= data[${at + n}u + d] && numbers[b] < data[${at + 2 * n}u + d]`;
  return ['var weight = 0f;', `for (var b = 0u; b < ${batch}u; b++) { if (${inside}) { weight += ${each}; } }`];
}

const drawn = (batch: number): string[] => [
  `var numbers: array<f32, ${batch}>;`,
  `for (var b = 0u; b < ${batch}u; b++) {`,
  `numbers[b] = f32(mix_bits(own ^ (((p.first + step) * ${batch}u + b) * ${MIX.counter}u)) >> 8u) * ${literal(2 ** -24)};`,
  '}',
];

/** x += 2 rate g, g being -1/2 of the gradient; Adam keeps both moments of -gradient. */
const update = (c: number, moments: boolean): string[] =>
  moments
    ? [
        `g${c} += g${c};`,
        `m${c} = m${c} * ${literal(ADAM.first)} + g${c} * ${literal(1 - ADAM.first)};`,
        `v${c} = v${c} * ${literal(ADAM.second)} + g${c} * g${c} * ${literal(1 - ADAM.second)};`,
        `x${c} += m${c} / (sqrt(v${c}) + ${literal(ADAM.epsilon)}) * rate;`,
      ]
    : [`x${c} += (g${c} + g${c}) * rate;`];

const literal = (x: number): string => {
  const text = `${Math.fround(x)}`;
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
};
