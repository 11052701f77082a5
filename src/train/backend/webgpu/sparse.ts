/**
 * Products that touch active latents only. Latent t belongs to input owner[t] and neuron index[t]; those of input b stand from
 * start[b] on. For sums per neuron they are sorted by neuron first (counting sort), in the order of t within each: float sums have
 * one order, so a run repeats bit for bit.
 */
import { each, type Kernel } from './kernel.ts';

/** out_b += factor sum value_t rows_index(t): a workgroup an input. */
export const DECODE: Kernel = {
  name: 'sparse-decode',
  reads: { start: 'u32', index: 'u32', value: 'f32', rows: 'vec4f' },
  writes: { out: 'vec4f' },
  told: { inputs: 'u32', fours: 'u32', factor: 'f32' },
  code: `  if (g >= p.inputs) { return; }
  for (var c = lane; c < p.fours; c += 256u) {
    var own = vec4f(0);
    for (var t = start[g]; t < start[g + 1u]; t++) { own += value[t] * rows[index[t] * p.fours + c]; }
    out[g * p.fours + c] += p.factor * own;
  }`,
};

/** out_t = factor <g_b, rows_index(t)> + plus: a workgroup an input, 32 invocations a latent. */
export const PULL: Kernel = {
  name: 'sparse-pull',
  reads: { start: 'u32', index: 'u32', slope: 'vec4f', rows: 'vec4f' },
  writes: { out: 'f32' },
  told: { inputs: 'u32', fours: 'u32', factor: 'f32', plus: 'f32' },
  before: `var<workgroup> room: array<f32, 256>;
var<workgroup> ends: vec2u;`,
  code: `  if (g >= p.inputs) { return; }
  if (lane == 0u) { ends = vec2u(start[g], start[g + 1u]); }
  let range = workgroupUniformLoad(&ends);
  for (var from_t = range.x; from_t < range.y; from_t += 8u) {
    let t = from_t + lane / 32u;
    var own = 0f;
    if (t < range.y) {
      for (var c = lane % 32u; c < p.fours; c += 32u) { own += dot(slope[g * p.fours + c], rows[index[t] * p.fours + c]); }
    }
    room[lane] = own;
    workgroupBarrier();
    for (var step = 16u; step > 0u; step /= 2u) {
      if (lane % 32u < step) { room[lane] += room[lane + step]; }
      workgroupBarrier();
    }
    if (lane % 32u == 0u && t < range.y) { out[t] = p.factor * room[lane] + p.plus; }
    workgroupBarrier();
  }`,
};

/** into_i += factor sum coefficient_t v_owner(t): a workgroup a neuron. */
export const SCATTER: Kernel = {
  name: 'sparse-scatter',
  reads: { first: 'u32', order: 'u32', owner: 'u32', coefficient: 'f32', v: 'vec4f' },
  writes: { into: 'vec4f' },
  told: { neurons: 'u32', fours: 'u32', factor: 'f32' },
  size: 64,
  code: `  if (g >= p.neurons || first[g] == first[g + 1u]) { return; }
  for (var c = lane; c < p.fours; c += 64u) {
    var own = vec4f(0);
    for (var s = first[g]; s < first[g + 1u]; s++) {
      let t = order[s];
      own += coefficient[t] * v[owner[t] * p.fours + c];
    }
    into[g * p.fours + c] += p.factor * own;
  }`,
};

export const TALLY: Kernel = each(
  'sparse-tally',
  { reads: { first: 'u32', order: 'u32', x: 'f32' }, writes: { out: 'f32' }, told: { plus: 'f32', divisor: 'f32' } },
  `var own = 0f;
  for (var s = first[j]; s < first[j + 1u]; s++) { own += x[order[s]] + p.plus; }
  out[j] += own / p.divisor;`,
);
export const MARK: Kernel = each(
  'sparse-mark',
  { reads: { first: 'u32' }, writes: { last: 'i32' }, told: { step: 'i32' } },
  'if (first[j] < first[j + 1u]) { last[j] = p.step; }',
);
export const COUNT: Kernel = {
  name: 'sparse-count',
  reads: { start: 'u32' },
  writes: { sums: 'f32' },
  told: { inputs: 'u32', slot: 'u32' },
  code: '  if (lane == 0u) { sums[p.slot] = f32(start[p.inputs]); }',
};

/** The sort: how many latents each neuron has; all of them anywhere in their neuron's stretch; then each at its place there. */
export const SORT: { readonly count: Kernel; readonly throw: Kernel; readonly place: Kernel } = {
  count: each(
    'sort-count',
    { reads: { start: 'u32', index: 'u32' }, writes: { counts: 'atomic<u32>' }, told: { inputs: 'u32' } },
    'if (j < start[p.inputs]) { atomicAdd(&counts[index[j]], 1u); }',
  ),
  // Counts down to 0 again, so that they are ready for the next batch.
  throw: each(
    'sort-throw',
    {
      reads: { start: 'u32', index: 'u32', first: 'u32' },
      writes: { counts: 'atomic<u32>', thrown: 'u32' },
      told: { inputs: 'u32' },
    },
    'if (j < start[p.inputs]) { thrown[first[index[j]] + atomicSub(&counts[index[j]], 1u) - 1u] = j; }',
  ),
  place: each(
    'sort-place',
    {
      reads: { start: 'u32', index: 'u32', first: 'u32', thrown: 'u32' },
      writes: { order: 'u32' },
      told: { inputs: 'u32' },
    },
    `if (j >= start[p.inputs]) { return; }
  let i = index[j];
  var at = first[i];
  for (var s = first[i]; s < first[i + 1u]; s++) { if (thrown[s] < j) { at++; } }
  order[at] = j;`,
  ),
};
