/** The dense products by what becomes of them. Latents of every neuron lie as a matrix, B x n_q, 0 where a neuron is not active. */
import { gemm } from './gemm.ts';
import { each, type Kernel } from './kernel.ts';

const BIASED = 'let pre = value + bias[n / 4u];';

/** z = A B^T + bias. */
export const ENCODE: Kernel = gemm(
  'encode',
  'NT',
  { reads: { bias: 'vec4f' }, writes: { z: 'vec4f' } },
  `${BIASED}
  z[at] = select(vec4f(0), pre, inside);`,
);

/** The encoder and the choice of latents in one: the pre-activation where it is above its threshold, else 0. */
export const ENCODE_ABOVE: Kernel = gemm(
  'encode-above',
  'NT',
  { reads: { bias: 'vec4f', threshold: 'vec4f' }, writes: { chosen: 'vec4f' } },
  `${BIASED}
  chosen[at] = select(vec4f(0), pre, inside & (pre > threshold[n / 4u]));`,
);

/** The same, with 1 in `near` where |z_i - threshold_i| < width / 2. */
export const ENCODE_NEAR: Kernel = gemm(
  'encode-near',
  'NT',
  { reads: { bias: 'vec4f', threshold: 'vec4f' }, writes: { chosen: 'vec4f', near: 'vec4f' }, told: { width: 'f32' } },
  `${BIASED}
  let theta = threshold[n / 4u];
  chosen[at] = select(vec4f(0), pre, inside & (pre > theta));
  near[at] = select(vec4f(0), vec4f(1), inside & (2 * abs(pre - theta) < vec4f(p.width)));`,
);

/** A B, K in parts: C is small there and K the neurons, so that blocks of C alone would leave most of a GPU idle. */
export const DECODE: Kernel = gemm(
  'decode',
  'NN',
  { writes: { parts: 'vec4f' } },
  'parts[part * p.m * (p.ldc / 4u) + at] = select(vec4f(0), value, inside);',
);
/** C += factor times the sum of the parts. */
export const DECODE_SUM: Kernel = each(
  'decode-sum',
  { reads: { parts: 'f32' }, writes: { c: 'f32' }, told: { count: 'u32', factor: 'f32' } },
  `var own = 0f;
  for (var part = 0u; part < p.count; part++) { own += parts[part * p.n + j]; }
  c[j] += p.factor * own;`,
);
/** Workgroups that keep a large GPU busy; and how much of K is not worth a part of its own. */
const [WORKGROUPS, SHORTEST] = [384, 128];

/** Parts that K is taken in, and how much of it each has, in whole sixteens. */
export function slices(blocks: number, k: number): { readonly count: number; readonly slice: number } {
  const wanted = Math.max(1, Math.min(Math.ceil(WORKGROUPS / blocks), Math.floor(k / SHORTEST)));
  const slice = Math.ceil(k / wanted / 16) * 16;
  return { count: Math.ceil(k / slice), slice };
}
/** C += factor A^T B. */
export const SCATTER: Kernel = gemm(
  'scatter',
  'TN',
  { writes: { c: 'vec4f' }, told: { factor: 'f32' } },
  'c[at] += select(vec4f(0), p.factor * value, inside);',
);

/** factor A B^T + plus where a latent is active, else 0. */
export const PULL: Kernel = gemm(
  'pull',
  'NT',
  { reads: { chosen: 'vec4f' }, writes: { c: 'vec4f' }, told: { factor: 'f32', plus: 'f32' } },
  'c[at] = select(vec4f(0), p.factor * value + p.plus, inside & (chosen[at] != vec4f(0)));',
);
