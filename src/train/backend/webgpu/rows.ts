/** Elementwise kernels, sums, and what is done to whole parameters. */
import { each, type Kernel, SIZE, SUM } from './kernel.ts';

/** out = from - bias, row by row. */
export const SHIFT: Kernel = each(
  'shift',
  { reads: { source: 'f32', bias: 'f32' }, writes: { out: 'f32' }, told: { stride: 'u32' } },
  'out[j] = source[j] - bias[j % p.stride];',
);
export const COPY: Kernel = each(
  'copy',
  { reads: { source: 'f32' }, writes: { out: 'f32' }, told: {} },
  'out[j] = source[j];',
);
export const ADD: Kernel = each(
  'add',
  { reads: { source: 'f32' }, writes: { out: 'f32' }, told: {} },
  'out[j] += source[j];',
);
export const CLAMP: Kernel = each('clamp', { reads: {}, writes: { x: 'f32' }, told: {} }, 'x[j] = max(0, x[j]);');
export const IDLE: Kernel = each(
  'idle',
  { reads: { last: 'i32' }, writes: { out: 'i32' }, told: { until: 'i32' } },
  'out[j] = select(0, 1, last[j] <= p.until);',
);

/** ../kernels.ts has the same step for WebAssembly. `rate` is divided by 1 - beta1^t, `scale` is 1 / (1 - beta2^t). */
export const ADAM: Kernel = each(
  'adam',
  {
    reads: { gradient: 'vec4f' },
    writes: { x: 'vec4f', m: 'vec4f', v: 'vec4f' },
    told: {
      beta1: 'f32',
      rest1: 'f32',
      beta2: 'f32',
      rest2: 'f32',
      rate: 'f32',
      scale: 'f32',
      epsilon: 'f32',
      shrink: 'f32',
    },
  },
  `let slope = gradient[j];
  let mean = p.beta1 * m[j] + p.rest1 * slope;
  let square = p.beta2 * v[j] + p.rest2 * slope * slope;
  m[j] = mean;
  v[j] = square;
  x[j] = p.shrink * x[j] - p.rate * mean / (sqrt(p.scale * square) + p.epsilon);`,
);
export const DESCEND: Kernel = each(
  'descend',
  { reads: { gradient: 'f32' }, writes: { x: 'f32', m: 'f32' }, told: { rate: 'f32', momentum: 'f32' } },
  `let moved = p.momentum * m[j] + gradient[j];
  m[j] = moved;
  x[j] -= p.rate * moved;`,
);

/** Rows to length 1, a workgroup each. */
export const NORMALIZE: Kernel = {
  name: 'normalize',
  reads: {},
  writes: { x: 'f32' },
  told: { rows: 'u32', stride: 'u32' },
  before: SUM,
  code: `  if (g >= p.rows) { return; }
  var square = 0f;
  for (var k = lane; k < p.stride; k += ${SIZE}u) { square += x[g * p.stride + k] * x[g * p.stride + k]; }
  let length = sqrt(sum(lane, square));
  if (length > 0) {
    for (var k = lane; k < p.stride; k += ${SIZE}u) { x[g * p.stride + k] /= length; }
  }`,
};

/** Workgroups that a long sum is split over. */
export const PARTS = 256;

/** Sums of `term` over j < n, one for each workgroup. */
function partial(name: string, by: Pick<Kernel, 'reads' | 'writes' | 'told'>, term: string): Kernel {
  return {
    name,
    reads: by.reads,
    writes: { ...by.writes, parts: 'f32' },
    told: by.told,
    before: SUM,
    code: `  var own = 0f;
  for (var j = g * ${SIZE}u + lane; j < p.n; j += groups.x * ${SIZE}u) { ${term} }
  let all = sum(lane, own);
  if (lane == 0u) { parts[g] = all; }`,
  };
}

export const SQUARES: Kernel = partial(
  'squares',
  { reads: { x: 'f32' }, writes: {}, told: { n: 'u32' } },
  'own += x[j] * x[j];',
);
export const TOTAL: Kernel = partial('total', { reads: { x: 'f32' }, writes: {}, told: { n: 'u32' } }, 'own += x[j];');
export const NONZERO: Kernel = partial(
  'nonzero',
  { reads: { x: 'f32' }, writes: {}, told: { n: 'u32' } },
  'own += select(0f, 1f, x[j] != 0);',
);
/** gradient += 2 weight (x - wanted); the sum: weight |x - wanted|^2. */
export const ATTRACT: Kernel = partial(
  'attract',
  { reads: { wanted: 'f32', x: 'f32' }, writes: { gradient: 'f32' }, told: { n: 'u32', weight: 'f32' } },
  `let gap = x[j] - wanted[j];
    gradient[j] += 2 * p.weight * gap;
    own += p.weight * gap * gap;`,
);
/** The sum of the first `n` parts, into its slot. */
export const FINISH: Kernel = {
  name: 'finish',
  reads: { parts: 'f32' },
  writes: { sums: 'f32' },
  told: { n: 'u32', slot: 'u32' },
  before: SUM,
  code: `  var own = 0f;
  if (lane < p.n) { own = parts[lane]; }
  let all = sum(lane, own);
  if (lane == 0u) { sums[p.slot] = all; }`,
};
