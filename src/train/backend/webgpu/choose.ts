/**
 * TopK: the k largest positive entries of each row (of the batch: ./chooseOfBatch.ts). The bits of positive floats are
 * in the order of the floats, so four passes over 8 bits each find the least of them that stays (radix selection); what equals it
 * goes by its place. Then the latents are written row by row, in the order of the neurons: the result has no race in it.
 */
import { type Kernel, SCAN, SIZE } from './kernel.ts';

const HISTOGRAM = `
var<workgroup> bins: array<atomic<u32>, 256>;
var<workgroup> prefix: u32;
var<workgroup> left: u32;
var<workgroup> all: u32;
`;

/** Whether bits are still in the running in pass `round`: what is above their own 8 bits is the prefix. */
export const RUNNING = '(round == 0u || (bits >> (32u - 8u * round)) == ';

/** Per row: the bits of the least entry that stays, how many of those equal to it do, and how many stay in all. */
export const LEAST: Kernel = {
  name: 'least',
  reads: { z: 'f32', among: 'i32' },
  writes: { least: 'u32', allowed: 'u32', kept: 'u32' },
  told: { rows: 'u32', n: 'u32', stride: 'u32', k: 'u32', chosen: 'u32' },
  before: HISTOGRAM,
  code: `  if (g >= p.rows) { return; }
  if (lane == 0u) { prefix = 0u; left = p.k; all = 0u; }
  for (var round = 0u; round < 4u; round++) {
    atomicStore(&bins[lane], 0u);
    workgroupBarrier();
    for (var i = lane; i < p.n; i += ${SIZE}u) {
      let value = z[g * p.stride + i];
      if (!(value > 0) || (p.chosen != 0u && among[i] == 0)) { continue; }
      let bits = bitcast<u32>(value);
      if ${RUNNING}prefix) { atomicAdd(&bins[(bits >> (24u - 8u * round)) & 255u], 1u); }
    }
    workgroupBarrier();
    if (lane == 0u && all == 0u) {
      var digit = 256u;
      for (var d = 255u; d < 256u; d--) {
        let count = atomicLoad(&bins[d]);
        if (left <= count) { digit = d; break; }
        left -= count;
      }
      // Only in the first round can there be too few: then all stay.
      if (digit == 256u) { all = 1u; } else { prefix = (prefix << 8u) | digit; }
    }
    workgroupBarrier();
  }
  if (lane == 0u) {
    least[g] = select(prefix, 0u, all == 1u);
    allowed[g] = select(left, 0u, all == 1u);
    kept[g] = select(p.k, p.k - left, all == 1u);
  }`,
};

/** Invocations of a workgroup take a stretch of the row each, so that places follow the order of the neurons. */
const stretches = (end: string): string => `  if (g >= p.rows) { return; }
  let each = (p.n + ${SIZE - 1}u) / ${SIZE}u;
  let first = min(p.n, lane * each);
  let last = min(p.n, first + each);
  let row = g * p.stride;
  var equal = 0u;
  for (var i = first; i < last; i++) {
    let value = z[row + i];
    if (value > 0 && (p.chosen == 0u || among[i] != 0) && bitcast<u32>(value) == least[g]) { equal++; }
  }
  let rank = scan(lane, equal);
  var own = 0u;
  var seen = rank;
  for (var i = first; i < last; i++) {
    if (stays(i, row, &seen)) { own++; }
  }
  let place = scan(lane, own);
  ${end}`;

const STAYS = `${SCAN}
fn stays(i: u32, row: u32, seen: ptr<function, u32>) -> bool {
  let value = z[row + i];
  if (!(value > 0) || (p.chosen != 0u && among[i] == 0)) { return false; }
  let b = row / p.stride;
  let bits = bitcast<u32>(value);
  var stay = bits > least[b];
  if (bits == least[b]) {
    stay = *seen < allowed[b];
    (*seen)++;
  }
  return stay && i >= p.low && i < p.high;
}`;

const READS = { z: 'f32', among: 'i32', least: 'u32', allowed: 'u32' } as const;
const TOLD = { rows: 'u32', n: 'u32', stride: 'u32', chosen: 'u32', low: 'u32', high: 'u32' } as const;

/** How many of each row stay, of the neurons from `low` to below `high`. */
export const KEPT: Kernel = {
  name: 'kept',
  reads: READS,
  writes: { kept: 'u32' },
  told: TOLD,
  before: STAYS,
  code: stretches('if (lane == 0u) { kept[g] = scan_total; }'),
};
/** Writes them; row b's from start[b] on. */
export const FILL: Kernel = {
  name: 'fill',
  reads: { ...READS, start: 'u32' },
  writes: { index: 'u32', value_of: 'f32', owner: 'u32' },
  told: TOLD,
  before: STAYS,
  code: stretches(`seen = rank;
  var t = start[g] + place;
  for (var i = first; i < last; i++) {
    if (stays(i, row, &seen)) {
      index[t] = i;
      value_of[t] = z[row + i];
      owner[t] = g;
      t++;
    }
  }`),
};

/** start_b = counts before b, and the sum of all behind the last: one workgroup. */
export const STARTS: Kernel = {
  name: 'starts',
  reads: { counts: 'u32' },
  writes: { start: 'u32' },
  told: { n: 'u32' },
  before: SCAN,
  code: `  let each = (p.n + ${SIZE - 1}u) / ${SIZE}u;
  let first = min(p.n, lane * each);
  let last = min(p.n, first + each);
  var own = 0u;
  for (var i = first; i < last; i++) { own += counts[i]; }
  var at = scan(lane, own);
  for (var i = first; i < last; i++) {
    start[i] = at;
    at += counts[i];
  }
  if (lane == 0u) { start[p.n] = scan_total; }`,
};
