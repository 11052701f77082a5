/** Sums down the columns of a B x n matrix: what a neuron gets from all inputs. */
import type { Kernel } from './kernel.ts';

/** Columns of a workgroup; 8 invocations share the rows of each. */
export const COLUMNS = 32;
const SHARE = 8;

/** `term` adds to `own` what row b has in column i, at entry j; `end` says what becomes of the sum `all`. */
function down(
  name: string,
  by: { readonly reads: Kernel['reads']; readonly writes: Kernel['writes']; readonly told: Kernel['told'] },
  term: string,
  end: string,
): Kernel {
  return {
    name,
    reads: by.reads,
    writes: by.writes,
    told: { rows: 'u32', n: 'u32', stride: 'u32', ...by.told },
    before: `var<workgroup> room: array<vec2f, ${COLUMNS * SHARE}>;`,
    code: `  let i = g * ${COLUMNS}u + lane % ${COLUMNS}u;
  var own = vec2f(0);
  if (i < p.n) {
    for (var b = lane / ${COLUMNS}u; b < p.rows; b += ${SHARE}u) {
      let j = b * p.stride + i;
      ${term}
    }
  }
  room[lane] = own;
  workgroupBarrier();
  if (lane < ${COLUMNS}u && i < p.n) {
    var all = vec2f(0);
    for (var s = 0u; s < ${SHARE}u; s++) { all += room[s * ${COLUMNS}u + lane]; }
    ${end}
  }`,
  };
}

export const SUM_DOWN: Kernel = down(
  'sum-down',
  { reads: { x: 'f32' }, writes: { out: 'f32' }, told: { factor: 'f32' } },
  'own.x += x[j];',
  'out[i] += p.factor * all.x;',
);
export const WEIGHTED_DOWN: Kernel = down(
  'weighted-down',
  { reads: { x: 'f32', weight: 'f32' }, writes: { out: 'f32' }, told: { factor: 'f32' } },
  'own.x += weight[b] * x[j];',
  'out[i] += p.factor * all.x;',
);
/** `all`: sum and number of the latents of neuron i. */
export const TALLY: Kernel = down(
  'tally',
  { reads: { chosen: 'f32', x: 'f32' }, writes: { out: 'f32' }, told: { plus: 'f32', divisor: 'f32' } },
  'if (chosen[j] != 0) { own += vec2f(x[j], 1); }',
  'out[i] += (all.x + p.plus * all.y) / p.divisor;',
);
export const TALLY_SCALED: Kernel = down(
  'tally-scaled',
  { reads: { chosen: 'f32', x: 'f32', scale: 'f32' }, writes: { out: 'f32' }, told: { plus: 'f32', divisor: 'f32' } },
  'if (chosen[j] != 0) { own += vec2f(x[j], 1); }',
  'out[i] += (scale[i] * all.x + p.plus * all.y) / p.divisor;',
);
export const MARK: Kernel = down(
  'mark',
  { reads: { chosen: 'f32' }, writes: { last: 'i32' }, told: { step: 'i32' } },
  'if (chosen[j] != 0) { own.x = 1; }',
  'if (all.x > 0) { last[i] = p.step; }',
);

/** Latents behind open gates whose magnitude exp(r_mag) (pi - b_gate) + b_mag is positive. */
export const OPEN: Kernel = {
  name: 'open',
  reads: { gate: 'f32', magnitude: 'f32', magnitude_bias: 'f32', bias: 'f32' },
  writes: { out: 'f32' },
  told: { n: 'u32', stride: 'u32' },
  code: `  let j = g * 256u + lane;
  if (j >= p.n) { return; }
  let i = j % p.stride;
  var value = 0f;
  if (gate[j] != 0) { value = max(0, exp(magnitude[i]) * (gate[j] - bias[i]) + magnitude_bias[i]); }
  out[j] = value;`,
};
/** d/d b_mag and d/d r_mag from d/d mag, which becomes d/d <e_i, x>. */
export const THROUGH_GATES: Kernel = down(
  'through-gates',
  {
    reads: { value: 'f32', magnitude: 'f32', magnitude_bias: 'f32' },
    writes: { pulled: 'f32', slope: 'f32', slope_bias: 'f32' },
    told: {},
  },
  `own += vec2f(pulled[j] * (value[j] - magnitude_bias[i]), pulled[j]);
      pulled[j] *= exp(magnitude[i]);`,
  'slope[i] += all.x; slope_bias[i] += all.y;',
);
